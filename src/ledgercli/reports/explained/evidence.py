"""What explanations are made of: positions, what moved between them, and postings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import Event
from ledgercli.model.general_ledger import BookPosting, GeneralLedger
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.model.values import month_end
from ledgercli.receivables.forecast.past import Exposure
from ledgercli.receivables.forecast.receipts import Part
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.metrics.contribution import Groups
from ledgercli.receivables.metrics.flows import Flow, flows
from ledgercli.receivables.position import Item, Position
from ledgercli.reports.explained.figures import Input, Teller

EventKey = tuple[str, str]
"""The first cell of a row, and the key of a column."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answer to explain, and where what went into it is found.

    ``position`` gives that of a day, of the customers and currencies asked about, ``limits`` the
    limits and exposures at its end. ``ledger`` and ``events`` are read when they are asked for;
    ``events`` are those of the activity log that count, by row and column. ``groups`` names the
    groups of a customer as the report is told by them, ``expected`` what receipts are expected of.
    ``chosen`` are the ids asked about, None for all; ``convert`` is the currency of converted
    figures.
    """

    answer: Answer
    as_of: date
    position: Callable[[date], Position]
    ledger: Callable[[], GeneralLedger]
    events: Callable[[], Mapping[EventKey, Sequence[Event]]]
    settings: Settings
    limits: Callable[[date], Sequence[LimitRow]]
    groups: Groups
    expected: Callable[[], Sequence[tuple[Exposure, list[Part]]]]
    chosen: frozenset[str] | None = None
    currencies: tuple[str, ...] = ()
    convert: str | None = None

    @property
    def table(self) -> Table:
        """Return the table whose rows are explained."""
        return self.answer.tables[0]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the report was asked."""
        return dict(self.answer.facts)

    def teller(self, row: Any) -> Teller:  # noqa: ANN401 - a row of any table
        """Return what makes figures of a row."""
        return Teller(self.table, row)

    def moved(self) -> list[Flow]:
        """Return what moved the receivables up to the day of the report."""
        return list(flows(self.position(self.as_of)))

    def days(self, label: str) -> tuple[date, date]:
        """Return the first and the last day of the month ``2026-11``, none after the report's."""
        first = date.fromisoformat(f"{label}-01")
        return first, min(month_end(first), self.as_of)


def words_of(posting: LedgerPosting | BookPosting) -> str:
    """Return payee and narration of a posting's transaction."""
    transaction = posting.transaction
    return " | ".join(part for part in (transaction.payee, transaction.narration) if part)


def flow_inputs(moved: Iterable[Flow], sign: int = 1) -> tuple[Input, ...]:
    """Return what moved the receivables as inputs, by date."""
    return tuple(
        Input(
            flow.kind,
            sign * flow.amount,
            words_of(flow.posting) if flow.posting else "",
            flow.date,
            flow.customer,
            flow.name,
            flow.posting.file if flow.posting else "",
            flow.posting.line if flow.posting else None,
        )
        for flow in sorted(moved, key=lambda one: (one.date, one.customer, one.name))
    )


def item_input(item: Item, kind: str = "open") -> Input:
    """Return what is open of a document."""
    document = item.document
    return Input(
        kind,
        item.open,
        words_of(document.posting),
        document.date,
        document.customer,
        document.number,
        document.file,
        document.line,
    )


def balance_inputs(position: Position, currency: str) -> tuple[Input, ...]:
    """Return open items, what is unallocated, and rounding: together the ledger's balance."""
    return tuple(_balance_inputs(position, currency))


def _balance_inputs(position: Position, currency: str) -> Iterator[Input]:
    for item in position.open_items:
        if item.document.currency == currency:
            yield item_input(item)
    for receipt in position.receipts:
        settlement = receipt.settlement
        if receipt.unallocated and settlement.currency == currency:
            yield Input(
                "unallocated",
                -receipt.unallocated,
                words_of(settlement.posting),
                settlement.date,
                settlement.customer,
                ", ".join(settlement.names),
                settlement.file,
                settlement.posting.line,
            )
    for (customer, unit), amount in position.rounding.items():
        if unit == currency and amount:
            words = N_("rounding differences that count as settled")
            yield Input("rounding", amount, Text(words), customer=customer)


def not_overdue_items(position: Position, currency: str, day: date) -> list[Item]:
    """Return the open items that are not overdue on ``day``."""
    return [
        item
        for item in position.open_items
        if item.document.currency == currency
        and ((item.days_overdue(day) or 0) <= 0 or item.document.is_retained(day))
    ]


def current_inputs(
    position: Position, currency: str, day: date, current: Decimal
) -> tuple[Input, ...]:
    """Return what is not overdue, with what of it is covered by what is unallocated."""
    rows = [item_input(item, "not-overdue") for item in not_overdue_items(position, currency, day)]
    left = current - sum((row.amount for row in rows), Decimal(0))
    if left:
        rows.append(Input("covered", left, Text(N_("never above the balance, nor below zero"))))
    return tuple(rows)


def before(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)


def event_inputs(events: Iterable[Event], amount: int = 1) -> tuple[Input, ...]:
    """Return lines of the activity log as inputs, by date."""
    return tuple(
        Input(
            event.kind,
            Decimal(amount),
            str(event.details.get("text") or ""),
            event.date,
            event.customer,
            event.number,
            event.file,
            event.line,
        )
        for event in sorted(events, key=lambda one: (one.date, one.order))
    )
