"""Transactions appended to the ledger: shown as a diff, written, read back, taken back if wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.booking_errors import LedgerNotCleanError, NotInLedgerError


class LedgerAppend:
    """A ledger file as it stands, and as it is with ``text`` below. ``shown`` is its path."""

    def __init__(self, books: OpenBooks, shown: str, text: str) -> None:
        """Read the file; raise OutsideBooksError where it is not in the books."""
        from ledgercli.books.files import inside

        self.books = books
        self.shown = shown
        self.path: Path = inside(books.root, shown)
        # Bytes: the line ends that stand there are not ours to change.
        self.before = self.path.read_bytes().decode("utf-8") if self.path.exists() else None
        old = self.before or ""
        gap = "" if not old else "\n" if old.endswith("\n") else "\n\n"
        added = gap + text
        self.after = old + (added.replace("\n", "\r\n") if "\r\n" in old else added)

    @property
    def diff(self) -> str:
        """Return the diff of the file."""
        from ledgercli.books.text_diff import text_diff

        return text_diff(self.shown, self.before, self.after)

    def write(self, reopen: Callable[[], OpenBooks], *numbers: str) -> None:
        """Write the file, and read the ledger: it has the documents ``numbers``, no new errors.

        Otherwise what was there is put back, and NotInLedgerError or LedgerNotCleanError raised.
        """
        from ledgercli.books.files import write_atomic

        write_atomic(self.path, self.after)
        kept = False
        try:
            self._verify(reopen(), numbers)
            kept = True
        finally:
            if not kept:
                if self.before is None:
                    self.path.unlink()
                else:
                    write_atomic(self.path, self.before)

    def _verify(self, books: OpenBooks, numbers: tuple[str, ...]) -> None:
        known = {(row.code, *sorted(row.values.items())) for row in self.books.ledger_errors}
        for finding in books.ledger_errors:
            if (finding.code, *sorted(finding.values.items())) not in known:
                said = finding.kind.message.format_map(finding.values)
                raise LedgerNotCleanError(finding=f"{finding.code}: {said}")
        if not document_numbers(books).issuperset(numbers):
            raise NotInLedgerError(path=self.shown)


def document_numbers(books: OpenBooks) -> frozenset[str]:
    """Return the numbers that documents in the ledger have, of whatever day."""
    return frozenset(item.document.base for item in books.position(dt.date.max).items)
