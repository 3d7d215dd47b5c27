"""Opens files of other systems: the profile, the bytes, the rows."""

from __future__ import annotations

from pathlib import Path

from ledgercli.books.files import shown_path
from ledgercli.books.foreign.errors import WrongSubjectError
from ledgercli.books.foreign.profiles import read_profile
from ledgercli.books.foreign.registry import (
    Reading,
    kind_of,
    read_file,
    read_foreign,
    read_standard_input,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.exchange import ForeignTable, Profile, Subject
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass

#: What stands for standard input.
PIPE = Path("-")


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of another system: where it is (absolute, or :data:`PIPE`), and how it is read.

    ``encoding`` and ``delimiter`` None are found out.
    """

    path: Path
    profile: str
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A foreign file that was read. ``shown`` names it in findings."""

    profile: Profile
    table: ForeignTable
    shown: str
    findings: tuple[Finding, ...]


def open_foreign(books: OpenBooks, file: ForeignFile, subject: Subject) -> Opened:
    """Return the rows of a file by its profile.

    Raise WrongSubjectError and the other errors of ``books/foreign/errors.py``, NotAFileError and
    FileUnreadableError.
    """
    root = None if books.location.bare else books.root
    profile, findings = read_profile(root, file.profile)
    if profile.subject != subject:
        raise WrongSubjectError(name=file.profile, wanted=subject)
    pipe = file.path == PIPE
    content = read_standard_input() if pipe else read_file(file.path)
    shown = "-" if pipe else shown_path(books.root, file.path)
    if not pipe and file.path.is_absolute() and shown == file.path.as_posix():
        shown = file.path.name
    kind = kind_of(profile, None if pipe else file.path)
    table = read_foreign(content, profile, kind, shown, Reading(file.encoding, file.delimiter))
    return Opened(profile, table, shown, findings)
