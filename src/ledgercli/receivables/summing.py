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
from ledgercli.receivables.position import position
from ledgercli.receivables.row_owners import RowOwners
from ledgercli.receivables.summary import Key, OpenLine, RecordsById, Summary, records_by_id

if TYPE_CHECKING:
    from ledgercli.receivables.occurrences import Recorded

#: Metadata that makes a document more than its date and due date.
_NOT_PLAIN = frozenset(["terms", "invoice-date", "retention"])


class _Document:
    """A document as figures: what the rules of allocation ask of it, and nothing else."""

    __slots__ = ("amount", "currency", "date", "due", "number", "open")

    def __init__(self, number: str, currency: str, day: int, due: int, amount: Decimal) -> None:
        self.number = number
        self.currency = currency
        self.date = day
        self.due = due
        self.amount = self.open = amount

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
        return self.open >= half_unit(self.currency)


class _Settlement:
    """A settlement as figures."""

    __slots__ = ("amount", "day", "left", "name")

    def __init__(self, name: str, day: int, amount: Decimal) -> None:
        self.name = name
        self.day = day
        self.amount = self.left = amount

    @property
    def order(self) -> tuple[int, Decimal]:
        """Return what settlements pay in the order of."""
        return (self.day, -self.amount)

    def pay(self, target: _Document, amount: Decimal, _how: How, _since: dt.date) -> None:
        """Allocate ``amount`` to ``target``."""
        self.left -= amount
        target.open -= amount


@dataclass(slots=True)
class Account:
    """The rows of one ``customer`` in one currency; ``plain`` as long as all of them are."""

    customer: str
    plain: bool = True
    numbers: dict[str, _Document] = field(default_factory=dict)
    documents: list[_Document] = field(default_factory=list)
    settlements: list[_Settlement] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    balance: Decimal = Decimal(0)


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
        self._days: dict[str, int] = {}
        self._terms: dict[str, Terms] = {}
        self._dues: dict[tuple[str, int], int | None] = {}

    def summary(
        self, rows: Sequence[TransactionRow], sort: Callable[[list[TransactionRow]], None]
    ) -> Summary:
        """Return the summary of ``rows``."""
        day = self.as_of.toordinal()
        for index, row in enumerate(rows):
            if row[0] <= day:
                self.add(index, row)
        plain = {key: account for key, account in self.accounts.items() if account.plain}
        others = {
            index
            for account in self.accounts.values()
            if not account.plain
            for index in account.rows
        }
        found = Figures()
        for key, account in plain.items():
            found.add(key, account, self.settings)
        tie_out = all(found.ties(key, account) for key, account in plain.items())
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
        found.open_lines.update(rest.open_lines)
        found.unallocated.update(rest.unallocated)
        found.rounding.update(rest.rounding)
        found.balances.update({key: sum_ for key, sum_ in rest.balances.items() if sum_})
        return rest.tie_out

    def add(self, index: int, row: TransactionRow) -> None:
        """Add a row, the ``index`` of which tells it from others, to the accounts it is on."""
        lines = row[11]
        single = len(lines) == 1 and lines[0][5] and not row[8] and row[1] != "P"
        if single and "refund" not in row[5]:
            line = lines[0]
            account = self._account_of(row, line)
            account.rows.append(index)
            account.plain = account.plain and self._add_plain(account, row, line)
            return
        for line in lines:
            if not line[5]:
                key = (self._owner(row, line), line[2])
                self.deposits[key] = self.deposits.get(key, Decimal(0)) - Decimal(line[1])
                continue
            account = self._account_of(row, line)
            account.plain = False
            account.rows.append(index)

    def _account_of(self, row: TransactionRow, line: PostingRow) -> Account:
        # Most lines say nothing of their own, and many of them are alike.
        alike = None if line[3] or row[6] else (line[0], row[2], line[2])
        account = self._known.get(alike) if alike else None
        if account is None:
            key = (self._owner(row, line), line[2])
            account = self.accounts.get(key)
            if account is None:
                account = self.accounts[key] = Account(key[0])
            if alike:
                self._known[alike] = account
        return account

    def _owner(self, row: TransactionRow, line: PostingRow) -> str:
        """Return the customer of a line."""
        return self._customer(line[3], row[6], line[0], row[2])

    def _add_plain(self, account: Account, row: TransactionRow, line: PostingRow) -> bool:
        """Add a document or settlement to ``account``; return whether it is plain."""
        amount, own, shared, links = Decimal(line[1]), line[3], row[6], row[4]
        told = ""
        if own or shared:
            said = (own and own.get("invoice")) or (shared and shared.get("invoice"))
            told = said.strip() if said else ""
        account.balance += amount
        if line[1][0] == "-":
            names = (told,) if told else document_links(links) if links else ()
            if len(names) > 1:
                return False
            account.settlements.append(_Settlement(names[0] if names else "", row[0], -amount))
            return True
        # A document goes by its number and all of its links.
        if links and ((told and links != (told,)) or links[0].startswith(OWN_LINKS)):
            return False
        if len(links) > 1:
            return False
        number = told or (links[0] if links else "")
        due = self._due(account.customer, row, line)
        if due is None or number in account.numbers:
            return False
        document = _Document(number, line[2], row[0], due, amount)
        account.documents.append(document)
        if number:
            account.numbers[number] = document
        return True

    def _due(self, customer: str, row: TransactionRow, line: PostingRow) -> int | None:
        """Return the due date as an ordinal, None where it takes more than a date and terms."""
        own, shared = line[3], row[6]
        told = None
        for metadata in (own, shared):
            if metadata:
                if not _NOT_PLAIN.isdisjoint(metadata):
                    return None
                told = told or metadata.get("due")
        if told:
            day = self._days.get(told)
            if day is None:
                day = self._days[told] = parse_date(told).toordinal()
            return day
        terms = self._terms.get(customer)
        if terms is None:
            record = self.records.get(customer)
            terms = (record and record.terms) or self.settings.terms or ASSUMED_TERMS
            self._terms[customer] = terms
        key = (terms.words, row[0])
        if key not in self._dues:
            single = len(terms.parts) == 1 and not terms.parts[0].event
            start = dt.date.fromordinal(row[0])
            self._dues[key] = terms.parts[0].due(start).toordinal() if single else None
        return self._dues[key]


