"""Takes the open items of another system over into the ledger, and compares both sides."""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from ledgercli.books.file_changes import FileChange, write_changes
from ledgercli.books.files import books_lock, inside, shown_path
from ledgercli.books.ledger_texts import ledger_texts
from ledgercli.books.record_editing import WAIT_SECONDS
from ledgercli.customers.exchange.item_ledger import ledger_text, marks, read_accounts
from ledgercli.customers.exchange.items import (
    Defaults,
    ForeignItem,
    Names,
    Total,
    compared,
    read_items,
)
from ledgercli.desk.exchange.exchange_answers import about_profile, about_table
from ledgercli.desk.exchange.exchange_errors import (
    CutOverMissingError,
    EarlierRevisionError,
    LedgerRefusedError,
    NoRecordsHereError,
    NotALedgerFileError,
)
from ledgercli.desk.exchange.foreign_files import ForeignFile, Opened, open_foreign
from ledgercli.desk.exchange.item_accounts import ItemAccounts
from ledgercli.desk.exchange.open_item_answers import notes, take_over_answer
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue import exchange as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass
from ledgercli.receivables.position import Position

#: The file that items go to where none is named, beside the ledger.
FILE = "opening-items.beancount"
_INCLUDE = re.compile(r'^[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)
#: What files of ledgers are called.
_SUFFIXES = frozenset({".beancount", ".bean"})


@dataclass(frozen=True, slots=True)
class TakeOver:
    """How items are taken over; None is found out.

    ``day`` is the day of items without a date and of the comparison. ``account`` is the receivable
    account for all, ``equity`` the other side, ``into`` the file, relative to the books.
    """

    day: dt.date | None = None
    currency: str | None = None
    account: str | None = None
    equity: str | None = None
    into: str | None = None


def take_over(
    books: OpenBooks,
    file: ForeignFile,
    how: TakeOver,
    *,
    write: bool,
    reopen: Callable[[], OpenBooks],
) -> Answer:
    """Return the diff that adds the items of a list to the ledger, and how both sides compare.

    With ``write`` it is written, read again with Beancount, and taken back if that finds an error
    that was not there. Items that are in the books already are left alone. ``reopen`` reads the
    books again. Raise NoRecordsHereError, EarlierRevisionError, NotReceivableError,
    NotALedgerFileError, LedgerRefusedError, and the errors of reading the list and of writing.
    """
    if books.location.bare:
        raise NoRecordsHereError
    if books.known_at is not None:
        raise EarlierRevisionError
    opened = open_foreign(books, file, "items")
    if not write:
        task = _Task(books, opened, how)
        return task.answer(task.projected, written=False)
    with books_lock(books.root, WAIT_SECONDS):
        task = _Task(reopen(), opened, how)
        if not task.changes:
            return task.answer(task.projected, written=False)
        write_changes(books.root, task.changes)
        after = None
        try:
            after = _verified(task.books, reopen())
        finally:
            if after is None:
                back = [
                    replace(change, before=change.after, after=change.before)
                    for change in task.changes
                ]
                write_changes(books.root, back)
        return task.answer(after.position(task.day).balances, written=True)


def compare(books: OpenBooks, file: ForeignFile, how: TakeOver) -> Answer:
    """Return the totals of a list beside those of the books, and the documents that differ."""
    opened = open_foreign(books, file, "items")
    task = _Task(books, opened, how)
    return task.answer(books.position(task.day).balances, written=False, only_compare=True)


class _Task:
    """A list read, what of it is new, and the files as they are to be."""

    def __init__(self, books: OpenBooks, opened: Opened, how: TakeOver) -> None:
        self.books = books
        self.opened = opened
        self.how = how
        self.day = how.day or books.today
        currency = how.currency or next(iter(books.facts.operating_currencies), "")
        names = Names(books.customers)
        rows = opened.table.rows
        if how.day is None and not _has_dates(opened):
            raise CutOverMissingError
        self.listed = read_items(rows, opened.profile, names, Defaults(how.day, currency))
        # All that is in the books counts as known, whatever its date.
        self.position: Position = books.position(dt.date.max)
        self.texts = ledger_texts(books.root, books.facts.files)
        self.ledger = books.location.ledger or books.root / books.settings.ledger
        self.accounts = ItemAccounts(books, how.account, how.equity)
        self.target = self._target()
        self.new = self._new_items()
        self.changes = self._changes()

    def _target(self) -> Path:
        if self.how.into:
            return self._ledger_file(inside(self.books.root, self.how.into))
        beside = shown_path(self.books.root, self.ledger.parent)
        return inside(self.books.root, FILE if beside == "." else f"{beside}/{FILE}")

    def _ledger_file(self, path: Path) -> Path:
        """Return ``path`` if it is a file of the ledger, or may become one."""
        of_ledger = path.resolve() in {Path(name).resolve() for name in self.books.facts.files}
        named_so = path.suffix.lower() in {*_SUFFIXES, self.ledger.suffix.lower()}
        if path.is_dir() or not (of_ledger or named_so):
            raise NotALedgerFileError(path=self.how.into)
        return path

    def _new_items(self) -> tuple[ForeignItem, ...]:
        """Return the items that neither a document of the books nor an earlier import is."""
        known = {
            (*item.document.key, number)
            for item in self.position.items
            if item.document.numbered
            for number in (item.document.number, item.document.base)
        }
        taken = frozenset[str]().union(*map(marks, self.texts.values()))
        taken |= marks(_text(self.target) or "")
        return tuple(
            item
            for item in self.listed.items
            if item.mark not in taken and not (item.number and item.key in known)
        )

    def _changes(self) -> list[FileChange]:
        if not self.new:
            return []
        accounts = read_accounts(self.texts.values())
        payees = {customer.id: customer.label for customer in self.books.customers}
        equity = self.accounts.equity(accounts)
        added = ledger_text(
            self.new, accounts, self.accounts.receivable, equity, payees, self.books.language
        )
        return [
            change
            for change in (self._appended(self.target, added), self._including())
            if change is not None
        ]

    def _appended(self, path: Path, added: str) -> FileChange:
        before = path.read_bytes() if path.exists() else None
        old = (before or b"").decode("utf-8", "surrogateescape")
        gap = "" if not old else "\n" if old.endswith("\n") else "\n\n"
        text = gap + added
        text = text.replace("\n", "\r\n") if "\r\n" in old else text
        after = (old + text).encode("utf-8", "surrogateescape")
        return FileChange(path, shown_path(self.books.root, path), before, after)

    def _including(self) -> FileChange | None:
        """Return the change of the ledger that includes the file, None where it does already."""
        folder = self.ledger.resolve().parent
        try:
            relative = self.target.resolve().relative_to(folder).as_posix()
        except ValueError:
            relative = self.target.resolve().as_posix()
        read = {Path(name).resolve() for name in self.books.facts.files}
        included = _INCLUDE.findall(_text(self.ledger) or "")
        if self.target.resolve() in read or self.target.resolve() == self.ledger.resolve():
            return None
        if any(fnmatch.fnmatch(relative, pattern) for pattern in included):
            return None
        return self._appended(self.ledger, f'include "{relative}"\n')

    @property
    def projected(self) -> dict[tuple[str, str], Decimal]:
        """Return the balances as they will be with the new items."""
        balances = dict(self.books.position(self.day).balances)
        for item in self.new:
            if item.date <= self.day:
                key = (item.customer, item.currency)
                balances[key] = balances.get(key, Decimal(0)) + item.open
        return balances

    def answer(
        self,
        balances: Mapping[tuple[str, str], Decimal],
        *,
        written: bool,
        only_compare: bool = False,
    ) -> Answer:
        """Return the answer with ``balances`` as those of the books."""
        names = {customer.id: customer.label for customer in self.books.customers}
        totals = compared(self.listed, balances, lambda customer: names.get(customer, customer))
        if only_compare:
            self.changes, self.new = [], ()
        return take_over_answer(
            self._facts(written=written, only_compare=only_compare),
            totals,
            self._differing() if only_compare else (),
            diff="" if only_compare else "".join(change.diff for change in self.changes),
            notes=self._notes(totals, written=written, only_compare=only_compare),
            findings=(*self.opened.findings, *self._findings()),
            warnings=about_profile(self.opened.profile),
        )

    def _facts(self, *, written: bool, only_compare: bool) -> dict[str, object]:
        return {
            "as_of": self.day,
            "file": self.opened.shown,
            "profile": self.opened.profile.name,
            "written": written,
            "into": None if only_compare else shown_path(self.books.root, self.target),
            "new": len(self.new),
            "known": 0 if only_compare else len(self.listed.items) - len(self.new),
        }

    def _findings(self) -> list[Finding]:
        shown = self.opened.shown
        rejected = [
            Finding(codes.ROW_REJECTED, {"reason": reason}, Place(shown, row.number))
            for row, reason in self.listed.rejected
        ]
        cleaned = [
            Finding(
                codes.NO_PLAIN_TEXT,
                {"column": column, "characters": signs},
                Place(shown, row.number),
            )
            for row, column, signs in self.listed.cleaned
        ]
        return rejected + cleaned

    def _differing(self) -> tuple[tuple[str, str, str, Decimal, Decimal], ...]:
        """Return the documents that are open on one side only, or with another amount."""
        as_of = self.books.position(self.day)
        ours: dict[tuple[str, str, str], Decimal] = {}
        for item in as_of.open_items:
            # Instalments and retention money of an invoice are one document elsewhere.
            key = (*item.document.key, item.document.base)
            ours[key] = ours.get(key, Decimal(0)) + item.open
        theirs = {item.key: item.open for item in self.listed.items if item.open > 0}
        theirs = {key: amount for key, amount in theirs.items() if key[2]}
        return tuple(
            (*key, theirs.get(key, Decimal(0)), ours.get(key, Decimal(0)))
            for key in sorted({*ours, *theirs})
            if theirs.get(key, Decimal(0)) != ours.get(key, Decimal(0))
        )

    def _notes(
        self, totals: tuple[Total, ...], *, written: bool, only_compare: bool
    ) -> tuple[Text | str, ...]:
        return (
            *notes(
                listed=len(self.listed.items),
                new=len(self.new),
                differences=sum(bool(total.difference) for total in totals),
                uncounted=self.listed.uncounted,
                day=self.day,
                written=written,
                only_compare=only_compare,
            ),
            *about_table(self.opened.table),
        )


def _verified(before: OpenBooks, after: OpenBooks) -> OpenBooks:
    """Return the books read again; raise LedgerRefusedError for an error that is new."""
    known = {(row.code, *sorted(row.values.items())) for row in before.ledger_errors}
    for finding in after.ledger_errors:
        if (finding.code, *sorted(finding.values.items())) not in known:
            said = finding.kind.message.format_map(finding.values)
            raise LedgerRefusedError(reason=f"{finding.code}: {said}")
    return after


def _has_dates(opened: Opened) -> bool:
    fields = map(opened.profile.field_of, opened.table.columns)
    return any(field.name == "item.date" for field in fields)


def _text(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None
