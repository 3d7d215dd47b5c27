"""The position: who owes what since when, as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import CONTEXT, half_unit, plain
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerPosting, LedgerView
from ledgercli.model.position import Allocation, CreditUse, Document, Settlement
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.model.terms import EVENT_KEYS, EVENT_NAMES
from ledgercli.receivables.allocation import OpenDocument, OpenSettlement
from ledgercli.receivables.documents import DocumentMaker
from ledgercli.receivables.entries import Entries, read_transaction
from ledgercli.receivables.identity import Directory, Match
from ledgercli.receivables.subledger import Subledger
from ledgercli.receivables.summary import UNKNOWN_DUE, Key, OpenLine, RecordsById, records_by_id

if TYPE_CHECKING:
    from ledgercli.receivables.occurrences import Recorded

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A document with what has been allocated to it.

    ``allocated`` is the sum of ``allocations``. ``open`` is what is left to pay, zero where the
    rest is below half the currency's smallest unit; that rest is ``rounding``.
    """

    document: Document
    allocations: tuple[Allocation, ...]
    allocated: Decimal
    open: Decimal
    rounding: Decimal

    def days_overdue(self, as_of: date) -> int | None:
        """Return ``as_of`` − due in calendar days, negative before it; None where it is unknown."""
        return (as_of - self.document.due).days if self.document.due else None

    def is_overdue(self, as_of: date) -> bool:
        """Return whether it was due before ``as_of``."""
        return self.document.due is not None and self.document.due < as_of


