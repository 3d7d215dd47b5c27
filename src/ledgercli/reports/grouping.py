"""Reports of sums by groups of customers: the same columns, a group in place of the customer."""

from __future__ import annotations

from dataclasses import replace

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_

#: What the groups are called, for people; a dimension of the segments is its own name.
LABELS = {
    "tag": N_("tag"),
    "tier": N_("tier"),
    "status": N_("status"),
    "owner": N_("owner"),
    "parent": N_("family"),
}


def as_groups(answer: Answer, by: str) -> Answer:
    """Return a report whose customers are groups as one by ``by``.

    Where somebody can be in several groups there are no totals: they would count some twice.
    """
    words = "customer-status" if by == "status" else ""
    group = Column("group", LABELS.get(by, by), "code", words=words)
    tables = []
    for table in answer.tables:
        if table.role == "totals":
            if by != "tag":
                tables.append(table)
            continue
        columns = (group, *(row for row in table.columns if row.key not in {"customer", "name"}))
        rows = [
            {
                "group": row["customer"] or None,
                **{key: cell for key, cell in row.items() if key not in {"customer", "name"}},
            }
            for row in sorted(table.rows, key=lambda row: (not row["customer"], row["customer"]))
        ]
        tables.append(Table(table.key, columns, rows, empty=table.empty))
    notes = list(answer.notes)
    if by == "tag":
        notes.append(N_("Who has several tags counts under each, so there are no totals."))
    if any(
        row.get("group") is None for table in tables if table.role == "main" for row in table.rows
    ):
        notes.append(N_("The line without a group is of customers that have none."))
    name, _, version = answer.schema.partition("/")
    return replace(
        answer,
        schema=f"{name}-groups/{version}",
        facts={**answer.facts, "group_by": by},
        tables=tuple(tables),
        notes=tuple(notes),
    )
