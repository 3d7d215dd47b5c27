"""What taking items over, and comparing them, answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledgercli.customers.exchange.items import Total
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding
from ledgercli.model.values import Money
from ledgercli.reports.common import CURRENCY, NAME

_TOTALS = (
    Column("customer", N_("customer"), "code"),
    NAME,
    CURRENCY,
    Column("theirs", N_("in the list"), "money"),
    Column("ours", N_("in the books"), "money"),
    Column("difference", N_("difference"), "money"),
)
_DOCUMENTS = (
    Column("customer", N_("customer"), "code"),
    Column("number", N_("number"), "code"),
    CURRENCY,
    Column("theirs", N_("in the list"), "money"),
    Column("ours", N_("in the books"), "money"),
)
Differing = tuple[str, str, str, Decimal, Decimal]
"""Customer, currency, number, and the open amount in the list and in the books."""


def take_over_answer(
    facts: Mapping[str, object],
    totals: Sequence[Total],
    differing: Sequence[Differing],
    *,
    diff: str,
    notes: tuple[Text | str, ...],
    findings: tuple[Finding, ...],
    warnings: tuple[Text, ...],
) -> Answer:
    """Return the answer: the diff above the totals of both sides, or the documents that differ."""
    rows = [
        {
            "customer": total.customer or "?",
            "name": total.name,
            "currency": total.currency,
            "theirs": Money(total.theirs, total.currency),
            "ours": Money(total.ours, total.currency),
            "difference": Money(total.difference, total.currency),
        }
        for total in totals
    ]
    documents = [
        {
            "customer": customer,
            "number": number,
            "currency": currency,
            "theirs": Money(theirs, currency),
            "ours": Money(ours, currency),
        }
        for customer, currency, number, theirs, ours in differing
    ]
    title = N_("Documents that differ") if documents else ""
    comparing = facts["into"] is None
    return Answer(
        "opening-compare/1" if comparing else "opening-import/1",
        facts={**facts, "diff": None if comparing else diff},
        tables=(
            Table("rows", _TOTALS, rows, empty=N_("Nothing is open, here or there.")),
            Table("documents", _DOCUMENTS, documents, title=title, role="extra"),
        ),
        closing_facts={"equal": not any(total.difference for total in totals)},
        notes=notes,
        warnings=warnings,
        task_findings=tuple(sorted(findings, key=lambda finding: finding.order)),
    )


def notes(
    *,
    listed: int,
    new: int,
    differences: int,
    uncounted: int,
    day: dt.date,
    written: bool,
    only_compare: bool,
) -> tuple[Text | str, ...]:
    """Return the lines under the comparison."""
    lines: list[Text | str] = []
    if only_compare:
        lines.append(
            Text(
                N_("{count} item in the list."),
                plural=N_("{count} items in the list."),
                count=listed,
            )
        )
    else:
        values = {"known": listed - new}
        lines.append(
            Text(
                N_("{count} item to take over, {known} in the books already."),
                values,
                N_("{count} items to take over, {known} in the books already."),
                new,
            )
            if not written
            else Text(
                N_("{count} item taken over, {known} were in the books already."),
                values,
                N_("{count} items taken over, {known} were in the books already."),
                new,
            )
        )
        if new and not written:
            lines.append(N_("Nothing was written; `--write` does it."))
    if differences:
        one = N_("{count} customer differs on {date}.")
        lines.append(
            Text(one, {"date": day}, N_("{count} customers differ on {date}."), differences)
        )
    elif not uncounted:
        lines.append(Text(N_("The list and the books are equal on {date}."), {"date": day}))
    if uncounted:
        one = N_("{count} row was not taken; without it the comparison is not complete.")
        many = N_("{count} rows were not taken; without them the comparison is not complete.")
        lines.append(Text(one, plural=many, count=uncounted))
    return tuple(lines)
