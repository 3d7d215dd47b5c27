"""Prove from the summaries of all files of a ledger that Beancount would report no error."""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100, PTH110, PTH117, PTH118, PTH120

from __future__ import annotations

import decimal
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ledgercli.books.proof.assertions import check_balances
from ledgercli.books.proof.pads import Fill, pad_rows
from ledgercli.books.proof.refusal import (
    CLOSED_WRONGLY,
    COMMODITY_TWICE,
    NO_DOCUMENT,
    NOT_OPEN,
    OPENED_TWICE,
    PLUGIN,
    WRONG_CURRENCY,
    RefusedError,
)
from ledgercli.books.proof.rules import rules_of, tolerances_of
from ledgercli.books.proof.summary import FileSummary
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

#: Our own plugin is dropped whenever we load a ledger.
_OWN_PLUGIN = "ledgercli.plugin"
# Later than any day.
_NEVER = 1 << 30


class Part(NamedTuple):
    """One file of a ledger: its absolute path and its summary."""

    file: str
    summary: FileSummary


@dataclass(frozen=True, slots=True)
class Proven:
    """A ledger that Beancount reports no error for, in the order of its files.

    ``fills`` is what fills pad directives, ``pad_rows`` those on receivable and deposit accounts as
    (index of the file, row).
    ``documents`` are absolute paths whose existence was part of the proof.
    ``settings`` are those it was proven under.
    """

    parts: tuple[Part, ...]
    settings: ReceivablesSettings
    fills: tuple[Fill, ...] = ()
    pad_rows: tuple[tuple[int, TransactionRow], ...] = ()
    documents: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return the absolute paths of the files, sorted."""
        return tuple(sorted(part.file for part in self.parts))

    @property
    def patterns(self) -> tuple[str, ...]:
        """Return the patterns that were expanded to find the files, as absolute paths."""
        return tuple(
            os.path.join(os.path.dirname(part.file), pattern)
            for part in self.parts
            for pattern in part.summary.facts.includes
        )

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return the options of the top file as written."""
        return self.parts[0].summary.facts.options


def merge(parts: Sequence[Part], settings: ReceivablesSettings) -> Proven | Refusal:
    """Return the proof that the ``parts`` make, the top file first, else why there is none.

    Raise ValueError where summaries were not made under the rules of the top file's options.
    """
    try:
        with decimal.localcontext(decimal.Context()):
            return _Merge(parts, settings).proven()
    except RefusedError as error:
        return error.refusal()


def refuse_plugins(names: Iterable[str]) -> None:
    """Refuse a ledger with a plugin other than ours among the ``names`` of its top file."""
    for name in names:
        if name != _OWN_PLUGIN:
            raise RefusedError(PLUGIN, plugin=name)


class _Merge:
    """Looks at the facts of all files together."""

    def __init__(self, parts: Sequence[Part], settings: ReceivablesSettings) -> None:
        self.parts = parts
        self.settings = settings
        self.facts = [part.summary.facts for part in parts]
        self.rules = rules_of(settings, self.facts[0].options)
        if any(facts.rules != self.rules.fingerprint for facts in self.facts):
            message = "the summaries were made under other rules"
            raise ValueError(message)

    def proven(self) -> Proven:
        """Return the proof; raise RefusedError where there is none."""
        top = self.facts[0]
        refuse_plugins(top.plugins)
        opened = self._opened()
        closed = self._closed(opened)
        self._check_use(opened, closed)
        self._check_commodities()
        allowed = {
            account: currencies
            for facts in self.facts
            for account, _, _, currencies, _ in facts.opens
            if currencies
        }
        self._check_currencies(allowed)
        documents = self._documents()
        fills = check_balances(
            [part.summary for part in self.parts], allowed, tolerances_of(self.rules)
        )
        rows = pad_rows(
            fills,
            [facts.file for facts in self.facts],
            {account for facts in self.facts for account in facts.zeros},
            self.rules.kinds(),
        )
        return Proven(tuple(self.parts), self.settings, tuple(fills), tuple(rows), documents)

    def _opened(self) -> dict[str, int]:
        opened: dict[str, int] = {}
        for facts in self.facts:
            for account, day, *_ in facts.opens:
                if account in opened:
                    raise RefusedError(OPENED_TWICE, account=account)
                opened[account] = day
        return opened

    def _closed(self, opened: Mapping[str, int]) -> dict[str, int]:
        closed: dict[str, int] = {}
        for facts in self.facts:
            for account, day in facts.closes:
                if account in closed or day < opened.get(account, _NEVER):
                    raise RefusedError(CLOSED_WRONGLY, account=account)
                closed[account] = day
        return closed

    def _check_use(self, opened: Mapping[str, int], closed: Mapping[str, int]) -> None:
        for facts in self.facts:
            for account, (first, last) in facts.uses():
                if first < opened.get(account, _NEVER) or (
                    account in closed and last > closed[account]
                ):
                    raise RefusedError(NOT_OPEN, account=account)

    def _check_commodities(self) -> None:
        known: set[str] = set()
        for facts in self.facts:
            for currency in facts.commodities:
                if currency in known:
                    raise RefusedError(COMMODITY_TWICE, currency=currency)
                known.add(currency)

    def _check_currencies(self, allowed: Mapping[str, tuple[str, ...]]) -> None:
        if not allowed:
            return
        forbidding: dict[str, frozenset[str]] = {}
        for facts in self.facts:
            for posted in (facts.sums, facts.kept):
                for currency, accounts in posted.items():
                    if currency not in forbidding:
                        forbidding[currency] = frozenset(
                            account for account, names in allowed.items() if currency not in names
                        )
                    for account in forbidding[currency].intersection(accounts):
                        raise RefusedError(WRONG_CURRENCY, account=account, currency=currency)

    def _documents(self) -> tuple[str, ...]:
        paths = tuple(self._document_paths())
        for path in paths:
            if not os.path.exists(path):
                raise RefusedError(NO_DOCUMENT)
        return paths

    def _document_paths(self) -> Iterator[str]:
        for part in self.parts:
            folder = os.path.dirname(part.file)
            for path in part.summary.facts.documents:
                if not os.path.isabs(path):
                    path = os.path.abspath(os.path.join(folder, path))  # noqa: PLW2901
                yield path
