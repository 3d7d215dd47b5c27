"""How the figures on contracts, limitation and prospects came about: records, orders, documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.law import LawProfile
from ledgercli.receivables.contract_progress import Part, ProgressRow
from ledgercli.receivables.limitation import Barred, begin_of, profile_for
from ledgercli.reports.contracts import FIGURES
from ledgercli.reports.explained.evidence import Evidence, event_inputs, words_of
from ledgercli.reports.explained.figures import Explainer, Figure, Input, Teller

_STATED = N_("what the contract comes to up to its end, with tax")
_PROGRESS = {
    "amount": N_("the orders, with tax; of those that are over what became of them"),
    "delivered": N_("deliveries at the prices of the orders, with tax"),
    "invoiced": N_("invoices of the orders, with tax"),
    "received": N_("payments on these invoices, and what was paid in advance"),
    "invoiced_unpaid": N_("what is open of these invoices"),
    "received_uninvoiced": N_("payments that name the contract or an order, on no invoice"),
    "delivered_uninvoiced": N_("delivered, less what of it is invoiced"),
    "invoiced_undelivered": N_("invoiced, less what of it is delivered"),
}


def contracts(evidence: Evidence, rows: Sequence[ProgressRow]) -> Explainer:
    """Return what tells how far a contract or an order has come."""
    by_key = {(row.name, row.customer, row.currency): row for row in rows}

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        own = by_key[row["contract"], row["customer"], row["currency"]]
        for key, name in FIGURES.items():
            parts = [_part(part) for part in own.parts if part.figure == name]
            if parts:
                stated = key == "amount" and parts[0].kind != "order"
                yield tell(key, _STATED if stated else _PROGRESS[key], parts)

    return figures


def _part(part: Part) -> Input:
    text: Text | str = part.text
    if part.kind == "period":
        text = Text(N_("until {last}: {text}"), {"last": part.until, "text": part.text})
    elif part.kind == "tax":
        text = Text(N_("tax on it"))
    elif part.kind == "none":
        text = Text(N_("never below zero"))
    return Input(part.kind, part.amount, text, part.date, "", part.number, part.file, part.line)


def limitation(
    evidence: Evidence, rows: Sequence[Barred], laws: Mapping[str, LawProfile]
) -> Explainer:
    """Return what tells what is open of a claim, and from when on it is barred."""
    by_key = {(*row.item.document.key, row.item.document.number): row for row in rows}

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        own = by_key[row["customer"], row["currency"], row["number"]]
        yield tell("open", N_("the document less what was allocated to it"), _open(own))
        profile = profile_for(own.country, laws)
        rule = profile.limitation if profile else None
        if own.arose is None:
            yield tell("barred_on", N_("no period runs before it is known to be due"))
        elif rule is None and own.country:
            words = Text(
                N_("no rule on limitation is known for {country}"), {"country": own.country}
            )
            yield tell("barred_on", words)
        elif rule is None:
            yield tell("barred_on", N_("the customer's country is not known"))
        elif own.barred_on:
            begin = begin_of(rule, own.arose, own.restarted)
            told = {"years": rule.years, "begin": begin}
            words = Text(N_("the day after {years} years from {begin}"), told)
            yield tell("barred_on", words, source=rule.source)
            yield _days_left(tell, own, begin, own.barred_on, evidence.as_of)

    return figures


def _open(row: Barred) -> Iterator[Input]:
    """Yield the amount of the document, and what each allocation took of it."""
    document = row.item.document
    yield Input(
        document.kind,
        document.amount,
        words_of(document.posting),
        document.date,
        document.customer,
        document.number,
        document.file,
        document.line,
    )
    for one in row.item.allocations:
        yield Input(
            "allocation",
            -one.amount,
            words_of(one.posting),
            one.date,
            document.customer,
            document.number,
            one.posting.file,
            one.posting.line,
        )


_BEGAN = {
    "demand": N_("days of the period, which began anew by a demand that arrived"),
    "promise": N_("days of the period, which began anew by a promise"),
    "acknowledgement": N_("days of the period, which began anew by an acknowledgement"),
    "part-payment": N_("days of the period, which began anew by a part payment"),
    "due": N_("days of the period, which began with the due date"),
    "year-end": N_("days of the period, which began with the end of the year"),
}


def _days_left(tell: Teller, own: Barred, begin: date, end: date, as_of: date) -> Figure:
    """Return the days left: those of the whole period, less those that are over."""
    document = own.item.document
    how, file, line = "due" if begin == own.arose else "year-end", document.file, document.line
    if own.restarted:
        how = own.restarted.how
        file, _, number = own.restarted.place.rpartition(":")
        line = int(number)
    began = Input(
        how,
        Decimal((end - begin).days),
        Text(_BEGAN[how]),
        begin,
        document.customer,
        document.number,
        file,
        line,
    )
    passed = N_("days until then") if begin > as_of else N_("days that are over")
    over = Input("over", Decimal((begin - as_of).days), Text(passed), as_of)
    words = Text(N_("days from {date} to {barred}"), {"date": as_of, "barred": end})
    return tell("days_left", words, (began, over))


def pipeline(
    evidence: Evidence,
    records: Mapping[str, Customer],
    contacts: Mapping[str, Sequence[Event]],
) -> Explainer:
    """Return what tells what is expected of a lead or prospect, and when."""
    as_of = evidence.as_of

    def figures(row: Row) -> Iterator[Figure]:
        tell, record = evidence.teller(row), records[row["customer"]]

        def written(amount: Decimal, text: str = "") -> tuple[Input, ...]:
            place = record.file, record.line
            return (Input("record", amount, text, None, record.id, "", *place),)

        if row["expected"] is not None:
            told = written(row["expected"].amount, record.label)
            yield tell("expected", N_("`expected` of the record"), told)
        if row["next_date"] is not None:
            days = Text(
                N_("days from {date} to the next step of the record, {next}"),
                {"date": as_of, "next": row["next_date"]},
            )
            yield tell("days", days, written(Decimal(row["days"]), row["next_step"]))
        if own := contacts.get(record.id):
            words = Text(
                N_("the day of the last of {count} contact in the activity log"),
                {},
                N_("the day of the last of {count} contacts in the activity log"),
                len(own),
            )
            yield tell("last_contact", words, event_inputs(own), adds_up_to=len(own))

    return figures
