"""What an answer was made from, as a value that differs once any of it has changed."""

from __future__ import annotations

import os
from pathlib import Path

from ledgercli.books.store.inputs import matches, names_in, status_of
from ledgercli.desk.open_books import OpenBooks

#: The folders of the books that reports are made from, and the endings of their files.
_FOLDERS = ("customers", "orders", "activity", "reports")
_SUFFIXES = frozenset([".yaml", ".yml", ".json", ".jsonl"])

#: Those of the activity log, and the plan in a folder of letters.
_LOG_SUFFIXES = frozenset([".jsonl"])
_LETTER_PLAN = "plan.yaml"

State = tuple[object, ...]


def watched_files(books: OpenBooks) -> tuple[str, ...]:
    """Return the files and patterns that the ledger of these books was read from."""
    inputs = books.facts.inputs
    ledger = books.location.ledger or books.root / books.settings.ledger
    files = (str(ledger), *inputs.files, *inputs.modules, *inputs.existing)
    settings = books.location.settings_file
    return (*files, *((str(settings),) if settings else ()), *inputs.patterns)


def state_of(root: Path, files: tuple[str, ...]) -> State:
    """Return the state of ``files`` (and what patterns match) and of the books' own folders.

    Two states are equal as long as the system says the same of every file.
    """
    ledger = [(path, status_of(found)) for path in files for found in matches(path) or (path,)]
    own = []
    for name in _FOLDERS:
        folder = str(root / name)
        names = names_in(folder, _SUFFIXES) or ()
        own += [(each, status_of(os.path.join(folder, each))) for each in names]  # noqa: PTH118
    return (*ledger, *own)


def letter_files(root: Path) -> State:
    """Return the state of all files of the letters that were written in the books at ``root``."""
    found = []
    for folder, _, names in os.walk(root / "letters"):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            found.append((path, status_of(path)))
    return tuple(sorted(found))


def log_state(root: Path) -> State:
    """Return the state of the activity log of the books at ``root``."""
    folder = str(root / "activity")
    names = names_in(folder, _LOG_SUFFIXES) or ()
    return tuple((each, status_of(os.path.join(folder, each))) for each in names)  # noqa: PTH118


def plans_state(root: Path) -> State:
    """Return the state of the plans beside the letters written in the books at ``root``."""
    try:
        days = sorted(os.listdir(root / "letters"))  # noqa: PTH208 - names alone are wanted
    except OSError:
        days = []
    return tuple((day, status_of(str(root / "letters" / day / _LETTER_PLAN))) for day in days)
