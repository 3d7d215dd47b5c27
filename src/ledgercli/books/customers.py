"""The customers of the books: every ``customers/*.yaml``, checked one by one and together."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customer_checks import PLAIN_ID, checked_customer
from ledgercli.books.files import read_all
from ledgercli.books.pause import collection_paused
from ledgercli.books.source import Path, Source, read_source
from ledgercli.books.validation import to_findings, validated
from ledgercli.model.catalogue import records as codes
from ledgercli.model.customer import Customer, fold
from ledgercli.model.finding import Finding, Place

FOLDER = "customers"
_SUFFIXES = (".yaml", ".yml", ".json")


def read_customers(root: FilePath) -> tuple[tuple[Customer, ...], tuple[Finding, ...]]:
    """Return the customers of the books ``root`` in the order of their files, and all findings.

    Records that no other can be told from (bad or repeated ids) are left out; of all others what
    cannot be used is left out. ``parent`` is empty or the id of another customer.
    """
    names, findings = record_names(root, FOLDER)
    customers: list[Customer] = []
    # Where each record was read, for what is found out about it later.
    entries: dict[str, tuple[Source, Path]] = {}
    with collection_paused():
        for name, content, refused in read_all(root, FOLDER, names):
            findings += refused
            if content is None:
                continue
            source = read_source(content, f"{FOLDER}/{name}")
            read, more = read_records(source, name.rpartition(".")[0])
            for customer, path in read:
                customers.append(customer)
                entries.setdefault(customer.id, (source, path))
            findings += more
        customers, more = _without_duplicates(customers)
        findings += more
        customers, more = _with_known_parents(customers, entries)
        findings += more
    return tuple(customers), tuple(sorted(findings, key=lambda finding: finding.order))


def record_files(root: FilePath, folder: str) -> tuple[list[FilePath], list[Finding]]:
    """Return the record files in a folder of the books, sorted by name, and what hinders it.

    A folder that does not exist holds no files. Hidden files are passed over.
    """
    names, findings = record_names(root, folder)
    return [root / folder / name for name in names], findings


def record_names(root: FilePath, folder: str) -> tuple[list[str], list[Finding]]:
    """Return what :func:`record_files` returns as names alone: paths of thousands take time."""
    try:
        with os.scandir(root / folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.name.endswith(_SUFFIXES) and not entry.name.startswith(".")
            )
    except FileNotFoundError:
        return [], []
    except NotADirectoryError:
        return [], [Finding(codes.NOT_A_FOLDER, {}, Place(folder))]
    except OSError as error:
        values = {"reason": error.strerror or str(error)}
        return [], [Finding(codes.FILE_UNREADABLE, values, Place(folder))]
    return names, []


def read_records(source: Source, stem: str) -> tuple[list[tuple[Customer, Path]], list[Finding]]:
    """Return the customers of one file, each with its path there, and the findings about it.

    ``stem`` is the file's name without suffix, the id of a single record without one.
    """
    findings = list(source.findings)
    read: list[tuple[Customer, Path]] = []
    several = isinstance(source.data, list)
    entries: list[Any] = source.data if isinstance(source.data, list) else [source.data]
    for index, entry in enumerate(entries):
        if entry is None:
            continue
        path: Path = (index,) if several else ()
        customer, more = _read_customer(entry, path, source, "" if several else stem)
        findings += more
        if customer is not None:
            read.append((customer, path))
    about_form = [finding for finding in source.findings if finding.severity == "error"]
    if about_form and read:
        # What is wrong with the form of a file is wrong with the record it stands in.
        customers = [customer for customer, _ in read]
        findings = [_of_customer(finding, customers, about_form) for finding in findings]
    return read, findings


def _of_customer(
    finding: Finding, customers: Sequence[Customer], about_form: Sequence[Finding]
) -> Finding:
    """Return a finding about the form of a file with the customer in whose lines it falls."""
    if finding.customer or finding not in about_form:
        return finding
    owners = [customer.id for customer in customers if customer.line <= finding.place.line]
    return replace(finding, customer=owners[-1] if owners else customers[0].id)


def _read_customer(
    entry: object, path: Path, source: Source, stem: str
) -> tuple[Customer | None, list[Finding]]:
    """Return one customer, or None if it has no usable id, and the findings about it."""
    if isinstance(entry, dict) and stem and entry.get("id") is None:
        entry = {**entry, "id": stem}
    line = source.lines[path[0] if path else 0]  # type: ignore[index]
    filled = {"file": source.shown, "line": line}
    read, problems = validated(Customer, entry, path, filled)
    if read is None:
        return None, to_findings(problems, source)
    identity = unicodedata.normalize("NFC", read.id)
    if not PLAIN_ID.fullmatch(identity) or ".." in identity:
        invalid = Finding(codes.INVALID_ID, {"id": read.id[:80]}, source.place((*path, "id")))
        return None, [invalid, *to_findings(problems, source)]
    customer = read if read.id == identity else replace(read, id=identity)
    customer, more = checked_customer(customer, path)
    return customer, to_findings(problems + more, source, identity)


def _without_duplicates(customers: list[Customer]) -> tuple[list[Customer], list[Finding]]:
    """Return the customers whose id no earlier one has, ignoring case."""
    taken: dict[str, Customer] = {}
    findings: list[Finding] = []
    for customer in customers:
        other = taken.setdefault(fold(customer.id), customer)
        if other is not customer:
            values = {"id": customer.id, "other": f"{other.file}:{other.line}"}
            place = Place(customer.file, customer.line, 1)
            findings.append(Finding(codes.DUPLICATE_ID, values, place, other.id))
    return list(taken.values()), findings


def _with_known_parents(
    customers: list[Customer], entries: dict[str, tuple[Source, Path]]
) -> tuple[list[Customer], list[Finding]]:
    """Return the customers with parents that exist and lead to an end."""
    ids = {fold(customer.id): customer.id for customer in customers}
    parents: dict[str, str] = {}
    findings: list[Finding] = []
    for customer in customers:
        if not customer.parent:
            continue
        known = ids.get(fold(customer.parent), "")
        chain = _chain(known, parents)
        if known and customer.id not in chain:
            parents[customer.id] = known
            continue
        source, path = entries[customer.id]
        place = source.place((*path, "parent"))
        if known:
            values = {"chain": " → ".join([customer.id, *chain])}
            findings.append(Finding(codes.PARENT_CYCLE, values, place, customer.id))
        else:
            values = {"parent": customer.parent[:80]}
            findings.append(Finding(codes.UNKNOWN_PARENT, values, place, customer.id))
    checked = [
        replace(customer, parent=parents.get(customer.id, "")) if customer.parent else customer
        for customer in customers
    ]
    return checked, findings


def _chain(first: str, parents: dict[str, str]) -> list[str]:
    """Return ``first`` and its parents up to the last; so far they lead to an end."""
    chain = [first]
    while parent := parents.get(chain[-1]):
        chain.append(parent)
    return chain
