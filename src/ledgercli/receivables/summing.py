"""The summary of a position from rows, without making a record of every document.

Most accounts are plain: each transaction is one document or one settlement, numbers come once, due
dates are single. What is open of them is found by the same rules (``allocation``) over figures
alone, at a fifth of the cost. All other accounts are computed as positions are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal, localcontext
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from ledgercli.model.currency import CONTEXT, half_unit
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import PostingRow, TransactionRow, with_rows
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.terms import Terms
from ledgercli.model.values import parse_date
from ledgercli.receivables.allocation import How, allocate_unnamed
from ledgercli.receivables.documents import ASSUMED_TERMS
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.numbers import OWN_LINKS, document_links
from ledgercli.receivables.open_columns import (
    OpenColumns,
    UnitLine,
    UnitLines,
    in_units,
    unit_lines,
)
from ledgercli.receivables.position import position
from ledgercli.receivables.row_owners import RowOwners
from ledgercli.receivables.summary import Key, RecordsById, Summary, records_by_id

if TYPE_CHECKING:
    from ledgercli.receivables.occurrences import Recorded

#: Metadata that makes a document more than its date and due date.
_NOT_PLAIN = frozenset(["terms", "invoice-date", "retention"])


#: A document of a plain account: due date, date, amount, decimals, and number ("" for none).
#: Amounts are whole numbers of units of the last decimal that they were written with.
PlainDocument = tuple[int, int, int, int, str]
#: A settlement of a plain account: date, amount paid, decimals, and the number that it names or "".
PlainSettlement = tuple[int, int, int, str]
_ZERO = Decimal(0)


class _Document:
    """A document as figures: what the rules of allocation ask of it, and nothing else."""

    __slots__ = ("_half", "amount", "date", "decimals", "due", "number", "open")

    def __init__(self, document: PlainDocument, amount: int, left: int, half: int) -> None:
        self.due, self.date, _, self.decimals, self.number = document
        self.amount = amount
        self.open = left
        self._half = half

    @property
    def kind(self) -> str:
        """Return what is claimed beside the principal: "interest", "fee", else nothing."""
        if self.number[:4] == "INT-":
            return "interest"
        return "fee" if self.number[:4] == "FEE-" else ""

    @property
    def order(self) -> tuple[object, ...]:
        """Return what documents are paid in the order of."""
        return (self.due, self.date, self.number, -self.amount)

    @property
    def document(self) -> _Document:
        """Return what stands for the record of the document."""
        return self

    @property
    def is_open(self) -> bool:
        """Return whether more is open than a rounding difference."""
        return self.open >= self._half


class _Settlement:
    """A settlement that names nothing, as figures."""

    __slots__ = ("left", "order")

    def __init__(self, day: int, amount: int) -> None:
        self.left = amount
        # What settlements pay in the order of: their days, the larger ones first.
        self.order = (day, -amount)

    def pay(self, target: _Document, amount: int, _how: How, _since: dt.date) -> None:
        """Allocate ``amount`` to ``target``."""
        self.left -= amount
        target.open -= amount


class _Days(dict[str, int]):
    """Days as ordinals by their text."""

    def __missing__(self, text: str) -> int:
        day = self[text] = parse_date(text).toordinal()
        return day


class _Dues(dict[int, int | None]):
    """Due dates by terms, by the day of the document; None where it takes more than that."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._part = terms.parts[0]
        self._single = len(terms.parts) == 1 and not self._part.event

    def __missing__(self, day: int) -> int | None:
        due = self._part.due(dt.date.fromordinal(day)).toordinal() if self._single else None
        self[day] = due
        return due


@dataclass(slots=True)
class Account:
    """The rows of one ``customer`` in one currency; ``plain`` as long as all of them are.

    ``numbers`` are those of the documents, ``rows`` the places of all rows, ``decimals`` the most
    that an amount has.
    """

    customer: str
    decimals: int = 0
    plain: bool = True
    numbers: set[str] = field(default_factory=set)
    documents: list[PlainDocument] = field(default_factory=list)
    settlements: list[PlainSettlement] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    dues: _Dues | None = None


