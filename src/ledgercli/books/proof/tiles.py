"""Take a file of plain lines apart with regular expressions; hand on any other.

The tiles cover the text without a gap: what no other tile matches is matched by the last one, and
then the whole file is handed on to Beancount's parser. A tile matches only what Beancount's lexer
and grammar (version 3.2) take for the same thing, so it is narrower than they are wherever they
are subtle: one-letter currencies, escapes and line ends in texts, arithmetic, costs.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Mapping

from ledgercli.books.account_kinds import AccountKinds
from ledgercli.books.proof.collect import Collector, Names
from ledgercli.books.proof.patterns import (
    ACCOUNT,
    CONTROL_TO_ZERO,
    CURRENCY,
    LONE_CAPITAL,
    NOT_INDENTED,
    TILES,
)
from ledgercli.books.proof.plain_transactions import Said, Tile, source_of, take_tiles
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.shapes import Shapes
from ledgercli.books.proof.tile_lines import EntryReader

_BANK = 1


#: The names of the account roots where a file says nothing of them.
_ROOTS = {
    "name_assets": "Assets",
    "name_liabilities": "Liabilities",
    "name_equity": "Equity",
    "name_income": "Income",
    "name_expenses": "Expenses",
}
_PART_CHARACTERS = 1 << 16
# Latin, Greek and Cyrillic stand before it: which of them are capitals has long been settled.
_BEYOND = "\u0530"


class HandedOnError(Exception):
    """The file has something that no tile covers."""


class PlainNames(Names):
    """Account names that Beancount is sure to take under ``roots``; others are handed on."""

    def __init__(self, kinds: AccountKinds, roots: Mapping[str, str] = _ROOTS) -> None:
        """Begin with none known; ``roots`` are the names of the account roots, by option."""
        super().__init__(kinds)
        self._roots = frozenset(roots.values())

    def __missing__(self, account: str) -> tuple[int, str]:
        """Return an account that is named for the first time; hand on where it is no plain one."""
        root, _, rest = account.partition(":")
        # Beancount looks no further than this first letter or digit of the first component.
        if (
            not ACCOUNT.fullmatch(account)
            or root not in self._roots
            or not (rest[0] in "0123456789" or (rest[0] < _BEYOND and rest[0].isupper()))
        ):
            raise HandedOnError
        return super().__missing__(account)


class Vocabulary:
    """What has been looked at already, for all files that are read under the same rules."""

    def __init__(self, rules: Rules) -> None:
        """Begin with nothing known."""
        self.names = PlainNames(rules.kinds())
        self.days: dict[str, int] = _Days()
        self.currencies: dict[str, str] = _Checked(_check_currency)
        self.shapes = Shapes(self.names)
        self.said = Said(self.days)


class TileCollector(Collector):
    """A collector that looks at each day, account and currency once, and hands on doubtful ones."""

    def __init__(self, rules: Rules, shown: str, vocabulary: Vocabulary) -> None:
        """Begin a file under ``rules``; rows tell it as ``shown``."""
        super().__init__(rules, shown, vocabulary.names)
        self.days = vocabulary.days
        self.currencies = vocabulary.currencies
        self.shapes = vocabulary.shapes
        self.said = vocabulary.said
        #: Whether a dated entry was read, which may name accounts.
        self.dated = False
        self._roots = dict(_ROOTS)

    def currency(self, currency: str) -> str:
        """Return the currency; hand on where it is not a plain one."""
        return self.currencies[currency]

    def option(self, key: str, value: str, line: int) -> None:
        """Take an option; account roots have to be named before the first account."""
        if key in self._roots:
            if self.dated or self.sums or not re.fullmatch(r"[A-Z][A-Za-z0-9-]*", value, re.ASCII):
                raise HandedOnError
            self._roots[key] = value
            # From here on names are looked at for this file alone.
            self.names = PlainNames(self.names.kinds, self._roots)
            self.shapes = Shapes(self.names)
        super().option(key, value, line)


class _Checked(dict[str, str]):
    """Texts that have been looked at; each is once."""

    def __init__(self, check: Callable[[str], None]) -> None:
        super().__init__()
        self._check = check

    def __missing__(self, text: str) -> str:
        self._check(text)
        # The same text is said in many files: interned, all of them share one.
        text = self[text] = sys.intern(text)
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


def collect_tiles(
    content: bytes, rules: Rules, shown: str, vocabulary: Vocabulary | None = None
) -> Collector:
    """Return what the tiles of a file's bytes make; files under the same rules share a vocabulary.

    Raise HandedOnError where something is not covered, RefusedError where an error is certain.
    """
    text = _plain_text(content)
    collector = TileCollector(rules, shown, vocabulary or Vocabulary(rules))
    entries = EntryReader(collector, HandedOnError)

    def take_other(tile: Tile, line: int) -> None:
        if tile[0]:
            entries.read(source_of(tile), line)
        elif tile[16]:
            entries.read(tile[16], line)
        elif not tile[17]:
            raise HandedOnError

    line = 1
    start = 0
    while start < len(text):
        # All tiles of a large file would take much memory. An entry ends where a line begins that
        # is not indented.
        next_line = NOT_INDENTED.search(text, start + _PART_CHARACTERS)
        end = next_line.start() + 1 if next_line else len(text)
        line = take_tiles(
            collector, TILES.findall(text, start, end), line, entries.pushed, take_other
        )
        start = end
    entries.close()
    return collector


def _plain_text(content: bytes) -> str:
    """Return the text with plain line ends; hand on what has other control characters."""
    if b"\0" in content.translate(CONTROL_TO_ZERO):
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
