"""Claims as documents of the ledger: what is to be booked, and the text of its transactions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal

from ledgercli.model.currency import plain, round_money
from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind, ClaimSettings
from ledgercli.receivables.position import Item
from ledgercli.reminders.claims import Claim, booked_of, interest_left
from ledgercli.reminders.earlier_claims import fees_left

#: What Beancount takes as a link.
_LINK = re.compile(r"[A-Za-z0-9\-_/.]+")
_PREFIX: dict[ClaimKind, str] = {"fee": "FEE", "interest": "INT"}
_WORDS: dict[str, dict[ClaimKind, str]] = {
    "en": {
        "fee": "Fee for the late payment of {number}",
        "interest": "Interest on {number}, {first} to {last}",
    },
    "de": {
        "fee": "Mahngebühr zu {number}",
        "interest": "Verzugszinsen zu {number}, {first} bis {last}",
    },
    "zh": {
        "fee": "{number} 逾期付款费用",
        "interest": "{number} 逾期利息，{first} 至 {last}",
    },
}


@dataclass(frozen=True, slots=True)
class Booking:
    """A claim that is to become the document ``number`` of the day ``date``, about ``item``.

    ``amount`` is the claim, ``tax`` what is added to it; interest is that of the days since
    ``first``.
    """

    kind: ClaimKind
    number: str
    item: Item
    date: dt.date
    amount: Decimal
    tax: Decimal
    first: dt.date

    @property
    def total(self) -> Decimal:
        """Return the amount of the document."""
        return self.amount + self.tax


def bookings(
    item: Item, claim: Claim, rules: ClaimSettings, taken: Collection[str]
) -> list[Booking]:
    """Return what letters have claimed for a document and is neither in the books nor waived.

    Interest is counted up to the day of ``claim``. ``taken`` are numbers that documents have.
    """
    if not item.document.numbered:
        return []
    key = (item.document.customer, item.document.currency, item.document.number)
    reached = claim.history.reached(key)
    disputed = claim.history.disputed(key, item.open)
    left: dict[ClaimKind, Decimal | None] = {
        "fee": fees_left(item, claim)[0],
        "interest": interest_left(item, claim, reached.level if reached else 0, disputed),
    }
    found = []
    for kind, amount in left.items():
        if amount and item.document.due:
            taxed = rules.tax is not None and kind in rules.taxed
            tax = rules.tax.of(amount) if taxed and rules.tax else Decimal(0)
            tax = round_money(tax, claim.currency)
            number = _number(kind, item.document.number, claim.as_of, taken)
            first = _first_day(item, item.document.due, claim)
            found.append(Booking(kind, number, item, claim.as_of, amount, tax, first))
    return found


def _first_day(item: Item, due: dt.date, claim: Claim) -> dt.date:
    """Return the day after the last one up to which interest is booked, else after ``due``."""
    days = [row.date for row in booked_of(item, claim, "interest") if row.date < claim.as_of]
    return max([due, *days]) + dt.timedelta(days=1)


def _number(kind: ClaimKind, about: str, day: dt.date, taken: Collection[str]) -> str:
    stem = f"{_PREFIX[kind]}-{about}-{day:%Y%m%d}"
    number, count = stem, 1
    while number in taken:
        count += 1
        number = f"{stem}-{count}"
    return number


def transaction_text(booking: Booking, rules: ClaimSettings, payee: str, language: str) -> str:
    """Return the transaction of a claim as Beancount reads it, due on its own day."""
    document = booking.item.document
    currency = document.currency
    words = _WORDS.get(language.partition("-")[0], _WORDS["en"])[booking.kind]
    narration = words.format(number=document.number, first=booking.first, last=booking.date)
    links = f" ^{booking.number}" if _LINK.fullmatch(booking.number) else ""
    income = rules.fee_account if booking.kind == "fee" else rules.interest_account
    lines = [
        f"{booking.date} * {_quoted(payee)} {_quoted(narration)}{links}",
        f"  customer: {_quoted(document.customer)}",
        f"  invoice: {_quoted(booking.number)}",
        f"  due: {booking.date}",
        f"  claim-for: {_quoted(document.number)}",
        f"  claim-amount: {_quoted(f'{plain(booking.amount, currency)} {currency}')}",
        _posting(document.posting.account, booking.total, currency),
        _posting(income, -booking.amount, currency),
    ]
    if booking.tax:
        lines.append(_posting(rules.tax_account, -booking.tax, currency))
    return "\n".join(lines) + "\n"


def _posting(account: str, amount: Decimal, currency: str) -> str:
    return f"  {account}  {plain(amount, currency)} {currency}"


def _quoted(text: str) -> str:
    words = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"'
