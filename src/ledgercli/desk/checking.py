"""Checks the books as a whole: settings, customers, activity, ledger, and the join of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ledgercli.checks.orders import order_invoices
from ledgercli.checks.run import Joined, run_checks
from ledgercli.customers.retention import retention_findings
from ledgercli.desk import own_reports
from ledgercli.desk.circumstances import NO_RECEIVABLES
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.finding import Finding
from ledgercli.receivables.position import Position


def check(
    books: OpenBooks,
    query: Query,
    *,
    codes: tuple[str, ...],
    queries: own_reports.Queries | None = None,
) -> Answer:
    """Return every finding, sorted by place; with ``codes`` only those.

    With ``queries`` those of the books' own reports are looked at too.

    Without a day in ``query`` everything in the ledger is looked at, what is dated later too.
    """
    findings = all_findings(books, query.as_of or dt.date.max)
    if queries:
        day = replace(query, as_of=query.as_of or books.today)
        findings += own_reports.found_by_running(books, day, queries)
    chosen = books.chosen(query)
    kept = [
        finding
        for finding in findings
        if (not codes or finding.code in codes) and (chosen is None or finding.customer in chosen)
    ]
    return Answer(
        "check/1",
        facts={"as_of": query.as_of},
        warnings=() if books.facts.roots or findings else (NO_RECEIVABLES,),
        findings=tuple(sorted(kept, key=lambda finding: finding.order)),
    )


def all_findings(
    books: OpenBooks,
    as_of: dt.date,
    position: Position | None = None,
    *,
    errors_alone: bool = False,
) -> tuple[Finding, ...]:
    """Return everything that is wrong or worth a look, in no order, each once.

    What is found follows from ``position``, where one is given, instead of that of all documents.
    With ``errors_alone`` nothing else is looked for.
    """
    from ledgercli.reminders.working_days import unknown_holidays

    position = position or books.position(as_of)
    joined = Joined(
        books.settings,
        books.customers,
        books.facts,
        position,
        books.inferred,
        books.accounts_file,
    )
    found = [
        *books.record_findings,
        *books.event_findings,
        *books.order_findings,
        *books.facts.findings,
        *own_reports.findings(books),
        *run_checks(joined, errors_alone=errors_alone),
        *unknown_holidays(
            books.settings.reminders.working_days,
            books.location.settings_file.name if books.location.settings_file else "",
        ),
        *order_invoices(books.orders, position),
        *retention_findings(
            books.customers,
            books.events,
            position,
            books.settings.privacy,
            min(as_of, books.today),
        ),
    ]
    if errors_alone:
        found = [finding for finding in found if finding.severity == "error"]
    unique = {(finding.code, finding.customer, finding.order): finding for finding in found}
    return tuple(unique.values())
