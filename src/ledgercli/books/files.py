"""Reading record files with care, writing files all or nothing, and the lock of the books."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledgercli.books.errors import (
    BooksLockedError,
    FileUnreadableError,
    FileUnwritableError,
    OutsideBooksError,
)
from ledgercli.model.catalogue import files as codes
from ledgercli.model.finding import Finding, FindingCode, Place

MIB = 1024 * 1024
SIZE_MAX_MIB = 16
LOCK_NAME = ".ledgercli.lock"
_HOLDER_NAME = ".ledgercli.lock.holder"

#: The books that this process has locked; a task may lock again what it holds.
_held: set[Path] = set()


def shown_path(root: Path, path: Path) -> str:
    """Return how ``path`` is named to people: relative to the books, with forward slashes."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def inside(root: Path, relative: str | Path) -> Path:
    """Return ``root / relative`` if it is within ``root``, also after following links.

    Raises :class:`OutsideBooksError` for absolute paths, ``..``, and links that lead out, and
    :class:`FileUnreadableError` where a folder above may not be looked into.
    """
    path = Path(relative)
    if path.is_absolute() or ".." in path.parts or "\0" in str(relative):
        raise OutsideBooksError(path=relative)
    try:
        target = (root / path).resolve()
        # From Python 3.13 on a circle is no error, but what is resolved still holds its link.
        circle = any(part.is_symlink() for part in (target, *target.parents))
        leads_out = circle or not target.is_relative_to(root.resolve())
    except PermissionError as error:
        raise FileUnreadableError(path=relative, reason=error.strerror or error) from error
    except (OSError, RuntimeError):  # a link that leads to itself
        leads_out = True
    if leads_out:
        raise OutsideBooksError(path=relative)
    return root / path


def read_bytes(path: Path, root: Path) -> tuple[bytes | None, list[Finding]]:
    """Return the content of a record file of the books ``root``, or None and why not.

    Read are regular files of at most :data:`SIZE_MAX_MIB` MiB that are within ``root``; links are
    followed as long as they stay inside.
    """
    shown = shown_path(root, path)

    def refused(kind: FindingCode, **values: str) -> tuple[None, list[Finding]]:
        return None, [Finding(kind, values, Place(shown))]

    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            return refused(codes.LINK_OUTSIDE)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return refused(codes.NOT_A_FILE)
        if status.st_size > SIZE_MAX_MIB * MIB:
            return refused(codes.FILE_TOO_LARGE, limit=str(SIZE_MAX_MIB))
        return path.read_bytes(), []
    except OSError as error:
        return refused(codes.FILE_UNREADABLE, reason=error.strerror or str(error))
    except (RuntimeError, ValueError) as error:  # a circle of links, a name the system refuses
        circle = isinstance(error, RuntimeError)  # from Python 3.13 on an error of the system
        reason = os.strerror(errno.ELOOP) if circle else str(error)
        return refused(codes.FILE_UNREADABLE, reason=reason)


def read_all(
    root: Path, folder: str, names: Iterable[str]
) -> Iterator[tuple[str, bytes | None, list[Finding]]]:
    """Yield each of ``names`` in a folder of the books with what :func:`read_bytes` returns.

    For thousands of files: what is no link and is small is read without further ado.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    flags |= getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer must not hold us up
    careful = not hasattr(os, "O_NOFOLLOW")
    above = f"{root / folder}{os.sep}"
    for name in names:
        content = None if careful else _read_small(above + name, flags, SIZE_MAX_MIB * MIB)
        if content is None:
            yield (name, *read_bytes(root / folder / name, root))
        else:
            yield name, content, []


def _read_small(path: str, flags: int, size_max: int) -> bytes | None:
    """Return the content of a regular file that is no link, None where more care is needed."""
    try:
        descriptor = os.open(path, flags)  # as text: paths of thousands take time
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > size_max:
            return None
        content = os.read(descriptor, status.st_size + 1)
        return content if len(content) == status.st_size else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def write_atomic(path: Path, data: bytes | str, *, mode: int | None = None) -> None:
    """Write ``data`` (text as UTF-8) to ``path``, so that the old or the new content stands there.

    A temporary file beside it is written, flushed to the disk and renamed. An existing file keeps
    its permissions; a new one gets ``mode``, or what the umask leaves of 0666. A link is followed.
    What is no regular file, such as ``/dev/stdout``, is written to directly.
    Raises :class:`FileUnwritableError`; then nothing has changed.
    """
    content = data.encode() if isinstance(data, str) else data
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as device:
                device.write(content)
            return
        permissions = stat.S_IMODE(target.stat().st_mode) if target.is_file() else mode
        _replace(target, content, permissions)
    except OSError as error:
        raise FileUnwritableError(path=path, reason=error.strerror or error) from error


def sweep(folder: Path) -> None:
    """Remove the temporary files that a run which was cut off left in ``folder``.

    To be called under the lock: then nobody is about to rename one of them.
    """
    with suppress(OSError):
        for path in folder.glob(".ledgercli-*.tmp"):
            path.unlink(missing_ok=True)


def write_whole(descriptor: int, content: bytes) -> None:
    """Write all of ``content``, past every buffer: what fails is not written later.

    A file of Python's keeps what the disk refused, and writes it when it is closed. Raise OSError.
    """
    written = 0
    while written < len(content):
        written += os.write(descriptor, content[written:] if written else content)


def temporary_file(target: str, content: bytes, *, flush: bool = True) -> str:
    """Return a new file beside ``target`` with ``content``, flushed to the disk if wanted.

    Raise OSError; then there is none. Of thousands of letters: paths are text, and the system is
    asked for no more than it has to do.
    """
    temporary = f"{folder_of(target)}.ledgercli-{os.urandom(6).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            write_whole(descriptor, content)
            if flush:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    return temporary


def folder_of(target: str) -> str:
    """Return a path's folder with the separator after it; empty for a name alone."""
    folder, separator, _ = target.rpartition(os.sep)
    return folder + separator


def _replace(target: Path, content: bytes, permissions: int | None) -> None:
    temporary = Path(temporary_file(str(target), content))
    try:
        if permissions is not None:
            temporary.chmod(permissions)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's names to the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def books_lock(root: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock of the books ``root``: one writer at a time, which may take it again.

    Raises :class:`BooksLockedError`, naming who holds it, if it is not free within
    ``wait_seconds``, and :class:`FileUnwritableError` if the lock file cannot be made.
    """
    from filelock import FileLock, Timeout

    folder = root.resolve()
    if folder in _held:
        yield
        return
    lock = FileLock(str(root / LOCK_NAME))
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise BooksLockedError(**_holder(root)) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileUnwritableError(path=root / LOCK_NAME, reason=reason) from error
    _held.add(folder)
    try:
        # The lock file itself is emptied by whoever tries to lock it, so names stand beside it.
        with suppress(OSError):
            (root / _HOLDER_NAME).write_text(f"{os.getpid()}\n{_host()}\n", encoding="utf-8")
        yield
    finally:
        _held.discard(folder)
        with suppress(OSError):
            (root / _HOLDER_NAME).unlink()
        lock.release()


def _host() -> str:
    import socket

    return socket.gethostname()


def _holder(root: Path) -> dict[str, str]:
    """Return process, host and time of who holds the lock, ``?`` where it is not known."""
    import datetime as dt

    try:
        path = root / _HOLDER_NAME
        process, host = path.read_text(encoding="utf-8").split()
        written = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).astimezone()
    except (OSError, ValueError):
        return {"process": "?", "host": "?", "since": "?"}
    return {"process": process, "host": host, "since": f"{written:%Y-%m-%d %H:%M:%S}"}
