"""Summaries of positions in the store: the latest, and those of some past days.

Beside them lie the accounts with what is never settled by name, so that a past day that nobody has
asked for yet can be summed up without all of these rows.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledgercli.books.store.database import Store
from ledgercli.books.store.keeping import ACCOUNTS
from ledgercli.desk.ledger_source import LATEST, LedgerSource
from ledgercli.receivables.open_columns import OpenColumns
from ledgercli.receivables.summary import Key, Summary

if TYPE_CHECKING:
    from ledgercli.receivables.open_accounts import OpenAccounts

_KIND = "summary"
#: So many past days are kept: the month ends of a year, and one more.
_PAST_MAX = 13
Value = TypeVar("Value")


class KeptSummary(NamedTuple):
    """A summary as it is kept, without customers: plain values.

    The day is an ordinal, open lines are those of :meth:`OpenColumns.kept`, sums are text.
    """

    as_of: int
    lines: tuple[Any, ...]
    tie_out: bool
    balances: Mapping[Key, str]
    deposits: Mapping[Key, str]
    unallocated: Mapping[Key, str]
    rounding: Mapping[Key, str]

    def summary(self) -> Summary:
        """Return the summary, without customers; raise ValueError where it is damaged."""
        lines = OpenColumns.of_kept(self.lines)
        balances, deposits, unallocated, rounding = map(_amounts, self[3:])
        day = dt.date.fromordinal(self.as_of)
        return Summary(day, lines, balances, deposits, unallocated, rounding, {}, self.tie_out)

    def replaced(self, keys: Collection[Key], other: KeptSummary) -> KeptSummary:
        """Return this summary with what ``other`` tells of the accounts ``keys``, as of its day.

        What this one tells of all other accounts must hold on that day as well.
        """

        def mixed(own: Mapping[Key, Value], more: Mapping[Key, Value]) -> dict[Key, Value]:
            found = {key: value for key, value in own.items() if key not in keys}
            found.update((key, more[key]) for key in keys if key in more)
            return dict(sorted(found.items()))

        columns = OpenColumns.of_kept(self.lines)
        return KeptSummary(
            other.as_of,
            columns.replaced(keys, OpenColumns.of_kept(other.lines)).kept(),
            self.tie_out and other.tie_out,
            mixed(self.balances, other.balances),
            mixed(self.deposits, other.deposits),
            mixed(self.unallocated, other.unallocated),
            mixed(self.rounding, other.rounding),
        )


def as_kept(summary: Summary) -> KeptSummary:
    """Return ``summary`` as it is kept."""
    lines = OpenColumns.of(summary.open_lines).kept()
    sums = (summary.balances, summary.deposits, summary.unallocated, summary.rounding)
    return KeptSummary(summary.as_of.toordinal(), lines, summary.tie_out, *map(_texts, sums))


def summary_in(store: Store, mark: bytes, name: str = LATEST) -> KeptSummary | None:
    """Return the summary kept under ``name`` for the state of the books with ``mark``."""
    found = store.read(_KIND, [name]).get(name)
    if found is None:
        return None
    try:
        made_for, *kept = marshal.loads(found)  # noqa: S302 - our own file
    except (ValueError, EOFError, TypeError):
        return None
    return KeptSummary(*kept) if made_for == mark else None


def put_summary(store: Store, mark: bytes, name: str, summary: Summary) -> bool:
    """Keep ``summary`` for the state of the books with ``mark``; tell whether it is kept.

    When there are too many of past days, all of these make room for it.
    """
    past = [key for key in store.keys(_KIND) if key != LATEST] if name != LATEST else []
    drop = [(_KIND, key) for key in past] if len(past) >= _PAST_MAX else []
    return store.write(summary_part(mark, as_kept(summary), name), drop)


def accounts_parts(accounts: Mapping[str, OpenAccounts]) -> dict[tuple[str, str], bytes]:
    """Return what is kept of accounts, by bucket."""
    parts: dict[str, Any] = {bucket: tuple(part) for bucket, part in accounts.items()}
    return {(ACCOUNTS, bucket): marshal.dumps(part) for bucket, part in parts.items()}


def _accounts_in(place: tuple[Store, bytes] | None) -> dict[str, OpenAccounts]:
    """Return the accounts in a store, by bucket."""
    from ledgercli.receivables.open_accounts import OpenAccounts

    found = place[0].all_of(ACCOUNTS) if place else {}
    try:
        return {key: OpenAccounts(*marshal.loads(part)) for key, part in found.items()}  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return {}


def summary_part(
    mark: bytes, summary: KeptSummary, name: str = LATEST
) -> dict[tuple[str, str], bytes]:
    """Return what is kept of ``summary`` for the state of the books with ``mark``."""
    record: Any = (mark, *summary)
    return {(_KIND, name): marshal.dumps(record)}


def keep_summaries(
    source: LedgerSource,
    kept_in: Callable[[], tuple[Store, bytes] | None],
    known: Callable[[], KeptSummary | None] | None = None,
) -> None:
    """Let ``source`` keep summaries where ``kept_in`` says, for the state that it tells.

    Of books that were just read nothing else is kept but the latest, which is ``known`` to be that
    or none: what they are kept in need not be waited for.
    """
    written: set[str] = set()
    read: dict[str, KeptSummary | None] = {}

    def kept(name: str) -> KeptSummary | None:
        if known and name not in written:
            return known() if name == LATEST else None
        if name not in read:
            place = kept_in()
            read[name] = summary_in(*place, name) if place else None
        return read[name]

    def put(name: str, summary: Summary) -> bool:
        place = kept_in()
        written.add(name)
        read.pop(name, None)
        return place is not None and put_summary(*place, name, summary)

    source.kept_summary = kept
    source.put_summary = put
    if known is None:
        # Where nothing has changed all rows are those in the store.
        source.open_accounts = lambda: _accounts_in(kept_in())


def _amounts(texts: Mapping[Key, str]) -> dict[Key, Decimal]:
    return {key: Decimal(text) for key, text in texts.items()}


def _texts(amounts: Mapping[Key, Decimal]) -> dict[Key, str]:
    return {key: str(amount) for key, amount in amounts.items()}
