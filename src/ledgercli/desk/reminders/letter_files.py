"""Letters on disk: ``letters/DATE/CUSTOMER-CURRENCY-LEVEL.LANG.EXT``, and what was written there.

``.written.json`` beside the letters keeps, for each, the hash of what was written, its number of
the year and the revision it names. It is written before the letters themselves, with the hash of
what they replace, so that a run that is cut off leaves nothing that looks like a person's work. A
file that is neither is a person's, and is left alone. A letter that would say the same again is
not written again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ledgercli.books.errors import FileUnreadableError
from ledgercli.books.files import inside, sweep
from ledgercli.books.new_files import NewFiles
from ledgercli.books.plan_file import FOLDER, NAME, folder_of
from ledgercli.model.record import dataclass

RECORD = ".written.json"
NAME_BYTES_MAX = 180
_HARMLESS = re.compile("[A-Za-z0-9._-]*")
#: Bytes of letters that are written before they get their names together.
BATCH_BYTES = 4 << 20
BATCH_FILES = 2_000

FileStatus = Literal["written", "unchanged", "edited"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a letter that was written: hash of its text, number, revision named.

    ``before`` is the hash of the text that it replaces, empty where there was none.
    """

    digest: str
    sequence: int
    revision: str
    before: str = ""

    @property
    def text(self) -> str:
        """Return the entry as the record has it, on one line."""
        before = f', "before": {_dumped(self.before)}' if self.before else ""
        return (
            f'{{"sha256": {_dumped(self.digest)}, "number": {self.sequence},'
            f' "revision": {_dumped(self.revision)}{before}}}'
        )


@dataclass(slots=True)
class LetterFolder:
    """The letters of a day. ``entries`` are by file name.

    In a ``dry_run`` nothing is ever written: ``unwritten`` is what would be. What is to be written
    stands beside its place until :meth:`save`; what was not saved is gone on leaving the folder.
    """

    root: Path
    day: dt.date
    dry_run: bool
    entries: dict[str, Entry] = field(default_factory=dict)
    unwritten: dict[Path, bytes] = field(default_factory=dict)
    _waiting: NewFiles = field(default_factory=NewFiles)
    #: Those before, which go to the disk while more are made.
    _settling: NewFiles = field(default_factory=NewFiles)
    _bytes_waiting: int = 0
    _lines: dict[str, tuple[Entry, str]] = field(default_factory=dict)
    _folder: str | None = None

    def __enter__(self) -> Self:
        """Return the folder."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was not saved."""
        self._settling.discard()
        self._waiting.discard()

    @classmethod
    def of(cls, root: Path, day: dt.date, *, dry_run: bool) -> LetterFolder:
        """Return the folder with what its record says; raise FileUnreadableError.

        What a run that was cut off left half-written is removed.
        """
        if not dry_run:
            newest = sorted((root / FOLDER).glob("????-??-??"))[-3:]
            for folder in (root, *newest, root / folder_of(day)):
                sweep(folder)
        return cls(root, day, dry_run, read_entries(root, folder_of(day)))

    @property
    def letters(self) -> tuple[str, ...]:
        """Return the names of the files that are letters."""
        return tuple(name for name in self.entries if name != NAME)

    @property
    def relative(self) -> str:
        """Return the folder, relative to the books."""
        return folder_of(self.day)

    def put(
        self, name: str, sequence: int, revision: str, make: Callable[[int, str], str | bytes]
    ) -> FileStatus:
        """Write the letter ``name`` unless it stands there already or a person edited it.

        ``make`` makes its text from number and revision; those of the last time are kept as long
        as they are all that would differ. It is on the disk after :meth:`save`. Raise
        OutsideBooksError or FileUnwritableError.
        """
        path, exists = self._path(name)
        known = self.entries.get(name)
        on_disk = digest_of(Path(path)) if exists else None
        if known and on_disk in {known.digest, known.before, None}:
            sequence = known.sequence
            if on_disk and digest(make(sequence, known.revision)) == on_disk:
                if on_disk != known.digest:
                    self.entries[name] = Entry(on_disk, sequence, known.revision)
                return "unchanged"
        elif on_disk is not None and (known or on_disk != digest(make(sequence, revision))):
            return "edited"
        content = _bytes(make(sequence, revision))
        self.entries[name] = Entry(digest(content), sequence, revision, on_disk or "")
        self._write(path, content, new=not exists)
        if self._bytes_waiting > BATCH_BYTES or len(self._waiting) >= BATCH_FILES:
            self._settle()
        return "written"

    def _settle(self) -> None:
        """Let what waits go to the disk; what went there before gets its names."""
        if len(self._settling):
            self._record()
            self._settling.put_in_place()
        self._settling, self._waiting = self._waiting, self._settling
        self._settling.begin_flush()
        self._bytes_waiting = 0

    def _write(self, path: Path | str, content: bytes, *, new: bool = False) -> None:
        if self.dry_run:
            self.unwritten[Path(path)] = content
        else:
            self._waiting.add(path, content, new=new)
            self._bytes_waiting += len(content)

    def _path(self, name: str) -> tuple[str, bool]:
        """Return the path of a file of the folder, and whether anything is there.

        Raise OutsideBooksError for a link elsewhere.
        """
        if self._folder is None:
            self._folder = f"{inside(self.root, self.relative)}{os.sep}"
        path = self._folder + name  # as text: paths of thousands take time
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            return path, False
        except OSError:
            return path, True  # what cannot be looked at is not ours
        is_link = stat.S_ISLNK(status.st_mode)
        return str(inside(self.root, f"{self.relative}/{name}")) if is_link else path, True

    def put_plan(self, text: str) -> None:
        """Write the plan, once all its letters are on the disk."""
        path = inside(self.root, f"{self.relative}/{NAME}")
        on_disk, wanted = digest_of(path), digest(text)
        if on_disk != wanted:
            self.entries[NAME] = Entry(wanted, 0, "", on_disk or "")
        elif NAME not in self.entries:
            self.entries[NAME] = Entry(wanted, 0, "")
        self.save()
        if on_disk != wanted and not self.dry_run:
            self._write(path, text.encode())
            self._waiting.put_in_place()

    def save(self) -> None:
        """Write the record of what is written, then give the letters that wait their names."""
        if self.dry_run or not self.entries:
            return
        self._record()
        self._settling.put_in_place()
        self._waiting.put_in_place()
        self._bytes_waiting = 0

    def _record(self) -> None:
        """Write the record, before any letter in it gets its name."""
        lines = [self._line(name) for name in sorted(self.entries)]
        text = '{"v": 1, "letters": {\n' + ",\n".join(lines) + "\n}}\n"
        path = inside(self.root, f"{self.relative}/{RECORD}")
        if digest_of(path) != digest(text):
            with NewFiles() as record:
                record.add(path, text.encode())
                record.put_in_place()

    def _line(self, name: str) -> str:
        """Return a line of the record; it is written often, and few of its lines are new."""
        entry = self.entries[name]
        known = self._lines.get(name)
        if known is None or known[0] is not entry:
            known = self._lines[name] = entry, f"  {_dumped(name)}: {entry.text}"
        return known[1]


