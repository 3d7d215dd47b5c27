"""How RFM ranks and targets came about: the invoices and credit notes that were counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext

from ledgercli.customers.rfm import Places, Rfm, places
from ledgercli.customers.sales import credit_notes, invoices, number_of
from ledgercli.customers.targets import TargetResult, members, times
from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT, round_money
from ledgercli.model.ledger import Prices
from ledgercli.model.position import Document, Settlement
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.position import Position
from ledgercli.reports.explained.evidence import Evidence, words_of
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input, Teller

_HUGHES = N_("A. M. Hughes, Strategic Database Marketing (1994)")
_ONE = Decimal(1)
Time = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold to some customers in a time, and what of it was credited."""

    invoices: tuple[Document, ...]
    credits: tuple[Settlement, ...]

    def of(self, customers: Iterable[str]) -> Sold:
        """Return the part of some customers."""
        wanted = frozenset(customers)
        return Sold(
            tuple(one for one in self.invoices if one.customer in wanted),
            tuple(one for one in self.credits if one.customer in wanted),
        )

    def each(self) -> list[Document]:
        """Return the first document of each invoice, by customer: instalments are one."""
        first: dict[tuple[str, str], Document] = {}
        for document in self.invoices:
            first.setdefault((document.customer, number_of(document)), document)
        return list(first.values())

    def buyers(self) -> dict[str, list[Document]]:
        """Return the invoices of each customer, oldest first."""
        found: dict[str, list[Document]] = {}
        for document in sorted(self.each(), key=lambda one: one.date):
            found.setdefault(document.customer, []).append(document)
        return found


def _sold(position: Position, time: Time) -> Sold:
    return Sold(tuple(invoices(position, *time)), tuple(credit_notes(position, *time)))


def _counted(documents: Iterable[Document], amount: Decimal = _ONE) -> Iterator[Input]:
    """Yield documents as inputs that count ``amount`` each."""
    for document in documents:
        yield _input(document, amount)


def _input(one: Document | Settlement, amount: Decimal, text: Text | None = None) -> Input:
    words = words_of(one.posting)
    return Input(
        one.kind,
        amount,
        text or words,
        one.date,
        one.customer,
        one.number,
        one.file,
        one.posting.line,
    )


def _revenue(sold: Sold, currency: str, prices: Prices, as_of: dt.date) -> Iterator[Input]:
    """Yield what was sold and credited in ``currency``, converted where it is another.

    What was converted is rounded once, in the sum: what single roundings leave is an input, too.
    """
    exact = shown = ZERO
    rows: list[tuple[Document | Settlement, int]] = [(one, 1) for one in sold.invoices]
    rows += [(one, -1) for one in sold.credits]
    with localcontext(CONTEXT):
        for one, sign in rows:
            found = prices.rate(one.currency, currency, as_of)
            if one.currency == currency or found is None:
                yield _input(one, sign * one.amount)
                continue
            converted = sign * one.amount * found[0]
            exact, shown = exact + converted, shown + round_money(converted, currency)
            words = Text(
                N_("{amount} at {rate} of {date}: {text}"),
                {
                    "amount": Money(sign * one.amount, one.currency),
                    "rate": f"{found[0]:f}",
                    "date": found[1],
                    "text": words_of(one.posting),
                },
            )
            yield _input(one, round_money(converted, currency), words)
        left = round_money(exact, currency) - shown
    if left:
        yield Input("rounding", left, Text(N_("rounding")))


