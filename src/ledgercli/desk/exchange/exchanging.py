"""Takes customer records from files of other systems, and shows what that changes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledgercli.books.files import books_lock
from ledgercli.books.foreign.countries import country_codes
from ledgercli.books.foreign.imports import Imported, imported_text, read_imported, write_imported
from ledgercli.books.foreign.records import record_data
from ledgercli.books.record_changes import NewRecord, Outcome, RecordChange
from ledgercli.books.record_editing import WAIT_SECONDS, apply_changes
from ledgercli.books.record_files import FileNotEditableError
from ledgercli.customers.exchange.paths import record_of
from ledgercli.customers.exchange.planning import Known, RowPlan, plan_rows
from ledgercli.customers.exchange.reading import row_values
from ledgercli.desk.exchange.exchange_answers import import_answer
from ledgercli.desk.exchange.exchange_checks import edits_of, rejected, sound
from ledgercli.desk.exchange.exchange_errors import EarlierRevisionError, NoRecordsHereError
from ledgercli.desk.exchange.foreign_files import ForeignFile, Opened, open_foreign
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue import exchange as codes
from ledgercli.model.catalogue import records as record_codes
from ledgercli.model.customer import fold
from ledgercli.model.exchange import Profile, Side
from ledgercli.model.finding import Finding, Place
from ledgercli.model.sentence import Sentence

#: Findings about a customer that another is said to belong to.
_ABOUT_PARENTS = frozenset([record_codes.UNKNOWN_PARENT.code, record_codes.PARENT_CYCLE.code])


def import_customers(
    books: OpenBooks, file: ForeignFile, *, write: bool, take: Side | None = None
) -> Answer:
    """Return what a file of another system changes in the records; with ``write`` it is done.

    Records and what the next import compares with are written under the lock of the books, all or
    nothing of the records. Raise NoRecordsHereError, EarlierRevisionError, and the errors of
    :func:`open_foreign` and of ``books/record_editing.py``.
    """
    if books.location.bare:
        raise NoRecordsHereError
    if books.known_at is not None:
        raise EarlierRevisionError
    opened = open_foreign(books, file, "customers")
    if not write:
        return _import(books, opened, take, write=False)
    with books_lock(books.root, WAIT_SECONDS):
        return _import(books, opened, take, write=True)


def _import(books: OpenBooks, opened: Opened, take: Side | None, *, write: bool) -> Answer:
    root, profile = books.root, opened.profile
    records = record_data(root)
    last = _under_present_ids(read_imported(root, profile.name), records)
    known = Known(
        records,
        {identifier: entry.source for identifier, entry in last.items()},
        {identifier: entry.values for identifier, entry in last.items()},
    )
    currency = next(iter(books.facts.operating_currencies), "")
    columns = opened.table.columns
    countries = country_codes() if _has_countries(profile, columns) else {}
    said = [
        (row, row_values(row, columns, profile, countries, currency)) for row in opened.table.rows
    ]
    findings = list(opened.findings)
    plans: list[RowPlan] = []
    for plan in plan_rows(said, profile, known, take):
        checked, more = sound(plan, records, opened.shown)
        plans.append(checked)
        findings += more
    files = {customer.id: customer.file for customer in books.customers}
    outcome, plans, more = _applied(root, plans, records, files, opened.shown, write=write)
    findings += [*more, *_about_rows(plans, opened.shown)]
    if write and not outcome.refused:
        remembered = _remembered(last, plans)
        write_imported(root, profile.name, imported_text(remembered.values()))
    return import_answer(opened.table, profile, opened.shown, plans, outcome, findings, write=write)


def _has_countries(profile: Profile, columns: Sequence[str]) -> bool:
    """Return whether names of countries may have to be looked up, which costs time."""
    return any(profile.field_of(column).name.endswith(".country") for column in columns)


def _applied(
    root: Path,
    plans: list[RowPlan],
    records: Mapping[str, Mapping[str, Any]],
    places: Mapping[str, str],
    shown: str,
    *,
    write: bool,
) -> tuple[Outcome, list[RowPlan], list[Finding]]:
    """Make the changes; rows whose records would not be sound beside the others are rejected.

    ``places`` are the files of the customers. Nothing is written before all that is left fits.
    """
    findings: list[Finding] = []
    while True:
        changes = [
            change
            for plan in _parents_first(plans)
            if (change := _change(plan, records.get(plan.customer)))
        ]
        try:
            outcome = apply_changes(root, changes, dry_run=not write)
        except FileNotEditableError as error:
            plans = _without_file(plans, places, error)
            continue
        refused = {finding.customer: finding for finding in outcome.refused}
        spoiled = [plan for plan in plans if plan.customer in refused and plan.action != "rejected"]
        if not spoiled:
            return outcome, plans, [*findings, *outcome.refused]
        for plan in spoiled:
            finding = refused[plan.customer]
            findings.append(replace(finding, place=Place(shown, plan.row.number)))
        plans = [
            _without_what_spoils(plan, refused[plan.customer]) if plan in spoiled else plan
            for plan in plans
        ]


def _without_file(
    plans: list[RowPlan], places: Mapping[str, str], error: FileNotEditableError
) -> list[RowPlan]:
    """Return the plans with those rejected whose records stand in a file that cannot be edited.

    Raise ``error`` where there is none of them.
    """
    file = error.values["file"]
    hit = [plan for plan in plans if plan.action == "changed" and places.get(plan.customer) == file]
    if not hit:
        raise error
    reason = Sentence(error.message, **error.values)
    return [rejected(plan, reason) if plan in hit else plan for plan in plans]


def _parents_first(plans: Sequence[RowPlan]) -> list[RowPlan]:
    """Return the plans such that a new customer comes behind its parent from the same file."""
    parents = {
        fold(plan.customer): fold(str(plan.values.get("parent", "")))
        for plan in plans
        if plan.action == "new"
    }

    def depth(plan: RowPlan) -> int:
        above: list[str] = []
        customer = fold(plan.customer)
        while (customer := parents.get(customer, "")) in parents and customer not in above:
            above.append(customer)
        return len(above)

    return sorted(plans, key=depth)


def _without_what_spoils(plan: RowPlan, finding: Finding) -> RowPlan:
    """Return the plan without a parent that cannot be; for any other reason a rejection."""
    changed = any(change.path == "parent" for change in plan.changes)
    if finding.code not in _ABOUT_PARENTS or not (changed or "parent" in plan.values):
        return rejected(plan)
    changes = tuple(change for change in plan.changes if change.path != "parent")
    return replace(
        plan,
        values={path: value for path, value in plan.values.items() if path != "parent"},
        changes=changes,
        action="unchanged" if plan.action == "changed" and not changes else plan.action,
        remembered={path: value for path, value in plan.remembered.items() if path != "parent"},
    )


def _change(plan: RowPlan, data: Mapping[str, Any] | None) -> NewRecord | RecordChange | None:
    if plan.action == "new":
        return NewRecord(record_of(plan.values))
    if plan.action != "changed" or data is None:
        return None
    return RecordChange(plan.customer, tuple(edits_of(plan, data)))


def _about_rows(plans: Iterable[RowPlan], shown: str) -> Iterable[Finding]:
    """Yield what there is to say about rows: rejections, conflicts, characters taken out."""
    for plan in plans:
        place = Place(shown, plan.row.number)
        if plan.reason:
            yield Finding(codes.ROW_REJECTED, {"reason": plan.reason}, place, plan.customer)
        for conflict in plan.conflicts:
            values = {
                "field": conflict.path,
                "ours": _shown(conflict.ours),
                "theirs": _shown(conflict.theirs),
            }
            yield Finding(codes.IMPORT_CONFLICT, values, place, plan.customer)
        for column, characters in plan.said.cleaned:
            values = {"column": column, "characters": characters}
            yield Finding(codes.NO_PLAIN_TEXT, values, place, plan.customer)


def _shown(value: Any) -> str:  # noqa: ANN401 - plain data
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _under_present_ids(
    last: Mapping[str, Imported], records: Mapping[str, Mapping[str, Any]]
) -> dict[str, Imported]:
    """Return the last imports by the ids that customers have now: renaming leaves an alias.

    What was imported for a record that was merged into another with an import of its own stays.
    """
    entries = dict(last)
    aliases = {
        fold(str(alias)): identifier
        for identifier, data in records.items()
        if isinstance(data.get("aliases"), list)
        for alias in data["aliases"]
    }
    for identifier, entry in last.items():
        present = aliases.get(fold(identifier), identifier)
        if identifier not in records and present not in entries:
            del entries[identifier]
            entries[present] = replace(entry, customer=present)
    return entries


def _remembered(last: Mapping[str, Imported], plans: Iterable[RowPlan]) -> dict[str, Imported]:
    entries = dict(last)
    for plan in plans:
        if plan.action != "rejected" and plan.customer:
            entries[plan.customer] = Imported(plan.customer, plan.source, plan.remembered)
    return entries
