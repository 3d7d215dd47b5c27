"""The report on contracts and orders: how far they have come, and where the money stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.contract_progress import FigureName, ProgressRow
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, Basis, totals_table

_FIGURES = (
    Column("amount", N_("contract amount"), "money"),
    Column("delivered", N_("shipped"), "money", optional=2),
    Column("invoiced", N_("invoiced"), "money", optional=1),
    Column("received", N_("received"), "money", optional=1),
    Column("invoiced_unpaid", N_("invoiced, not paid"), "money"),
    Column("received_uninvoiced", N_("paid, not invoiced"), "money"),
    Column("delivered_uninvoiced", N_("shipped, not invoiced"), "money"),
    Column("invoiced_undelivered", N_("invoiced, not shipped"), "money", shown=False),
)
#: Columns, and the figures of a row that they show.
FIGURES: Mapping[str, FigureName] = {
    "amount": "amount",
    "delivered": "delivered",
    "invoiced": "invoiced",
    "received": "received",
    "invoiced_unpaid": "unpaid",
    "received_uninvoiced": "advance",
    "delivered_uninvoiced": "unbilled",
    "invoiced_undelivered": "ahead",
}
_COLUMNS = (
    Column("contract", N_("contract"), "code"),
    CUSTOMER,
    Column("name", NAME.label, NAME.kind, flexible=True, optional=3),
    CURRENCY,
    *_FIGURES,
    Column("orders", N_("orders"), "strings", shown=False),
)


def contracts(basis: Basis, rows: Sequence[ProgressRow]) -> Answer:
    """Return a line for each contract or order, with totals by currency."""
    listed = [
        {
            "contract": row.name,
            **basis.head(row.customer, row.currency),
            **{key: Money(row.figure(name), row.currency) for key, name in FIGURES.items()},
            "orders": list(row.orders),
        }
        for row in rows
    ]
    return Answer(
        "contracts/1",
        facts=basis.facts(),
        tables=(
            Table("rows", _COLUMNS, listed, empty=N_("No contracts and no orders.")),
            totals_table(listed, tuple(FIGURES), _FIGURES),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            N_(
                "Received are payments on the invoices, and what names the contract or the order"
                " and stands on no invoice."
            )
        ),
    )
