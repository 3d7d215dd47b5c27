"""How the figures of collecting came about: days sales outstanding, collection, roll-forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money, add_months, month_end
from ledgercli.receivables.metrics.flows import SALES, SETTLING, Flow
from ledgercli.receivables.metrics.periods import month_label, month_of, months_before
from ledgercli.receivables.metrics.roll_forward import LINES
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.receivables.metrics.sales_outstanding import counted_back
from ledgercli.reports.explained.evidence import (
    Evidence,
    balance_inputs,
    before,
    current_inputs,
    flow_inputs,
)
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input, values

_OPEN_ITEMS = N_("open items less what is unallocated, the ledger's balance on {date}")
_NOT_OVERDUE = N_("open items that are not overdue on {date}, at most the balance")
_SALES = N_("invoices less credit notes from {start} to {end}")
_SIMPLE = N_("Oracle, JD Edwards EnterpriseOne manual, Current Balance Divided by Sales")
_BEST = N_("Oracle, JD Edwards EnterpriseOne manual, Days Credit Granted")
_LATE = N_("Oracle, JD Edwards EnterpriseOne manual, Delinquent DSO")
_COUNTED = N_("Oracle, Hyperion Financial Management manual, DSO (exhaustion method)")
_CEI = N_("CreditGuru and Gaviti, collection effectiveness index")
_CEI_AVERAGE = N_("CreditGuru, collection effectiveness index for several months")
_MONTHS_BACK = 36


def sales_outstanding(evidence: Evidence) -> Explainer:
    """Return what tells the days sales outstanding of a row."""
    moved = evidence.moved()
    over = evidence.facts["over"]

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency, end = evidence.teller(row), row["currency"], row["date"]
        position = evidence.position(end)
        own = [flow for flow in moved if flow.currency == currency and flow.date <= end]
        start = add_months(month_of(end), 1 - over)
        sold = [flow for flow in own if flow.kind in SALES]
        yield tell(
            "receivables", Text(_OPEN_ITEMS, {"date": end}), balance_inputs(position, currency)
        )
        yield tell(
            "current",
            Text(_NOT_OVERDUE, {"date": end}),
            current_inputs(position, currency, end, row["current"].amount),
        )
        within = [flow for flow in sold if flow.date >= start]
        yield tell("sales", Text(_SALES, {"start": start, "end": end}), flow_inputs(within))
        told = values(row, "receivables", "current", "sales", "days", "simple", "best_possible")
        formula, source = simple_formula(row)
        yield tell("simple", formula, source=source)
        opening = sum((flow.amount for flow in own if flow.date < start), ZERO)
        words = N_(
            "(receivables {receivables} + {opening} at the beginning) ÷ 2 ÷ sales {sales} ×"
            " {days} days"
        )
        mean = {**told, "opening": Money(opening, currency)}
        yield tell("average", Text(words, mean))
        words = N_("not overdue {current} ÷ sales {sales} × {days} days")
        yield tell("best_possible", Text(words, told), source=_BEST)
        words = N_("DSO {simple} − best possible {best_possible}, each before rounding")
        yield tell("delinquent", Text(words, told), source=_LATE)
        words = N_("receivables {receivables} less the sales of one month after the other")
        fixed = evidence.facts.get("days")
        each = None if fixed is None else divide(Decimal(fixed), Decimal(over))
        receivables = row["receivables"].amount
        counted = _counted(receivables, own, end, each) if row["count_back"] else ()
        yield tell("count_back", Text(words, told), counted, _COUNTED)

    return figures


def simple_formula(row: Row) -> tuple[Text, str]:
    """Return the formula of the days sales outstanding with its values, and the source."""
    words = N_("receivables {receivables} ÷ sales {sales} × {days} days")
    return Text(words, values(row, "receivables", "sales", "days")), _SIMPLE


def _counted(
    receivables: Decimal, own: list[Flow], end: date, each: Decimal | None
) -> Iterator[Input]:
    """Yield the months counted back over, each with the days that it adds.

    ``each`` is what every month counts as, None takes its calendar days.
    """
    first = min(month_of(flow.date) for flow in own)
    remaining = receivables
    for month in months_before(month_of(end), _MONTHS_BACK):
        if month < first or remaining <= 0:
            return
        last = min(month_end(month), end)
        sales = sum(
            (flow.amount for flow in own if flow.kind in SALES and month_of(flow.date) == month),
            ZERO,
        )
        length = Decimal((last - month).days + 1) if each is None else each
        found = counted_back(remaining, [(sales, length)])
        words = N_("{month}: sales {sales} of {left} left, {days} days")
        told = {
            "month": month_label(month),
            "sales": sales,
            "left": remaining,
            "days": rounded(length),
        }
        yield Input("month", found.days, Text(words, told), last)
        remaining = ZERO if found.exhausted else remaining - max(sales, ZERO)


def collection(evidence: Evidence) -> Explainer:
    """Return what tells collection effectiveness index and rate of a row."""
    moved = evidence.moved()

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency = evidence.teller(row), row["currency"]
        start, end = evidence.days(row["month"])
        over = evidence.facts["over"]
        start = add_months(start, 1 - over)
        own = [f for f in moved if f.currency == currency and start <= f.date <= end]
        earlier, position = evidence.position(before(start)), evidence.position(end)
        told_by = Text(_OPEN_ITEMS, {"date": before(start)})
        yield tell("opening", told_by, balance_inputs(earlier, currency))
        billed = [flow for flow in own if flow.kind not in SETTLING]
        days = {"start": start, "end": end}
        words = N_("all that was added from {start} to {end}, less credit notes")
        yield tell("billed", Text(words, days), flow_inputs(billed))
        paid = [flow for flow in own if flow.kind == "payment"]
        yield tell("received", Text(_PAYMENTS, days), flow_inputs(paid, -1))
        told_by = Text(_OPEN_ITEMS, {"date": end})
        yield tell("closing", told_by, balance_inputs(position, currency))
        yield tell(
            "current",
            Text(_NOT_OVERDUE, {"date": end}),
            current_inputs(position, currency, end, row["current"].amount),
        )
        told = values(row, "opening", "billed", "received", "closing", "current")
        words = N_(
            "(opening {opening} + billed {billed} − closing {closing}) ÷ (opening {opening} +"
            " billed {billed} − not overdue {current}) × 100"
        )
        yield tell("effectiveness", Text(words, told), source=_CEI)
        if over > 1:
            words = N_("the same with billed {billed} ÷ {months}")
            told_by = Text(words, {**told, "months": over})
            yield tell("effectiveness_average", told_by, source=_CEI_AVERAGE)
        words = N_("received {received} ÷ (opening {opening} + billed {billed}) × 100")
        yield tell("rate", Text(words, told))

    return figures


_PAYMENTS = N_("payments from {start} to {end}")


def roll_forward(evidence: Evidence) -> Explainer:
    """Return what tells the way from opening to closing balance of a row."""
    moved = evidence.moved()

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency = evidence.teller(row), row["currency"]
        start, end = evidence.days(row["month"])
        own = [f for f in moved if f.currency == currency and start <= f.date <= end]
        earlier = evidence.position(before(start))
        told_by = Text(_OPEN_ITEMS, {"date": before(start)})
        yield tell("opening", told_by, balance_inputs(earlier, currency))
        lines = []
        for name, kinds in LINES.items():
            inputs = flow_inputs(flow for flow in own if flow.kind in kinds)
            if inputs:
                told_by = Text(N_("from {start} to {end}"), {"start": start, "end": end})
                yield tell(name, told_by, inputs)
                lines.append(Input(name, row[name].amount, Text(tell.label(name))))
        opening = Input("opening", row["opening"].amount, Text(tell.label("opening")))
        told_by = Text(N_("opening and all lines; the ledger has {ledger}"), values(row, "ledger"))
        yield tell("closing", told_by, (opening, *lines))

    return figures


def bad_debt(evidence: Evidence) -> Explainer:
    """Return what tells what was written off beside the sales of a row."""
    own = grouped(evidence)

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        rows = own.get((row["group"], row["currency"]), [])
        lost = [flow for flow in rows if flow.kind == "write-off"]
        yield tell("written_off", N_("write-offs of that time"), flow_inputs(lost, -1))
        sold = [flow for flow in rows if flow.kind in SALES]
        yield tell("sales", _OF_THAT_TIME, flow_inputs(sold))
        words = N_("written off {written_off} ÷ sales {sales} × 100")
        yield tell("ratio", Text(words, values(row, "written_off", "sales")))

    return figures


_OF_THAT_TIME = N_("invoices less credit notes of that time")


def grouped(evidence: Evidence) -> dict[tuple[str, str], list[Flow]]:
    """Return what moved the receivables in the days of the report, by its groups."""
    from ledgercli.reports.metrics_groups import Grouping

    facts = evidence.facts
    grouping = Grouping(facts.get("by", "customer"), facts["from"], facts["to"])
    customers = evidence.position(evidence.as_of).customers
    found: dict[tuple[str, str], list[Flow]] = {}
    for flow in evidence.moved():
        if grouping.covers(flow.date):
            label = grouping.label(customers, flow.customer, flow.date)
            found.setdefault((label, flow.currency), []).append(flow)
    return found


def concentration(evidence: Evidence) -> Explainer:
    """Return what tells the share of a customer."""
    own = grouped(evidence)
    position = evidence.position(evidence.as_of)

    def figures(row: Row) -> Iterator[Figure]:
        tell, customer, currency = evidence.teller(row), row["customer"], row["currency"]
        if evidence.facts["of"] == "open":
            part = position.only(frozenset({customer}), frozenset({currency}))
            told_by = Text(_OPEN_ITEMS, {"date": evidence.as_of})
            yield tell("amount", told_by, balance_inputs(part, currency))
        else:
            sold = [flow for flow in own.get((customer, currency), []) if flow.kind in SALES]
            yield tell("amount", _OF_THAT_TIME, flow_inputs(sold))
        rows = [one for one in evidence.table.rows if one["currency"] == currency]
        whole = sum((one["amount"].amount for one in rows), ZERO)
        told = values(row, "amount", whole=Money(whole, currency))
        yield tell("share", Text(N_("{amount} ÷ {whole} of all shares × 100"), told))
        ranked = [one for one in rows if one["rank"] <= row["rank"]]
        so_far = sum((one["amount"].amount for one in ranked), ZERO)
        told = {"amount": Money(so_far, currency), "whole": told["whole"]}
        words = N_("{amount} of this and all larger ones ÷ {whole} × 100")
        yield tell("cumulative", Text(words, told), source=N_("ABC analysis (Pareto)"))

    return figures
