"""The list of customers."""

from __future__ import annotations

from collections.abc import Sequence

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer_head import CustomerHead
from ledgercli.model.values import Money
from ledgercli.reports.common import PLACE, Basis


def customer_list(basis: Basis, records: Sequence[CustomerHead]) -> Answer:
    """Return a row for each record: profile in short, and what they owe by currency."""
    columns = (
        Column("customer", N_("customer"), "code"),
        Column("name", N_("name"), flexible=True),
        Column("status", N_("status"), "code", words="customer-status"),
        Column("tier", N_("tier"), "code", optional=3),
        Column("tags", N_("tags"), "strings", optional=2),
        Column("owner", N_("owner"), "code", optional=4),
        Column("parent", N_("parent"), "code", optional=5),
        Column("balances", N_("balances"), "amounts", optional=1),
        *PLACE,
    )
    balances: dict[str, list[Money]] = {}
    for (customer, currency), amount in sorted(basis.position.balances.items()):
        if amount:
            balances.setdefault(customer, []).append(Money(amount, currency))
    rows = [
        {
            "customer": record.id,
            "name": record.label,
            "status": record.status,
            "tier": record.tier,
            "tags": list(record.tags),
            "owner": record.owner,
            "parent": record.parent,
            "balances": balances.get(record.id, []),
            "file": record.file,
            "line": record.line,
        }
        for record in records
    ]
    return Answer(
        "customer-list/1",
        facts=basis.facts(),
        tables=(Table("rows", columns, rows, empty=N_("No customers.")),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(),
    )
