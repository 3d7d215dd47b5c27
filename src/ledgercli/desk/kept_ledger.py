"""The general ledger in the store, for one state of the books: its postings as plain values.

Beancount takes longer to load a large ledger than a report takes to add it up, and the second
report about the same books asks for the same postings.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import marshal
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import groupby
from typing import Any
from zlib import crc32

from ledgercli.books.pause import collection_paused
from ledgercli.books.store.database import Store
from ledgercli.books.store.records import dump, load
from ledgercli.model.general_ledger import (
    AccountKind,
    BookPosting,
    BookTransaction,
    Budget,
    GeneralLedger,
    Role,
)
from ledgercli.model.record_making import maker
from ledgercli.model.values import Money

_KIND, _KEY = "general ledger", ""
_CHECK_SIZE = 4


def kept_ledger(
    store: Store, mark: bytes, make: Callable[[], GeneralLedger], holds: Callable[[], bool]
) -> GeneralLedger:
    """Return the general ledger that ``store`` keeps for the state of the books with ``mark``.

    Where it keeps none, that of ``make`` is kept, unless ``holds`` says that the books are in
    another state by now: then it may have been made from that.
    """
    found = store.read(_KIND, [_KEY]).get(_KEY)
    if found is not None:
        # A view, as it has dozens of megabytes.
        check, content = found[:_CHECK_SIZE], memoryview(found)[_CHECK_SIZE:]
        if check == _check(content):
            damaged = (ValueError, EOFError, TypeError, InvalidOperation, KeyError)
            with contextlib.suppress(*damaged), collection_paused():
                made_for, *kept = marshal.loads(content)  # noqa: S302 - our own, private file
                if made_for == mark:
                    return ledger_of(*kept)
    made = make()
    if holds():
        kept_as = marshal.dumps((mark, *as_plain(made)))
        store.write({(_KIND, _KEY): _check(kept_as) + kept_as})
    return made


def _check(content: bytes | memoryview) -> bytes:
    return crc32(content).to_bytes(_CHECK_SIZE)


def as_plain(ledger: GeneralLedger) -> tuple[Any, ...]:
    """Return a general ledger as tuples of texts and numbers; equal texts are kept once."""
    known: dict[str, str] = {}
    same = partial(_same, known)
    roles = {posting.account: posting.role for posting in ledger.postings if posting.role}
    transactions = [
        (*_plain_transaction(transaction, same), [_plain_posting(row, same) for row in postings])
        for transaction, postings in groupby(ledger.postings, lambda row: row.transaction)
    ]
    budgets = [
        (one.account, one.date.toordinal(), one.interval, str(one.amount), one.currency)
        for one in ledger.budgets
    ]
    return dict(ledger.accounts), roles, transactions, budgets, dump(ledger.findings)


def _same(known: dict[str, str], text: str) -> str:
    return known.setdefault(text, text)


def _plain_transaction(one: BookTransaction, same: Callable[[str], str]) -> tuple[Any, ...]:
    return (
        one.number,
        one.date.toordinal(),
        same(one.flag),
        same(one.payee),
        same(one.narration),
        tuple(map(same, sorted(one.tags))),
        tuple(map(same, sorted(one.links))),
        one.customer,
        same(one.file),
        one.line,
    )


def _plain_posting(one: BookPosting, same: Callable[[str], str]) -> tuple[Any, ...]:
    return (
        same(one.account),
        same(str(one.amount)),
        same(one.currency),
        _plain_money(one.weight),
        _plain_money(one.units),
        one.named,
        same(one.customer),
        same(one.product),
        None if one.quantity is None else str(one.quantity),
        one.line,
    )


def _plain_money(money: Money | None) -> tuple[str, str] | None:
    return None if money is None else (str(money.amount), money.currency)


def ledger_of(
    accounts: dict[str, AccountKind],
    roles: Mapping[str, Role],
    transactions: list[tuple[Any, ...]],
    budgets: list[tuple[Any, ...]],
    findings: bytes,
) -> GeneralLedger:
    """Return the general ledger of what :func:`as_plain` made of it; ``transactions`` are used up.

    So plain values and records need not be held side by side.
    """
    return GeneralLedger(
        tuple(_postings(accounts, roles, transactions)),
        accounts,
        tuple(
            Budget(account, dt.date.fromordinal(day), interval, Decimal(amount), currency)
            for account, day, interval, amount, currency in budgets
        ),
        load(findings),
    )


def _postings(
    accounts: Mapping[str, AccountKind],
    roles: Mapping[str, Role],
    transactions: list[tuple[Any, ...]],
) -> Iterator[BookPosting]:
    """Yield postings, equal days, amounts and sets being the same ones."""
    transaction_of, posting_of = maker(BookTransaction), maker(BookPosting)
    none: frozenset[str] = frozenset()
    days: dict[int, dt.date] = {}
    amounts: dict[str, Decimal] = {}
    transactions.reverse()
    while transactions:
        number, day, flag, payee, narration, tags, links, *rest = transactions.pop()
        shared, file, line, rows = rest
        date = days.get(day)
        if date is None:
            date = days[day] = dt.date.fromordinal(day)
        transaction = transaction_of(
            number,
            date,
            flag,
            payee,
            narration,
            frozenset(tags) if tags else none,
            frozenset(links) if links else none,
            shared,
            file,
            line,
        )
        for account, text, currency, weight, units, named, customer, product, count, at in rows:
            amount = amounts.get(text)
            if amount is None:
                amount = amounts[text] = Decimal(text)
            yield posting_of(
                transaction,
                account,
                accounts[account],
                amount,
                currency,
                roles.get(account, ""),
                weight and Money(Decimal(weight[0]), weight[1]),
                units and Money(Decimal(units[0]), units[1]),
                named,
                customer,
                product,
                None if count is None else Decimal(count),
                at,
            )
