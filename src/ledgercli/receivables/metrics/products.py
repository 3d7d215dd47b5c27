"""What was sold: revenue by product, who buys what, and what is bought together.

Bought together is what stands in one transaction. Support, confidence and lift of two products are
those of association rules (Agrawal, Imieliński, Swami 1993; lift: Brin, Motwani, Ullman, Tsur
1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from ledgercli.model.general_ledger import BookPosting
from ledgercli.model.record import dataclass


@dataclass(slots=True)
class ProductSales:
    """Sales of a product, or of one product to one customer, in one currency.

    ``quantity`` is None where a posting says none; ``times`` counts transactions.
    """

    revenue: Decimal
    quantity: Decimal | None
    times: int
    customers: frozenset[str]
    last: date


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products in the same transactions: ``together`` of ``baskets``, and each on its own.

    ``first`` is the one that is bought less often, so that ``confidence`` (the share of its
    transactions that have the other as well) is the higher of the two.
    """

    first: str
    second: str
    together: int
    of_first: int
    of_second: int
    baskets: int

    @property
    def support(self) -> Decimal:
        """Return the share of all transactions with products that have both."""
        return Decimal(self.together) / self.baskets

    @property
    def confidence(self) -> Decimal:
        """Return the share of the transactions with ``first`` that have ``second`` too."""
        return Decimal(self.together) / self.of_first

    @property
    def lift(self) -> Decimal:
        """Return how much more often they meet than by chance; 1 is by chance."""
        return Decimal(self.together * self.baskets) / (self.of_first * self.of_second)


def sold(postings: Iterable[BookPosting], start: date, end: date) -> list[BookPosting]:
    """Return the income postings from ``start`` to ``end``."""
    return [row for row in postings if row.kind == "income" and start <= row.date <= end]


def product_sales(
    rows: Sequence[BookPosting], *, by_customer: bool
) -> dict[tuple[str, str, str], ProductSales]:
    """Return the sales by product, customer and currency; the customer is empty for all of them.

    What names no product is under the empty name. Quantities of returns count against those sold.
    """
    groups: dict[tuple[str, str, str], list[BookPosting]] = defaultdict(list)
    for row in rows:
        groups[row.product, row.customer if by_customer else "", row.currency].append(row)
    return {key: _summed(group) for key, group in groups.items()}


def _summed(rows: Sequence[BookPosting]) -> ProductSales:
    quantities = [quantity_of(row) for row in rows]
    known = [quantity for quantity in quantities if quantity is not None]
    return ProductSales(
        revenue=-sum((row.amount for row in rows), Decimal(0)),
        quantity=sum(known, Decimal(0)) if len(known) == len(quantities) else None,
        times=len({row.transaction.number for row in rows}),
        customers=frozenset(row.customer for row in rows if row.customer),
        last=max(row.date for row in rows),
    )


def quantity_of(row: BookPosting) -> Decimal | None:
    """Return the quantity sold, below zero for a return."""
    if row.quantity is None:
        return None
    return -abs(row.quantity) if row.amount > 0 else row.quantity


def bought_together(rows: Sequence[BookPosting], least: int) -> list[Pair]:
    """Return the pairs of products that at least ``least`` transactions have both of.

    Most often first, then by lift and name. Returns are no purchase.
    """
    baskets: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.product and row.amount < 0:
            baskets[row.transaction.number].add(row.product)
    single = Counter(product for basket in baskets.values() for product in basket)
    pairs = Counter(pair for basket in baskets.values() for pair in combinations(sorted(basket), 2))
    found = []
    for (one, other), together in pairs.items():
        if together >= least:
            first, second = sorted((one, other), key=lambda name: (single[name], name))
            found.append(Pair(first, second, together, single[first], single[second], len(baskets)))
    return sorted(found, key=lambda pair: (-pair.together, -pair.lift, pair.first, pair.second))