def _open_lines(documents: Iterable[_Document], half: Decimal) -> tuple[list[OpenLine], Decimal]:
    """Return the lines of what is open, and the sum of the rests that count as settled."""
    lines: list[OpenLine] = []
    rounding = Decimal(0)
    for row in documents:
        left = row.open
        if left >= half or -left >= half:
            lines.append((row.due, row.date, left, False))
        elif left:
            rounding += left
    return lines, rounding


class Figures:
    """The figures of a summary, as they grow."""

    def __init__(self) -> None:
        """Begin without figures."""
        self.open_lines: dict[Key, list[OpenLine]] = {}
        self.balances: dict[Key, Decimal] = {}
        self.unallocated: dict[Key, Decimal] = {}
        self.rounding: dict[Key, Decimal] = {}

    def add(self, key: Key, account: Account, settings: ReceivablesSettings) -> None:
        """Allocate what a plain account has, and add what is open and left of it."""
        unnamed = []
        for settlement in account.settlements:
            if not settlement.name:
                unnamed.append(settlement)
            elif target := account.numbers.get(settlement.name):
                part = min(settlement.left, target.open)
                settlement.left -= part
                target.open -= part
        if unnamed and key[0] != UNKNOWN:
            unnamed.sort(key=lambda row: row.order)
            allocate_unnamed(unnamed, account.documents, settings.allocation, dt.date.min)
        lines, rounding = _open_lines(account.documents, half_unit(key[1]))
        if lines:
            self.open_lines[key] = lines
        left = sum((settlement.left for settlement in account.settlements), Decimal(0))
        for sums, amount in (
            (self.unallocated, left),
            (self.rounding, rounding),
            (self.balances, account.balance),
        ):
            if amount:
                sums[key] = amount

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
            {key: sorted(part) for key, part in sorted(self.open_lines.items())},
            in_order(self.balances),
            in_order(deposits),
            in_order(self.unallocated),
            in_order(self.rounding),
            records,
            tie_out,
        )

    def ties(self, key: Key, account: Account) -> bool:
        """Return whether open less unallocated plus rounding is the balance."""
        zero = Decimal(0)
        total = sum((line[2] for line in self.open_lines.get(key, ())), zero)
        rest = self.rounding.get(key, zero) - self.unallocated.get(key, zero)
        return total + rest == account.balance
