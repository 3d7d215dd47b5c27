"""Books claims: fees and interest of letters become documents of the ledger, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.orders.ledger_appending import LedgerAppend
from ledgercli.desk.reminders.booking_errors import ClaimAccountError, NoClaimsOfError
from ledgercli.desk.reminders.claim_accounts import claims_of
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.settings import ClaimSettings
from ledgercli.model.values import Money
from ledgercli.receivables.booked_claims import about_nothing, booked_claims
from ledgercli.receivables.position import Item
from ledgercli.reminders.claim_booking import Booking, bookings, transaction_text

Reopen = Callable[[], OpenBooks]


def book(
    books: OpenBooks, query: Query, *, subjects: tuple[str, ...], write: bool, reopen: Reopen
) -> Answer:
    """Return the diff that adds claims to the ledger; with ``write``, add them.

    ``subjects`` are numbers of documents and names of letters; without any, all claims of the
    customers that ``query`` leaves are booked, interest counted up to its day. ``reopen`` reads the
    books again: under the lock, before and after writing. Raise NoBooksError, the errors of
    ``booking_errors``, and those of writing; then nothing has changed.
    """
    from ledgercli.books.files import books_lock

    if books.location.bare:
        raise NoBooksError
    if not write:
        return _answer(books, query, _Task(books, query, subjects), written=False)
    with books_lock(books.root):
        fresh = reopen()
        task = _Task(fresh, query, subjects)
        if task.found:
            task.write(reopen)
        return _answer(fresh, query, task, written=bool(task.found))


class _Task:
    """What is to be booked, and the file as it stands and as it is to be."""

    def __init__(self, books: OpenBooks, query: Query, subjects: Sequence[str]) -> None:
        self.books = books
        self.rules: ClaimSettings = books.settings.claims
        self.shown = self.rules.file or books.settings.ledger
        self.found = _found(books, query, subjects)
        self.appended: LedgerAppend | None = None
        if self.found:
            self._check_accounts()
            text = "\n".join(map(self._text, self.found))
            self.appended = LedgerAppend(books, self.shown, text)

    def _check_accounts(self) -> None:
        kinds = {booking.kind for booking in self.found}
        wanted = {
            "interest_account": "interest" in kinds,
            "fee_account": "fee" in kinds,
            "tax_account": any(booking.tax for booking in self.found),
        }
        for key, needed in wanted.items():
            if needed and not getattr(self.rules, key):
                raise ClaimAccountError(key=key)

    def _text(self, booking: Booking) -> str:
        """Return the transaction of a claim."""
        owner = booking.item.document.customer
        customer = self.books.position(booking.date).customers.get(owner)
        payee = customer.label if customer else owner
        return transaction_text(booking, self.rules, payee, self.books.language)

    @property
    def diff(self) -> str:
        """Return the diff of the file."""
        return self.appended.diff if self.appended else ""

    def write(self, reopen: Reopen) -> None:
        """Write the file and read the ledger with it; put back what was there if it is not clean.

        Raise NotInLedgerError and LedgerNotCleanError.
        """
        if self.appended:
            self.appended.write(reopen, *(booking.number for booking in self.found))


def _found(books: OpenBooks, query: Query, subjects: Sequence[str]) -> list[Booking]:
    """Return what is to be booked for the documents asked for, by customer and number.

    What is in the books counts whatever its date, so that no other day books it again.
    """
    as_of = books.as_of(query)
    everything = books.position(dt.date.max).items
    taken = {item.document.number for item in everything}
    booked = booked_claims(everything)
    circumstances = claims_of(books.position(as_of), books, as_of)
    found: list[Booking] = []
    for item in _chosen(books, query, subjects):
        claim = replace(circumstances(item), booked=booked)
        rows = bookings(item, claim, books.settings.claims, taken)
        taken |= {row.number for row in rows}
        found.extend(rows)
    return sorted(found, key=lambda row: (row.item.document.customer, row.number))


def _chosen(books: OpenBooks, query: Query, subjects: Sequence[str]) -> list[Item]:
    as_of = books.as_of(query)
    items = list(books.selected(query).items)
    if not subjects:
        return items
    wanted: set[tuple[str, str, str]] = set()
    for subject in subjects:
        named = {
            (*item.document.key, item.document.number)
            for item in items
            if item.document.numbered and subject in {item.document.number, item.document.base}
        }
        wanted |= named or _of_letter(books, subject, as_of)
    return [item for item in items if (*item.document.key, item.document.number) in wanted]


def _of_letter(books: OpenBooks, letter: str, as_of: dt.date) -> set[tuple[str, str, str]]:
    from ledgercli.desk.activity.activity_errors import LetterNotFoundError
    from ledgercli.desk.activity.fact_subjects import letter_events

    try:
        events = letter_events(books, letter, as_of)
    except LetterNotFoundError:
        raise NoClaimsOfError(subject=letter, date=as_of) from None
    return {(event.customer, event.currency, event.number) for event in events}


_COLUMNS = (
    Column("number", N_("number"), "code"),
    Column("kind", N_("kind"), "code", words="document-kind"),
    Column("about", N_("document"), "code"),
    Column("customer", N_("customer"), "code"),
    Column("currency", N_("cur."), "code"),
    Column("date", N_("date"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("tax", N_("tax"), "money"),
    Column("total", N_("total"), "money"),
)


def _answer(books: OpenBooks, query: Query, task: _Task, *, written: bool) -> Answer:
    rows = [
        {
            "number": row.number,
            "kind": row.kind,
            "about": row.item.document.number,
            "customer": row.item.document.customer,
            "currency": row.item.document.currency,
            "date": row.date,
            "amount": Money(row.amount, row.item.document.currency),
            "tax": Money(row.tax, row.item.document.currency),
            "total": Money(row.total, row.item.document.currency),
        }
        for row in task.found
    ]
    count, place = len(rows), {"path": task.shown}
    if not rows:
        note = Text(N_("Nothing to book: all that letters claimed is in the books, or waived."))
    elif written:
        one, many = N_("{count} claim written to {path}."), N_("{count} claims written to {path}.")
        note = Text(one, place, many, count)
    else:
        one = N_("{count} claim to book in {path}; `--write` does it.")
        note = Text(one, place, N_("{count} claims to book in {path}; `--write` does it."), count)
    return Answer(
        "remind-book/1",
        facts={
            "as_of": books.as_of(query),
            "file": task.shown,
            "written": written,
            "diff": task.diff,
        },
        tables=(Table("rows", _COLUMNS, rows),),
        verbatim=task.diff,
        notes=(note,),
        warnings=tuple(_about_nothing(books, task.found)),
    )


def _about_nothing(books: OpenBooks, found: Sequence[Booking]) -> Iterator[Text]:
    """Yield which claims of the ledger may be booked a second time: they name no document."""
    owners = {booking.item.document.key for booking in found}
    numbers = [
        item.document.number
        for item in about_nothing(books.position(dt.date.max).items)
        if item.document.key in owners
    ]
    if numbers:
        yield Text(
            N_("{numbers} says by no link or `claim-for:` about which document it is: compare it"),
            {"numbers": ", ".join(sorted(numbers))},
            N_("{numbers} say by no link or `claim-for:` about which document: compare them"),
            len(numbers),
        )