@dataclass(frozen=True, slots=True, eq=False)
class Receipt:
    """A settlement with where it went: ``amount = allocated + used + unallocated``.

    ``allocated`` is what documents took (``allocations``), ``used`` what refunds, re-allocations
    and re-openings took of the rest (``uses``). ``unallocated`` is never negative.
    """

    settlement: Settlement
    allocations: tuple[Allocation, ...]
    uses: tuple[CreditUse, ...]
    allocated: Decimal
    used: Decimal
    unallocated: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Everything about receivables at the end of ``as_of``.

    ``items`` are all documents booked by then, settled ones too, in the order everywhere (customer,
    currency, then due, date, number); ``receipts`` all settlements; ``postings`` what they come
    from, in the ledger's order. ``balances`` are the ledger's sums on receivable accounts,
    ``deposits`` what customers have paid in advance (positive), ``rounding`` the rests that count
    as settled, each by customer and currency.
    ``customers`` are the records by id, ``?`` for the unknown one included.
    ``tie_out`` says that open less unallocated plus rounding is the balance, for every key.
    ``view``, ``settings`` and ``recorded`` are what it was computed from.
    """

    as_of: date
    items: tuple[Item, ...]
    receipts: tuple[Receipt, ...]
    postings: Mapping[Key, tuple[LedgerPosting, ...]]
    balances: Mapping[Key, Decimal]
    deposits: Mapping[Key, Decimal]
    unallocated: Mapping[Key, Decimal]
    rounding: Mapping[Key, Decimal]
    customers: Mapping[str, Customer]
    findings: tuple[Finding, ...]
    tie_out: bool
    view: LedgerView = field(default_factory=LedgerView)
    settings: ReceivablesSettings = field(default_factory=ReceivablesSettings)
    recorded: Recorded | None = None

    def only(self, customers: frozenset[str] | None, currencies: frozenset[str] | None) -> Position:
        """Return the part of some customers and currencies; None leaves all of them."""

        def wanted(key: Key) -> bool:
            return (customers is None or key[0] in customers) and (
                currencies is None or key[1] in currencies
            )

        def part(mapping: Mapping[Key, Any]) -> dict[Key, Any]:
            return {key: value for key, value in mapping.items() if wanted(key)}

        if customers is None and currencies is None:
            return self
        return replace(
            self,
            items=tuple(row for row in self.items if wanted(row.document.key)),
            receipts=tuple(row for row in self.receipts if wanted(row.settlement.key)),
            postings=part(self.postings),
            balances=part(self.balances),
            deposits=part(self.deposits),
            unallocated=part(self.unallocated),
            rounding=part(self.rounding),
        )

    @property
    def open_lines(self) -> dict[Key, list[OpenLine]]:
        """Return the lines of the open items."""
        lines: dict[Key, list[OpenLine]] = {}
        for item in self.items:
            if item.open:
                document = item.document
                due = document.due.toordinal() if document.due else UNKNOWN_DUE
                retained = bool(document.retention)
                line = (due, document.date.toordinal(), item.open, retained)
                lines.setdefault(document.key, []).append(line)
        return lines

    @property
    def open_items(self) -> tuple[Item, ...]:
        """Return the items with something left to pay."""
        return tuple(item for item in self.items if item.open)


def position(
    view: LedgerView,
    customers: Iterable[Customer] | RecordsById,
    settings: ReceivablesSettings,
    as_of: date,
    recorded: Recorded | None = None,
    directory: Directory | None = None,
) -> Position:
    """Return the position at the end of ``as_of``; nothing dated later is looked at.

    Of ``customers`` by their ids only those are opened that documents are of, if there is a
    ``directory``.
    ``recorded`` tells of deliveries and the like that documents are due from and the ledger does
    not tell; it is asked about nothing else. ``directory`` is that of ``customers``, if it is there
    already.
    ``findings`` are those of the join and the rules, in no order; they speak of what is known at
    ``as_of``, so that the check of all files asks for the last day there is.
    """
    records = customers if isinstance(customers, RecordsById) else records_by_id(customers)
    if directory is None:
        known = (record for record in records.values() if record.id != UNKNOWN)
        directory = Directory(known, view.opens)
    with localcontext(CONTEXT):
        maker = DocumentMaker(records, settings, as_of, recorded)
        found = _compute(view, records, directory, settings, maker, as_of)
        return replace(found, recorded=recorded) if recorded else found


def _compute(
    view: LedgerView,
    records: Mapping[str, Customer],
    directory: Directory,
    settings: ReceivablesSettings,
    maker: DocumentMaker,
    as_of: date,
) -> Position:
    findings: list[Finding] = []
    entries: dict[Key, Entries] = defaultdict(Entries)
    owned_by: dict[Key, list[LedgerPosting]] = defaultdict(list)
    known = (posting for posting in view.receivables if posting.transaction.date <= as_of)
    for _, postings in groupby(known, key=lambda posting: id(posting.transaction)):
        owned = []
        for posting in postings:
            match = directory.match(posting)
            if match.unresolved or match.evidence in {"none", "payee"}:
                findings.extend(_identity_findings(posting, match))
            owned.append((match.customer, posting))
            owned_by[match.customer, posting.currency].append(posting)
        findings.extend(read_transaction(owned, settings, entries))
    items: list[Item] = []
    receipts: list[Receipt] = []
    for key in sorted(entries):
        account = Subledger(key, entries[key], settings, maker)
        account.run()
        ordered = sorted(account.documents, key=lambda row: row.document.order)
        items.extend(_item(row) for row in ordered)
        receipts.extend(_receipt(row) for row in account.settlements)
        findings.extend(account.findings)
    findings.extend(maker.findings)
    findings.extend(_not_known_to_be_due(items))
    return _tied(
        Position(
            as_of=as_of,
            items=tuple(items),
            receipts=tuple(receipts),
            postings={key: tuple(rows) for key, rows in owned_by.items()},
            balances={
                key: sum((row.amount for row in rows), Decimal(0)) for key, rows in owned_by.items()
            },
            deposits=_deposits(view, directory, as_of),
            unallocated=_sums((row.settlement, row.unallocated) for row in receipts),
            rounding=_sums((item.document, item.rounding) for item in items),
            customers=records,
            findings=tuple(findings),
            tie_out=True,
            view=view,
            settings=settings,
        )
    )


def _not_known_to_be_due(items: Iterable[Item]) -> Iterator[Finding]:
    """Yield the open documents whose due date counts from an event that is not recorded."""
    for item in items:
        document = item.document
        if item.open and document.due is None and document.event:
            values = {"number": document.number, "event": Sentence(EVENT_NAMES[document.event])}
            values |= {"key": EVENT_KEYS[document.event], "base": document.base}
            values["word"] = document.event
            place = Place(document.file, document.line)
            yield Finding(codes.DUE_UNKNOWN, values, place, document.customer)


def _item(row: OpenDocument) -> Item:
    document = row.document
    allocated = document.amount - row.open
    tiny = abs(row.open) < half_unit(document.currency)
    return Item(
        document=document,
        allocations=tuple(row.allocations),
        allocated=allocated,
        open=_ZERO if tiny else row.open,
        rounding=row.open if tiny else _ZERO,
    )


def _receipt(row: OpenSettlement) -> Receipt:
    settlement = row.settlement
    used = sum((use.amount for use in row.uses), _ZERO)
    return Receipt(
        settlement=settlement,
        allocations=tuple(row.allocations),
        uses=tuple(row.uses),
        allocated=settlement.amount - row.left - used,
        used=used,
        unallocated=row.left,
    )


def _sums(rows: Iterable[tuple[Document | Settlement, Decimal]]) -> dict[Key, Decimal]:
    """Return the sums by customer and currency, without those that are zero."""
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for record, amount in rows:
        if amount:
            sums[record.key] += amount
    return {key: total for key, total in sums.items() if total}


def _deposits(view: LedgerView, directory: Directory, as_of: date) -> dict[Key, Decimal]:
    """Return what customers have paid in advance: the credit balance of their deposit accounts."""
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for posting in view.deposits:
        if posting.transaction.date <= as_of:
            sums[directory.match(posting).customer, posting.currency] -= posting.amount
    return {key: total for key, total in sums.items() if total}


def _identity_findings(posting: LedgerPosting, match: Match) -> list[Finding]:
    place = Place(posting.file, posting.line)
    payee = posting.transaction.payee
    if match.evidence == "none":
        named = match.unresolved[0] if match.unresolved else payee
        values = {"account": posting.account, "named": named or "—"}
        return [Finding(codes.UNKNOWN_CUSTOMER, values, place)]
    found = [
        Finding(
            codes.UNKNOWN_CUSTOMER_NAMED,
            {"named": name, "customer": match.customer},
            place,
            match.customer,
        )
        for name in match.unresolved
    ]
    if match.assumed:
        values = {"customer": match.customer, "payee": payee}
        found.append(Finding(codes.CUSTOMER_ASSUMED, values, place, match.customer))
    return found


def _tied(result: Position) -> Position:
    """Return ``result`` with the tie-out computed: open − unallocated + rounding = balance."""
    open_sums = _sums((item.document, item.open) for item in result.items)
    broken = []
    for key in {*result.balances, *open_sums, *result.unallocated}:
        zero = Decimal(0)
        computed = (
            open_sums.get(key, zero)
            - result.unallocated.get(key, zero)
            + result.rounding.get(key, zero)
        )
        balance = result.balances.get(key, zero)
        if computed != balance:
            values = {
                "computed": f"{plain(computed, key[1])} {key[1]}",
                "balance": f"{plain(balance, key[1])} {key[1]}",
            }
            broken.append(Finding(codes.TIE_OUT_FAILED, values, Place(), key[0]))
    if not broken:
        return result
    return replace(result, findings=(*result.findings, *broken), tie_out=False)
