"""The summary of a position from rows, without making a record of every document.

Most accounts are plain: each transaction is one document or one settlement, numbers come once, due
dates are single. What is open of them is found by the same rules (``allocation``) over figures
alone, at a fifth of the cost. All other accounts are computed as positions are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import PostingRow, TransactionRow, with_rows
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.terms import Terms
from ledgercli.model.values import parse_date
from ledgercli.receivables.documents import ASSUMED_TERMS
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.numbers import OWN_LINKS, document_links
from ledgercli.receivables.open_accounts import Alike, DepositLine, OpenAccounts, open_accounts
from ledgercli.receivables.open_columns import unit_lines
from ledgercli.receivables.plain_accounts import (
    Account,
    Dues,
    Figures,
)
from ledgercli.receivables.position import position
from ledgercli.receivables.row_owners import RowOwners
from ledgercli.receivables.summary import Key, RecordsById, Summary, records_by_id

if TYPE_CHECKING:
    from ledgercli.receivables.occurrences import Recorded

#: Metadata that makes a document more than its date and due date.
_NOT_PLAIN = frozenset(["terms", "invoice-date", "retention"])
_ZERO = Decimal(0)


class _Days(dict[str, int]):
    """Days as ordinals by their text."""

    def __missing__(self, text: str) -> int:
        day = self[text] = parse_date(text).toordinal()
        return day


class _DuesByTerms(dict[str, Dues]):
    """Due dates by the words of terms."""

    def __missing__(self, words: str) -> Dues:
        dues = self[words] = Dues(Terms.parse(words))
        return dues


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
    summing = Summing.of(facts, customers, settings, as_of, recorded, directory)
    summing.take(rows)
    return summing.summary(sort)


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
        self.rows: list[TransactionRow] = []
        self.accounts: dict[Key, Account] = {}
        self.deposit_lines: list[DepositLine] = []
        self._resumed: set[Key] = set()
        self._owners = RowOwners(lambda *asked: self.directory.identify(*asked).customer)
        self._customer = self._owners.customer
        self._known: dict[Alike, Account] = {}
        self._days = _Days()
        self._dues = _DuesByTerms()

    @classmethod
    def of(
        cls,
        facts: LedgerView,
        customers: Iterable[Customer] | RecordsById,
        settings: ReceivablesSettings,
        as_of: dt.date,
        recorded: Recorded | None = None,
        directory: Directory | None = None,
    ) -> Summing:
        """Begin without rows; what is given is as for :func:`summarize`."""
        records = customers if isinstance(customers, RecordsById) else records_by_id(customers)
        if directory is None:
            known = (record for record in records.values() if record.id != UNKNOWN)
            directory = Directory(known, facts.opens)
        return cls(facts, records, settings, as_of, recorded, directory)

    def summary(
        self,
        sort: Callable[[list[TransactionRow]], None],
        lasting: Callable[[Collection[str]], Iterable[TransactionRow]] = lambda _: (),
    ) -> Summary:
        """Return the summary of all that was taken; ``sort`` as for :func:`summarize`.

        ``lasting`` gives rows of customers whose accounts were resumed, and turn out not to be
        plain: all that are never settled, see :mod:`ledgercli.receivables.netting`.
        """
        others, again = set[int](), set[Key]()
        found, tie_out = Figures(), True
        with localcontext(CONTEXT):
            for key, account in self.accounts.items():
                if account.plain:
                    tie_out = found.add(key, account, self.settings) and tie_out
                    continue
                others.update(account.rows)
                if key in self._resumed:
                    again.add(key)
            left = [self.rows[index] for index in others]
            if again:
                day, keys_of = self.as_of.toordinal(), self._owners.keys
                customers = {customer for customer, _ in again}
                rows = (row for row in lasting(customers) if row[0] <= day)
                left += [row for row in rows if not again.isdisjoint(keys_of(row))]
            if left:
                sort(left)
                tie_out = self.compute(left, self.as_of, found) and tie_out
            return found.summary(self.as_of, self.deposits, self.records, tie_out=tie_out)

    def resume(self, kept: OpenAccounts) -> None:
        """Take accounts as they are kept, which have no rows yet, as of the day asked for."""
        day = self.as_of.toordinal()
        resumed = list(kept.resumed(day))
        self.accounts.update(resumed)
        self._resumed.update(key for key, _ in resumed)
        self._known.update((alike, resumed[place][1]) for alike, place in kept.owners.items())
        self.deposit_lines += [line for line in kept.deposits if line[0] <= day]

    @property
    def deposits(self) -> dict[Key, Decimal]:
        """Return the sums of what was paid in advance."""
        sums: dict[Key, Decimal] = {}
        for _, customer, currency, amount in self.deposit_lines:
            key = (customer, currency)
            sums[key] = sums.get(key, _ZERO) - Decimal(amount)
        return sums

    def open_accounts(self, part_of: Callable[[str], str]) -> dict[str, OpenAccounts]:
        """Return the accounts so far as they are kept, in parts by customer, see ``resume``."""
        until = self.as_of.toordinal()
        return open_accounts(self.accounts, self._known, self.deposit_lines, until, part_of)

    def begin(self) -> None:
        """Forget the rows so far, but not whose they were."""
        self.rows, self.accounts, self.deposit_lines, self._known = [], {}, [], {}

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

    def take(self, rows: Sequence[TransactionRow]) -> None:  # noqa: C901, PLR0912 - one loop
        """Add rows to the accounts they are on, but those of days after the one asked for."""
        known, days, last = self._known, self._days, self.as_of.toordinal()
        first = len(self.rows)
        self.rows += rows
        for index, row in enumerate(rows, first):
            day, flag, payee, _, links, tags, shared, _, only, _, _, lines = row
            if day > last:
                continue
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
            whole, _, part = text.partition(".")
            amount, decimals = int(whole + part), len(part)
            if decimals > account.decimals:  # noqa: PLR1730 - quicker
                account.decimals = decimals
            told = _told_number(own, shared) if own or shared else ""
            if text[0] == "-":
                names: Sequence[str] = (told,) if told or not links else document_links(links)
                name = names[0] if names else ""
                account.settlements.append((day, -amount, decimals, name))
                account.plain = len(names) <= 1
                continue
            due: int | None
            if not own and not shared and account.dues is not None:
                due = account.dues[day]
            elif not own and shared and len(shared) == 1 and "due" in shared:
                due = days[shared["due"]]
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
                self.deposit_lines.append((row[0], self._owner(row, line), line[2], line[1]))
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
            if account.terms is None:
                record = self.records.get(account.customer)
                terms = (record and record.terms) or self.settings.terms or ASSUMED_TERMS
                account.terms = terms.words
            account.dues = self._dues[account.terms]
        return account.dues[day]


def _told_number(own: Mapping[str, str] | None, shared: Mapping[str, str] | None) -> str:
    said = (own and own.get("invoice")) or (shared and shared.get("invoice"))
    return said.strip() if said else ""


def _is_plain(number: str, links: Sequence[str]) -> bool:
    """Return whether a document has no other name than its ``number``."""
    return not links or (
        len(links) == 1 and links[0] == number and not number.startswith(OWN_LINKS)
    )
