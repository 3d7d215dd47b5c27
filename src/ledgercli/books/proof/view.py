"""Make the rows of a ledger, as the rest of the house takes them, from its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from ledgercli.books.account_kinds import BANK, NO_TITLE, RECEIVABLE, AccountKinds, unmatched
from ledgercli.books.pause import collection_paused
from ledgercli.books.proof.merge import Part, Proven
from ledgercli.books.proof.rules import rules_of
from ledgercli.books.proof.summary import Facts
from ledgercli.model.ledger import AccountOpen, LedgerInputs, LedgerView, Prices
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow


def ledger_of(proven: Proven) -> LedgerRows:
    """Return facts and rows of a proven ledger, equal to those of ``books.ledger``."""
    return LedgerRows(facts_of(proven), rows_of(proven))


def facts_of(proven: Proven) -> LedgerView:
    """Return the view of a proven ledger, without postings."""
    facts = [part.summary.facts for part in proven.parts]
    kinds = rules_of(proven.settings, proven.options).kinds(proven.settings.banks)
    for account in set(chain.from_iterable(_named(facts, proven))):
        kinds[account]
    title = dict(proven.options).get("title") or ""
    last_day = max((one.last_day for one in facts), default=0)
    last_day = max([last_day, *(fill.day for fill in proven.fills)])
    inputs = LedgerInputs(
        files=proven.files,
        patterns=tuple(sorted(set(proven.patterns))),
        existing=tuple(sorted(set(proven.documents))),
    )
    return LedgerView(
        roots=tuple(sorted(kinds.roots)),
        opens=opens_of(proven.parts, kinds),
        unmatched=unmatched(kinds, proven.settings.accounts),
        prices=_prices(facts),
        bank_days=_bank_days(facts, proven, kinds),
        last_day=dt.date.fromordinal(last_day) if last_day else None,
        operating_currencies=tuple(
            dict.fromkeys(
                value for one in facts for key, value in one.options if key == "operating_currency"
            )
        ),
        title="" if title == NO_TITLE else title,
        currencies=_currencies(facts, proven),
        files=proven.files,
        inputs=inputs,
    )


def _named(facts: list[Facts], proven: Proven) -> Iterator[Iterable[str]]:
    """Yield the accounts of postings, balances and openings, many at a time."""
    for one in facts:
        for posted in (one.sums, one.kept):
            yield from posted.values()
        yield [balance[0] for balance in one.balances]
        yield [opened[0] for opened in one.opens]
    for fill in proven.fills:
        yield (fill.account, fill.source)


def _currencies(facts: list[Facts], proven: Proven) -> tuple[str, ...]:
    found = {currency for one in facts for currency in one.currencies}
    found.update(
        currency
        for _, row in proven.pad_rows
        for _, _, currency, _, _, is_receivable in row[11]
        if is_receivable
    )
    return tuple(sorted(found))


def rows_of(proven: Proven) -> list[TransactionRow]:
    """Return the rows of all files in Beancount's order.

    Raise RowsLostError where rows that were kept are gone.
    """
    with collection_paused():
        return _rows(proven)


def _rows(proven: Proven) -> list[TransactionRow]:
    rows: list[TransactionRow] = []
    pads = dict[int, list[TransactionRow]]()
    for index, row in proven.pad_rows:
        pads.setdefault(index, []).append(row)
    for index, part in enumerate(proven.parts):
        rows += part.summary.rows()
        rows += pads.get(index, ())
    rows.sort(key=lambda row: (row[0], row[10]))
    return rows


def opens_of(parts: Iterable[Part], kinds: AccountKinds) -> dict[str, AccountOpen]:
    """Return the receivable and deposit accounts that some files open, in order of their days."""
    found = []
    for part in parts:
        facts = part.summary.facts
        for account, day, line, _, customer in facts.opens:
            if kinds[account] > BANK:
                opened = AccountOpen(
                    account, dt.date.fromordinal(day), customer or None, facts.file, line
                )
                found.append(opened)
    found.sort(key=lambda opened: (opened.date, opened.line))
    return {opened.account: opened for opened in found}


def _prices(facts: list[Facts]) -> Prices:
    points: dict[tuple[str, str], list[tuple[dt.date, Decimal]]] = {}
    stated = [price for one in facts for price in one.prices]
    stated.sort(key=lambda price: price[:2])
    for day, _, base, number, quote in stated:
        known = points.setdefault((base, quote), [])
        known.append((dt.date.fromordinal(day), Decimal(number)))
    return Prices({pair: tuple(found) for pair, found in points.items()})


def _bank_days(facts: list[Facts], proven: Proven, kinds: AccountKinds) -> tuple[dt.date, ...]:
    """Return the days with an entry on a bank account, see ``model.ledger``."""
    if proven.settings.banks:
        banks = {account for account, kind in kinds.items() if kind == BANK}
    else:
        opposite = {account for one in facts for account in one.opposite}
        for fill in proven.fills:
            if RECEIVABLE in {kinds[fill.account], kinds[fill.source]}:
                opposite.update((fill.account, fill.source))
        banks = {account for account in opposite if kinds[account] == BANK}
    days = {
        fill.day for fill in proven.fills for name in (fill.account, fill.source) if name in banks
    }
    for one in facts:
        for by_account in one.sums.values():
            for account in banks.intersection(by_account):
                days.update(by_account[account])
        days.update(day for account, day, *_ in one.balances if account in banks)
    return tuple(dt.date.fromordinal(day) for day in sorted(days))
