"""How limits and exposures of a month's end came about, customer by customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.receivables.limits import LimitRow
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input, values

Exposed = Callable[[LimitRow, date], Iterable[Input]]
"""Tells what the exposure of a customer at the end of a day is made of."""


def limit_use(evidence: Evidence, customers: Mapping[str, Customer], exposed: Exposed) -> Explainer:
    """Return what tells limits and exposures of a month's end.

    ``customers`` are the records, which say where limits stand.
    """

    def figures(row: Row) -> Iterator[Figure]:
        tell, end = evidence.teller(row), row["date"]
        own = [
            one
            for one in evidence.limits(end)
            if one.currency == row["currency"] and one.limit is not None
        ]
        known = [one for one in own if one.exposure is not None]
        told_by = Text(N_("limits on {date} of the customers that have one"), {"date": end})
        listed = [_of(customers, "limit", one.limit or ZERO, one) for one in known]
        yield tell("limit", told_by, listed)
        # Who has a credit frees nothing of the limits of others.
        owing = [one for one in known if (one.exposure or ZERO) > 0]
        words = N_("balance + open orders − deposits on {date}, never below zero")
        parts = [part for one in owing for part in exposed(one, end)]
        yield tell("exposure", Text(words, {"date": end}), parts)
        over = [(one, (one.exposure or ZERO) - (one.limit or ZERO)) for one in owing]
        listed = [_of(customers, "excess", excess, one) for one, excess in over if excess > 0]
        yield tell("excess", N_("what is over each customer's limit"), listed)
        told = values(row, "limit", "exposure", "excess")
        yield tell("used_percent", Text(N_("exposure {exposure} ÷ limits {limit} × 100"), told))
        words = N_("limits {limit} − exposure {exposure} + excess {excess}")
        yield tell("unused", Text(words, told))
        for key, status in (("warnings", "warning"), ("breaches", "breach")):
            found = [one for one in own if one.status == status]
            one_each = [_of(customers, "customer", Decimal(1), one) for one in found]
            yield tell(key, _STATUS[status], one_each)

    return figures


def _of(customers: Mapping[str, Customer], kind: str, amount: Decimal, row: LimitRow) -> Input:
    """Return what is told of a customer, with the place of the record that has the limit."""
    record = customers[row.customer]
    return Input(kind, amount, record.label, None, record.id, "", record.file, record.line or None)


_STATUS = {
    "warning": N_("customers near their limit"),
    "breach": N_("customers over their limit"),
}
