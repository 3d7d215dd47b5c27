"""Customer records, written: single values, tags, many at once, new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ledgercli.books.data_edit import Delete, Exclude, Include, Put, changed_data, steps
from ledgercli.books.record_changes import Change, NewRecord, Outcome, RecordChange
from ledgercli.books.record_editing import RecordNotFoundError, apply_changes
from ledgercli.books.record_keys import parse_key, parse_value
from ledgercli.books.record_renaming import check_id
from ledgercli.books.source import Data
from ledgercli.desk.customers.customer_answers import change_answer
from ledgercli.desk.customers.customer_errors import IdChangedError, NoSuchPolicyError
from ledgercli.desk.customers.record_books import RecordBooks
from ledgercli.model.answer import Answer


def set_value(
    books: RecordBooks, *, customer: str, key: str, value: str | None, dry_run: bool
) -> Answer:
    """Set what is at ``key`` in a record, or with None take it away; return what changed.

    Raise the errors of ``books/record_keys.py`` and ``books/record_editing.py``,
    CustomerNotFoundError, IdChangedError, and NoSuchPolicyError.
    """
    path = parse_key(key)
    if path == ("id",):
        # Holds, promises and reminders name the id: without them a letter might go out.
        raise IdChangedError(customer=customer)
    edit = Delete(path) if value is None else Put(path, parse_value(path, value))
    return _changed(books, [RecordChange(customer, (edit,))], dry_run=dry_run)


def tag(books: RecordBooks, *, customers: Sequence[str], tag: str, dry_run: bool) -> Answer:
    """Give customers a tag; raise as :func:`set_value`."""
    changes = [RecordChange(customer, (Include(("tags",), (tag,)),)) for customer in customers]
    return _changed(books, changes, dry_run=dry_run)


def untag(books: RecordBooks, *, customers: Sequence[str], tag: str, dry_run: bool) -> Answer:
    """Take a tag from customers; raise as :func:`set_value`."""
    changes = [RecordChange(customer, (Exclude(("tags",), (tag,)),)) for customer in customers]
    return _changed(books, changes, dry_run=dry_run)


def set_many(books: RecordBooks, *, path: Path | None, dry_run: bool) -> Answer:
    """Set what a CSV file says (None: standard input), all of it or nothing.

    A column is ``id``, the others are dotted keys. Lists and mappings are written as for
    :func:`set_value`; an empty cell changes nothing, ``~`` takes the key away. Raise the errors of
    ``customer_changes_file.py`` and of :func:`set_value`.
    """
    from ledgercli.books.foreign.registry import read_file, read_standard_input
    from ledgercli.desk.customers.customer_changes_file import read_changes

    content = read_standard_input() if path is None else read_file(path)
    return _changed(
        books, read_changes(content, "-" if path is None else path.name), dry_run=dry_run
    )


def reopen(books: RecordBooks, *, customer: str, dry_run: bool) -> Answer:
    """Set the status ``active`` again; raise as :func:`set_value`."""
    return _changed(books, [RecordChange(customer, (Put(("status",), "active"),))], dry_run=dry_run)


def add(books: RecordBooks, *, values: Sequence[tuple[str, str]], dry_run: bool) -> Answer:
    """Add a record of ``values`` (dotted key, text), among them ``id``; return what was written.

    Raise BadIdError and the errors of :func:`set_value`.
    """
    record: Data = {}
    for key, text in values:
        path = parse_key(key)
        for step in steps(record, Put(path, parse_value(path, text))):
            record = changed_data(record, step)
    data = record if isinstance(record, dict) else {}
    _check_policy(books, data.get("reminders"))
    check_id(str(data.get("id", "")))
    outcome = apply_changes(books.root, [NewRecord(data)], dry_run=dry_run)
    if outcome.written:
        from ledgercli.books.schema import write_schemas

        write_schemas(books.root)  # the new record names one in its first line
    return change_answer(outcome, dry_run=dry_run)


def proposed_id(books: RecordBooks) -> str:
    """Return the id that follows the highest of the most usual form, such as C1007."""
    from ledgercli.customers.numbering import next_id

    return next_id(customer.id for customer in books.customers)


def _changed(books: RecordBooks, changes: Sequence[RecordChange], *, dry_run: bool) -> Answer:
    return change_answer(_applied(books, changes, dry_run=dry_run), dry_run=dry_run)


def _check_policy(books: RecordBooks, reminders: Data) -> None:
    """Raise NoSuchPolicyError where the settings do not have the policy that a record is to name.

    The customer would not be reminded.
    """
    policy = reminders.get("policy") if isinstance(reminders, dict) else None
    known = books.settings.reminders.policies
    if isinstance(policy, str) and policy not in known:
        raise NoSuchPolicyError(policy=policy, policies=", ".join(sorted(known)) or "—")


def _applied(books: RecordBooks, changes: Sequence[RecordChange], *, dry_run: bool) -> Outcome:
    """Apply changes to customers named by id, or by alias or name where no id is like that."""
    for edit in (edit for change in changes for edit in change.edits if isinstance(edit, Put)):
        if edit.path == ("reminders", "policy"):
            _check_policy(books, {"policy": edit.value})
        elif edit.path == ("reminders",):
            _check_policy(books, edit.value)
    try:
        return apply_changes(books.root, changes, dry_run=dry_run)
    except RecordNotFoundError:
        named: list[Change] = [
            replace(change, customer=books.customer_id(change.customer)) for change in changes
        ]
        return apply_changes(books.root, named, dry_run=dry_run)
