"""Reports on sales: contribution of customers, products, and what is bought together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.contribution import Contribution, Contributions
from ledgercli.receivables.metrics.products import Pair, ProductSales
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.reports.common import CURRENCY, Conversion
from ledgercli.reports.grouping import LABELS
from ledgercli.reports.metrics import share

_PARETO = Chart("pareto", N_("Revenue"), "rows", ("group", "name"), ("revenue",), split="currency")
_PRODUCT_PARETO = Chart(
    "pareto", N_("Revenue by product"), "rows", ("product",), ("revenue",), split="currency"
)
_WITHOUT_TAX = N_("Revenue is what is posted to income accounts, without tax.")


@dataclass(frozen=True, slots=True)
class SalesBasis:
    """What reports on sales are told with: names, conversion, and the days looked at."""

    customers: Mapping[str, Customer]
    conversion: Conversion
    start: date
    end: date

    def name_of(self, customer: str) -> str:
        """Return the name of a customer, the id where there is none."""
        record = self.customers.get(customer)
        return record.label if record else customer

    def facts(self, by: str) -> dict[str, Any]:
        """Return what a report is told by, and the days looked at."""
        return {"as_of": self.end, "by": by, "from": self.start, "to": self.end}

    def notes(self, *rules: Text | str, held: Sequence[str]) -> tuple[Text | str, ...]:
        """Return the lines under the figures."""
        days = Text(N_("From {start} to {end}."), {"start": self.start, "end": self.end})
        return (days, *rules, *self.conversion.notes(sorted(set(held))))


def contribution(basis: SalesBasis, found: Contributions, by: str) -> Answer:
    """Return what each group brought, most revenue first, and what names no customer.

    The margin is contribution ÷ revenue × 100, the share that of the revenue of all groups.
    """
    words = "customer-status" if by == "status" else ""
    label = {"customer": N_("customer"), "month": N_("month"), **LABELS}.get(by, by)
    columns = (
        Column("group", label, "code", words=words),
        Column("name", N_("name"), flexible=True, shown=by == "customer"),
        CURRENCY,
        Column("revenue", N_("revenue"), "money"),
        Column("costs", N_("costs"), "money"),
        Column("contribution", N_("contribution"), "money"),
        Column("margin", N_("margin"), "percent"),
        Column("share", N_("share"), "percent", optional=1),
        *basis.conversion.columns(),
    )
    whole: dict[str, Decimal] = {}
    for (_, currency), sums in found.groups.items():
        whole[currency] = whole.get(currency, Decimal(0)) + sums.revenue

    def order(key: tuple[str, str]) -> tuple[str, Decimal, str]:
        size = Decimal(0) if by == "month" else -found.groups[key].revenue
        return key[1], size, key[0]

    rows = [
        {
            "group": group or None,
            "name": basis.name_of(group) if by == "customer" else None,
            "currency": currency,
            **_sums(found.groups[group, currency], currency),
            "share": share(found.groups[group, currency].revenue, whole[currency]),
            **basis.conversion.cells(found.groups[group, currency].amount, currency),
        }
        for group, currency in sorted(found.groups, key=order)
    ]
    nobody = [
        {"currency": currency, **_sums(sums, currency)}
        for currency, sums in sorted(found.nobody.items())
    ]
    rules: list[Text | str] = [
        _WITHOUT_TAX,
        N_(
            "Costs are postings to expense accounts that name the customer, or that stand in a"
            " transaction with their receivable."
        ),
        N_("Revenue and costs of nobody stand apart; with them it is the income statement."),
    ]
    if by == "tag":
        rules.append(N_("Who has several tags counts under each."))
    return Answer(
        "contribution/1",
        facts=basis.facts(by),
        tables=(
            Table("rows", columns, rows, empty=N_("No income or expense names a customer.")),
            Table(
                "nobody",
                (CURRENCY, *(column for column in columns if column.key in _SUMS)),
                nobody,
                title=N_("Of no customer"),
                role="extra",
            ),
        ),
        notes=basis.notes(*rules, held=[row[1] for row in found.groups]),
        charts=() if by == "month" else (_PARETO,),
    )


_SUMS = ("revenue", "costs", "contribution")


def _sums(sums: Contribution, currency: str) -> dict[str, Any]:
    return {
        "revenue": Money(sums.revenue, currency),
        "costs": Money(sums.costs, currency),
        "contribution": Money(sums.amount, currency),
        "margin": share(sums.amount, sums.revenue) if sums.revenue > 0 else None,
    }


def products(
    basis: SalesBasis, found: Mapping[tuple[str, str, str], ProductSales], by: str
) -> Answer:
    """Return the sales of each product, or of each customer and product, most revenue first.

    ``price`` is revenue ÷ quantity, None where a quantity is not known. ``share`` is that of all
    revenue of the currency, what names no product included.
    """
    per_customer = by == "customer"
    columns = (
        *(
            (
                Column("customer", N_("customer"), "code"),
                Column("name", N_("name"), flexible=True, optional=2),
            )
            if per_customer
            else ()
        ),
        Column("product", N_("product"), flexible=True),
        CURRENCY,
        Column("revenue", N_("revenue"), "money"),
        Column("quantity", N_("quantity"), "number"),
        Column("price", N_("average price"), "money", optional=1),
        Column("times", N_("times"), "number"),
        *(() if per_customer else (Column("customers", N_("customer count"), "number"),)),
        Column("last", N_("last"), "date"),
        Column("share", N_("share"), "percent", optional=3),
        *basis.conversion.columns(),
    )
    whole: dict[str, Decimal] = {}
    for (_, _, currency), sales in found.items():
        whole[currency] = whole.get(currency, Decimal(0)) + sales.revenue

    def order(key: tuple[str, str, str]) -> tuple[str, str, Decimal, str]:
        product, customer, currency = key
        return currency, customer, -found[key].revenue, product

    rows = [
        {
            **({"customer": key[1] or None, "name": basis.name_of(key[1])} if per_customer else {}),
            "product": key[0] or None,
            **_sales(found[key], key[2], per_customer=per_customer),
            "share": share(found[key].revenue, whole[key[2]]),
            **basis.conversion.cells(found[key].revenue, key[2]),
        }
        for key in sorted(found, key=order)
    ]
    return Answer(
        "products/1",
        facts=basis.facts(by),
        tables=(Table("rows", columns, rows, empty=N_("Nothing was sold in that time.")),),
        notes=basis.notes(
            _WITHOUT_TAX,
            N_(
                "Products are named by `product:` of a posting or transaction, quantities by"
                " `quantity:`; the line without a product is of postings that name none."
            ),
            held=[key[2] for key in found],
        ),
        charts=() if per_customer else (_PRODUCT_PARETO,),
    )


def _sales(sales: ProductSales, currency: str, *, per_customer: bool) -> dict[str, Any]:
    quantity = sales.quantity
    price = None
    if quantity is not None and quantity > 0:
        price = Money(rounded(sales.revenue / quantity, 2), currency)
    return {
        "currency": currency,
        "revenue": Money(sales.revenue, currency),
        "quantity": quantity,
        "price": price,
        "times": sales.times,
        **({} if per_customer else {"customers": len(sales.customers)}),
        "last": sales.last,
    }


def bought_together(basis: SalesBasis, pairs: Sequence[Pair], least: int) -> Answer:
    """Return the pairs of products that were bought together at least ``least`` times."""
    columns = (
        Column("first", N_("who buys"), flexible=True),
        Column("second", N_("also buys"), flexible=True),
        Column("together", N_("together"), "number"),
        Column("support", N_("of all"), "percent"),
        Column("confidence", N_("of the first"), "percent"),
        Column("lift", N_("lift"), "number"),
    )
    rows = [
        {
            "first": pair.first,
            "second": pair.second,
            "together": pair.together,
            "support": rounded(pair.support * 100),
            "confidence": rounded(pair.confidence * 100),
            "lift": rounded(pair.lift, 2),
        }
        for pair in pairs
    ]
    return Answer(
        "bought-together/1",
        facts={**basis.facts("product"), "least": least, "transactions": _baskets(pairs)},
        tables=(Table("rows", columns, rows, empty=N_("No two products were bought together.")),),
        notes=basis.notes(
            N_("Bought together is what stands in one transaction; returns are no purchase."),
            N_("Lift is how much more often than by chance: 1 is by chance, 2 twice as often."),
            held=[],
        ),
    )


def _baskets(pairs: Sequence[Pair]) -> int:
    return pairs[0].baskets if pairs else 0
