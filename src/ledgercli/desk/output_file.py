"""Writing an answer to the file the user named."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError

#: Suffixes of ledgers, settings, records and templates, in which no answer is written.
_OF_BOOKS = frozenset({".beancount", ".bean", ".yaml", ".yml", ".j2"})


class UnwritableOutputError(LedgercliError):
    """The file given with ``--output`` could not be written."""

    message = N_("cannot write `{path}`: {reason}")
    hint = N_("name a file in a folder that is there and that you may write to")


class OverRecordsError(UnwritableOutputError):
    """An answer was to be written over a file of the kind that books are made of."""

    message = N_("`{path}` is not written over: books have files of this kind")
    hint = N_("choose another name, or delete the file first")


def write_output(path: Path, text: str | bytes) -> None:
    """Write ``text`` to ``path``, in UTF-8 unless it is bytes, as a whole or not at all.

    What is no regular file (``/dev/stdout``, a pipe) is written to directly. A symbolic link stays
    one; the permissions of a file that is replaced stay too. Raise
    :class:`UnwritableOutputError` where that fails, and :class:`OverRecordsError` where the file
    may be one of the books; the old file is then untouched.
    """
    of_log = path.suffix == ".jsonl" and path.parent.name == "activity"
    if (of_log or path.suffix.lower() in _OF_BOOKS) and path.is_file():
        raise OverRecordsError(path=path)
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    try:
        if _is_device(path):
            path.write_bytes(content)
        else:
            _replace(_target(path), content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnwritableOutputError(path=path, reason=reason) from error


def _is_device(path: Path) -> bool:
    """Return whether ``path`` is a pipe, a terminal, or a name for an open descriptor.

    ``/dev/stdout`` may lead to a regular file, which must not be replaced under the shell's hands.
    """
    descriptor = path.is_relative_to("/dev") or path.is_relative_to("/proc")
    return path.exists() and not path.is_dir() and (descriptor or not path.is_file())


def _target(path: Path) -> Path:
    """Return the file that ``path`` leads to; raise ``OSError`` for a circle of links."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():  # only a circle leaves a link behind
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _replace(path: Path, content: bytes) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Return the permissions of the file that is there, else what a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
