"""Take a file of plain lines apart with regular expressions; hand on any other.

The tiles cover the text without a gap: what no other tile matches is matched by the last one, and
then the whole file is handed on to Beancount's parser. A tile matches only what Beancount's lexer
and grammar (version 3.2) take for the same thing, so it is narrower than they are wherever they
are subtle: one-letter currencies, escapes and line ends in texts, arithmetic, costs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from ledgercli.books.ledger import _DATE_KEYS, _RECEIVABLE
from ledgercli.books.proof.collect import KEYS, Accounts, Collector
from ledgercli.books.proof.patterns import (
    ACCOUNT,
    CONTROL,
    CURRENCY,
    LONE_CAPITAL,
    SPLIT_NUMBER,
    TILES,
)
from ledgercli.books.proof.refusal import SPLIT_NUMBER as SPLIT
from ledgercli.books.proof.refusal import RefusedError
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.tile_lines import EntryReader

_BANK = 1


class HandedOnError(Exception):
    """The file has something that no tile covers."""


class TileCollector(Collector):
    """A collector that looks at each day, account and currency once, and hands on doubtful ones."""

    def __init__(self, rules: Rules, shown: str) -> None:
        """Begin a file under ``rules``; rows tell it as ``shown``."""
        super().__init__(rules, shown)
        self.days: dict[str, int] = _Days()
        self.known: dict[str, str] = _Checked(self._check_account)
        self.currencies: dict[str, str] = _Checked(_check_currency)
        self.roots = {
            "name_assets": "Assets",
            "name_liabilities": "Liabilities",
            "name_equity": "Equity",
            "name_income": "Income",
            "name_expenses": "Expenses",
        }

    def kind(self, account: str) -> int:
        """Return what the account is; hand on where its name is not a plain one."""
        return super().kind(self.known[account])

    def accounts(self, currency: str) -> Accounts:
        """Return the accounts posted to in ``currency``; hand on where it is not a plain one."""
        return super().accounts(self.currencies[currency])

    def option(self, key: str, value: str, line: int) -> None:
        """Take an option; account roots have to be named before the first account."""
        if key in self.roots:
            if self.known or not re.fullmatch(r"[A-Z][A-Za-z0-9-]*", value, re.ASCII):
                raise HandedOnError
            self.roots[key] = value
        super().option(key, value, line)

    def _check_account(self, account: str) -> None:
        root, _, rest = account.partition(":")
        # Beancount looks no further than this first letter or digit of the first component.
        if (
            not ACCOUNT.fullmatch(account)
            or root not in self.roots.values()
            or not (rest[0].isascii() and (rest[0].isupper() or rest[0].isdigit()))
        ):
            raise HandedOnError


class _Checked(dict[str, str]):
    """Texts that have been looked at; each is once."""

    def __init__(self, check: Callable[[str], None]) -> None:
        super().__init__()
        self._check = check

    def __missing__(self, text: str) -> str:
        self._check(text)
        self[text] = text
        return text


class _Days(dict[str, int]):
    """Days by their text; each is looked at once."""

    def __missing__(self, text: str) -> int:
        try:
            day = dt.date(int(text[:4]), int(text[5:7]), int(text[8:])).toordinal()
        except ValueError:
            raise HandedOnError from None
        self[text] = day
        return day


def _check_currency(text: str) -> None:
    if not CURRENCY.fullmatch(text) or text in {"TRUE", "FALSE", "NULL"}:
        raise HandedOnError


def collect_tiles(content: bytes, rules: Rules, shown: str) -> Collector:
    """Return what the tiles of a file's bytes make.

    Raise HandedOnError where something is not covered, RefusedError where an error is certain.
    """
    text = _plain_text(content)
    collector = TileCollector(rules, shown)
    entries = EntryReader(collector, HandedOnError)
    take = _plain_taker(collector)
    line = 1
    for tile in TILES.findall(text):
        day, _, _, _, _, meta, body, blank, entry, skipped, _ = tile
        if day:
            if entries.pushed:
                entries.read(_source(tile), line)
            elif not take(tile, line):
                entries.read(_source(tile), line)
            line += 1 + meta.count("\n") + body.count("\n") + blank.count("\n")
        elif entry:
            entries.read(entry, line)
            line += entry.count("\n")
        elif skipped:
            line += skipped.count("\n")
        else:
            raise HandedOnError
    entries.close()
    return collector


def _plain_text(content: bytes) -> str:
    """Return the text with plain line ends; hand on what has other control characters."""
    if len(content.translate(None, CONTROL)) != len(content):
        raise HandedOnError
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise HandedOnError from None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            raise HandedOnError
    if LONE_CAPITAL.search(text, max(0, len(text) - 2)):
        raise HandedOnError
    if text and not text.endswith("\n"):
        text += "\n"
    return text


def _source(tile: tuple[str, ...]) -> str:
    """Return the lines that a tile of a plain transaction was made of."""
    day, flag, first, second, tail, meta, body, *_ = tile
    return f'{day} {flag} "{first}"{second}{tail}\n{meta}{body}'


def _plain_taker(collector: TileCollector) -> Callable[[tuple[str, ...], int], bool]:
    """Return the function that takes a plain transaction; it says False where it is not so plain.

    Most of a ledger goes through here, so everything is at hand as a local name. Plain is: all
    amounts given, in one currency, without prices, adding up to nothing at all. Then neither
    Beancount's booking nor its tolerances matter.
    """
    days, add_row, shown = collector.days, collector.rows.append, collector.shown
    accounts_of, opposite, number_of = collector.accounts, collector.opposite, Decimal
    shown_currencies = collector.shown_currencies

    def take(tile: tuple[str, ...], line: int) -> bool:
        date, flag, first, second, tail, meta, body = tile[:7]
        words = body.split()
        written = words[1::3]
        numbers = list(map(number_of, written))
        currency = words[2]
        if sum(numbers) or words[2::3].count(currency) != len(numbers):
            return False
        texts = None
        at = line
        if meta:
            texts = _plain_metadata(meta, days)
            if texts is None:
                return False
            at += meta.count("\n")
        day = days[date]
        book = accounts_of(currency)
        names = words[::3]
        postings = []
        receivables = others = 0
        owed = False
        for account, number, amount in zip(names, numbers, written, strict=True):
            at += 1
            kind, name, kept, sums = book[account]
            if kind <= _BANK:
                others += 1
                sums[day] = sums[day] + number if day in sums else number
            else:
                kept.append(day)
                is_receivable = kind == _RECEIVABLE
                receivables += is_receivable
                if number:
                    owed = owed or is_receivable
                    postings.append((name, amount, currency, None, at, is_receivable))
        if day > collector.last_day:
            collector.last_day = day
        if receivables and others:
            opposite.update([name for name in names if book[name][0] <= _BANK])
        if not postings:
            return True
        if owed:
            shown_currencies.add(currency)
        links: tuple[str, ...] = ()
        tags: tuple[str, ...] = ()
        if tail:
            marks = sorted(set(tail.split()))
            links = tuple([mark[1:] for mark in marks if mark[0] == "^"])
            if len(links) < len(marks):
                tags = tuple([mark[1:] for mark in marks if mark[0] == "#"])
                if links and SPLIT_NUMBER.search(first + second + tail + meta):
                    raise RefusedError(SPLIT, line)
        payee, narration = (first, second.strip()[1:-1]) if second else ("", first)
        accounts = tuple(sorted(set(names)))
        add_row(
            (
                *(day, flag, payee, narration, links, tags, texts or None),
                *(accounts, receivables == len(names), shown, line, tuple(postings)),
            )
        )
        return True

    return take


def _plain_metadata(meta: str, days: Mapping[str, int]) -> dict[str, str] | None:
    """Return the texts of the keys that have a meaning, None where a longer look is needed."""
    texts = {}
    seen = set()
    for text in meta.split("\n")[:-1]:
        key, _, value = text.partition(":")
        key, value = key.strip(), value.strip()
        if key in seen or key in {"filename", "lineno"}:
            return None
        seen.add(key)
        if value[0] == '"':
            if key in KEYS:
                if key in _DATE_KEYS:
                    return None
                if said := value[1:-1].strip():
                    texts[key] = said
            continue
        days[value]  # the day has to exist
        if key in _DATE_KEYS:
            texts[key] = value
        elif key in KEYS:
            return None
    return texts
