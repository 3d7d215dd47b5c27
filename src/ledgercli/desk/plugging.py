"""What our plugin tells Beancount: the findings of the books around a ledger that it has loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ledgercli.desk.checking import all_findings
from ledgercli.desk.hosting import record_files_around
from ledgercli.desk.opening import open_entries
from ledgercli.desk.request import Request
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Findings sorted by place, relative to the folder ``root``.

    ``files`` are the absolute paths of the records that they come from besides the ledger.
    ``language`` is that of the books, empty where they name none.
    """

    findings: tuple[Finding, ...]
    root: Path
    files: tuple[str, ...]
    language: str


def findings_around(entries: Sequence[Any], options: Mapping[str, Any], now: dt.datetime) -> Told:
    """Return what is wrong in the books of a loaded ledger, besides what Beancount says itself.

    Raise the errors of finding and reading the books.
    """
    top = Path(options["filename"])
    books = open_entries(Request(start=top.parent, now=now, ledger=top), entries, options)
    findings = sorted(all_findings(books, dt.date.max), key=lambda finding: finding.order)
    files = tuple(str(file) for file in record_files_around(top)[0])
    return Told(tuple(findings), books.root, files, books.language)
