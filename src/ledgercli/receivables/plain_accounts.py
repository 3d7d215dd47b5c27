"""Plain accounts: each transaction is one document or one settlement, of which figures suffice.

What is open of them is found by the same rules (``allocation``) as in a position, without a record
of every document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from functools import cache
from math import ceil

from ledgercli.model.currency import half_unit
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.terms import Terms
from ledgercli.receivables.allocation import How, allocate_unnamed
from ledgercli.receivables.open_columns import OpenColumns, UnitLine, UnitLines, in_units
from ledgercli.receivables.summary import Key, Summary

#: A document of a plain account: due date, date, amount, decimals, and number ("" for none).
#: Amounts are whole numbers of units of the last decimal that they were written with.
PlainDocument = tuple[int, int, int, int, str]
#: A document that is open before payments that name nothing: what it is paid in the order of (due
#: date, date, number, and its amount, negative), then what is open, and the decimals of that.
_Payable = tuple[int, int, str, int, int, int]
#: Of a payment that names nothing its day and its amount, negative: in the order that they pay.
_Unnamed = tuple[int, int]
#: A settlement of a plain account: date, amount paid, decimals, and the number that it names or "".
PlainSettlement = tuple[int, int, int, str]


class _Document:
    """A document as figures: what the rules of allocation ask of it, and nothing else."""

    __slots__ = ("_half", "open", "order")

    def __init__(self, payable: _Payable, half: int) -> None:
        self.open = payable[4]
        # What documents are paid in the order of: due date, date, number, the larger ones first.
        self.order = payable[:4]
        self._half = half

    @property
    def kind(self) -> str:
        """Return what is claimed beside the principal: "interest", "fee", else nothing."""
        start = self.order[2][:4]
        if start == "INT-":
            return "interest"
        return "fee" if start == "FEE-" else ""

    @property
    def document(self) -> _Document:
        """Return what stands for the record of the document."""
        return self

    @property
    def is_open(self) -> bool:
        """Return whether more is open than a rounding difference."""
        return self.open >= self._half


class _Settlement:
    """A settlement that names nothing, as figures."""

    __slots__ = ("left",)

    def __init__(self, amount: int) -> None:
        self.left = amount

    def pay(self, target: _Document, amount: int, _how: How, _since: dt.date) -> None:
        """Allocate ``amount`` to ``target``."""
        self.left -= amount
        target.open -= amount


_LAST_DAY = dt.date.max.toordinal()


class Dues(dict[int, int | None]):
    """Due dates by terms, by the day of the document; None where it takes more than that."""

    def __init__(self, terms: Terms) -> None:
        """Take the terms."""
        super().__init__()
        self._part = terms.parts[0]
        self._single = len(terms.parts) == 1 and not self._part.event
        # Most terms are so many days, and need no calendar.
        self._days = self._part.days if self._single and self._part.base == "net" else None

    def __missing__(self, day: int) -> int | None:
        """Return the due date, and note it."""
        due: int | None
        if self._days is not None:
            due = min(day + self._days, _LAST_DAY)
        else:
            due = self._part.due(dt.date.fromordinal(day)).toordinal() if self._single else None
        self[day] = due
        return due


@dataclass(slots=True)
class Account:
    """The rows of one ``customer`` in one currency; ``plain`` as long as all of them are.

    ``numbers`` are those of the documents, ``rows`` the places of all rows, ``decimals`` the most
    that an amount has; ``terms`` are the words of those that documents without a due date have,
    None as long as nobody has looked.
    """

    customer: str
    decimals: int = 0
    plain: bool = True
    numbers: set[str] = field(default_factory=set)
    documents: list[PlainDocument] = field(default_factory=list)
    settlements: list[PlainSettlement] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    terms: str | None = None
    dues: Dues | None = None


def in_order(sums: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Return the sums that are not zero, by customer and currency."""
    return {key: amount for key, amount in sorted(sums.items()) if amount}


def _paid(account: Account) -> tuple[dict[str, int], list[_Unnamed], int]:
    """Return what was paid by the number named, what names nothing, and the sum of both."""
    paid: dict[str, int] = {}
    unnamed: list[_Unnamed] = []
    total, most = 0, account.decimals
    for day, amount, decimals, number in account.settlements:
        whole = amount if decimals == most else amount * 10 ** (most - decimals)
        total += whole
        if number:
            paid[number] = paid.get(number, 0) + whole
        else:
            unnamed.append((day, -whole))
    return paid, unnamed, total


