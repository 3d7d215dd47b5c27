"""Everything that is held on one customer, gathered for an archive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ledgercli.books.archive import Commit, archive_of, commits_of, former_paths, save_archive
from ledgercli.books.files import shown_path
from ledgercli.books.personal_files import (
    entry_of,
    event_lines,
    harmless,
    imported_lines,
    letter_files,
    readme,
)
from ledgercli.books.record_files import RecordPlace, RecordShelf
from ledgercli.books.sent_log import RECORD_KINDS, SentLog, state_folder
from ledgercli.books.yaml_text import yaml_lines
from ledgercli.desk import reports
from ledgercli.desk.activity import recording
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer, fold
from ledgercli.model.position import Allocation
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

_ALLOCATION_COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("number", N_("number"), "code"),
    Column("currency", N_("cur."), "code"),
    Column("amount", N_("amount"), "money"),
    Column("rule", N_("rule"), "code", words="rule"),
    Column("assumed", N_("assumed"), "flag"),
    Column("document_file", N_("file"), "code"),
    Column("document_line", N_("line"), "number"),
    Column("settlement_file", N_("file"), "code"),
    Column("settlement_line", N_("line"), "number"),
)
_COMMIT_COLUMNS = (
    Column("commit", N_("commit"), "code"),
    Column("date", N_("date"), "code"),
    Column("author", N_("author"), "text"),
    Column("subject", N_("subject"), flexible=True),
)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is held on a customer: ``files`` by their names in the archive, and ``answers``.

    An answer goes into the archive as JSON and as CSV under its name with these suffixes.
    """

    customer: str
    files: Mapping[str, bytes]
    answers: Mapping[str, Answer]


def personal_data(books: OpenBooks, query: Query, environment: Mapping[str, str]) -> PersonalData:
    """Return everything held on the one customer of ``query``, figures as of its day.

    ``books`` have their activity and orders. Raise CustomerNotFoundError.
    """
    customer = books.customer_id(query.customers[0])
    record = next((each for each in books.customers if each.id == customer), Customer(customer))
    names = names_of(record)
    own: dict[str, bytes] = {}
    paths: list[str] = []
    if not books.location.bare:
        root = books.root
        place = record_place(root, customer)
        if place is not None:
            own |= _record_files(place)
            paths += former_paths(root, place.file.shown)
        own |= _log_files(books, customer, names)
        orders = RecordShelf(root, "orders")
        for name in names:
            for found in orders.with_value("customer", name):
                data = entry_of(found)
                own[f"orders/{harmless(str(data.get('id') or found.file.path.stem))}.yaml"] = _yaml(
                    found
                )
                paths.append(found.file.shown)
        others = [each.id for each in books.customers if each.id != customer]
        for path in letter_files(root, names, others):
            shown = shown_path(root, path)
            own[shown] = path.read_bytes()
            paths.append(shown)
        own |= _sent(root, names, environment)
    answers = _ledger_answers(books, Query(as_of=query.as_of, customers=(customer,)))
    commits = commits_of(books.root, sorted(set(paths))) if paths else ()
    if commits:
        answers["history/commits"] = _commits_answer(commits)
    language = record.language or books.settings.language
    own["README.txt"] = _readme(books, query, record, language)
    return PersonalData(customer, own, answers)


def names_of(record: Customer) -> tuple[str, ...]:
    """Return what the log, orders and letters may call a customer: the id, then the aliases."""
    return tuple(dict.fromkeys((record.id, *record.aliases)))


def record_place(root: Path, customer: str) -> RecordPlace | None:
    """Return where a customer's record stands, None where the ledger alone tells of them."""
    return next(iter(RecordShelf(root).find(customer)), None)


def save(path: Path, files: Mapping[str, bytes]) -> int:
    """Write the archive of ``files``, all or nothing; return its size in bytes.

    Raise FileUnwritableError.
    """
    content = archive_of(files)
    save_archive(path, content)
    return len(content)


def _yaml(place: RecordPlace) -> bytes:
    """Return a record as it stands in its file; of a file with several, only this one's keys."""
    if not place.path:
        return place.file.content
    return ("\n".join(yaml_lines(entry_of(place))) + "\n").encode()


def _record_files(place: RecordPlace) -> dict[str, bytes]:
    return {
        "record/customer.yaml": _yaml(place),
        "record/customer.json": _json(entry_of(place)),
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _log_files(books: OpenBooks, customer: str, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return the lines of the log and of the import memory that are about a customer."""
    own = [event for event in books.events if event.customer == customer]
    found: dict[str, bytes] = {}
    lines = "".join(f"{line.text.rstrip()}\n" for line in event_lines(books.root, own))
    if lines:
        found["activity/activity.jsonl"] = lines.encode()
    for line in imported_lines(books.root, names):
        name = f"imports/{Path(line.file).name}"
        found[name] = found.get(name, b"") + f"{line.text.rstrip()}\n".encode()
    return found


def _sent(root: Path, names: tuple[str, ...], environment: Mapping[str, str]) -> dict[str, bytes]:
    folded = {fold(name) for name in names}
    found: dict[str, bytes] = {}
    for kind in RECORD_KINDS:
        records = SentLog(state_folder(environment), root, kind).read()
        own = [asdict(record) for record in records if fold(record.customer) in folded]
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in own)
        if lines:
            found[f"sent/{kind}.jsonl"] = lines.encode()
    return found


def _ledger_answers(books: OpenBooks, query: Query) -> dict[str, Answer]:
    answers = {
        "ledger/documents": reports.items(books, query, settled=True),
        "ledger/settlements": reports.payments(books, query, unallocated_only=False),
        "ledger/allocations": _allocations(books, query),
        "ledger/statement": reports.statement(books, query, everyone=False, start=None),
    }
    if any(event.customer in query.customers for event in books.events):
        answers["activity/activity"] = recording.list_(
            books, query, kinds=(), first=None, everything=True
        )
    return answers


def _allocations(books: OpenBooks, query: Query) -> Answer:
    position = books.selected(query)
    rows = [_allocation_row(row) for item in position.items for row in item.allocations]
    return Answer(
        "allocations/1",
        facts={"as_of": position.as_of},
        tables=(Table("rows", _ALLOCATION_COLUMNS, rows),),
    )


def _allocation_row(row: Allocation) -> dict[str, Any]:
    return {
        "date": row.date,
        "number": row.document.number,
        "currency": row.document.currency,
        "amount": Money(row.amount, row.document.currency),
        "rule": row.rule,
        "assumed": row.assumed,
        "document_file": row.document.file,
        "document_line": row.document.line,
        "settlement_file": row.posting.file,
        "settlement_line": row.posting.line,
    }


def _commits_answer(commits: tuple[Commit, ...]) -> Answer:
    rows = [asdict(commit) for commit in commits]
    return Answer("customer-history/1", tables=(Table("rows", _COMMIT_COLUMNS, rows),))


def _readme(books: OpenBooks, query: Query, record: Customer, language: str) -> bytes:
    text = readme(language)
    values = {
        "name": record.label,
        "id": record.id,
        "company": books.settings.company.name or "ledgercli",
        "date": books.as_of(query).isoformat(),
    }
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text.encode()
