"""Statements of account."""

from __future__ import annotations

from datetime import date

from ledgercli.model.answer import Answer, Column, Frame, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.statement import statements
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, PLACE, PositionBasis


def statement(basis: PositionBasis, start: date | None) -> Answer:
    """Return the statements of account of the position's customers, one per currency."""
    row_columns = (
        Column("date", N_("date"), "date"),
        Column("kind", N_("kind"), "code", words="document-kind", optional=1),
        Column("number", N_("number"), "code"),
        Column("text", N_("text"), flexible=True),
        Column("debit", N_("debit"), "money"),
        Column("credit", N_("credit"), "money"),
        Column("balance", N_("balance"), "money"),
        *PLACE,
    )
    columns = (
        CUSTOMER,
        NAME,
        CURRENCY,
        Column("opening", N_("opening balance"), "money"),
        Column("rows", N_("rows"), "table", columns=row_columns),
        Column("closing", N_("closing balance"), "money"),
    )
    sections = []
    for one in statements(basis.position, start):
        currency = one.currency
        sections.append(
            {
                **basis.head(one.customer, currency),
                "opening": Money(one.opening, currency),
                "rows": [
                    {
                        "date": row.date,
                        "kind": row.kind,
                        "number": row.number,
                        "text": row.text,
                        "debit": Money(row.debit, currency),
                        "credit": Money(row.credit, currency),
                        "balance": Money(row.balance, currency),
                        "file": row.file,
                        "line": row.line,
                    }
                    for row in one.rows
                ],
                "closing": Money(one.closing, currency),
            }
        )
    return Answer(
        "statement/1",
        facts={**basis.facts(), "from": start},
        tables=(
            Table(
                "statements",
                columns,
                sections,
                role="sections",
                section="rows",
                heading=N_("{customer} {name}, {currency}"),
                frames=(
                    Frame("opening", N_("opening balance"), "text", "balance", "before"),
                    Frame("closing", N_("closing balance"), "text", "balance", "after"),
                ),
                empty=N_("No transactions."),
            ),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            Text(N_("From {date}."), {"date": start}) if start else N_("From the beginning."),
        ),
    )