def read_entries(root: Path, folder: str) -> dict[str, Entry]:
    """Return what the record of a letter folder says, nothing where there is none.

    Raise FileUnreadableError where it cannot be read: then nobody knows what a person edited.
    """
    path = inside(root, f"{folder}/{RECORD}")
    if not path.is_file():
        return {}
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(name): Entry(
                str(entry["sha256"]),
                int(entry["number"]),
                str(entry["revision"]),
                str(entry.get("before", "")),
            )
            for name, entry in record["letters"].items()
        }
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileUnreadableError(path=path, reason="it is not what was written") from error


def last_sequence(root: Path, year: int) -> int:
    """Return the highest number of a letter written in ``year``, 0 before the first."""
    folders = sorted((root / FOLDER).glob(f"{year:04d}-*"))
    numbers = [
        entry.sequence
        for folder in folders
        for entry in read_entries(root, f"{FOLDER}/{folder.name}").values()
    ]
    return max(numbers, default=0)


def file_name(letter: str, language: str, kind: str) -> str:
    """Return the name of a letter's file in one language and format."""
    return f"{letter}.{_harmless(language)}.{kind}"


def letter_name(customer: str, currency: str, level: str) -> str:
    """Return the name of a letter, which is that of its files without language and suffix.

    It is harmless on every system: letters and digits of any script, ``-``, ``.`` and ``_`` stay;
    all else becomes ``_``.
    """
    stem = _harmless(f"{customer}-{currency}-{level}").lstrip(".-")
    while len(stem.encode()) > NAME_BYTES_MAX:
        stem = stem[:-1]
    return stem or "_"


#: Returns a text as JSON has it.
_dumped = json.JSONEncoder(ensure_ascii=False).encode


def _harmless(text: str) -> str:
    if _HARMLESS.fullmatch(text):  # as nearly all are
        return text
    return "".join(c if c.isalnum() or c in "-._" else "_" for c in text)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of a file's content in hex."""
    return hashlib.sha256(_bytes(content)).hexdigest()


def digest_of(path: Path) -> str | None:
    """Return the hash of a file, None where there is none; something else counts as edited."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return ""