def summarize(
    rows: Sequence[TransactionRow],
    facts: LedgerView,
    customers: Iterable[Customer] | RecordsById,
    settings: ReceivablesSettings,
    as_of: dt.date,
    sort: Callable[[list[TransactionRow]], None],
    recorded: Recorded | None = None,
    directory: Directory | None = None,
) -> Summary:
    """Return the summary at the end of ``as_of``; it equals that of the position of ``rows``.

    ``facts`` is the ledger's view without postings; ``sort`` puts rows into the ledger's order.
    ``directory`` is that of ``customers``, if it is there already.
    """
    records = customers if isinstance(customers, RecordsById) else records_by_id(customers)
    if directory is None:
        known = (record for record in records.values() if record.id != UNKNOWN)
        directory = Directory(known, facts.opens)
    with localcontext(CONTEXT):
        return Summing(facts, records, settings, as_of, recorded, directory).summary(rows, sort)


def in_order(sums: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Return the sums that are not zero, by customer and currency."""
    return {key: amount for key, amount in sorted(sums.items()) if amount}


class Summing:
    """Sorts rows into accounts, and sums these up."""

    def __init__(
        self,
        facts: LedgerView,
        records: Mapping[str, Customer],
        settings: ReceivablesSettings,
        as_of: dt.date,
        recorded: Recorded | None,
        directory: Directory,
    ) -> None:
        """Begin without rows; what is given is as for :func:`summarize`."""
        self.recorded = recorded
        self.facts = facts
        self.records = records
        self.settings = settings
        self.as_of = as_of
        self.directory = directory
        self.accounts: dict[Key, Account] = {}
        self.deposits: dict[Key, Decimal] = {}
        self._customer = RowOwners(lambda *asked: self.directory.identify(*asked).customer).customer
        self._known: dict[tuple[str, str, str], Account] = {}
        self._days = _Days()
        self._dues: dict[str, _Dues] = {}

    def summary(
        self, rows: Sequence[TransactionRow], sort: Callable[[list[TransactionRow]], None]
    ) -> Summary:
        """Return the summary of ``rows``."""
        day = self.as_of.toordinal()
        self.take((index, row) for index, row in enumerate(rows) if row[0] <= day)
        others = {
            index
            for account in self.accounts.values()
            if not account.plain
            for index in account.rows
        }
        found, tie_out = Figures(), True
        for key, account in self.accounts.items():
            if account.plain:
                tie_out = found.add(key, account, self.settings) and tie_out
        if others:
            left = [rows[index] for index in others]
            sort(left)
            tie_out = self.compute(left, self.as_of, found) and tie_out
        return found.summary(self.as_of, self.deposits, self.records, tie_out=tie_out)

    def begin(self) -> None:
        """Forget the rows so far, but not whose they were."""
        self.accounts, self.deposits, self._known = {}, {}, {}

    def compute(self, rows: list[TransactionRow], as_of: dt.date, found: Figures) -> bool:
        """Add to ``found`` what the position of ``rows`` tells; return whether that ties."""
        customers = self.records
        rest = position(
            # Deposits are summed here already, for all.
            with_rows(self.facts, rows),
            customers if isinstance(customers, RecordsById) else customers.values(),
            self.settings,
            as_of,
            self.recorded,
            self.directory,
        )
        found.open_lines.update((key, unit_lines(part)) for key, part in rest.open_lines.items())
        found.unallocated.update(rest.unallocated)
        found.rounding.update(rest.rounding)
        found.balances.update({key: sum_ for key, sum_ in rest.balances.items() if sum_})
        return rest.tie_out

    def take(self, rows: Iterable[tuple[int, TransactionRow]]) -> None:  # noqa: C901 - one loop
        """Add rows, each with the index that tells it from others, to the accounts they are on."""
        known, days = self._known, self._days
        for index, row in rows:
            day, flag, payee, _, links, tags, shared, _, only, _, _, lines = row
            if len(lines) != 1 or only or flag == "P" or "refund" in tags or not lines[0][5]:
                self._take_tangled(index, row)
                continue
            name, text, currency, own, _, _ = lines[0]
            # Most lines say nothing of their own, and many of them are alike.
            account = None
            if not own and not (shared and "customer" in shared):
                account = known.get((name, payee, currency))
            if account is None:
                account = self._account_of(row, lines[0])
            account.rows.append(index)
            if not account.plain:
                continue
            point = text.find(".")
            decimals = len(text) - point - 1 if point >= 0 else 0
            amount = int(text.replace(".", ""))
            if decimals > account.decimals:  # noqa: PLR1730 - quicker
                account.decimals = decimals
            told = _told_number(own, shared) if own or shared else ""
            if text[0] == "-":
                names: Sequence[str] = (told,) if told or not links else document_links(links)
                name = names[0] if names else ""
                account.settlements.append((day, -amount, decimals, name))
                account.plain = len(names) <= 1
                continue
            if not own and shared and len(shared) == 1 and "due" in shared:
                due: int | None = days[shared["due"]]
            else:
                due = self._due(account, day, own, shared)
            # A document goes by its number and all of its links.
            number = told or (links[0] if links else "")
            if due is None or number in account.numbers or not _is_plain(number, links):
                account.plain = False
                continue
            account.documents.append((due, day, amount, decimals, number))
            if number:
                account.numbers.add(number)

    def _take_tangled(self, index: int, row: TransactionRow) -> None:
        """Add a row with more than one side to it."""
        for line in row[11]:
            if not line[5]:
                key = (self._owner(row, line), line[2])
                self.deposits[key] = self.deposits.get(key, _ZERO) - Decimal(line[1])
                continue
            account = self._account_of(row, line)
            account.plain = False
            account.rows.append(index)

    def _account_of(self, row: TransactionRow, line: PostingRow) -> Account:
        key = (self._owner(row, line), line[2])
        account = self.accounts.get(key)
        if account is None:
            account = self.accounts[key] = Account(key[0])
        if not line[3] and not (row[6] and "customer" in row[6]):
            self._known[line[0], row[2], line[2]] = account
        return account

    def _owner(self, row: TransactionRow, line: PostingRow) -> str:
        """Return the customer of a line."""
        return self._customer(line[3], row[6], line[0], row[2])

    def _due(
        self,
        account: Account,
        day: int,
        own: Mapping[str, str] | None,
        shared: Mapping[str, str] | None,
    ) -> int | None:
        """Return the due date as an ordinal, None where it takes more than a date and terms."""
        told = None
        for metadata in (own, shared):
            if metadata:
                if not _NOT_PLAIN.isdisjoint(metadata):
                    return None
                told = told or metadata.get("due")
        if told:
            return self._days[told]
        if account.dues is None:
            record = self.records.get(account.customer)
            terms = (record and record.terms) or self.settings.terms or ASSUMED_TERMS
            account.dues = self._dues.get(terms.words)
            if account.dues is None:
                account.dues = self._dues[terms.words] = _Dues(terms)
        return account.dues[day]


def _told_number(own: Mapping[str, str] | None, shared: Mapping[str, str] | None) -> str:
    said = (own and own.get("invoice")) or (shared and shared.get("invoice"))
    return said.strip() if said else ""


def _is_plain(number: str, links: Sequence[str]) -> bool:
    """Return whether a document has no other name than its ``number``."""
    return not links or (
        len(links) == 1 and links[0] == number and not number.startswith(OWN_LINKS)
    )


def _paid(account: Account) -> tuple[dict[str, int], list[_Settlement], int]:
    """Return what was paid by the number named, what names nothing, and the sum of both."""
    paid: dict[str, int] = {}
    unnamed: list[_Settlement] = []
    total, most = 0, account.decimals
    for day, amount, decimals, number in account.settlements:
        whole = amount * 10 ** (most - decimals)
        total += whole
        if number:
            paid[number] = paid.get(number, 0) + whole
        else:
            unnamed.append(_Settlement(day, whole))
    return paid, unnamed, total


def _pay(
    documents: Sequence[_Document], unnamed: list[_Settlement], settings: ReceivablesSettings
) -> int:
    """Allocate what names nothing; return how much of it."""
    before = sum([one.open for one in documents])
    unnamed.sort(key=lambda row: row.order)
    allocate_unnamed(unnamed, documents, settings.allocation, dt.date.min)
    return before - sum([one.open for one in documents])


def _open_lines(documents: Iterable[_Document], decimals: int) -> tuple[list[UnitLine], int]:
    """Return the lines of what is open, and the sum of the rests that count as settled."""
    lines: list[UnitLine] = []
    rounding = 0
    for one in documents:
        left = one.open
        if one.is_open:
            own = one.decimals if left == one.amount else decimals
            lines.append((one.due, one.date, left, False, own))
        else:
            rounding += left
    return lines, rounding


@cache
def _half_unit(currency: str, decimals: int) -> int:
    """Return the least amount in units of so many decimals that is no rounding difference."""
    return ceil(half_unit(currency).scaleb(decimals))


class Figures:
    """The figures of a summary, as they grow."""

    def __init__(self) -> None:
        """Begin without figures."""
        self.open_lines: dict[Key, UnitLines] = {}
        self.balances: dict[Key, Decimal] = {}
        self.unallocated: dict[Key, Decimal] = {}
        self.rounding: dict[Key, Decimal] = {}

    def add(  # noqa: C901 - one loop
        self, key: Key, account: Account, settings: ReceivablesSettings
    ) -> bool:
        """Allocate what a plain account has, and add what is open and left of it.

        Return whether open less unallocated plus rounding is the balance.
        """
        paid, unnamed, left = _paid(account)
        most, half = account.decimals, _half_unit(key[1], account.decimals)
        balance, rounding = -left, 0
        lines: list[UnitLine] = []
        payable: list[_Document] = []
        for document in account.documents:
            due, day, amount, decimals, number = document
            if decimals != most:
                amount *= 10 ** (most - decimals)
            balance += amount
            rest = amount
            if number in paid:
                part = min(paid[number], amount)
                left -= part
                rest -= part
            if rest < half:
                rounding += rest
            elif unnamed:
                payable.append(_Document(document, amount, rest, half))
            else:
                lines.append((due, day, rest, False, decimals if rest == amount else most))
        if payable:
            if key[0] != UNKNOWN:
                left -= _pay(payable, unnamed, settings)
            lines, rest = _open_lines(payable, most)
            rounding += rest
        if lines:
            self.open_lines[key] = (most, lines)
        for sums, amount in (
            (self.unallocated, left),
            (self.rounding, rounding),
            (self.balances, balance),
        ):
            if amount:
                sums[key] = in_units(amount, most)
        return sum([line[2] for line in lines]) + rounding - left == balance

    def update(self, other: Figures) -> None:
        """Add the figures of other accounts."""
        self.open_lines.update(other.open_lines)
        self.balances.update(other.balances)
        self.unallocated.update(other.unallocated)
        self.rounding.update(other.rounding)

    def summary(
        self,
        as_of: dt.date,
        deposits: Mapping[Key, Decimal],
        records: Mapping[str, Customer],
        *,
        tie_out: bool,
    ) -> Summary:
        """Return the summary of these figures."""
        return Summary(
            as_of,
            OpenColumns.of_units(dict(sorted(self.open_lines.items()))),
            in_order(self.balances),
            in_order(deposits),
            in_order(self.unallocated),
            in_order(self.rounding),
            records,
            tie_out,
        )
