"""Where the books are: options first, then the environment, then the folders above."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ledgercli.books.errors import (
    BooksNotFoundError,
    FolderInsteadError,
    NotAFileError,
    NotAFolderError,
)
from ledgercli.model.record import dataclass

SETTINGS_NAME = "ledgercli.yaml"


@dataclass(frozen=True, slots=True)
class Location:
    """Where the books are; all paths are absolute.

    ``settings_file`` is None where there is none to read. ``ledger`` is the ledger that was named
    from outside, None where the settings name it. ``bare`` says that there is a ledger only: no
    settings, no customers, and nothing is written beside it.
    """

    root: Path
    settings_file: Path | None
    ledger: Path | None
    bare: bool


def find_books(
    books: Path | None, ledger: Path | None, environment: Mapping[str, str], start: Path
) -> Location:
    """Return where the books are; relative paths count from ``start``.

    In this order: ``books`` (with ``ledger`` instead of theirs, if given), ``ledger`` alone,
    ``$LEDGERCLI_BOOKS``, the nearest folder from ``start`` upwards with a ``ledgercli.yaml``,
    ``$BEANCOUNT_FILE``. Raises :class:`NotAFolderError`, :class:`NotAFileError` or
    :class:`BooksNotFoundError`.
    """
    if books is not None:
        return _folder(_absolute(start, books), ledger and _file(_absolute(start, ledger)))
    if ledger is not None:
        return _bare(_absolute(start, ledger))
    if named := environment.get("LEDGERCLI_BOOKS"):
        return _folder(_absolute(start, Path(named)), None)
    here = _absolute(start, Path())
    for folder in (here, *here.parents):
        if os.path.lexists(folder / SETTINGS_NAME):
            return _folder(folder, None)
    if named := environment.get("BEANCOUNT_FILE"):
        return _bare(_absolute(start, Path(named)))
    raise BooksNotFoundError(start=here)


def _absolute(start: Path, path: Path) -> Path:
    """Return ``path`` without ``..``; links stay, so that people see the names they typed."""
    return Path(os.path.abspath(start / path.expanduser()))  # noqa: PTH100 - resolve() follows links


def _folder(root: Path, ledger: Path | None) -> Location:
    if not root.is_dir():
        raise NotAFolderError(path=root)
    settings_file = root / SETTINGS_NAME
    return Location(root, settings_file if os.path.lexists(settings_file) else None, ledger, False)


def _bare(ledger: Path) -> Location:
    return Location(_file(ledger).parent, None, ledger, True)


def _file(path: Path) -> Path:
    """Return ``path`` if something is there that can be read as a file."""
    if path.is_dir():
        raise FolderInsteadError(path=path)
    if not path.exists():
        raise NotAFileError(path=path)
    return path
