"""Customers found by a few letters, and records that may be doubles."""

from __future__ import annotations

from collections.abc import Sequence

from ledgercli.customers.duplicates import Pair
from ledgercli.customers.finding import Hit
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.reports.common import CUSTOMER, NAME, PLACE


def found(hits: Sequence[Hit], text: str, limit: int) -> Answer:
    """Return a row for each of the first ``limit`` hits, best first."""
    columns = (
        CUSTOMER,
        NAME,
        Column("status", N_("status"), "code", words="customer-status", optional=2),
        Column("field", N_("found in"), "code", words="customer-field"),
        Column("match", N_("text"), flexible=True),
        Column("score", N_("score"), "number", optional=1),
        *PLACE,
    )
    rows = [
        {
            "customer": hit.customer.id,
            "name": hit.customer.label,
            "status": hit.customer.status,
            "field": hit.field,
            "match": hit.text,
            "score": hit.score,
            "file": hit.customer.file,
            "line": hit.customer.line,
        }
        for hit in hits[:limit]
    ]
    left = len(hits) - len(rows)
    more = Text(
        N_("{count} more; `--limit` shows them."),
        plural=N_("{count} more; `--limit` shows them."),
        count=left,
    )
    return Answer(
        "customer-find/1",
        facts={"text": text, "found": len(hits)},
        tables=(Table("rows", columns, rows, empty=N_("No customer is like that.")),),
        notes=(more,) if left else (),
    )


def doubles(pairs: Sequence[Pair]) -> Answer:
    """Return a row for each pair of records that may be one customer, the likeliest first."""
    reason_columns = (Column("reason", kind="code"), Column("shared"))
    columns = (
        Column("first", N_("customer"), "code"),
        Column("first_name", N_("name"), flexible=True),
        Column("second", N_("other"), "code"),
        Column("second_name", N_("name"), flexible=True),
        Column("reason", N_("reason"), "code", words="double-reason"),
        Column("shared", N_("shared"), flexible=True),
        Column("reasons", "", "table", shown=False, columns=reason_columns),
    )
    rows = [
        {
            "first": pair.first.id,
            "first_name": pair.first.label,
            "second": pair.second.id,
            "second_name": pair.second.label,
            "reason": pair.reasons[0][0],
            "shared": pair.reasons[0][1],
            "reasons": [{"reason": reason, "shared": text} for reason, text in pair.reasons],
        }
        for pair in pairs
    ]
    notes: tuple[Text | str, ...] = ()
    if pairs:
        notes = (
            N_(
                "Candidates, no verdicts: `customer merge ID --into OTHER --dry-run` shows what a"
                " merge would do."
            ),
        )
    return Answer(
        "customer-duplicates/1",
        facts={},
        tables=(Table("rows", columns, rows, empty=N_("No two records look like one customer.")),),
        notes=notes,
    )
