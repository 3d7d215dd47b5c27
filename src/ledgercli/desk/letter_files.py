"""Letters on disk: ``letters/DATE/CUSTOMER-CURRENCY-LEVEL.LANG.EXT``, and what was written there.

``.written.json`` beside the letters keeps, for each, the hash of what was written, its number of
the year and the revision it names. A file that is no longer what was written is a person's, and is
left alone. A letter that would say the same again is not written again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ledgercli.books.errors import FileUnreadableError, FileUnwritableError
from ledgercli.books.files import inside, write_atomic

FOLDER = "letters"
RECORD = ".written.json"
NAME_BYTES_MAX = 180

FileStatus = Literal["written", "unchanged", "edited"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a letter that was written: hash of its text, number, revision named."""

    digest: str
    sequence: int
    revision: str


@dataclass(slots=True)
class LetterFolder:
    """The letters of a day. ``entries`` are by file name; ``dry_run`` writes nothing."""

    root: Path
    day: dt.date
    dry_run: bool
    entries: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, day: dt.date, *, dry_run: bool) -> LetterFolder:
        """Return the folder with what its record says; raise FileUnreadableError."""
        return cls(root, day, dry_run, read_entries(root, f"{FOLDER}/{day.isoformat()}"))

    @property
    def relative(self) -> str:
        """Return the folder, relative to the books."""
        return f"{FOLDER}/{self.day.isoformat()}"

    def put(
        self, name: str, sequence: int, revision: str, make: Callable[[int, str], str]
    ) -> FileStatus:
        """Write the letter ``name`` unless it stands there already or a person edited it.

        ``make`` makes its text from number and revision; those of the last time are kept as long
        as they are all that would differ. Raise OutsideBooksError or FileUnwritableError.
        """
        path = inside(self.root, f"{self.relative}/{name}")
        known = self.entries.get(name)
        on_disk = _digest_of(path)
        if on_disk is not None and (known is None or on_disk != known.digest):
            same = known is None and on_disk == _digest(make(sequence, revision))
            if not same:
                return "edited"
        if known:
            sequence = known.sequence
            if on_disk and _digest(make(sequence, known.revision)) == on_disk:
                return "unchanged"
        text = make(sequence, revision)
        if not self.dry_run:
            self._write(path, text)
        self.entries[name] = Entry(_digest(text), sequence, revision)
        return "written"

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileUnwritableError(path=path, reason=error.strerror or error) from error
        write_atomic(path, text)

    def save(self) -> None:
        """Write the record of what was written, if anything was."""
        if self.dry_run or not self.entries:
            return
        letters = {
            name: {"sha256": entry.digest, "number": entry.sequence, "revision": entry.revision}
            for name, entry in sorted(self.entries.items())
        }
        text = json.dumps({"v": 1, "letters": letters}, ensure_ascii=False, indent=1)
        path = inside(self.root, f"{self.relative}/{RECORD}")
        if not path.is_file() or path.read_text(encoding="utf-8") != text + "\n":
            write_atomic(path, text + "\n")


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
            str(name): Entry(str(entry["sha256"]), int(entry["number"]), str(entry["revision"]))
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


def file_name(customer: str, currency: str, level: str, language: str, kind: str) -> str:
    """Return a name that is one harmless file name on every system.

    Letters and digits of any script, ``-``, ``.`` and ``_`` stay; all else becomes ``_``.
    """
    stem = _harmless(f"{customer}-{currency}-{level}").lstrip(".-")
    while len(stem.encode()) > NAME_BYTES_MAX:
        stem = stem[:-1]
    return f"{stem or '_'}.{_harmless(language)}.{kind}"


def _harmless(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-._" else "_" for c in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Return the hash of a file, None where there is none; something else counts as edited."""
    if not path.exists():
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
