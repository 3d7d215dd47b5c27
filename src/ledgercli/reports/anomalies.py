"""What is out of the ordinary, each with its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.anomalies.found import Anomaly, AnomalyKind
from ledgercli.reports.common import CUSTOMER, PLACE, Basis
from ledgercli.reports.metrics_groups import Grouping

REASONS: Mapping[AnomalyKind, str] = {
    "duplicate": N_("the same amount as {other}, {days} days apart"),
    "bank": N_("{old} became {new}, by {by}, {commit}"),
    "amount": N_("usual is {usual}"),
    "payment": N_("paid {days} days after the due date, usual is {usual}"),
    "overdue": N_("open {days} days after the due date, usual is {usual}"),
    "payer": N_("paid by {payee}, by whom none of {count} payments was before"),
    "silence": N_("no invoice since {last}, for {days} days; usual is one in {usual} days"),
    "round": N_("{count} of {all} are multiples of 100, {share}; of others {expected}"),
    "weekend": N_("{count} of {all} are dated on a weekend, {share}; of others {expected}"),
}
#: Whose kind tells more is listed first.
_ORDER = tuple(REASONS)


def anomalies(basis: Basis, found: Sequence[Anomaly], grouping: Grouping) -> Answer:
    """Return what is out of the ordinary: the grave ones first, then by kind, farthest first."""
    columns = (
        Column("severity", N_("severity"), "code", words="severity"),
        Column("kind", N_("kind"), "code", words="anomaly"),
        Column("date", N_("date"), "date"),
        CUSTOMER,
        Column("name", N_("name"), flexible=True, optional=3),
        Column("number", N_("number"), "code"),
        Column("currency", N_("cur."), "code", optional=4),
        Column("amount", N_("amount"), "money", optional=1),
        Column("score", N_("deviation"), "number", optional=2),
        Column("reason", N_("reason"), flexible=True, wraps=True),
        Column("values", N_("values"), shown=False),
        *PLACE,
    )
    ordered = sorted(
        found,
        key=lambda one: (
            not one.grave,
            _ORDER.index(one.kind),
            -abs(one.score or Decimal(0)),
            one.date,
            one.customer,
            one.number,
        ),
    )
    return Answer(
        "anomalies/1",
        facts={**basis.facts(), "from": grouping.start, "to": grouping.end},
        tables=(
            Table(
                "rows",
                columns,
                [_row(basis, one) for one in ordered],
                empty=N_("Nothing is out of the ordinary in that time."),
            ),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            grouping.rule(),
            N_(
                "Usual is the median of the customer; the deviation of amounts and payments is the"
                " robust z-score, that of silence so many gaps, of patterns the digits of the"
                " chance."
            ),
            N_("Out of the ordinary is not wrong: it is worth a look."),
        ),
    )


def _row(basis: Basis, one: Anomaly) -> dict[str, Any]:
    return {
        "severity": "warning" if one.grave else "info",
        "kind": one.kind,
        "date": one.date,
        "customer": one.customer,
        "name": basis.name_of(one.customer),
        "number": one.number,
        "currency": one.currency,
        "amount": None if one.amount is None else Money(one.amount, one.currency),
        "score": one.score,
        "reason": Text(REASONS[one.kind], one.values),
        "values": dict(one.values),
        "file": one.file or None,
        "line": one.line or None,
    }
