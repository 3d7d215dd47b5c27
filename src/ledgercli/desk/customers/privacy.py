"""Forgets a customer: what is personal goes from the books, figures and documents stay.

Nothing is written before it was listed, and everything or nothing is: afterwards the books are
opened again, and where a figure of theirs is another, all files are put back.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from ledgercli.books import redaction
from ledgercli.books.activity import event_id
from ledgercli.books.archive import Commit, commits_of, former_paths
from ledgercli.books.file_changes import FileChange, write_changes
from ledgercli.books.files import books_lock, shown_path, write_atomic
from ledgercli.books.ledger_texts import ledger_texts
from ledgercli.books.personal_files import FileLine, entry_of, event_lines, letter_files
from ledgercli.books.record_editing import WAIT_SECONDS, RecordNotFoundError
from ledgercli.books.record_files import RecordPlace
from ledgercli.books.revision import prefix_in_repository
from ledgercli.books.sent_log import RECORD_KINDS, SentLog, state_folder
from ledgercli.customers.privacy import (
    personal_texts,
    redacted_event,
    redacted_record,
    with_references,
    words_of,
)
from ledgercli.desk.author import author
from ledgercli.desk.customers.personal_data import names_of, record_place
from ledgercli.desk.customers.privacy_answers import PATHS, forget_answer
from ledgercli.desk.customers.privacy_checks import needing, refuse
from ledgercli.desk.customers.privacy_errors import FiguresWouldChangeError, LedgerNeedsIdError
from ledgercli.desk.customers.record_books import NoRecordsError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer, fold
from ledgercli.model.event import Event
from ledgercli.model.record import dataclass

_PRINTED = ("to-print.pdf",)


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is asked: whom to forget, and how far.

    With ``before`` only the words of the activity log older than that day go. ``reason`` overrides
    a retention period that runs, and is recorded. ``texts`` is a file for the texts that go, in
    the form that `git filter-repo --replace-text` reads; beside it is one of the files that go.
    """

    customer: str
    write: bool = False
    write_ledger: bool = False
    reason: str = ""
    before: dt.date | None = None
    texts: Path | None = None


@dataclass(slots=True)
class Plan:
    """What forgetting comes to. ``ledger`` are changes that are written only if asked for.

    ``personal`` are texts of the record and ``words`` texts of the log that go. ``gone_paths`` are
    files that are no more, as git names them.
    ``needed`` is the number of postings that nothing but a name gives to the customer. ``left`` are
    lines and ``kept`` files or accounts that go on to tell who they were.
    """

    customer: str
    personal: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    changes: list[FileChange] = field(default_factory=list)
    ledger: list[FileChange] = field(default_factory=list)
    needed: int = 0
    left: list[FileLine] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    commits: tuple[Commit, ...] = ()
    gone_paths: tuple[str, ...] = ()
    second_records: tuple[Path, ...] = ()


def forget(books: OpenBooks, request: Request, asked: Forgetting) -> Answer:
    """Return what is personal of a customer in the books; with ``asked.write`` it is gone.

    ``books`` have their activity and orders. Raise NoRecordsError, CustomerNotFoundError,
    StillOpenError, RetentionRunningError, LedgerNeedsIdError, FiguresWouldChangeError, and the
    errors of editing and writing.
    """
    if books.location.bare or books.inferred:
        raise NoRecordsError
    if not asked.write:
        return forget_answer(_plan(books, request, asked), asked, written=False)
    with books_lock(books.root, WAIT_SECONDS):
        fresh = open_books(request, with_events=True, with_orders=True)
        plan = _plan(fresh, request, asked)
        if plan.needed and not asked.write_ledger:
            raise LedgerNeedsIdError(customer=plan.customer, count=plan.needed)
        if asked.texts is not None and (plan.personal or plan.words):
            write_atomic(asked.texts, _expressions(plan), mode=0o600)
            if plan.gone_paths:
                paths = "".join(f"literal:{path}\n" for path in plan.gone_paths)
                write_atomic(Path(f"{asked.texts}{PATHS}"), paths, mode=0o600)
        changes = [*plan.changes, *(plan.ledger if asked.write_ledger else ())]
        if changes:
            _write(fresh, request, changes)
    return forget_answer(plan, asked, written=bool(changes))


