"""How aging over time came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.aging import NOT_DUE, Buckets
from ledgercli.receivables.position import Item
from ledgercli.reports.explained.evidence import Evidence, balance_inputs, item_input
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure


def aging_history(evidence: Evidence) -> Explainer:
    """Return what tells the aging of a month's end."""

    def figures(row: Row) -> Iterator[Figure]:
        return aged(evidence, row, row["date"])

    return figures


def aged(evidence: Evidence, row: Row, end: date) -> Iterator[Figure]:
    """Yield how the open amounts of a currency by age at the end of a day came about."""
    buckets = _buckets(evidence.facts["basis"], evidence.facts["buckets"])
    tell, currency = evidence.teller(row), row["currency"]
    position = evidence.position(end)
    own_items = [item for item in position.open_items if item.document.currency == currency]
    parts: dict[str, list[Item]] = {}
    for item in own_items:
        parts.setdefault(_place(item, buckets, end), []).append(item)
    words = Text(N_("open items of that age on {date}"), {"date": end})
    for key in buckets.keys:
        if parts.get(key):
            yield tell(f"amounts.{key}", words, map(item_input, parts[key]))
    told_by = Text(N_("open items on {date}"), {"date": end})
    for key in ("retention", "due_unknown"):
        if parts.get(key):
            yield tell(key, told_by, map(item_input, parts[key]))
    own = balance_inputs(position, currency)
    unallocated = [one for one in own if one.kind == "unallocated"]
    if unallocated:
        yield tell("unallocated", N_("settlements that no document took"), unallocated)
    both = [one for one in own if one.kind != "rounding"]
    yield tell("total", N_("open items less what is unallocated"), both)
    if row["overdue_percent"] is not None:
        by_due = Buckets("due", buckets.bounds)
        late = [one.open for one in own_items if _place(one, by_due, end) not in _NOT_OVERDUE]
        sums = {"overdue": sum(late, ZERO), "all": sum((one.open for one in own_items), ZERO)}
        told = {key: Money(amount, currency) for key, amount in sums.items()}
        words = Text(N_("overdue {overdue} ÷ open {all} × 100"), told)
        yield tell("overdue_percent", words)


_NOT_OVERDUE = (NOT_DUE, "retention", "due_unknown")


def _buckets(basis: str, keys: Sequence[str]) -> Buckets:
    """Return the buckets of which ``keys`` are the keys."""
    bounded = [key for key in keys if key != NOT_DUE and not key.endswith("+")]
    bounds = tuple(Duration.parse(key.rpartition("-")[2]) for key in bounded)
    return Buckets("due" if basis == "due" else "date", bounds)


def _place(item: Item, buckets: Buckets, day: date) -> str:
    """Return the key of the bucket or column that an open item is in."""
    document = item.document
    if buckets.basis == "date":
        return buckets.key_of(document.date, day)
    if document.due is None:
        return "retention" if document.is_retained(day) else "due_unknown"
    if document.is_retained(day) and document.due >= day:
        return "retention"
    return buckets.key_of(document.due, day)
