"""Several files written as one change: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledgercli.books.errors import BooksError, FileUnwritableError
from ledgercli.books.files import inside, shown_path, sync_folder, write_atomic
from ledgercli.books.text_diff import text_diff
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass


class FileChangedError(BooksError):
    """A file is not what it was when the change was made up."""

    message = N_("`{path}` was changed by somebody else meanwhile")
    hint = N_("nothing was written; run the command again")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after; None where it is not there. ``shown`` names it to people.

    ``pieces`` are parts of both that go together, where that is known: for the diff. ``old_path``
    and ``old_shown`` are where a file stood that moves.
    """

    path: Path
    shown: str
    before: bytes | None
    after: bytes | None
    pieces: tuple[tuple[str, str], ...] = ()
    old_path: Path | None = None
    old_shown: str = ""

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        diff = text_diff(
            self.shown, _text(self.before), _text(self.after), self.pieces, self.old_shown
        )
        if not self.old_path:
            return diff
        names = f"a/{self.old_shown} b/{self.shown}"
        return f"diff --git {names}\nrename from {self.old_shown}\nrename to {self.shown}\n{diff}"


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


def write_changes(root: Path, changes: Sequence[FileChange]) -> None:
    """Write ``changes`` below ``root``; when one cannot be written, those before are taken back.

    The caller holds the lock. Raises :class:`FileChangedError` where a file is not as it was, and
    :class:`FileUnwritableError`.
    """
    for change in changes:
        inside(root, shown_path(root, change.path))
        if _content(change.old_path or change.path) != change.before:
            raise FileChangedError(path=change.old_shown or change.shown)
        if change.old_path and os.path.lexists(change.path):
            raise FileChangedError(path=change.shown)
    done: list[FileChange] = []
    try:
        for change in changes:
            done.append(change)
            _write(change.path, change.after)
            if change.old_path:
                _write(change.old_path, None)
    except BaseException:
        for change in reversed(done):
            with suppress(FileUnwritableError, OSError):
                if change.old_path:
                    _write(change.old_path, change.before)
                    _write(change.path, None)
                elif _content(change.path) != change.before:
                    _write(change.path, change.before)
        raise


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileUnwritableError(path=path, reason=error.strerror or error) from error


def _write(path: Path, content: bytes | None) -> None:
    if content is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileUnwritableError(path=path.parent, reason=error.strerror or error) from error
        write_atomic(path, content)
        return
    try:
        os.unlink(path)  # noqa: PTH108 - the name itself, where it is a link
    except OSError as error:
        raise FileUnwritableError(path=path, reason=error.strerror or error) from error
    sync_folder(path.parent)
