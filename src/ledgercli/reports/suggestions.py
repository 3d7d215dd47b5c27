"""The suggestion to name the documents of assumed settlements, as a diff of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.suggestion import Pieces, suggest
from ledgercli.reports.common import CURRENCY, CUSTOMER, PLACE, PositionBasis


def suggestions(
    basis: PositionBasis, texts: Mapping[str, str], diff_of: Callable[[str, Pieces], str]
) -> Answer:
    """Return the diff, and as warnings the settlements left to a person."""
    diff, left = suggest(basis.position, texts, diff_of)
    columns = (
        Column("date", N_("date"), "date"),
        CUSTOMER,
        CURRENCY,
        Column("amount", N_("amount"), "money"),
        Column("numbers", N_("numbers"), "strings"),
        Column("reason", N_("reason"), "code", words="suggestion"),
        *PLACE,
    )
    rows = [
        {
            "date": row.receipt.settlement.date,
            "customer": row.receipt.settlement.customer,
            "currency": row.receipt.settlement.currency,
            "amount": Money(row.receipt.settlement.amount, row.receipt.settlement.currency),
            "numbers": list(row.numbers),
            "reason": row.reason,
            "file": row.receipt.settlement.file,
            "line": row.receipt.settlement.line,
        }
        for row in left
    ]
    warnings = tuple(
        Text(
            N_("{place}: left to you: {amount} of {customer}, assumed for {numbers}"),
            {
                "place": f"{row['file']}:{row['line']}",
                "amount": row["amount"],
                "customer": row["customer"],
                "numbers": row["numbers"],
            },
        )
        for row in rows
    )
    return Answer(
        "allocate/1",
        facts={**basis.facts(), "diff": diff},
        tables=(Table("left_out", columns, rows),),
        closing_facts=basis.closing_facts(),
        verbatim=diff,
        warnings=warnings,
    )
