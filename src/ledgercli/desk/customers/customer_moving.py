"""Customers renamed, merged, closed and removed, with what hangs on them.

The ledger is the user's own text: its changes are shown, and written only when that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ledgercli.books.data_edit import Put
from ledgercli.books.file_changes import FileChange
from ledgercli.books.ledger_texts import ledger_texts
from ledgercli.books.record_changes import Outcome, RecordChange, Removal
from ledgercli.books.record_editing import Editing, apply_changes, prepared, write_outcome
from ledgercli.books.record_files import RecordShelf
from ledgercli.books.record_renaming import merge as merge_records
from ledgercli.books.record_renaming import rename as rename_record
from ledgercli.books.record_renaming import renamed_in_ledger, renamed_orders
from ledgercli.customers.merging import merged_values
from ledgercli.desk.customers.customer_answers import change_answer
from ledgercli.desk.customers.customer_errors import CustomerInUseError, SameCustomerError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Money


def rename(
    books: OpenBooks, *, customer: str, new: str, dry_run: bool, write_ledger: bool
) -> Answer:
    """Give a customer another id, in all records and orders that name it.

    The old id becomes an alias, which the activity log and the ledger are read with; the change of
    the ledger's ``customer:`` metadata is shown, and written with ``write_ledger``. Raise
    CustomerNotFoundError and the errors of ``books/record_renaming.py``.
    """
    old = books.customer_id(customer)
    ledger = _ledger_changes(books, old, new)

    def prepare() -> Outcome:
        editing = Editing(RecordShelf(books.root))
        rename_record(editing, old, new)
        return _with(editing.outcome(), books.root, old, new, ledger if write_ledger else ())

    outcome = write_outcome(books.root, prepare, dry_run=dry_run)
    notes = _ledger_notes(ledger, written=write_ledger)
    return change_answer(outcome, dry_run=dry_run, ledger=ledger, notes=notes)


def merge(
    books: OpenBooks, *, source: str, target: str, dry_run: bool, write_ledger: bool
) -> Answer:
    """Make two records one: ``target`` takes over what it lacks, ``source`` goes.

    The id, the name and the aliases of ``source`` become aliases. Raise SameCustomerError besides
    what :func:`rename` raises.
    """
    old, new = books.customer_id(source), books.customer_id(target)
    if old == new:
        raise SameCustomerError(customer=old)
    ledger = _ledger_changes(books, old, new)
    kept: list[str] = []

    def prepare() -> Outcome:
        editing = Editing(RecordShelf(books.root))
        taken = {**editing.record(old), "id": old}
        values, kept[:] = merged_values({**editing.record(new), "id": new}, taken)
        merge_records(editing, old, new, values)
        return _with(editing.outcome(), books.root, old, new, ledger if write_ledger else ())

    outcome = write_outcome(books.root, prepare, dry_run=dry_run)
    notes = list(_ledger_notes(ledger, written=write_ledger))
    if kept:
        words = N_("Both records say something else in: {keys}. What `{customer}` says stays.")
        notes.insert(0, Text(words, {"keys": kept, "customer": new}))
    return change_answer(outcome, dry_run=dry_run, ledger=ledger, notes=notes)


def remove(books: OpenBooks, *, customer: str, dry_run: bool) -> Answer:
    """Take a record away; raise CustomerInUseError while anything hangs on it."""
    identifier = books.customer_id(customer)
    _refuse_in_use(books, identifier)
    outcome = write_outcome(
        books.root,
        lambda: prepared(RecordShelf(books.root), [Removal(identifier)]),
        dry_run=dry_run,
    )
    return change_answer(outcome, dry_run=dry_run)


def close(books: OpenBooks, *, customer: str, dry_run: bool) -> Answer:
    """Set the status ``closed``; warn of what is still open. Raise CustomerNotFoundError."""
    identifier = books.customer_id(customer)
    position = books.position(books.today)
    held = [
        Money(amount, currency)
        for (owner, currency), amount in sorted(position.balances.items())
        if owner == identifier and amount
    ]
    words = N_("`{customer}` still has a balance: {amounts}")
    warnings = [Text(words, {"customer": identifier, "amounts": held})] if held else []
    outcome = apply_changes(
        books.root, [RecordChange(identifier, (Put(("status",), "closed"),))], dry_run=dry_run
    )
    return change_answer(outcome, dry_run=dry_run, warnings=warnings)


def _refuse_in_use(books: OpenBooks, identifier: str) -> None:
    position = books.position(books.today)
    below = [record.id for record in books.customers if record.parent == identifier]
    documents = sum(item.document.customer == identifier for item in position.items)
    documents += sum(receipt.settlement.customer == identifier for receipt in position.receipts)
    orders = len(RecordShelf(books.root, "orders").with_value("customer", identifier))
    reason = None
    if documents:
        reason = Sentence(
            N_("the ledger has documents or payments of it ({count})"), count=str(documents)
        )
    elif orders:
        reason = Sentence(N_("orders name it ({count})"), count=str(orders))
    elif below:
        reason = Sentence(N_("it is the parent of {customers}"), customers=", ".join(below))
    if reason:
        raise CustomerInUseError(customer=identifier, reason=reason)


def _ledger_changes(books: OpenBooks, old: str, new: str) -> tuple[FileChange, ...]:
    texts = ledger_texts(books.root, books.view.files)
    return tuple(renamed_in_ledger(books.root, texts, old, new))


def _with(
    outcome: Outcome, root: Path, old: str, new: str, ledger: Sequence[FileChange]
) -> Outcome:
    """Return the outcome with the orders, and with the ledger where it is to be written."""
    return replace(outcome, files=(*outcome.files, *renamed_orders(root, old, new), *ledger))


def _ledger_notes(ledger: Sequence[FileChange], *, written: bool) -> Sequence[Text | str]:
    if not ledger or written:
        return ()
    words = N_(
        "The ledger names the old id in `customer:`; it is read as an alias. `--write-ledger`"
        " writes the new one."
    )
    return (words,)
