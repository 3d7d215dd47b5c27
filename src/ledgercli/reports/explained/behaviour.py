"""How the figures on customers came about: days to pay, who comes and goes, promises, feedback."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import add_months
from ledgercli.receivables.anomalies.found import Bill, bills
from ledgercli.receivables.metrics.flows import Flow
from ledgercli.receivables.metrics.payment_times import Paid, paid_invoices
from ledgercli.receivables.metrics.periods import month_of
from ledgercli.receivables.metrics.retention import active_months, is_active
from ledgercli.reports.explained.evidence import Evidence, event_inputs, flow_inputs, words_of
from ledgercli.reports.explained.figures import Explainer, Figure, Input, values
from ledgercli.reports.metrics_customers import period_label
from ledgercli.reports.metrics_groups import Grouping

_ONE = Decimal(1)
_RETENTION = N_("Farris, Bendle, Pfeifer and Reibstein, Marketing Metrics, retention rate")
_COHORTS = N_("Fader and Hardie, How to Project Customer Retention, 2007")


def days_to_pay(evidence: Evidence) -> Explainer:
    """Return what tells the averages of a group."""
    facts = evidence.facts
    grouping = Grouping(facts["by"], facts["from"], facts["to"])
    position = evidence.position(evidence.as_of)
    groups: dict[tuple[str, str], list[Paid]] = {}
    for one in paid_invoices(position):
        if grouping.covers(one.paid_on):
            document = one.document
            label = grouping.label(position.customers, document.customer, one.paid_on)
            groups.setdefault((label, document.currency), []).append(one)

    def figures(row: Row) -> Iterator[Figure]:
        tell, own = evidence.teller(row), groups[row["group"], row["currency"]]
        yield tell(
            "amount",
            N_("invoices settled in that time, by the day of their last payment"),
            (_paid(one, one.document.amount) for one in own),
        )
        for name in ("days_to_pay", "days_late"):
            days = [(one, Decimal(getattr(one, name))) for one in own]
            told = {"days": sum(found for _, found in days), "count": len(own)}
            words = Text(N_("{days} days ÷ {count} invoices"), told)
            listed = (_paid(one, found) for one, found in days)
            yield tell(name, words, listed, adds_up_to=told["days"])
            weighted = [(one, found * one.document.amount) for one, found in days]
            told = {"sum": sum(found for _, found in weighted), "amount": row["amount"]}
            words = Text(N_("amounts times their days {sum} ÷ amount {amount}"), told)
            listed = (_paid(one, found) for one, found in weighted)
            yield tell(f"weighted_{name}", words, listed, adds_up_to=told["sum"])
        late = [one for one in own if one.days_late > 0]
        words = Text(
            N_("{late} paid late ÷ {count} invoices × 100"), {"late": len(late), "count": len(own)}
        )
        listed = (_paid(one, _ONE) for one in late)
        yield tell("late_percent", words, listed, adds_up_to=len(late))

    return figures


def _paid(one: Paid, amount: Decimal) -> Input:
    document = one.document
    words = Text(
        N_("due {due}, paid on {paid}, after {days} days, {late} late: {text}"),
        {
            "due": one.due,
            "paid": one.paid_on,
            "days": one.days_to_pay,
            "late": one.days_late,
            "text": words_of(document.posting),
        },
    )
    file, line = document.file, document.posting.line
    return Input(
        "invoice", amount, words, document.date, document.customer, document.number, file, line
    )


def retention(evidence: Evidence) -> Explainer:
    """Return what tells who came and went in a month."""
    bought = _bought(evidence.moved())
    active = active_months(evidence.moved())
    after = evidence.facts["lost_after"]

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        month, end = evidence.days(row["month"])
        found: dict[str, list[str]] = {"opening": [], "new": [], "returning": [], "lost": []}
        for customer, own in sorted(active.items()):
            was = is_active(own, add_months(month, -1), after)
            now = is_active(own, month, after)
            if was:
                found["opening"].append(customer)
            if was and not now:
                found["lost"].append(customer)
            if now and not was:
                found["new" if own[0] == month else "returning"].append(customer)
        rules = {key: Text(words, {"months": after}) for key, words in _MOVED.items()}
        for key, customers in found.items():
            last = month if key in {"opening", "lost"} else None
            yield tell(key, rules[key], _customers(customers, bought, end, last))
        told = values(row, "opening", "new", "returning", "lost")
        words = N_("opening {opening} + new {new} + returning {returning} − lost {lost}")
        yield tell("closing", Text(words, told))
        words = N_("(opening {opening} − lost {lost}) ÷ opening {opening} × 100")
        yield tell("retention", Text(words, told), source=_RETENTION)

    return figures


_MOVED = {
    "opening": N_("customers with an invoice in the {months} months before"),
    "new": N_("customers whose first invoice is of this month"),
    "returning": N_("customers with an invoice again after {months} months without"),
    "lost": N_("customers whose last invoice is {months} months old"),
}


def _bought(moved: Iterable[Flow]) -> dict[str, list[Flow]]:
    """Return the invoices and opening items of each customer, oldest first."""
    found: dict[str, list[Flow]] = {}
    for flow in sorted(moved, key=lambda one: (one.date, one.name)):
        if flow.kind in {"invoice", "opening"}:
            found.setdefault(flow.customer, []).append(flow)
    return found


def _customers(
    customers: Iterable[str],
    bought: Mapping[str, list[Flow]],
    end: date,
    first: date | None = None,
) -> Iterator[Input]:
    """Yield each customer as one, with the last invoice up to ``end``, or before ``first``."""
    for customer in customers:
        own = [
            flow
            for flow in bought[customer]
            if flow.date <= end and (first is None or flow.date < first)
        ]
        (told,) = flow_inputs(own[-1:])
        yield Input(
            "customer",
            _ONE,
            told.text,
            told.date,
            customer,
            told.number,
            told.file,
            told.line,
        )


def cohorts(evidence: Evidence) -> Explainer:
    """Return what tells how many customers of a cohort came again."""
    by = evidence.facts["by"]
    bought = _bought(evidence.moved())

    def label(day: date) -> str:
        return period_label(_start(day, by), by)

    members: dict[str, list[str]] = {}
    for customer, own in sorted(bought.items()):
        members.setdefault(label(own[0].date), []).append(customer)

    def figures(row: Row) -> Iterator[Figure]:
        tell, own = evidence.teller(row), members[row["cohort"]]
        first = {customer: bought[customer][:1] for customer in own}
        words = N_("customers whose first invoice is of that time")
        yield tell("customers", words, _customers(own, first, evidence.as_of))
        start = _start(bought[own[0]][0].date, by)
        for key, value in row["retained"].items():
            if value is None:
                continue
            period = label(add_months(start, int(key) * _LENGTHS[by]))
            again = {
                customer: [flow for flow in bought[customer] if label(flow.date) == period]
                for customer in own
            }
            came = [customer for customer in own if again[customer]]
            told = {"count": len(came), "size": len(own), "period": period}
            words = N_("invoiced in {period}: {count} ÷ {size} customers × 100")
            listed = _customers(came, again, evidence.as_of)
            yield tell(f"retained.{key}", Text(words, told), listed, _COHORTS, len(came))

    return figures


_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def _start(day: date, by: str) -> date:
    length = _LENGTHS[by]
    return month_of(day).replace(month=(day.month - 1) // length * length + 1)


def frequency(evidence: Evidence) -> Explainer:
    """Return what tells how often and how recently a customer bought."""
    facts = evidence.facts
    own: dict[str, list[Bill]] = {}
    for (customer, _), listed in bills(evidence.position(evidence.as_of)).items():
        own.setdefault(customer, []).extend(listed)

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        mine = sorted(own[row["customer"]], key=lambda one: one.date)
        within = [one for one in mine if facts["from"] <= one.date <= facts["to"]]
        days = {"start": facts["from"], "end": facts["to"]}
        words = Text(N_("invoices from {start} to {end}"), days)
        yield tell("count", words, map(_bill, within))
        told = values(row, "last", "days_since", "gap", date=evidence.as_of)
        yield tell("days_since", Text(N_("days from {last} to {date}"), told))
        if row["gap"] is not None:
            invoiced = sorted({one.date for one in mine})
            gaps = sorted((later - day).days for day, later in itertools.pairwise(invoiced))
            words = Text(N_("median of {gaps} days between days with an invoice"), {"gaps": gaps})
            yield tell("gap", words)
            yield tell("next", Text(N_("last {last} + {gap} days, rounded"), told))
            yield tell("gaps", Text(N_("{days_since} days ÷ usual gap {gap}"), told))

    return figures


def _bill(one: Bill) -> Input:
    document = one.document
    return Input(
        "invoice",
        _ONE,
        words_of(document.posting),
        document.date,
        document.customer,
        document.base,
        document.file,
        document.posting.line,
    )


def promises(evidence: Evidence) -> Explainer:
    """Return what tells how a customer keeps promises."""
    found = evidence.events()

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        for key, words in _PROMISES.items():
            yield tell(key, words, event_inputs(found.get((row["customer"], key), ())))
        told = values(row, "kept", "broken")
        yield tell("kept_percent", Text(N_("{kept} kept ÷ ({kept} + {broken} broken) × 100"), told))

    return figures


_PROMISES = {
    "kept": N_("promises whose day is over, and of which nothing was missing then"),
    "broken": N_("promises of which something was missing at the end of their day"),
    "running": N_("promises whose day is to come"),
}


def nps(evidence: Evidence) -> Explainer:
    """Return what tells the net promoter score of a group."""
    found = evidence.events()

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        for key, words in _ANSWERS.items():
            yield tell(key, words, event_inputs(found.get((row["group"], key), ())))
        told = values(row, "promoters", "detractors", "answers")
        words = N_("(promoters {promoters} − detractors {detractors}) ÷ {answers} answers × 100")
        source = N_("F. F. Reichheld, The One Number You Need to Grow, Harvard Business Review")
        yield tell("score", Text(words, told), source=source)

    return figures


_ANSWERS = {
    "promoters": N_("answers of 9 and 10"),
    "passives": N_("answers of 7 and 8"),
    "detractors": N_("answers of 0 to 6"),
}


def service(evidence: Evidence) -> Explainer:
    """Return what tells how long a case took."""
    found = evidence.events()

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        told = values(row, "opened", end=row["closed"] or evidence.as_of)
        opened = event_inputs(found.get((row["id"], "days"), ()), row["days"])
        yield tell("days", Text(N_("days from {opened} to {end}"), told), opened)

    return figures
