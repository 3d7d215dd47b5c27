"""What an import or export answers: rows and what became of them, the diff, how the file was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.books.record_changes import Outcome
from ledgercli.customers.exchange.planning import RowPlan
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import ForeignTable, Profile
from ledgercli.model.finding import Finding

_DELIMITER_NAMES = {",": "`,`", ";": "`;`", "|": "`|`", "\t": "tab"}


def import_answer(
    table: ForeignTable,
    profile: Profile,
    shown: str,
    plans: Sequence[RowPlan],
    outcome: Outcome,
    findings: Sequence[Finding],
    *,
    write: bool,
) -> Answer:
    """Return the answer of an import: a diff before it is written, the files afterwards."""
    columns = (
        Column("row", N_("row"), "number"),
        Column("customer", N_("customer"), "code"),
        Column("action", N_("action"), "code", words="exchange-action"),
        Column("fields", N_("fields"), "strings", flexible=True),
        Column("conflicts", N_("conflicts"), "strings", optional=1),
        Column("reason", N_("reason"), optional=1),
    )
    rows = [_row(plan) for plan in plans]
    files = [{"file": change.shown} for change in outcome.files]
    return Answer(
        "customer-import/1",
        facts={
            "file": shown,
            "profile": profile.name,
            "verified": profile.verified,
            "written": outcome.written,
            "encoding": table.encoding or None,
            "diff": outcome.diff,
        },
        tables=(
            Table("rows", columns, rows, role="data"),
            Table(
                "files",
                (Column("file", N_("file"), "code"),),
                files,
                title=N_("Written:") if files else "",
                role="extra",
            ),
        ),
        verbatim=None if write else outcome.diff,
        notes=tuple(_notes(table, plans, outcome, write=write)),
        warnings=about_profile(profile),
        task_findings=tuple(sorted(findings, key=lambda finding: finding.order)),
    )


def _row(plan: RowPlan) -> dict[str, Any]:
    fields = list(plan.values) if plan.action == "new" else [row.path for row in plan.changes]
    return {
        "row": plan.row.number,
        "customer": plan.customer or None,
        "action": plan.action,
        "fields": sorted(fields),
        "conflicts": [conflict.path for conflict in plan.conflicts],
        "reason": plan.reason or None,
    }


def about_profile(profile: Profile) -> tuple[Text, ...]:
    """Return the warning that a packaged profile could not be compared with documentation."""
    if profile.verified or profile.file:
        return ()
    words = N_(
        "the profile `{profile}` is unverified: its columns could not be compared with the"
        " vendor's documentation"
    )
    return (Text(words, {"profile": profile.name}),)


def _notes(
    table: ForeignTable, plans: Sequence[RowPlan], outcome: Outcome, *, write: bool
) -> list[Text | str]:
    counts: Mapping[str, int] = {
        action: sum(plan.action == action for plan in plans)
        for action in ("new", "changed", "unchanged", "rejected")
    }
    notes: list[Text | str] = [
        Text(
            N_("{new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected."), counts
        )
    ]
    notes += about_table(table)
    if not outcome.files:
        notes.append(N_("Nothing to change."))
    elif not write:
        notes.append(N_("Nothing was written; `--write` does it."))
    return notes


def about_table(table: ForeignTable) -> list[Text | str]:
    """Return how a file was read, and which of its columns nobody asked for."""
    notes: list[Text | str] = []
    if table.encoding and table.delimiter:
        values = {
            "encoding": table.encoding,
            "delimiter": _DELIMITER_NAMES.get(table.delimiter, f"`{table.delimiter}`"),
        }
        notes.append(Text(N_("Read as {encoding}, separated by {delimiter}."), values))
    elif table.encoding:
        notes.append(Text(N_("Read as {encoding}."), {"encoding": table.encoding}))
    if table.ignored:
        names = ", ".join(f"`{name}`" for name in table.ignored)
        notes.append(Text(N_("Columns not in the profile: {columns}."), {"columns": names}))
    return notes
