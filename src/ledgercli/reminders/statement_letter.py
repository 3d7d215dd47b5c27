"""Statements as letters: the account line by line, its balance, and a slip to confirm it with.

They are made of templates like reminders: a frame ``statement.EXT.j2`` and the wording
``statement.LANG.j2``. No interest is counted in them: a figure that was never agreed could be taken
for all that is claimed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import field, replace
from decimal import Decimal

from ledgercli.model.currency import plain
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.receivables.owed import OwedStatement
from ledgercli.reminders.formats import printable
from ledgercli.reminders.letter_page import Page, page_of
from ledgercli.reminders.letter_parties import (
    Bank,
    Recipient,
    Sender,
    bank_of,
    recipient_of,
    sender_of,
)
from ledgercli.reminders.record_texts import map_texts

TEMPLATE = "statement"
#: What a spreadsheet takes as the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of the account; ``kind`` is a key of ``kinds`` in the wording."""

    date: dt.date
    kind: str
    number: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class StatementContext:
    """Everything a template of statements may use, under the name ``letter``.

    ``closing`` = ``opening`` + ``debits`` − ``credits`` is what the customer owes on ``as_of``
    (negative: is owed), written-off amounts included. ``retention`` of it the customer may still
    keep, ``due_unknown`` is due from a delivery, acceptance or tax invoice to come.
    ``confirmation`` says that the letter asks for an answer; else it is only an enclosure.
    ``sequence`` counts the statements of the year.
    """

    template: str
    kind: str
    language: str
    wording: str
    sequence: int
    date: dt.date
    as_of: dt.date
    start: dt.date
    sender: Sender
    recipient: Recipient
    bank: Bank
    customer: str
    debtor: str
    person: bool
    currency: str
    opening: Decimal
    lines: tuple[StatementLine, ...]
    debits: Decimal
    credits: Decimal
    closing: Decimal
    unallocated: Decimal
    deposits: Decimal
    retention: Decimal
    due_unknown: Decimal
    confirmation: bool
    revision: str
    page: Page = field(default_factory=Page, repr=False)


def statement_context(
    statement: OwedStatement,
    customer: Customer,
    settings: Settings,
    as_of: dt.date,
    *,
    language: str,
    written_on: dt.date | None = None,
    confirmation: bool = True,
) -> StatementContext:
    """Return the context of a statement as of ``as_of``, dated ``written_on`` (else the same day).

    No text in it has a control character. Number and revision are put in when it is written.
    """
    context = StatementContext(
        template=TEMPLATE,
        kind="",
        language=language,
        wording="",
        sequence=0,
        date=written_on or as_of,
        as_of=as_of,
        start=statement.start,
        sender=sender_of(settings, language),
        recipient=recipient_of(customer, settings, language),
        bank=bank_of(settings.company.bank),
        customer=customer.id,
        debtor=customer.debtor,
        person=customer.kind == "person",
        currency=statement.currency,
        opening=statement.opening,
        lines=tuple(
            StatementLine(row.date, row.kind, row.number, row.debit, row.credit, row.balance)
            for row in statement.rows
        ),
        debits=statement.debits,
        credits=statement.credits,
        closing=statement.closing,
        unallocated=statement.unallocated,
        deposits=statement.deposits,
        retention=statement.retention,
        due_unknown=statement.due_unknown,
        confirmation=confirmation,
        revision="",
    )
    return replace(map_texts(context, printable), page=page_of(settings.letters))


def statement_csv(statement: OwedStatement) -> bytes:
    """Return the statement as CSV in UTF-8 with a mark, which spreadsheets know it by.

    Columns: date, kind, number, debit, credit, balance, currency; first the opening balance.
    """
    currency = statement.currency
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["date", "kind", "number", "debit", "credit", "balance", "currency"])
    opening = plain(statement.opening, currency)
    writer.writerow([statement.start, "opening balance", "", "", "", opening, currency])
    for row in statement.rows:
        figures = [plain(each, currency) for each in (row.debit, row.credit, row.balance)]
        number = printable(row.number)
        safe = f"'{number}" if number.startswith(_FORMULA) else number
        writer.writerow([row.date, row.kind, safe, *figures, currency])
    return out.getvalue().encode("utf-8-sig")
