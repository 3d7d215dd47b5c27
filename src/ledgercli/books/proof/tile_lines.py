"""Read one entry, given as its lines, where it is not a plain transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from ledgercli.books.proof import patterns
from ledgercli.books.proof.transactions import LineReader, Metadata, number_of

if TYPE_CHECKING:
    from ledgercli.books.proof.tiles import TileCollector


class EntryReader:
    """Reads entries line by line into a collector; ``handed_on`` is raised for what is not plain.

    ``pushed`` are the tags that `pushtag` put on all transactions.
    """

    def __init__(self, collector: TileCollector, handed_on: type[Exception]) -> None:
        """Begin a file."""
        self.collector = collector
        self.handed_on = handed_on
        self.pushed: list[str] = []
        self.lines = LineReader(collector, handed_on)

    def close(self) -> None:
        """End the file; a tag that is still pushed is an error of Beancount's."""
        if self.pushed:
            raise self.handed_on

    def read(self, entry: str, line: int) -> None:
        """Read the entry that begins in ``line``."""
        first, end, rest = entry.partition("\n")
        first += end
        if not first[0].isdigit():
            if rest:
                raise self.handed_on
            self._undated(first, line)
            return
        self.collector.dated = True
        start = patterns.DIRECTIVE_START.match(first)
        pattern = patterns.directive(start[2]) if start else None
        if not start or not pattern:
            header = patterns.HEADER.fullmatch(first)
            if not header:
                raise self.handed_on
            self.lines.take(header.groups(), rest, line, self.pushed)
            return
        found = pattern.fullmatch(first, start.end())
        if not found:
            raise self.handed_on
        metadata = self._only_metadata(rest, line) if rest else {}
        day = self.collector.days[start[1]]
        self._directives[start[2]](self, day, line, found.groups(), metadata)

    def _undated(self, text: str, line: int) -> None:
        found = patterns.UNDATED.fullmatch(text)
        if not found:
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

    def _only_metadata(self, rest: str, line: int) -> Metadata:
        into: Metadata = {}
        seen: set[str] = set()
        for at, parts in enumerate(patterns.body().findall(rest), line + 1):
            if parts[6]:
                self.lines.metadata(parts, at, into, seen)
            elif not parts[10]:
                raise self.handed_on
        return into

    def _open(self, day: int, line: int, parts: Sequence[str], metadata: Metadata) -> None:
        account, currencies = parts
        names = [
            self.collector.currencies[name.strip()]
            for name in currencies.split(",")
            if name.strip()
        ]
        self.collector.open(account, day, line, names, metadata.get("customer"))

    def _close(self, day: int, _: int, parts: Sequence[str], __: Metadata) -> None:
        self.collector.facts.closes.append((self.collector.names[parts[0]][1], day))

    def _commodity(self, _: int, __: int, parts: Sequence[str], ___: Metadata) -> None:
        self.collector.facts.commodities.append(self.collector.currencies[parts[0]])

    def _pad(self, day: int, line: int, parts: Sequence[str], metadata: Metadata) -> None:
        account, source = (self.collector.names[name][1] for name in parts)
        self.collector.use(account, day)
        self.collector.use(source, day)
        self.collector.facts.pads.append((account, day, line, source, bool(metadata)))

    def _balance(self, day: int, line: int, parts: Sequence[str], metadata: Metadata) -> None:
        account, number, tolerance, currency = parts
        account = self.collector.names[account][1]
        self.collector.mention(account, day)
        self.collector.facts.balances.append(
            (
                *(account, day, line, str(number_of(number))),
                str(number_of(tolerance)) if tolerance else "",
                *(self.collector.currencies[currency], bool(metadata)),
            )
        )

    def _price(self, day: int, line: int, parts: Sequence[str], _: Metadata) -> None:
        base, number, quote = parts
        currencies = self.collector.currencies
        self.collector.facts.prices.append((day, line, currencies[base], number, currencies[quote]))

    def _note(self, day: int, _: int, parts: Sequence[str], __: Metadata) -> None:
        self.collector.mention(self.collector.names[parts[0]][1], day)

    def _document(self, day: int, _: int, parts: Sequence[str], __: Metadata) -> None:
        self.collector.mention(self.collector.names[parts[0]][1], day)
        self.collector.facts.documents.append(parts[1][1:-1])

    def _nothing(self, _: int, __: int, ___: Sequence[str], ____: Metadata) -> None:
        """Read a directive that nothing is asked of."""

    def _custom(self, _: int, __: int, parts: Sequence[str], ___: Metadata) -> None:
        end = 0
        for found in patterns.custom_values().finditer(parts[0]):
            _text, day, _truth, _number, currency, account = found.groups()
            if found.start() != end:
                raise self.handed_on
            end = found.end()
            if day:
                self.collector.days[day]
            elif currency:
                self.collector.currencies[currency]
            elif account:
                self.collector.names[account]
        if end != len(parts[0]):
            raise self.handed_on

    _directives: ClassVar[
        dict[str, Callable[[EntryReader, int, int, Sequence[str], Metadata], None]]
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
