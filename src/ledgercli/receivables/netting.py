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

from collections.abc import Collection, Iterable, Mapping, Sequence
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
#: How the links of settlements begin.
_OWN_STARTS = frozenset(link[0] for link in OWN_LINKS)


def settled_days(rows: Sequence[TransactionRow], identify: Identify) -> list[int]:
    """Return for each transaction the day from which on it is settled, as an ordinal, else NEVER.

    As of that day or a later one the position of all rows and that of the rows that are not settled
    yet have the same open items, unallocated amounts, balances, deposits and rounding.
    What settles a transaction is on the same customer's account in the same currency, so that rows
    of some accounts can be judged without those of others.
    """
    with localcontext(CONTEXT):
        return _Netting(rows, identify).days()


class _Netting:
    """Gathers transactions by the number that they name."""

    def __init__(self, rows: Sequence[TransactionRow], identify: Identify) -> None:
        self._rows = rows
        self._identify = identify
        #: By account and number, which of the rows name it.
        self._groups: dict[Key, dict[str, list[int]]] = {}
        # Names that something else than a plain document or settlement uses.
        self._tangled: set[Name] = set()
        self._moving: set[Key] = set()
        self._take()

    def _take(self) -> None:
        """Take in the transactions: one loop, as they may be a million."""
        customer_of = RowOwners(self._identify).customer
        # Most lines say nothing of their own, and many of them are alike.
        alike: dict[tuple[str, str, str], dict[str, list[int]]] = {}
        for index, row in enumerate(self._rows):
            _, flag, payee, _, links, tags, shared, _, only, _, _, lines = row
            name, group = "", None
            if len(lines) == 1:
                account, _, currency, own, _, is_receivable = lines[0]
                if (
                    len(links) == 1
                    and is_receivable
                    and not (own or tags or only)
                    and flag != "P"
                    and not (shared and ("invoice" in shared or "customer" in shared))
                ):
                    name = links[0]
                    if name[:1] in _OWN_STARTS and name.startswith(OWN_LINKS):
                        name = ""
                    group = alike.get((account, payee, currency))
                else:
                    name = plain_name(row, lines[0])
            if not name:
                _note_tangled(row, self._identify, self._tangled, self._moving)
                continue
            if group is None:
                key = (customer_of(own, shared, account, payee), currency)
                group = self._groups.setdefault(key, {})
                if not (own or (shared and "customer" in shared)):
                    alike[account, payee, currency] = group
            if name in group:
                group[name].append(index)
            else:
                group[name] = [index]

    def days(self) -> list[int]:
        """Return the day of each of the transactions, as :func:`settled_days` does."""
        rows, tangled = self._rows, self._tangled
        tangled.update(_mistakable(self._groups, tangled))
        days = [NEVER] * len(rows)
        for key, group in self._groups.items():
            if key in self._moving:
                continue
            for name, found in group.items():
                if len(found) == 1 and rows[found[0]][11][0][1][0] in "123456789":
                    # Nothing but a zero comes to nothing by itself.
                    continue
                if len(found) == 2 and not tangled:
                    # Most settlements are of one piece, and written as their documents.
                    one, other = rows[found[0]], rows[found[1]]
                    first, second = one[11][0][1], other[11][0][1]
                    if second == "-" + first or first == "-" + second:
                        days[found[0]] = days[found[1]] = max(one[0], other[0])
                        continue
                if not _is_nothing([rows[index][11][0][1] for index in found]):
                    continue
                if tangled and self._is_tangled(key, name, found):
                    continue
                last_day = max([rows[index][0] for index in found])
                for index in found:
                    days[index] = last_day
        return days

    def _is_tangled(self, key: Key, name: str, found: Iterable[int]) -> bool:
        """Return whether one of the names of some transactions is that of something else, too."""
        names = [name]
        for index in found:
            row = self._rows[index]
            if len(row[4]) > 1 and row[11][0][1][0] == "-":
                names += own_links(row[4])
        return not self._tangled.isdisjoint((*key, one) for one in names)


def _is_nothing(amounts: Sequence[str]) -> bool:
    """Return whether these are the amounts of one document and of what settles it in full."""
    if len(amounts) == 2:
        # Most settlements are of one piece, and written as their documents.
        first, second = amounts
        if second == "-" + first or first == "-" + second:
            return True
    documents = [amount for amount in amounts if amount[0] != "-"]
    return len(documents) == 1 and not sum(map(Decimal, amounts), _ZERO)


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


def _mistakable(groups: Mapping[Key, Collection[str]], tangled: Collection[Name]) -> set[Name]:
    """Return names such as `INV-1/2` with the `INV-1` whose second instalment they might be."""
    found: set[Name] = set()
    names = [
        *tangled,
        *((*key, name) for key, group in groups.items() for name in group if _is_marked(name)),
    ]
    for name in names:
        for mark in "/~":
            if mark in name[2]:
                stem = (*name[:2], name[2].rpartition(mark)[0])
                if stem[2] in groups.get(name[:2], ()) or stem in tangled:
                    found |= {stem, name}
    return found


def _is_marked(name: str) -> bool:
    return "/" in name or "~" in name


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