def _pay(
    documents: list[_Payable],
    unnamed: list[_Unnamed],
    settings: ReceivablesSettings,
    decimals: int,
    half: int,
) -> list[_Payable]:
    """Allocate what names nothing to documents, both in order; return what is open of these then.

    Most payments are for one document of just that amount, the first rule of all but the law's.
    """
    if settings.allocation == "oldest-due":
        amounts = [row[4] for row in documents]
        paying = iter(unnamed)
        for settlement in paying:
            amount = -settlement[1]
            if amount not in amounts:
                unnamed = [settlement, *paying]
                break
            place = amounts.index(amount)
            del amounts[place], documents[place]
        else:
            return documents
    targets = [_Document(row, half) for row in documents]
    allocate_unnamed(
        [_Settlement(-amount) for _, amount in unnamed], targets, settings.allocation, dt.date.min
    )
    return [
        (*row[:4], one.open, row[5] if one.open == row[4] else decimals)
        for row, one in zip(documents, targets, strict=True)
    ]


@cache
def _half_unit(currency: str, decimals: int) -> int:
    """Return the least amount in units of so many decimals that is no rounding difference."""
    return ceil(half_unit(currency).scaleb(decimals))


class Figures:
    """The figures of a summary, as they grow."""

    def __init__(self) -> None:
        """Begin without figures."""
        self.open_lines: dict[Key, UnitLines] = {}
        self.balances: dict[Key, Decimal] = {}
        self.unallocated: dict[Key, Decimal] = {}
        self.rounding: dict[Key, Decimal] = {}

    def add(  # noqa: C901 - one loop
        self, key: Key, account: Account, settings: ReceivablesSettings
    ) -> bool:
        """Allocate what a plain account has, and add what is open and left of it.

        Return whether open less unallocated plus rounding is the balance.
        """
        paid, unnamed, left = _paid(account)
        most, half = account.decimals, _half_unit(key[1], account.decimals)
        balance, rounding = -left, 0
        lines: list[UnitLine] = []
        payable: list[_Payable] = []
        for document in account.documents:
            due, day, amount, decimals, number = document
            if decimals != most:
                amount *= 10 ** (most - decimals)
            balance += amount
            rest = amount
            if number in paid:
                part = min(paid[number], amount)
                left -= part
                rest -= part
            if rest < half:
                rounding += rest
            elif unnamed:
                own = decimals if rest == amount else most
                payable.append((due, day, number, -amount, rest, own))
            else:
                lines.append((due, day, rest, False, decimals if rest == amount else most))
        if payable:
            if key[0] != UNKNOWN and settings.allocation != "explicit":
                before = sum([row[4] for row in payable])
                payable = _pay(sorted(payable), sorted(unnamed), settings, most, half)
                left -= before - sum([row[4] for row in payable])
            lines = [(row[0], row[1], row[4], False, row[5]) for row in payable if row[4] >= half]
            rounding += sum([row[4] for row in payable if row[4] < half])
        if lines:
            self.open_lines[key] = (most, lines)
        for sums, amount in (
            (self.unallocated, left),
            (self.rounding, rounding),
            (self.balances, balance),
        ):
            if amount:
                sums[key] = in_units(amount, most)
        return sum([line[2] for line in lines]) + rounding - left == balance

    def update(self, other: Figures) -> None:
        """Add the figures of other accounts."""
        self.open_lines.update(other.open_lines)
        self.balances.update(other.balances)
        self.unallocated.update(other.unallocated)
        self.rounding.update(other.rounding)

    def summary(
        self,
        as_of: dt.date,
        deposits: Mapping[Key, Decimal],
        records: Mapping[str, Customer],
        *,
        tie_out: bool,
    ) -> Summary:
        """Return the summary of these figures."""
        return Summary(
            as_of,
            OpenColumns.of_units(dict(sorted(self.open_lines.items()))),
            in_order(self.balances),
            in_order(deposits),
            in_order(self.unallocated),
            in_order(self.rounding),
            records,
            tie_out,
        )
