"""The latest summary of a position, in the store."""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledgercli.books.store.database import Store
from ledgercli.desk.ledger_source import LedgerSource
from ledgercli.receivables.summary import Key, Summary

_PART = ("summary", "")


def summary_in(store: Store, mark: bytes) -> Summary | None:
    """Return the summary kept for the state of the books with ``mark``, without customers."""
    found = store.read(_PART[0], [_PART[1]]).get(_PART[1])
    if found is None:
        return None
    try:
        made_for, as_of, lines, tie_out, *sums = marshal.loads(found)  # noqa: S302 - our own file
    except (ValueError, EOFError, TypeError):
        return None
    if made_for != mark:
        return None
    open_lines = {
        key: [(due, day, Decimal(amount), kept) for due, day, amount, kept in part]
        for key, part in lines.items()
    }
    balances, deposits, unallocated, rounding = map(_amounts, sums)
    return Summary(
        dt.date.fromordinal(as_of),
        open_lines,
        balances,
        deposits,
        unallocated,
        rounding,
        {},
        tie_out,
    )


def put_summary(store: Store, mark: bytes, summary: Summary) -> bool:
    """Keep ``summary`` for the state of the books with ``mark``; tell whether it is kept."""
    return store.write(summary_part(mark, summary))


def summary_part(mark: bytes, summary: Summary) -> dict[tuple[str, str], bytes]:
    """Return what is kept of ``summary`` for the state of the books with ``mark``."""
    lines = {
        key: [(due, day, str(amount), kept) for due, day, amount, kept in part]
        for key, part in summary.open_lines.items()
    }
    sums = (summary.balances, summary.deposits, summary.unallocated, summary.rounding)
    record: Any = (mark, summary.as_of.toordinal(), lines, summary.tie_out, *map(_texts, sums))
    return {_PART: marshal.dumps(record)}


def keep_summaries(source: LedgerSource, store: Store, mark: bytes) -> None:
    """Let ``source`` keep its latest summary in ``store``, for the state with this ``mark``."""
    source.kept_summary = lambda: summary_in(store, mark)
    source.put_summary = lambda summary: put_summary(store, mark, summary)


def _amounts(texts: Mapping[Any, str]) -> dict[Key, Decimal]:
    return {key: Decimal(text) for key, text in texts.items()}


def _texts(amounts: Mapping[Key, Decimal]) -> dict[Key, str]:
    return {key: str(amount) for key, amount in amounts.items()}
