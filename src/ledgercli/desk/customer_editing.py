"""Customer records, written: single values, tags, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledgercli.books.record_editing import (
    Change,
    Delete,
    Exclude,
    Include,
    Outcome,
    Put,
    RecordChange,
    RecordNotFoundError,
    apply_changes,
)
from ledgercli.books.record_keys import parse_key, parse_value
from ledgercli.desk.record_books import RecordBooks
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_


def set_value(
    books: RecordBooks, *, customer: str, key: str, value: str | None, dry_run: bool
) -> Answer:
    """Set what is at ``key`` in a record, or with None take it away; return what changed.

    Raise the errors of ``books/record_keys.py`` and ``books/record_editing.py``, and
    CustomerNotFoundError.
    """
    path = parse_key(key)
    edit = Delete(path) if value is None else Put(path, parse_value(path, value))
    return _answer(_applied(books, [RecordChange(customer, (edit,))], dry_run=dry_run), dry_run)


def tag(books: RecordBooks, *, customers: Sequence[str], tag: str, dry_run: bool) -> Answer:
    """Give customers a tag; raise as :func:`set_value`."""
    changes = [RecordChange(customer, (Include(("tags",), (tag,)),)) for customer in customers]
    return _answer(_applied(books, changes, dry_run=dry_run), dry_run)


def untag(books: RecordBooks, *, customers: Sequence[str], tag: str, dry_run: bool) -> Answer:
    """Take a tag from customers; raise as :func:`set_value`."""
    changes = [RecordChange(customer, (Exclude(("tags",), (tag,)),)) for customer in customers]
    return _answer(_applied(books, changes, dry_run=dry_run), dry_run)


def _applied(books: RecordBooks, changes: Sequence[RecordChange], *, dry_run: bool) -> Outcome:
    """Apply changes to customers named by id, or by alias or name where no id is like that."""
    try:
        return apply_changes(books.root, changes, dry_run=dry_run)
    except RecordNotFoundError:
        named: list[Change] = [
            replace(change, customer=books.customer_id(change.customer)) for change in changes
        ]
        return apply_changes(books.root, named, dry_run=dry_run)


def _answer(outcome: Outcome, dry_run: bool) -> Answer:  # noqa: FBT001 - said by every caller
    """Return what changes came to: the diff of a dry run, else the files written."""
    diff = outcome.diff if dry_run or outcome.refused else None
    rows = [
        {
            "file": change.shown,
            "change": "created"
            if change.before is None
            else "deleted"
            if change.after is None
            else "changed",
        }
        for change in outcome.files
    ]
    columns = (
        Column("file", N_("file"), "code"),
        Column("change", N_("change"), "code", words="file-change"),
    )
    return Answer(
        "customer-change/1",
        facts={
            "customers": list(outcome.changed),
            "unchanged": list(outcome.kept),
            "written": outcome.written,
            "diff": diff,
        },
        tables=(Table("files", columns, rows if outcome.written or dry_run else []),),
        verbatim=diff if dry_run and outcome.files else None,
        notes=_notes(outcome, dry_run=dry_run),
        task_findings=outcome.findings,
    )


def _notes(outcome: Outcome, *, dry_run: bool) -> tuple[Text | str, ...]:
    if outcome.refused:
        return (N_("Nothing was written."),)
    if not outcome.files:
        return (N_("Nothing to change: the records say so already."),)
    count = len(outcome.changed)
    if dry_run:
        one, many = N_("{count} record would change."), N_("{count} records would change.")
    else:
        one, many = N_("{count} record changed."), N_("{count} records changed.")
    return (Text(one, plural=many, count=count),)
