"""What may be changed of customer records, and what it comes to: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledgercli.books.data_edit import Edit
from ledgercli.books.file_changes import FileChange
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Edits of the record with the id ``customer``; paths begin at the record."""

    customer: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to add, as plain data (mappings, lists, texts), in a file of its own.

    ``data`` has at least an ``id``.
    """

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Removal:
    """A record to take away; its file too where it held no other."""

    customer: str


Change = RecordChange | NewRecord | Removal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changes come to. ``changed`` are the ids of records that differ now, ``kept`` of others.

    ``findings`` are new ones that the changes bring; ``refused`` those of them for which nothing is
    written. ``files`` in the order of their names.
    """

    files: tuple[FileChange, ...]
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()
    written: bool = False

    @property
    def diff(self) -> str:
        """Return the changes as a unified diff."""
        return "".join(change.diff for change in self.files)