def _expressions(plan: Plan) -> str:
    """Return what `git filter-repo --replace-text` is to replace, longest first.

    A text that JSON writes with escapes stands in both forms, for the activity log.
    """
    texts = {each for text in (*plan.personal, *plan.words) for each in (text, _escaped(text))}
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return "".join(f"literal:{text}==>{plan.customer}\n" for text in ordered if "==>" not in text)


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _write(books: OpenBooks, request: Request, changes: Sequence[FileChange]) -> None:
    """Write ``changes``; put everything back where a figure of the books is another then."""
    before = figures(books)
    write_changes(books.root, changes)
    try:
        if figures(open_books(request)) != before:
            raise FiguresWouldChangeError  # noqa: TRY301 - whatever is wrong, all is put back
    except BaseException:
        write_changes(books.root, [_reversed(change) for change in reversed(changes)])
        raise


def _reversed(change: FileChange) -> FileChange:
    if change.old_path is None:
        return replace(change, before=change.after, after=change.before, pieces=())
    return FileChange(
        change.old_path,
        change.old_shown,
        change.after,
        change.before,
        old_path=change.path,
        old_shown=change.shown,
    )


def figures(books: OpenBooks) -> object:
    """Return all figures of the books that a name could move; documents by amount and days.

    A document without a number is named by its line, which may be another.
    """
    position = books.position(dt.date.max)
    items = sorted(
        (
            item.document.key,
            item.document.date,
            item.document.order[0],
            item.document.amount,
            item.open,
        )
        for item in position.items
    )
    receipts = sorted(
        (row.settlement.key, row.settlement.date, row.settlement.amount, row.unallocated)
        for row in position.receipts
    )
    return position.balances, position.deposits, items, receipts, position.tie_out


def _plan(books: OpenBooks, request: Request, asked: Forgetting) -> Plan:
    customer = books.customer_id(asked.customer)
    record = next((each for each in books.customers if each.id == customer), None)
    place = record_place(books.root, customer)
    if record is None or place is None:
        raise RecordNotFoundError(customer=customer)
    plan = Plan(customer)
    if asked.before is None:
        refuse(books, record, asked.reason)
        _plan_record(books, record, place, plan)
    redacted = _redacted_events(books, customer, asked.before)
    gone = [text for event in books.events if event.id in redacted for text in words_of(event)]
    plan.words = (*redaction.gone_texts(plan.changes), *gone)
    if plan.changes or redacted:
        details = {"text": asked.reason} if asked.reason else {}
        if asked.before:
            details["activity_before"] = asked.before.isoformat()
        marker = _marker(books, request, customer, details)
        plan.changes += redaction.activity_changes(books.root, redacted, [marker])
    if asked.before is None:
        _plan_rest(books, request, record, plan)
    if plan.changes:
        plan.commits = commits_of(books.root, _paths(books, place, plan))
    return plan


def _plan_record(books: OpenBooks, record: Customer, place: RecordPlace, plan: Plan) -> None:
    """Plan the record, the orders, what was imported, and the letters."""
    root, names = books.root, names_of(record)
    data = entry_of(place)
    plan.personal = personal_texts({**data, "id": record.id})
    kept = redacted_record(data, record.id)
    if kept != {**data, "id": record.id}:
        plan.changes.append(redaction.record_change(place, kept, record.id))
    plan.changes += redaction.order_changes(root, names, record.id)
    plan.changes += redaction.import_changes(root, names)
    plan.changes += redaction.plan_changes(root, names)
    others = [each.id for each in books.customers if each.id != record.id]
    for path in letter_files(root, names, others):
        plan.changes.append(FileChange(path, shown_path(root, path), path.read_bytes(), None))
        printed = [path.parent / name for name in _PRINTED]
        plan.kept += [shown_path(root, each) for each in printed if each.is_file()]
    plan.kept = sorted({*plan.kept})
    prefix = prefix_in_repository(root)
    plan.gone_paths = tuple(
        f"{prefix}{change.old_shown or change.shown}"
        for change in plan.changes
        if change.after is None or change.old_path
    )


