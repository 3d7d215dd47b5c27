"""Tiers and tags by rules, RFM classes and targets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledgercli.books.discovery import SETTINGS_NAME
from ledgercli.customers.tiers import Verdict, verdicts
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.customers import segment_answers as answers
from ledgercli.desk.customers.scoring import all_scores, chosen_records
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding
from ledgercli.model.values import Duration
from ledgercli.reports.common import Basis

if TYPE_CHECKING:
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer


class DoubtfulRulesError(LedgercliError):
    """The settings have findings: a condition that was mistyped is one that a rule has not."""

    message = N_("`{file}` is not as it should be, so a rule may ask for less than was meant")
    hint = N_("`ledgercli check` says what is wrong; nothing was written")


def tiers(books: OpenBooks, query: Query, *, everything: bool, write: bool) -> Answer:
    """Return what the rules of the settings say about the customers asked for, and write it.

    The books have to be opened with events and orders. Raise NoRecordsError for a ledger alone,
    DoubtfulRulesError where the settings are not as they should be, and the errors of editing
    records.
    """
    doubt = _doubt(books)
    if doubt and write:
        raise doubt
    position = books.position(books.as_of(query))
    rows = verdicts(
        position,
        books.facts.prices,
        all_scores(books, query).by_customer,
        books.settings.tiers,
        chosen_records(books, query),
    )
    written, findings = _write(books, rows) if write else (None, ())
    answer = answers.tier_list(_basis(books, query), rows, everything=everything, written=written)
    if not books.settings.tiers:
        told = N_("there are no `tiers` in the settings, so no rule says anything")
        answer = replace(answer, warnings=(*answer.warnings, Text(told)))
    empty = [
        Text(N_("rule {number} of `tiers` names neither a tier nor a tag"), {"number": number})
        for number, rule in enumerate(books.settings.tiers, start=1)
        if not (rule.tier or rule.tag)
    ]
    doubts = [Text(doubt.message, doubt.values)] if doubt else []
    answer = replace(answer, warnings=(*answer.warnings, *doubts, *empty))
    return with_circumstances(books, replace(answer, task_findings=findings), query)


def _doubt(books: OpenBooks) -> DoubtfulRulesError | None:
    """Return why the rules cannot be relied on, None where they can."""
    wrong = any(
        finding.place.file == SETTINGS_NAME and finding.severity != "info"
        for finding in books.record_findings
    )
    return DoubtfulRulesError(file=SETTINGS_NAME) if wrong else None


def _write(books: OpenBooks, rows: tuple[Verdict, ...]) -> tuple[bool, tuple[Finding, ...]]:
    from ledgercli.books.data_edit import Edit, Exclude, Include, Put
    from ledgercli.books.record_changes import RecordChange
    from ledgercli.books.record_editing import apply_changes
    from ledgercli.desk.customers.record_books import NoRecordsError

    if books.location.bare or books.inferred:
        raise NoRecordsError
    changes = []
    for row in rows:
        if not row.changes:
            continue
        edits: dict[str, Edit] = {
            "tier": Put(("tier",), row.value),
            "tag": Include(("tags",), (row.value,)),
            "untag": Exclude(("tags",), (row.value,)),
        }
        changes.append(RecordChange(row.customer, (edits[row.kind],)))
    outcome = apply_changes(books.root, changes)
    return outcome.written, outcome.findings


def rfm(books: OpenBooks, query: Query, *, within: Duration) -> Answer:
    """Return the RFM classes of the customers asked for, ranked among themselves.

    Revenue is in the currency to convert to, else in the one that most of them bought in.
    """
    from ledgercli.customers.rfm import rfm as ranked
    from ledgercli.customers.sales import first_day, sales, usual_currency

    position = books.selected(replace(query, currencies=()))
    as_of = position.as_of
    start = first_day(as_of, within)
    found = sales(position, start, as_of)
    currency = query.convert or usual_currency(found)
    rows = ranked(found, currency, books.facts.prices, as_of)
    answer = answers.rfm_list(_basis(books, query), rows, currency, within)

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.desk.customers import sales_explained

        return sales_explained.rfm(evidence, position, rows, books.facts.prices, (start, as_of))

    return with_circumstances(books, answer, query, telling)


def targets(books: OpenBooks, query: Query) -> Answer:
    """Return the targets of the settings beside what was reached."""
    from ledgercli.customers.targets import results

    position = books.selected(query)
    chosen = books.chosen(query)
    if chosen is not None:
        kept = {key: row for key, row in position.customers.items() if key in chosen}
        position = replace(position, customers=kept)
    rows = results(position, books.facts.prices, books.settings.targets)

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.desk.customers import sales_explained

        return sales_explained.targets(evidence, position, rows, books.facts.prices)

    answer = answers.target_list(_basis(books, query), rows)
    return with_circumstances(books, answer, query, telling)


def _basis(books: OpenBooks, query: Query) -> Basis:
    return Basis(books.position(books.as_of(query)), books.facts.prices)