def rfm(
    evidence: Evidence, position: Position, rows: Sequence[Rfm], prices: Prices, time: Time
) -> Explainer:
    """Return what tells how recently, often and for how much a customer bought, and the ranks."""
    sold, currency = _sold(position, time), evidence.facts["currency"]
    ranked = {
        "recency": places({row.customer: Decimal(-row.days) for row in rows}),
        "frequency": places({row.customer: Decimal(row.invoices) for row in rows}),
        "monetary": places({row.customer: row.revenue for row in rows if row.revenue is not None}),
    }

    def figures(row: Row) -> Iterator[Figure]:
        tell, own = evidence.teller(row), sold.of([row["customer"]])
        bought = own.buyers()[row["customer"]]
        told = {"last": bought[-1].date, "date": evidence.as_of}
        last = _counted(bought[-1:], Decimal(row["days"]))
        yield tell("days", Text(N_("days from {last} to {date}"), told), last)
        days = {"start": time[0], "end": time[1]}
        words = Text(N_("invoices from {start} to {end}"), days)
        yield tell("invoices", words, _counted(bought))
        if row["revenue"] is not None:
            words = Text(N_("invoices less credit notes from {start} to {end}"), days)
            inputs = _revenue(own, currency, prices, evidence.as_of)
            yield tell("revenue", words, inputs, unit=currency)
        values = {"recency": Decimal(-row["days"]), "frequency": Decimal(row["invoices"])}
        if row["revenue"] is not None:
            values["monetary"] = row["revenue"].amount
        for key, value in values.items():
            yield _rank(tell, key, ranked[key][value])

    return figures


_RANKED = {
    "recency": N_(
        "of {buyers} buyers, from the longest ago, places {first} to {last}: the fifth that their"
        " middle is in"
    ),
    "frequency": N_(
        "of {buyers} buyers, from the fewest invoices, places {first} to {last}: the fifth that"
        " their middle is in"
    ),
    "monetary": N_(
        "of {buyers} buyers, from the least revenue, places {first} to {last}: the fifth that"
        " their middle is in"
    ),
}


def _rank(tell: Teller, key: str, found: Places) -> Figure:
    return tell(key, Text(_RANKED[key], found._asdict()), source=_HUGHES)


def targets(
    evidence: Evidence, position: Position, rows: Sequence[TargetResult], prices: Prices
) -> Explainer:
    """Return what tells how far a target is reached: now, before, and what was wanted."""
    results = dict(zip(map(id, evidence.table.rows), rows, strict=True))

    def figures(row: Row) -> Iterator[Figure]:
        tell, result = evidence.teller(row), results[id(row)]
        target = result.target
        chosen = members(position.customers, target)
        about = N_("customers that the target is about")
        yield tell("customers", about, _records(position, chosen))
        now, before = times(target, evidence.as_of)
        for key, time in (("actual", now), ("before", before)):
            if row[key] is not None:
                sold = _sold(position, time).of(chosen)
                yield _measured(tell, key, result, sold, time, prices, evidence.as_of)
        if target.goal.change is None:
            yield tell("wanted", N_("the goal in the settings"))
        elif row["wanted"] is not None:
            told = {"before": row["before"], "change": f"{target.goal.change.value:f}"}
            yield tell("wanted", Text(N_("before {before} × (100 + {change}) ÷ 100"), told))

    return figures


def _records(position: Position, chosen: Iterable[str]) -> Iterator[Input]:
    for identifier in sorted(chosen):
        record = position.customers[identifier]
        place = record.file, record.line or None
        yield Input("record", _ONE, record.label, None, identifier, "", *place)


_MEASURED = {
    "buyers": N_("customers with an invoice from {start} to {end}"),
    "invoices": N_("invoices from {start} to {end}"),
    "revenue": N_("invoices less credit notes from {start} to {end}"),
}


def _measured(
    tell: Teller,
    key: str,
    result: TargetResult,
    sold: Sold,
    time: Time,
    prices: Prices,
    as_of: dt.date,
) -> Figure:
    """Return how a figure of a target was measured in a time."""
    measure, bought = result.target.measure, sold.buyers()
    days = {"start": time[0], "end": time[1]}
    if measure == "repurchase-rate":
        again = [own[-1] for own in bought.values() if len(own) > 1]
        rate = N_("from {start} to {end}: {again} with two invoices or more ÷ {all} buyers × 100")
        told = Text(rate, {**days, "again": len(again), "all": len(bought)})
        return tell(key, told, _counted(again), adds_up_to=len(again))
    words = Text(_MEASURED[measure], days)
    if measure == "revenue":
        unit = result.currency
        return tell(key, words, _revenue(sold, unit, prices, as_of), unit=unit)
    counted = [own[-1] for own in bought.values()] if measure == "buyers" else sold.each()
    return tell(key, words, _counted(counted))
