"""A customer's record in the user's editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ledgercli.books.file_changes import FileChangedError
from ledgercli.books.record_changes import Outcome
from ledgercli.books.record_drafts import (
    Draft,
    begin_draft,
    drop_draft,
    finish_draft,
    keep_draft,
    lost_ids,
)
from ledgercli.books.record_files import RecordShelf
from ledgercli.desk.customers.customer_answers import change_answer
from ledgercli.desk.customers.record_books import RecordBooks
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding

#: What to do with an edited file that is not taken: edit again, keep it aside, drop it.
Decide = Callable[[tuple[Finding, ...]], str]


def edit(
    books: RecordBooks, *, customer: str, editor: Callable[[Path, int], None], decide: Decide
) -> Answer:
    """Let ``editor`` change a copy of the customer's file, and take it over once it reads well.

    ``editor`` is given the copy and the line of the record. As long as the copy would bring an
    error, ``decide`` is asked with the findings and returns ``again``, ``keep`` or ``drop``. Raise
    CustomerNotFoundError, the errors of ``books/record_drafts.py``, and what ``editor`` raises;
    the copy is kept then where it differs.
    """
    identifier, path, line = _located(books, customer)
    draft = begin_draft(books.root, path, identifier)
    try:
        while True:
            editor(draft.copy, line)
            lost = lost_ids(draft)
            outcome = finish_draft(draft)
            if not outcome.refused:
                return change_answer(outcome, dry_run=False, warnings=_warnings(lost))
            choice = decide(outcome.findings)
            if choice == "again":
                continue
            if choice == "drop":
                drop_draft(draft)
                return change_answer(Outcome((), (), (identifier,)), dry_run=False)
            return _kept(draft, outcome)
    except FileChangedError:
        return _kept(draft, None)
    except BaseException:
        if draft.copy.exists() and draft.copy.read_bytes() != draft.original:
            keep_draft(draft)
        else:
            drop_draft(draft)
        raise


def _located(books: RecordBooks, customer: str) -> tuple[str, Path, int]:
    shelf = RecordShelf(books.root)
    found = shelf.find(customer)
    identifier = customer
    if not found:
        identifier = books.customer_id(customer)
        found = shelf.find(identifier)
    if not found:  # spelled in a way that only the reader of whole files finds
        record = next(record for record in books.customers if record.id == identifier)
        return identifier, books.root / record.file, record.line
    place = found[0]
    source = place.file.source(place.piece)
    line = source.lines[int(place.path[0]) if place.path else 0]
    return identifier, place.file.path, place.file.line_before(place.piece) + line


def _kept(draft: Draft, outcome: Outcome | None) -> Answer:
    """Return that the edited file is kept aside: it has errors, or the file changed meanwhile."""
    kept = keep_draft(draft)
    words = N_("Nothing was written; your edits are kept in `{file}`.")
    shown = kept.relative_to(draft.root).as_posix()
    warnings: list[Text | str] = []
    if outcome is None:
        changed = N_("`{file}` was changed by somebody else meanwhile")
        warnings.append(Text(changed, {"file": draft.path.relative_to(draft.root).as_posix()}))
    empty = Outcome((), (), (draft.customer,), refused=outcome.refused if outcome else ())
    answer = change_answer(empty, dry_run=False, warnings=warnings)
    facts = {**answer.facts, "kept_as": shown}
    return Answer(
        answer.schema,
        facts=facts,
        tables=answer.tables,
        notes=(Text(words, {"file": shown}),),
        warnings=answer.warnings,
        task_findings=outcome.findings if outcome else (),
    )


def _warnings(lost: tuple[str, ...]) -> list[Text | str]:
    if not lost:
        return []
    words = N_(
        "the file no longer has {customers}; `ledgercli customer rename` takes along what names"
        " a customer"
    )
    return [Text(words, {"customers": list(lost)})]
