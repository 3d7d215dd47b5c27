"""Roll-forward of the receivables: from the balance at the beginning to that at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.flows import Flow, by_currency, by_month, until
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.summary import Standing

#: The lines between the balances, and the kinds of flows that each is made of.
#: A re-allocation moves nothing in sum; between customers it is no re-allocation at all.
LINES: Mapping[str, frozenset[str]] = {
    "invoices": frozenset({"invoice"}),
    "charges": frozenset({"interest", "fee"}),
    "reversals": frozenset({"opening", "refund", "re-opening", "re-allocation"}),
    "payments": frozenset({"payment"}),
    "credit_notes": frozenset({"credit-note"}),
    "discounts": frozenset({"discount"}),
    "write_offs": frozenset({"write-off"}),
}


@dataclass(frozen=True, slots=True)
class RollForward:
    """The way of one currency's receivables through a period.

    ``lines`` are signed: what lowers the receivables is negative, so that ``opening`` and all lines
    add up to ``closing``. ``ledger`` is the balance of the receivable accounts at the end.
    """

    period: Period
    currency: str
    opening: Decimal
    lines: Mapping[str, Decimal]
    closing: Decimal
    ledger: Decimal

    @property
    def ties(self) -> bool:
        """Return whether the closing amount is the ledger's balance."""
        return self.closing == self.ledger


def roll_forward(
    moved: Iterable[Flow], standings: Mapping[Period, Standing]
) -> tuple[RollForward, ...]:
    """Return a row for each currency and period, by currency and then time.

    ``standings`` are the positions at the end of each period, for the customers of the flows. Only
    the first opening comes from earlier flows: each closing is the opening with the lines.
    """
    sums = by_month(moved)
    totals = by_currency(sums)
    parts = {name: by_currency(sums, kinds) for name, kinds in LINES.items()}
    rows = []
    for currency in sorted(totals):
        closing: Decimal | None = None
        for period, standing in standings.items():
            opening = _before(totals[currency], period.start) if closing is None else closing
            lines = {
                name: months.get(currency, {}).get(period.start, Decimal(0))
                for name, months in parts.items()
            }
            closing = opening + sum(lines.values(), Decimal(0))
            ledger = balance_of(standing, currency)
            rows.append(RollForward(period, currency, opening, lines, closing, ledger))
    return tuple(rows)


def balance_of(standing: Standing, currency: str) -> Decimal:
    """Return the ledger's balance of all customers in ``currency``."""
    own = (amount for (_, unit), amount in standing.balances.items() if unit == currency)
    return sum(own, Decimal(0))


def _before(months: Mapping[date, Decimal], month: date) -> Decimal:
    return until(months, month) - months.get(month, Decimal(0))
