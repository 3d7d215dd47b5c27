"""Read one entry, given as its lines, where it is not a plain transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.books.proof import patterns
from ledgercli.books.proof.booking import Leg
from ledgercli.books.proof.collect import KEYS
from ledgercli.books.proof.patterns import SPLIT_NUMBER
from ledgercli.books.proof.refusal import REPEATED_METADATA, RefusedError
from ledgercli.books.proof.refusal import SPLIT_NUMBER as SPLIT

if TYPE_CHECKING:
    from ledgercli.books.proof.tiles import TileCollector

_ZERO = Decimal()
_RESERVED = frozenset(["filename", "lineno"])


class EntryReader:
    """Reads entries line by line into a collector; ``handed_on`` is raised for what is not plain.

    ``pushed`` are the tags that `pushtag` put on all transactions.
    """

    def __init__(self, collector: TileCollector, handed_on: type[Exception]) -> None:
        """Begin a file."""
        self.collector = collector
        self.handed_on = handed_on
        self.pushed: list[str] = []

    def close(self) -> None:
        """End the file; a tag that is still pushed is an error of Beancount's."""
        if self.pushed:
            raise self.handed_on

    def read(self, entry: str, line: int) -> None:
        """Read the entry that begins in ``line``."""
        lines = entry.split("\n")
        lines.pop()
        lines = [f"{text}\n" for text in lines]
        if not lines[0][0].isdigit():
            self._undated(lines, line)
            return
        if header := patterns.HEADER.fullmatch(lines[0]):
            self._transaction(header.groups(), lines, line)
            return
        start = patterns.DIRECTIVE_START.match(lines[0])
        pattern = patterns.DIRECTIVES.get(start[2]) if start else None
        found = pattern.fullmatch(lines[0], start.end()) if start and pattern else None
        if start is None or found is None:
            raise self.handed_on
        metadata = self._only_metadata(lines, line)
        day = self.collector.days[start[1]]
        self._directives[start[2]](self, day, line, found.groups(), metadata)

    def _undated(self, lines: Sequence[str], line: int) -> None:
        found = patterns.UNDATED.fullmatch(lines[0])
        if not found or len(lines) > 1:
            raise self.handed_on
        option, key, value, include, path, plugin, name, push, tag = found.groups()
        facts = self.collector.facts
        if option:
            self.collector.option(key[1:-1], value[1:-1], line)
        elif include:
            facts.includes.append(path[1:-1])
        elif plugin:
            facts.plugins.append(name[1:-1])
        elif push == "pushtag":
            self.pushed.append(tag)
        elif tag in self.pushed:
            self.pushed.remove(tag)
        else:
            raise self.handed_on

    def _metadata(self, text: str, line: int, into: dict[str, object], seen: set[str]) -> bool:
        """Read a line of metadata into what is known; return whether it is one."""
        found = patterns.METADATA.fullmatch(text)
        if not found:
            return False
        key, quoted, day, other = found.groups()
        if key in seen or key in _RESERVED:
            raise RefusedError(REPEATED_METADATA, line)
        seen.add(key)
        if day:
            self.collector.days[day]
        if key in KEYS:
            if quoted is not None:
                into[key] = quoted[1:-1]
            elif day and key in {"due", "invoice-date"}:
                into[key] = day
            elif day or other:
                # Something that is no text: not a string for whoever looks at it.
                into[key] = 0
            else:
                into[key] = None
        if other:
            self._check_amount(other)
        return True

    def _check_amount(self, value: str) -> None:
        words = value.split()
        if len(words) == 2:
            self.collector.currencies[words[1]]

    def _only_metadata(self, lines: Sequence[str], line: int) -> dict[str, object]:
        into: dict[str, object] = {}
        seen: set[str] = set()
        for at, text in enumerate(lines[1:], line + 1):
            if not self._metadata(text, at, into, seen) and not patterns.COMMENT.fullmatch(text):
                raise self.handed_on
        return into

    def _transaction(self, header: Sequence[str], lines: Sequence[str], line: int) -> None:
        written, flag, texts, tail = header
        day = self.collector.days[written]
        strings = patterns.TEXTS.findall(texts)
        payee = strings[0] if len(strings) == 2 else ""
        narration = strings[-1] if strings else ""
        marks = tail.split()
        metadata: dict[str, object] = {}
        into, seen = metadata, set[str]()
        legs: list[Leg] = []
        first = len(lines)
        for at, text in enumerate(lines[1:], 1):
            if found := patterns.POSTING.fullmatch(text):
                into, seen = {}, set()
                first = min(first, at)
                legs.append(self._leg(found.groups(), into, line + at))
            elif self._metadata(text, line + at, into, seen) or patterns.COMMENT.fullmatch(text):
                continue
            elif (found := patterns.MARKS.fullmatch(text)) and not legs:
                marks += found[1].split()
            else:
                raise self.handed_on
        links = sorted({mark[1:] for mark in marks if mark[0] == "^"})
        tags = sorted({mark[1:] for mark in marks if mark[0] == "#"} | set(self.pushed))
        if links and tags and any(map(SPLIT_NUMBER.search, lines[:first])):
            raise RefusedError(SPLIT, line)
        self.collector.transaction(
            *(day, line, "*" if flag == "txn" else flag, payee, narration),
            *(links, tags, metadata, legs),
        )

    def _leg(self, parts: Sequence[str], metadata: dict[str, object], line: int) -> Leg:
        account, number, currency, sign, price, price_currency = parts
        account = self.collector.known[account]
        if not number:
            return Leg(account, None, "", None, "", metadata, line)
        amount = number_of(number)
        currency = self.collector.currencies[currency]
        if not sign:
            return Leg(account, amount, currency, None, "", metadata, line)
        rate = number_of(price)
        if sign == "@@":
            rate = rate / abs(amount) if amount else _ZERO
        price_currency = self.collector.currencies[price_currency]
        return Leg(account, amount, currency, rate, price_currency, metadata, line)

    def _open(self, day: int, line: int, parts: Sequence[str], metadata: dict[str, object]) -> None:
        account, currencies = parts
        names = [
            self.collector.currencies[name.strip()]
            for name in currencies.split(",")
            if name.strip()
        ]
        self.collector.open(account, day, line, names, metadata.get("customer"))

    def _close(self, day: int, _: int, parts: Sequence[str], __: dict[str, object]) -> None:
        self.collector.facts.closes.append((self.collector.known[parts[0]], day))

    def _commodity(self, _: int, __: int, parts: Sequence[str], ___: dict[str, object]) -> None:
        self.collector.facts.commodities.append(self.collector.currencies[parts[0]])

    def _pad(self, day: int, line: int, parts: Sequence[str], metadata: dict[str, object]) -> None:
        account, source = (self.collector.known[name] for name in parts)
        self.collector.use(account, day)
        self.collector.use(source, day)
        self.collector.facts.pads.append((account, day, line, source, bool(metadata)))

    def _balance(
        self, day: int, line: int, parts: Sequence[str], metadata: dict[str, object]
    ) -> None:
        account, number, tolerance, currency = parts
        account = self.collector.known[account]
        self.collector.mention(account, day)
        self.collector.facts.balances.append(
            (
                *(account, day, line, str(number_of(number))),
                str(number_of(tolerance)) if tolerance else "",
                *(self.collector.currencies[currency], bool(metadata)),
            )
        )

    def _price(self, day: int, line: int, parts: Sequence[str], _: dict[str, object]) -> None:
        base, number, quote = parts
        currencies = self.collector.currencies
        self.collector.facts.prices.append((day, line, currencies[base], number, currencies[quote]))

    def _note(self, day: int, _: int, parts: Sequence[str], __: dict[str, object]) -> None:
        self.collector.mention(self.collector.known[parts[0]], day)

    def _document(self, day: int, _: int, parts: Sequence[str], __: dict[str, object]) -> None:
        self.collector.mention(self.collector.known[parts[0]], day)
        self.collector.facts.documents.append(parts[1][1:-1])

    def _nothing(self, _: int, __: int, ___: Sequence[str], ____: dict[str, object]) -> None:
        """Read a directive that nothing is asked of."""

    def _custom(self, _: int, __: int, parts: Sequence[str], ___: dict[str, object]) -> None:
        end = 0
        for found in patterns.CUSTOM.finditer(parts[0]):
            _text, day, _truth, _number, currency, account = found.groups()
            if found.start() != end:
                raise self.handed_on
            end = found.end()
            if day:
                self.collector.days[day]
            elif currency:
                self.collector.currencies[currency]
            elif account:
                self.collector.known[account]
        if end != len(parts[0]):
            raise self.handed_on

    _directives: dict[
        str, Callable[[EntryReader, int, int, Sequence[str], dict[str, object]], None]
    ] = {
        "open": _open,
        "close": _close,
        "commodity": _commodity,
        "pad": _pad,
        "balance": _balance,
        "price": _price,
        "event": _nothing,
        "query": _nothing,
        "note": _note,
        "document": _document,
        "custom": _custom,
    }


def number_of(text: str) -> Decimal:
    """Return a number as Beancount reads it: without commas, and without a negative zero."""
    number = Decimal(text.replace(",", ""))
    return number if number else number.copy_abs()
