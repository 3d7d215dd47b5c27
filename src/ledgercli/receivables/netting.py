"""Which transactions have settled each other, so that a report of what is open need not read them.

A document and the settlements that name it, and nothing else, come to zero: from the day of the
last of them on they leave nothing open, nothing unallocated and no balance, whatever happens to
other documents (a settlement goes to what it names before anything else, rules 5a and 5b). What
could be otherwise is not judged here but kept, for the position to compute:

- transactions with several receivable postings, with a deposit, with several numbers or none;
- customers' accounts in a currency in which something is moved, taken back or paid back;
- numbers that more than one document has, or that may be mistaken for one's instalment or copy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT
from ledgercli.model.ledger_rows import PostingRow, TransactionRow
from ledgercli.receivables.numbers import OWN_LINKS, document_links, own_links
from ledgercli.receivables.row_owners import Identify, Key, RowOwners

Name = tuple[str, str, str]
"""A customer, a currency, and a number or link."""

#: A transaction that never is settled without a look at its account as a whole.
NEVER = 0
_ZERO = Decimal()


class _Group:
    """One document's number: what it comes to, and the transactions it is made of."""

    __slots__ = ("documents", "last_day", "own_links", "rows", "total")

    def __init__(self) -> None:
        self.documents = 0
        self.total = _ZERO
        self.last_day = 0
        self.rows: list[int] = []
        self.own_links: list[Name] = []


def settled_days(rows: Sequence[TransactionRow], identify: Identify) -> list[int]:
    """Return for each transaction the day from which on it is settled, as an ordinal, else NEVER.

    As of that day or a later one the position of all rows and that of the rows that are not settled
    yet have the same open items, unallocated amounts, balances, deposits and rounding.
    What settles a transaction is on the same customer's account in the same currency, so that rows
    of some accounts can be judged without those of others.
    """
    netting = _Netting(identify)
    with localcontext(CONTEXT):
        netting.take(rows)
    return netting.days(len(rows))


class _Netting:
    """Gathers transactions by the number that they name."""

    def __init__(self, identify: Identify) -> None:
        self._identify = identify
        self._groups: dict[Name, _Group] = {}
        # Names that something else than a plain document or settlement uses.
        self._tangled: set[Name] = set()
        self._moving: set[Key] = set()

    def take(self, rows: Sequence[TransactionRow]) -> None:
        """Take in the transactions: one loop, as they may be a million."""
        groups, customer_of = self._groups, RowOwners(self._identify).customer
        for index, row in enumerate(rows):
            lines = row[11]
            name = plain_name(row, lines[0]) if len(lines) == 1 else ""
            if not name:
                _note_tangled(row, self._identify, self._tangled, self._moving)
                continue
            account, amount, currency, own, _, _ = lines[0]
            customer = customer_of(own, row[6], account, row[2])
            key = (customer, currency, name)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group()
            group.total += Decimal(amount)
            group.rows.append(index)
            if row[0] > group.last_day:  # noqa: PLR1730 - quicker
                group.last_day = row[0]
            if amount[0] != "-":
                group.documents += 1
            elif len(row[4]) > 1:
                group.own_links += [(customer, currency, link) for link in own_links(row[4])]

    def days(self, count: int) -> list[int]:
        """Return the day of each of ``count`` transactions, as :func:`settled_days` does."""
        tangled = self._tangled
        tangled.update(_mistakable(self._groups, tangled))
        days = [NEVER] * count
        for key, group in self._groups.items():
            if (
                group.documents == 1
                and not group.total
                and key not in tangled
                and key[:2] not in self._moving
                and (not group.own_links or tangled.isdisjoint(group.own_links))
            ):
                for index in group.rows:
                    days[index] = group.last_day
        return days


def plain_name(row: TransactionRow, line: PostingRow) -> str:
    """Return the one name that a document has or a settlement uses, "" where it is not so plain."""
    _, flag, _, _, links, tags, metadata, _, only_receivables, _, _, _ = row
    _, amount, _, own, _, is_receivable = line
    if not is_receivable or only_receivables or flag == "P" or "refund" in tags:
        return ""
    if not own and len(links) == 1 and not (metadata and "invoice" in metadata):
        return "" if links[0].startswith(OWN_LINKS) else links[0]
    invoice = (own and own.get("invoice")) or (metadata and metadata.get("invoice"))
    if invoice:
        # A document goes by its number and by its links, a settlement by its number alone. Many
        # books have the number as a link, too.
        name = invoice.strip()
        if links and (links != (name,) or own_links(links)):
            name = ""
    elif len(links) == 1:
        name = "" if own_links(links) else links[0]
    else:
        # A settlement may carry a number of its own, a document may not: it would be a name of it.
        named = document_links(links) if amount.startswith("-") else ()
        name = named[0] if len(named) == 1 else ""
    return name


def _mistakable(groups: Collection[Name], tangled: Collection[Name]) -> set[Name]:
    """Return names such as `INV-1/2` with the `INV-1` whose second instalment they might be."""
    found: set[Name] = set()
    marked = [
        (name, mark)
        for names in (groups, tangled)
        for name in names
        for mark in "/~"
        if mark in name[2]
    ]
    if not marked:
        return found
    known = {*groups, *tangled}
    for name, mark in marked:
        stem = (*name[:2], name[2].rpartition(mark)[0])
        if stem in known:
            found |= {stem, name}
    return found


def _note_tangled(
    row: TransactionRow, identify: Identify, tangled: set[Name], moving: set[Key]
) -> None:
    """Note the names and accounts that a transaction with more than one side to it touches."""
    metadata = row[6] or {}
    moves = row[8] or "refund" in row[5]
    for account, _, currency, own, _, is_receivable in row[11]:
        if not is_receivable:
            continue
        own = own or {}  # noqa: PLW2901 - what is not there says nothing
        customer = identify(own.get("customer"), metadata.get("customer"), account, row[2])
        if moves:
            moving.add((customer, currency))
        told = (own.get("invoice", "").strip(), metadata.get("invoice", "").strip())
        tangled.update((customer, currency, name) for name in (*row[4], *told) if name)
