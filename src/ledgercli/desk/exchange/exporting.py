"""Gives customer records to other systems: by a profile, or what has changed since a revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledgercli.books.foreign.countries import country_names
from ledgercli.books.foreign.decoding import writable
from ledgercli.books.foreign.errors import WrongSubjectError
from ledgercli.books.foreign.json_lines import json_lines
from ledgercli.books.foreign.profiles import profile_names, read_profile
from ledgercli.books.foreign.records import record_data
from ledgercli.books.foreign.registry import kind_of, write_foreign
from ledgercli.books.revision import books_at
from ledgercli.books.scaffold import customer_yaml
from ledgercli.books.source_reading import read_source
from ledgercli.customers.exchange.paths import flattened, record_of
from ledgercli.customers.exchange.writing import more_columns, row_cells
from ledgercli.desk.exchange.exchange_answers import about_profile
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.output_file import write_output
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import FileKind, Profile
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass

SCHEMA = "ledgercli/customer-record/1"
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """A file for another system, and what people should know about it.

    ``count`` is the number of records in it, those that are gone included.
    """

    content: bytes
    kind: FileKind
    count: int
    warnings: tuple[Text, ...]
    findings: tuple[Finding, ...]


def export_customers(
    books: OpenBooks,
    query: Query,
    *,
    profile: str,
    path: Path | None,
    changed_since: str | None = None,
) -> Export:
    """Return the customers that ``query`` leaves, as a file by ``profile``.

    The suffix of ``path`` may choose CSV or XLSX. With ``changed_since`` only those whose record
    differs from that git revision; those that are gone are lines ``"deleted": true`` in JSON Lines,
    elsewhere a warning tells of them; what a record has lost is ``null`` there. Raise
    ProfileNotFoundError, WrongSubjectError, the errors of ``books/revision.py`` and
    CustomerNotFoundError.
    """
    chosen, findings = read_profile(None if books.location.bare else books.root, profile)
    if chosen.subject != "customers":
        raise WrongSubjectError(name=profile, wanted="customers")
    records = _records(books)
    gone: tuple[str, ...] = ()
    if changed_since is not None:
        with books_at(books.root, changed_since) as earlier:
            before = record_data(earlier)
        gone = tuple(identifier for identifier in before if identifier not in records)
        records = {
            name: _with_what_went(before.get(name, {}), data)
            for name, data in records.items()
            if before.get(name) != data
        }
    wanted = books.chosen(query)
    if wanted is not None:
        records = {name: data for name, data in records.items() if name in wanted}
        gone = ()
    kind = kind_of(chosen, path)
    ordered = [records[identifier] for identifier in sorted(records)]
    warnings = list(about_profile(chosen))
    if kind == "jsonl":
        content = json_lines([*map(_line, ordered), *map(_tombstone, sorted(gone))]).encode()
    else:
        if chosen.paths:
            more = more_columns(ordered, chosen)
            chosen = replace(chosen, columns={**chosen.columns, **more})
        rows = _rows(ordered, chosen)
        if kind in {"csv", "iif"} and not _fits(rows, chosen):
            words = N_("`{encoding}` lacks characters of these records: written in UTF-8")
            warnings.append(Text(words, {"encoding": chosen.encoding}))
            chosen = replace(chosen, encoding="utf-8-sig")
        content = write_foreign(rows, chosen, kind)
        warnings += _about_gone(gone)
    return Export(content, kind, len(ordered) + len(gone), tuple(warnings), findings)


def save(export: Export, path: Path) -> None:
    """Write the file of an export, all or nothing; raise as ``write_output`` does."""
    write_output(path, export.content)


def profiles(books: OpenBooks | None) -> Answer:
    """Return all profiles with what they are for; those of ``books`` before packaged ones."""
    root = None if books is None or books.location.bare else books.root
    columns = (
        Column("profile", N_("profile"), "code"),
        Column("subject", N_("for"), "code", words="exchange-subject"),
        Column("format", N_("format"), "code"),
        Column("verified", N_("verified"), "flag"),
        Column("title", N_("title"), flexible=True),
        Column("file", N_("file"), "code", optional=1, sparse=True),
        Column("source", N_("source"), shown=False),
        Column("columns", N_("columns"), "strings", shown=False),
    )
    rows = []
    findings: list[Finding] = []
    for name, file in profile_names(root).items():
        profile, more = read_profile(root, name)
        findings += more
        rows.append(
            {
                "profile": name,
                "subject": profile.subject,
                "format": profile.format,
                "verified": profile.verified,
                "title": profile.title,
                "file": file or None,
                "source": profile.source or None,
                "columns": list(profile.columns),
            }
        )
    notes = (
        N_(
            "Verified: the columns were compared with the vendor's documentation; the others are"
            " unverified."
        ),
        N_("Your own profiles are YAML files in the books' `profiles/`."),
    )
    table = Table("rows", columns, rows)
    return Answer("customer-profiles/1", tables=(table,), notes=notes, findings=tuple(findings))


def _records(books: OpenBooks) -> dict[str, dict[str, Any]]:
    """Return the records as typed, or those inferred from a ledger alone."""
    if not books.inferred and books.known_at is None:
        return record_data(books.root)
    records = {}
    for customer in books.customers:
        data = read_source(customer_yaml(customer).encode(), customer.file).data
        records[customer.id] = data if isinstance(data, dict) else {}
    return records


def _rows(records: Sequence[Record], profile: Profile) -> list[dict[str, str]]:
    named = profile.countries == "name"
    named = named and any(field.name.endswith(".country") for field in profile.columns.values())
    countries = country_names() if named else {}
    return [row_cells(record, profile, countries) for record in records]


def _fits(rows: Sequence[Mapping[str, str]], profile: Profile) -> bool:
    cells = (cell for row in rows for cell in row.values())
    return writable([*profile.columns, *cells], profile.encoding)


def _line(record: Record) -> dict[str, Any]:
    return {"schema": SCHEMA, **record}


def _with_what_went(before: Record, now: Record) -> dict[str, Any]:
    """Return a record with nothing, outright, where there was something before."""
    values = flattened(now)
    gone = {path: None for path in flattened(before) if path not in values}
    return {"id": now["id"], **record_of({**values, **gone})} if gone else dict(now)


def _tombstone(identifier: str) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": identifier, "deleted": True}


def _about_gone(gone: Sequence[str]) -> list[Text]:
    if not gone:
        return []
    words = N_("gone since then, which this kind of file cannot say: {customers}")
    return [Text(words, {"customers": list(gone)})]
