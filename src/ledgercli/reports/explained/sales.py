"""How the figures of sales came about: the postings to income and expense accounts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.general_ledger import BookPosting
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.products import quantity_of
from ledgercli.reports.explained.accounts import posting_input
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import ZERO, Explainer, Figure, Input, values


def _postings(evidence: Evidence) -> list[BookPosting]:
    """Return the income and expense postings that the report is made of."""
    facts = evidence.facts
    return [
        one
        for one in evidence.ledger().postings
        if one.kind in {"income", "expense"}
        and facts["from"] <= one.date <= facts["to"]
        and (evidence.chosen is None or one.customer in evidence.chosen)
        and (not evidence.currencies or one.currency in evidence.currencies)
    ]


def contribution(evidence: Evidence) -> Explainer:
    """Return what tells what a group of customers brought."""
    grouped: dict[tuple[str, str], list[BookPosting]] = {}
    for one in _postings(evidence):
        if one.customer:
            for name in evidence.groups(one.customer, one.date):
                grouped.setdefault((name, one.currency), []).append(one)

    def figures(row: Row) -> Iterator[Figure]:
        tell, currency = evidence.teller(row), row["currency"]
        own = grouped[row["group"] or "", currency]
        earned = [posting_input(one, -one.amount) for one in own if one.kind == "income"]
        yield tell("revenue", N_("postings to income accounts, without tax"), earned)
        spent = [posting_input(one, one.amount) for one in own if one.kind == "expense"]
        yield tell("costs", N_("postings to expense accounts that name the customer"), spent)
        told = values(row, "revenue", "costs", "contribution")
        yield tell("contribution", Text(N_("revenue {revenue} − costs {costs}"), told))
        source = N_("Horngren, Cost Accounting, contribution margin")
        words = N_("contribution {contribution} ÷ revenue {revenue} × 100")
        yield tell("margin", Text(words, told), source=source)
        yield _share(evidence, row)

    return figures


def _share(evidence: Evidence, row: Row) -> Figure:
    """Return the share of a row in the revenue of its currency."""
    currency = row["currency"]
    rows = [one for one in evidence.table.rows if one["currency"] == currency]
    whole = Money(sum((one["revenue"].amount for one in rows), ZERO), currency)
    words = N_("revenue {revenue} ÷ {whole} of all rows × 100")
    return evidence.teller(row)("share", Text(words, values(row, "revenue", whole=whole)))


def products(evidence: Evidence) -> Explainer:
    """Return what tells the sales of a product."""
    per_customer = evidence.facts["by"] == "customer"
    grouped: dict[tuple[str, str, str], list[BookPosting]] = {}
    for one in _postings(evidence):
        if one.kind == "income":
            key = (one.product, one.customer if per_customer else "", one.currency)
            grouped.setdefault(key, []).append(one)

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        key = (row["product"] or "", row.get("customer") or "", row["currency"])
        own = grouped[key]
        earned = [posting_input(one, -one.amount) for one in own]
        yield tell("revenue", N_("postings to income accounts, without tax"), earned)
        if row["quantity"] is not None:
            sold = [posting_input(one, quantity_of(one) or ZERO) for one in own]
            yield tell("quantity", N_("quantities of these postings, returns below zero"), sold)
        told = values(row, "revenue", "quantity")
        yield tell("price", Text(N_("revenue {revenue} ÷ quantity {quantity}"), told))
        first: dict[int, BookPosting] = {}
        for one in own:
            first.setdefault(one.transaction.number, one)
        times: list[Input] = [posting_input(one, Decimal(1)) for one in first.values()]
        yield tell("times", N_("transactions with the product"), times)
        yield _share(evidence, row)

    return figures


def bought_together(evidence: Evidence) -> Explainer:
    """Return what tells how often two products are bought together."""
    baskets: dict[int, dict[str, BookPosting]] = {}
    for one in _postings(evidence):
        if one.kind == "income" and one.product and one.amount < 0:
            baskets.setdefault(one.transaction.number, {}).setdefault(one.product, one)

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        first, second = row["first"], row["second"]
        both = [own for own in baskets.values() if first in own and second in own]
        listed = [posting_input(own[first], Decimal(1)) for own in both]
        yield tell("together", N_("transactions with both products"), listed)
        told = {
            "together": len(both),
            "all": len(baskets),
            "first": sum(first in own for own in baskets.values()),
            "second": sum(second in own for own in baskets.values()),
        }
        source = N_("Agrawal, Imieliński and Swami, Mining association rules, 1993")
        words = N_("{together} with both ÷ {all} transactions × 100")
        yield tell("support", Text(words, told), source=source)
        words = N_("{together} with both ÷ {first} with the first × 100")
        yield tell("confidence", Text(words, told), source=source)
        words = N_("{together} × {all} ÷ ({first} × {second})")
        yield tell("lift", Text(words, told), source=N_("Brin, Motwani, Ullman and Tsur, 1997"))

    return figures
