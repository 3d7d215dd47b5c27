"""The customers of the books: every ``customers/*.yaml``, checked one by one and together."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath

from ledgercli.books.customer_checks import PLAIN_ID, checked_customer
from ledgercli.books.files import read_all
from ledgercli.books.pause import collection_paused
from ledgercli.books.side_by_side import MANY_BYTES, both, can_fork
from ledgercli.books.source import Path, Source
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import to_findings, validated
from ledgercli.model.catalogue import files as file_codes
from ledgercli.model.catalogue import records as codes
from ledgercli.model.customer import Customer, fold
from ledgercli.model.finding import Finding, Place

FOLDER = "customers"
_SUFFIXES = (".yaml", ".yml", ".json")


def read_customers(
    root: FilePath,
    known: Mapping[str, Sequence[Customer]] | None = None,
    seen: Callable[[str, bytes], None] = lambda _name, _content: None,
) -> tuple[tuple[Customer, ...], tuple[Finding, ...]]:
    """Return the customers of the books ``root`` in the order of their files, and all findings.

    Records that no other can be told from (bad or repeated ids) are left out; of all others what
    cannot be used is left out. ``parent`` is empty or the id of another customer. ``known`` are
    the customers of files that need not be read again, see :func:`alone`; ``seen`` is told what is
    read of each other one.
    """
    known = known or {}
    names, findings = record_names(root, FOLDER)
    customers: list[Customer] = []
    contents: dict[str, bytes] = {}
    # Where each record was read, for what is found out about it later.
    entries: dict[str, tuple[str, Path]] = {}
    with collection_paused():
        anew = [name for name in names if name not in known]
        for name, content, refused in read_all(root, FOLDER, anew):
            findings += refused
            if content is not None:
                contents[name] = content
                seen(name, content)
        files = _read_files(contents)
        for name in names:
            customers += known.get(name, ())
            read, more = files.get(name, ([], []))
            for customer, path in read:
                customers.append(customer)
                entries.setdefault(customer.id, (name, path))
            findings += more
        customers, more = _without_duplicates(customers)
        findings += more
        places = _Places(contents, entries)
        customers, more = _with_known_parents(customers, places)
        findings += more
    return tuple(customers), tuple(sorted(findings, key=lambda finding: finding.order))


def alone(customers: Iterable[Customer], findings: Iterable[Finding]) -> dict[str, list[Customer]]:
    """Return by file the customers that :func:`read_customers` makes of it whatever others say.

    ``findings`` are those that it returned with ``customers``. Files about which something was
    found are left out, and those with a parent, which is in another file.
    """
    found: dict[str, list[Customer]] = {}
    spoiled = {finding.place.file for finding in findings}
    for customer in customers:
        found.setdefault(customer.file, []).append(customer)
        if customer.parent:
            spoiled.add(customer.file)
    start = f"{FOLDER}/"
    return {file.removeprefix(start): part for file, part in found.items() if file not in spoiled}


Records = list[tuple[Customer, Path]]


def _read_files(contents: Mapping[str, bytes]) -> dict[str, tuple[Records, list[Finding]]]:
    """Return the customers of each file with their paths, and the findings about it.

    Thousands of records are read in two halves at a time, where that is possible.
    """
    if sum(map(len, contents.values())) >= MANY_BYTES and can_fork():
        return _read_in_halves(contents)
    return {name: _read_file(name, content) for name, content in contents.items()}


def _read_file(name: str, content: bytes) -> tuple[Records, list[Finding]]:
    return read_records(read_source(content, f"{FOLDER}/{name}"), name.rpartition(".")[0])


def _read_in_halves(contents: Mapping[str, bytes]) -> dict[str, tuple[Records, list[Finding]]]:
    from ledgercli.books.store.records import dump, load

    parts: list[tuple[str, bytes, int]] = []
    for name, content in contents.items():
        parts += _cut(name, content) if len(content) >= MANY_BYTES else [(name, content, 0)]
    half, first = sum(len(part[1]) for part in parts) // 2, 0
    while half > 0 and first < len(parts) - 1:
        half -= len(parts[first][1])
        first += 1
    done = both(_read_parts, parts[:first], parts[first:], dump, load)
    found: dict[str, tuple[Records, list[Finding]]] = {}
    spoiled = set()
    for name, is_whole, read, findings in (*done[0], *done[1]):
        records, told = found.setdefault(name, ([], []))
        records += read
        told += findings
        if not is_whole:
            spoiled.add(name)
    return found | {name: _read_file(name, contents[name]) for name in spoiled}


def _cut(name: str, content: bytes) -> list[tuple[str, bytes, int]]:
    """Return a file in two parts, each with how many records stand before it.

    In place of them the second part has as many empty lines, so that all lines have their numbers.
    """
    from ledgercli.books.record_files import pieces_of

    pieces = pieces_of(content)
    if len(pieces) < 3 or any(mark in content for mark in (b"\n---", b"\n...", b"\n%", b"\r")):
        return [(name, content, 0)]
    middle = len(pieces) // 2
    before = "".join(pieces[:middle])
    rest = "\n" * before.count("\n") + "".join(pieces[middle:])
    return [(name, before.encode(), 0), (name, rest.encode(), middle - 1)]


def _read_parts(
    parts: Sequence[tuple[str, bytes, int]],
) -> list[tuple[str, bool, Records, list[Finding]]]:
    """Return for each part its file, whether it is right as a part, its records and findings.

    A part with an error in its form may be half of something.
    """
    done = []
    for name, content, records in parts:
        source = read_source(content, f"{FOLDER}/{name}")
        read, findings = read_records(source, name.rpartition(".")[0])
        is_whole = not any(finding.severity == "error" for finding in source.findings)
        if records:
            read = [
                (one, (path[0] + records, *path[1:]))  # type: ignore[operator]
                for one, path in read
            ]
        done.append((name, is_whole, read, findings))
    return done


class _Places:
    """Where values of records stand, looked up in the files again: few are asked for."""

    def __init__(
        self, contents: Mapping[str, bytes], entries: Mapping[str, tuple[str, Path]]
    ) -> None:
        self._contents = contents
        self._entries = entries
        self._sources: dict[str, Source] = {}

    def of(self, customer: str, key: str) -> Place:
        """Return the place of a key of a customer's record."""
        name, path = self._entries[customer]
        if name not in self._sources:
            self._sources[name] = read_source(self._contents[name], f"{FOLDER}/{name}")
        return self._sources[name].place((*path, key))


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
        return [], [Finding(file_codes.NOT_A_FOLDER, {}, Place(folder))]
    except OSError as error:
        values = {"reason": error.strerror or str(error)}
        return [], [Finding(file_codes.FILE_UNREADABLE, values, Place(folder))]
    return names, []


def read_records(source: Source, stem: str) -> tuple[list[tuple[Customer, Path]], list[Finding]]:
    """Return the customers of one file, each with its path there, and the findings about it.

    ``stem`` is the file's name without suffix, the id of a single record without one.
    """
    findings = list(source.findings)
    read: list[tuple[Customer, Path]] = []
    if not findings and not source.text.strip():
        findings.append(Finding(file_codes.EMPTY_FILE, {}, Place(source.shown)))
    for path, line, entry in source.records():
        customer, more = _read_customer(entry, path, line, source, "" if path else stem)
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
    entry: object, path: Path, line: int, source: Source, stem: str
) -> tuple[Customer | None, list[Finding]]:
    """Return one customer, or None if it has no usable id, and the findings about it."""
    if isinstance(entry, dict) and stem and entry.get("id") is None:
        entry = {**entry, "id": stem}
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
    customers: list[Customer], places: _Places
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
        place = places.of(customer.id, "parent")
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