def _plan_rest(books: OpenBooks, request: Request, record: Customer, plan: Plan) -> None:
    """Plan the ledger, and find what goes on to name the customer elsewhere."""
    root = books.root
    texts = ledger_texts(root, books.view.files)
    named = [*names_of(record)[1:], *([record.name] if record.name else [])]
    personal = tuple({*plan.personal, *(name for name in named if fold(name) != fold(record.id))})
    plan.needed = sum(map(len, needing(books, record, renamed=False).values()))
    postings = needing(books, record, renamed=True)
    plan.ledger = redaction.ledger_changes(root, texts, personal, record.id, postings)
    changed: dict[Path, bytes | None] = {}
    for change in plan.changes:
        changed[change.path] = change.after
        if change.old_path:
            changed[change.old_path] = None
    ledger_files = [root / shown for shown in texts]
    plan.left = list(redaction.mentions(root, [*plan.personal, *plan.words], changed, ledger_files))
    patched = {change.path: change.after for change in plan.ledger}
    plan.left += redaction.ledger_mentions(root, texts, personal, patched)
    plan.kept += sorted({*record.accounts, *_telling_accounts(books, record, personal)})
    folder = state_folder(request.environment)
    records = (SentLog(folder, root, kind).path for kind in RECORD_KINDS)
    plan.second_records = tuple(path for path in records if path is not None)


def _telling_accounts(books: OpenBooks, record: Customer, personal: Sequence[str]) -> set[str]:
    """Return the accounts of a customer's postings that have one of their names in them."""
    folded = [text.casefold() for text in personal]
    position = books.position(dt.date.max)
    accounts = {
        posting.account
        for key, postings in position.postings.items()
        if key[0] == record.id
        for posting in postings
    }
    return {each for each in accounts if any(text in each.casefold() for text in folded)}


def _redacted_events(books: OpenBooks, customer: str, before: dt.date | None) -> dict[str, Event]:
    """Return the events to write anew, by their ids until now, with those they have then."""
    own = {
        event.id
        for event in books.events
        if event.customer == customer and (before is None or event.date < before)
    }
    by_another_name = _named_otherwise(books, own, customer) if before is None else set()
    ids: dict[str, str] = {}
    found: dict[str, Event] = {}
    for event in books.events:
        new = redacted_event(event, whole=before is None) if event.id in own else event
        new = with_references(new, ids)
        if new is event and event.id not in by_another_name:
            continue
        ids[event.id] = event_id(new)
        found[event.id] = replace(new, id=ids[event.id])
    return found


def _named_otherwise(books: OpenBooks, ids: Collection[str], customer: str) -> set[str]:
    """Return those of the events ``ids`` whose line names the customer by an alias."""
    found = set()
    events = [event for event in books.events if event.id in ids]
    for event, line in zip(events, event_lines(books.root, events), strict=False):
        if json.loads(line.text).get("customer") != customer:
            found.add(event.id)
    return found


def _marker(books: OpenBooks, request: Request, customer: str, details: Mapping[str, str]) -> Event:
    """Return the event that says that words were taken away, and when."""
    event = Event(
        id="",
        at=books.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        date=books.today,
        by=author(books.root, request.environment),
        kind="redaction",
        customer=customer,
        details=details,
    )
    return replace(event, id=event_id(event))


def _paths(books: OpenBooks, place: RecordPlace, plan: Plan) -> list[str]:
    shown = [change.old_shown or change.shown for change in plan.changes]
    return sorted({*former_paths(books.root, place.file.shown), *shown})
