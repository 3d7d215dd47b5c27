"""Links from figures to Fava's editor and journal, and to our own pages."""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fava.beans.funcs import hash_entry
from flask import url_for

from ledgercli.model.answer import Row
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.record import dataclass
from ledgercli.output.html_content import Links

if TYPE_CHECKING:
    from fava.core import FavaLedger

#: Stands for a value in an address that is made once and filled in for each row.
_BLANK = "BLANK"
#: Columns that lead to the page of a row's customer, and to that of its document.
_CUSTOMER_COLUMNS = frozenset({"customer", "name"})
_DOCUMENT_COLUMNS = frozenset({"number", "subject"})


@dataclass(slots=True)
class Entries:
    """The transactions of a ledger that Fava has loaded, by file and line."""

    ledger: FavaLedger
    _entries: Any = None
    _by_file: dict[str, tuple[list[int], list[Any]]] = field(default_factory=dict)

    def at(self, file: str, line: int) -> Any:  # noqa: ANN401 - a directive
        """Return the transaction around ``line`` of ``file``, None where there is none."""
        if self._entries is not self.ledger.all_entries:
            self._index()
        lines, entries = self._by_file.get(file, ([], []))
        number = bisect_right(lines, line)
        return entries[number - 1] if number else None

    def _index(self) -> None:
        self._entries = self.ledger.all_entries
        found: dict[str, list[tuple[int, Any]]] = {}
        for entry in self.ledger.all_entries_by_type.Transaction:
            found.setdefault(entry.meta["filename"], []).append((entry.meta["lineno"], entry))
        self._by_file = {}
        for file, pairs in found.items():
            pairs.sort(key=lambda pair: pair[0])
            self._by_file[file] = ([line for line, _ in pairs], [entry for _, entry in pairs])


class Places:
    """Where the parts of a page lead. It is made for one request."""

    def __init__(self, ledger: FavaLedger, root: Path, entries: Entries) -> None:
        """Make the addresses; ``root`` is the folder of the books, which files are relative to."""
        self._ledger = ledger
        self._root = str(root)
        self._entries = entries
        self._files = set(ledger.options["include"])
        self._customer = _pattern(url_for, customer=_BLANK)
        self._document = _pattern(url_for, document=_BLANK)
        self._editor = url_for("report", report_name="editor", file_path=_BLANK, line="0")
        self._editor = self._editor.replace("line=0", "line=LINE")
        if ledger.fava_options.use_external_editor:
            self._editor = f"beancount://{_BLANK}?lineno=LINE"
        self._seen: dict[str, str] = {}

    @property
    def links(self) -> Links:
        """Return the links for the content of a page."""
        return Links(self.cell, self.editor, self.entry, self.value)

    def cell(self, column: str, row: Row) -> str:
        """Return where a cell of ``column`` leads: to the customer, document, entry or file."""
        if column in _CUSTOMER_COLUMNS:
            return self.customer(str(row.get("customer") or ""))
        if column in _DOCUMENT_COLUMNS:
            return self.document(str(row.get(column) or ""), str(row.get("customer") or ""))
        if column == "date" and row.get("line"):
            return self.entry(f"{row.get('file')}:{row['line']}")
        if column == "file":
            return self.editor(str(row.get("file") or ""))
        return ""

    def value(self, text: str) -> str:
        """Return where a value leads that is a place or an account: to editor or account page."""
        if text in self._ledger.accounts:
            return str(url_for("account", name=text))
        return self.editor(text)

    def journal(self, number: str) -> str:
        """Return the address of the journal of a document, "" where its number is no link."""
        if number not in self._ledger.attributes.links:
            return ""
        return str(url_for("report", report_name="journal", filter=f"^{number}", time=""))

    def customer(self, identifier: str) -> str:
        """Return the address of a customer's page."""
        if not identifier or identifier == UNKNOWN:
            return ""
        return self._customer.replace(_BLANK, quote(identifier, safe=""))

    def document(self, number: str, customer: str) -> str:
        """Return the address of the page that explains a document of a customer."""
        if not number:
            return ""
        address = self._document.replace(_BLANK, quote(number, safe=""))
        named = customer if customer != UNKNOWN else ""
        return f"{address}&customer={quote(named, safe='')}" if named else address

    def editor(self, place: str) -> str:
        """Return the address of Fava's editor at ``FILE:LINE``, "" where it has no such file."""
        if place not in self._seen:
            file, line = self._split(place)
            there = line and file in self._files
            address = self._editor.replace(_BLANK, quote(file)).replace("LINE", str(line))
            self._seen[place] = address if there else ""
        return self._seen[place]

    def entry(self, place: str) -> str:
        """Return what opens the entry at ``FILE:LINE`` over the page, "" where there is none."""
        file, line = self._split(place)
        found = self._entries.at(file, line) if line else None
        return f"#context-{hash_entry(found)}" if found is not None else ""

    def _split(self, place: str) -> tuple[str, int]:
        file, _, line = place.rpartition(":")
        number = int(line) if line.isascii() and line.isdigit() else 0
        return os.path.normpath(os.path.join(self._root, file)), number  # noqa: PTH118


def _pattern(address: Any, **values: str) -> str:  # noqa: ANN401 - a function of Flask
    return str(address("extension_report", extension_name="Customer", **values))
