"""Ledger rows: the transactions of a view as plain tuples.

A hundred thousand records take half a second to make, as many tuples next to nothing, and tuples of
plain values can be stored as they are. So a ledger is kept as rows, and records are made of those
that a question is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from ledgercli.model.ledger import LedgerPosting, LedgerView, Transaction
from ledgercli.model.record import dataclass
from ledgercli.model.terms import EVENT_KEYS

PostingRow = tuple[str, str, str, Mapping[str, str] | None, int, bool]
"""Account, amount in plain notation, currency, metadata, line, and whether it is receivable
(else it is on a deposit account)."""

TransactionRow = tuple[
    int,  # the day, as `date.toordinal` counts
    str,  # flag
    str,  # payee
    str,  # narration
    tuple[str, ...],  # links, sorted
    tuple[str, ...],  # tags, sorted
    Mapping[str, str] | None,  # metadata
    tuple[str, ...],  # accounts, sorted, without repeats
    bool,  # whether no posting is on any other than a receivable account
    str,  # file, relative to the books
    int,  # line
    tuple[PostingRow, ...],  # the postings on receivable and deposit accounts
]
"""One transaction that touches a receivable or deposit account, as in ``model.ledger``."""

_NOTHING: Mapping[str, str] = {}
_EVENTS = frozenset(EVENT_KEYS.values())


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """A ledger as rows: ``facts`` is the view without postings, ``rows`` in the ledger's order."""

    facts: LedgerView
    rows: Sequence[TransactionRow]

    def view(self) -> LedgerView:
        """Return the view with all postings."""
        return with_rows(self.facts, self.rows)


def with_rows(facts: LedgerView, rows: Iterable[TransactionRow]) -> LedgerView:
    """Return ``facts``, a view without postings, with the postings of ``rows``, in their order."""
    from ledgercli.model.record_making import maker

    receivables: list[LedgerPosting] = []
    deposits: list[LedgerPosting] = []
    transaction_of, posting_of = maker(Transaction), maker(LedgerPosting)
    day_of, set_of = cache(dt.date.fromordinal), cache(frozenset[str])
    for day, flag, payee, narration, links, tags, meta, accounts, only, file, line, lines in rows:
        # What comes again, as links of invoice and payment do, is there once.
        transaction = transaction_of(
            day_of(day),
            flag,
            payee,
            narration,
            set_of(links),
            set_of(tags),
            meta or _NOTHING,
            accounts,
            only,
            file,
            line,
        )
        for account, amount, currency, metadata, place, is_receivable in lines:
            posting = posting_of(
                transaction, account, Decimal(amount), currency, metadata or _NOTHING, place
            )
            (receivables if is_receivable else deposits).append(posting)
    return replace(facts, receivables=tuple(receivables), deposits=tuple(deposits))


def turning_days(rows: Iterable[TransactionRow]) -> list[int]:
    """Return the days on which a position may change, ascending ordinals.

    Those on which something was posted to a receivable or deposit account, or on which something
    happened that documents are due from.
    """
    listed = list(rows)
    days = {row[0] for row in listed}
    said = [row[6] for row in listed if row[6]]
    said += [line[3] for row in listed for line in row[11] if line[3]]
    for metadata in said:
        if not _EVENTS.isdisjoint(metadata):
            told = (metadata[key] for key in _EVENTS if key in metadata)
            days.update(dt.date.fromisoformat(text).toordinal() for text in told)
    return sorted(days)
