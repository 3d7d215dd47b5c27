"""Settings and customers of the books, as they were read or kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ledgercli.books.discovery import Location
from ledgercli.books.files import shown_path
from ledgercli.books.store.inputs import FileState, read_state
from ledgercli.books.store.records import dump
from ledgercli.books.store.records import load as load_records
from ledgercli.desk.kept_customers import KeptCustomers, parts_of
from ledgercli.desk.request import Request
from ledgercli.model.aging_settings import Brief
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass

if TYPE_CHECKING:
    from ledgercli.model.receivables_settings import ReceivablesSettings
    from ledgercli.model.settings import Settings


#: Customers as they are kept, their names by id, findings in bytes, and by path the SHA-256 and the
#: states of files.
ReadAhead = tuple[tuple[bytes, ...], dict[str, str], bytes, dict[str, bytes], dict[str, FileState]]
#: Records of so many bytes take longer to read than it takes to begin another process.
_AHEAD_BYTES = 50_000
#: Of so many files the size is looked at; others are taken to be as large.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Records:
    """Settings and customers as they were read; ``settings_file`` is how that file is shown.

    ``settings_source`` gives all settings, ``brief`` what of them everything asks for, and
    ``receivables_source`` those that documents are told by; likewise
    ``customers_source`` and ``names``, which are by id. ``customer_source`` gives one record by
    its id without the others, None where all are open. ``digests`` are the SHA-256 of what was
    read of record files, by path, ``states`` those of files that were looked at afterwards.
    ``parts`` are the customers in bytes where they were handed over so.
    """

    settings_source: Callable[[], Settings]
    receivables_source: Callable[[], ReceivablesSettings]
    brief: Brief
    settings_file: str
    customers_source: Callable[[], tuple[Customer, ...]]
    names: Mapping[str, str]
    findings: tuple[Finding, ...]
    inferred: bool
    customer_source: Callable[[str], Customer | None] | None = None
    digests: Mapping[str, bytes] = field(default_factory=dict)
    states: Mapping[str, FileState] = field(default_factory=dict)
    parts: tuple[bytes, ...] | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings."""
        return self.settings_source()

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Return the customers."""
        return self.customers_source()

    def with_customers(self, customers: tuple[Customer, ...]) -> Records:
        """Return the same with other customers."""
        names = _names(customers)
        return replace(
            self,
            customers_source=lambda: customers,
            names=names,
            customer_source=None,
            parts=None,
        )

    def kept(self) -> tuple[Any, ...]:
        """Return what is kept; settings and customers in bytes, to be opened when needed."""
        told_by = dump(self.settings.receivables)
        parts = parts_of(self.customers) if self.parts is None else self.parts
        unopened = dump(self.settings), told_by, parts
        return (
            unopened,
            _checksum(*unopened),
            self.brief,
            self.settings_file,
            self.names,
            self.findings,
            self.inferred,
        )

    @classmethod
    def of(cls, kept: tuple[Any, ...]) -> Records:
        """Return the records of what was kept; raise ValueError where it is damaged."""
        (settings, receivables, customers), checksum, brief, settings_file, *rest = kept
        if _checksum(settings, receivables, customers) != checksum:
            raise ValueError(settings_file)
        names, findings, inferred = rest
        records = KeptCustomers(customers, names)
        return cls(
            cache(lambda: load_records(settings)),
            cache(lambda: load_records(receivables)),
            brief,
            settings_file,
            records.all,
            names,
            findings,
            inferred,
            records.one,
        )


def _checksum(settings: bytes, receivables: bytes, customers: Iterable[bytes]) -> int:
    found = crc32(receivables, crc32(settings))
    for part in customers:
        found = crc32(part, found)
    return found


def _names(customers: Iterable[Customer]) -> dict[str, str]:
    """Return the names by id, of two with one id that of the first."""
    names = {UNKNOWN: UNKNOWN}
    for customer in customers:
        names.setdefault(customer.id, customer.label)
    return names


def settings_findings(location: Location) -> tuple[Finding, ...]:
    """Return what is wrong with the settings of the books, read for this alone."""
    from ledgercli.books.settings import read_settings

    file = location.settings_file
    return read_settings(file, shown_path(location.root, file) if file else "")[1]


def read_book_records(request: Request, location: Location, root: Path) -> Records:
    """Return settings and customers of the books that lie in ``root``."""
    return begin_book_records(request, location, root)[1]()


def begin_book_records(
    request: Request,
    location: Location,
    root: Path,
    ahead: Callable[[], ReadAhead | None] = lambda: None,
) -> tuple[Settings, Callable[[], Records]]:
    """Return the settings of the books that lie in ``root``, and what reads the customers, once.

    ``ahead`` gives what :func:`read_ahead` returned to another process, None where it did not.
    """
    from ledgercli.books.settings import read_settings

    settings_file = location.settings_file
    if settings_file and root != location.root:
        settings_file = root / settings_file.relative_to(location.root)
        settings_file = settings_file if settings_file.exists() else None
    shown = shown_path(root, settings_file) if settings_file else ""
    settings, findings = read_settings(settings_file, shown)
    if request.receivable:
        receivables = replace(settings.receivables, accounts=request.receivable)
        settings = replace(settings, receivables=receivables)

    @cache
    def whole() -> Records:
        if told := ahead():
            return handed_over(*told)
        customers: tuple[Customer, ...] = ()
        customer_findings: tuple[Finding, ...] = ()
        digests: dict[str, bytes] = {}
        if not location.bare:
            from ledgercli.books.customers import read_customers

            customers, customer_findings = read_customers(root, seen=_noting(root, digests))
        return Records(
            lambda: settings,
            lambda: settings.receivables,
            Brief(settings.language, settings.timezone, settings.aging),
            shown,
            lambda: customers,
            _names(customers),
            (*findings, *customer_findings),
            # Records that could not be read must not turn everybody into somebody else.
            inferred=not customers and not customer_findings,
            digests=digests,
        )

    def handed_over(
        parts: tuple[bytes, ...],
        names: dict[str, str],
        findings_read: bytes,
        digests: dict[str, bytes],
        states: dict[str, FileState],
    ) -> Records:
        customer_findings = load_records(findings_read)
        return Records(
            lambda: settings,
            lambda: settings.receivables,
            Brief(settings.language, settings.timezone, settings.aging),
            shown,
            KeptCustomers(parts, names).all,
            names,
            (*findings, *customer_findings),
            inferred=not parts and not customer_findings,
            digests=digests,
            states=states,
            parts=parts,
        )

    return settings, whole


def read_ahead(root: Path, began: int) -> tuple[ReadAhead, tuple[Customer, ...]]:
    """Return what is read of customers with the states of their files since ``began``, and them."""
    from ledgercli.books.customers import read_customers

    digests: dict[str, bytes] = {}
    customers, findings = read_customers(root, seen=_noting(root, digests))
    states = {
        path: state
        for path, digest in digests.items()
        if (state := read_state(path, began, digest)) is not None
    }
    return (parts_of(customers), _names(customers), dump(findings), digests, states), customers


def is_worth_reading_ahead(folder: Path) -> bool:
    """Return whether the files in ``folder`` take one process long to read, and are not for two."""
    from ledgercli.books.side_by_side import MANY_BYTES

    size = count = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for count, entry in enumerate(entries, 1):
            # To look at thousands takes longer than what it decides can save.
            if count <= _LOOKED_AT:
                size += entry.stat().st_size
    return _AHEAD_BYTES <= size * count // max(1, min(count, _LOOKED_AT)) < MANY_BYTES


def _noting(root: Path, digests: dict[str, bytes]) -> Callable[[str, bytes], None]:
    """Return what notes the digests of files of customers."""
    from ledgercli.books.customers import FOLDER

    folder = f"{root / FOLDER}{os.sep}"

    def note(name: str, content: bytes) -> None:
        digests[folder + name] = sha256(content).digest()

    return note


def with_changed_customers(before: Records, root: Path, unchanged: Container[str]) -> Records:
    """Return the records with customers read again, but for those of files in ``unchanged``."""
    from ledgercli.books.customers import FOLDER, alone, read_customers

    folder = f"{root / FOLDER}{os.sep}"
    known = {
        name: part
        for name, part in alone(before.customers, before.findings).items()
        if folder + name in unchanged
    }
    digests: dict[str, bytes] = {}
    customers, findings = read_customers(root, known, _noting(root, digests))
    others = [row for row in before.findings if row.place.file.partition("/")[0] != FOLDER]
    return replace(
        before.with_customers(customers),
        findings=(*others, *findings),
        digests=digests,
        inferred=not customers and not findings,
    )
