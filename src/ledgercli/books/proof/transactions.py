"""Take transactions from their text line by line, where they are no plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.books.ledger_values import DATE_KEYS, MIXED_KEYS
from ledgercli.books.proof.booking import Leg
from ledgercli.books.proof.collect import KEYS, Head
from ledgercli.books.proof.patterns import SPLIT_NUMBER, TEXTS, body
from ledgercli.books.proof.refusal import REPEATED_METADATA, RefusedError
from ledgercli.books.proof.refusal import SPLIT_NUMBER as SPLIT

if TYPE_CHECKING:
    from ledgercli.books.proof.tiles import TileCollector

Metadata = dict[str, object]
#: What `findall` gives of :data:`patterns.body` for one line.
LineParts = tuple[str, ...]

_ZERO = Decimal()
RESERVED = frozenset(["filename", "lineno"])


def marks_of(marks: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the links and the tags among ``marks``, each sorted, without their signs."""
    if len(marks) == 1:
        mark = marks[0]
        return ((mark[1:],), ()) if mark[0] == "^" else ((), (mark[1:],))
    ordered = sorted(set(marks))
    return (
        tuple([mark[1:] for mark in ordered if mark[0] == "^"]),
        tuple([mark[1:] for mark in ordered if mark[0] == "#"]),
    )


class LineReader:
    """Reads transactions line by line into a collector; ``handed_on`` is raised for odd lines."""

    def __init__(self, collector: TileCollector, handed_on: type[Exception]) -> None:
        """Begin a file."""
        self.collector = collector
        self.handed_on = handed_on
        # Only then is a left-out amount simply what the others come to.
        tolerances = collector.tolerances
        self._usual = (
            tolerances.multiplier == Decimal("0.5")
            and not tolerances.defaults
            and not tolerances.from_cost
        )

    def take(self, header: Sequence[str], rest: str, line: int, pushed: Sequence[str]) -> None:
        """Take the transaction with the parts of its ``header`` and its indented lines ``rest``.

        ``pushed`` are tags that `pushtag` adds.
        """
        written, flag, texts, tail = header
        strings = TEXTS.findall(texts)
        marks = [*tail.split(), *(f"#{tag}" for tag in pushed)]
        metadata: Metadata = {}
        into, seen = metadata, set[str]()
        legs: list[LineParts] = []
        metas: list[Metadata] = []
        lines: list[int] = []
        at = line
        for parts in body().findall(rest):
            at += 1
            if parts[0]:
                into, seen = {}, set()
                legs.append(parts)
                metas.append(into)
                lines.append(at)
            elif parts[6]:
                self.metadata(parts, at, into, seen)
            elif parts[11] and not legs:
                marks += parts[11].split()
            elif not parts[10]:
                raise self.handed_on
        links, tags = marks_of(marks) if marks else ((), ())
        if links and tags:
            before = rest if not lines else "".join(rest.split("\n")[: lines[0] - line - 1])
            if SPLIT_NUMBER.search(texts + tail + before):
                raise RefusedError(SPLIT, line)
        head = Head(
            self.collector.days[written],
            line,
            "*" if flag == "txn" else flag,
            strings[0] if len(strings) == 2 else "",
            strings[-1] if strings else "",
            links,
            tags,
            metadata,
        )
        if not self._take_usual(head, legs, metas, lines):
            made = [self._leg(*one) for one in zip(legs, metas, lines, strict=True)]
            self.collector.transaction(head, made)

    def _take_usual(
        self,
        head: Head,
        legs: Sequence[LineParts],
        metas: Sequence[Metadata],
        lines: Sequence[int],
    ) -> bool:
        """Take a transaction in one currency that balances exactly; say whether it is one.

        One amount may be left out; it is then what the others come to, as long as Beancount has
        nothing to round: where all numbers have as many decimals, or none.
        """
        if not legs:
            return False
        written = [leg[1] for leg in legs]
        left_out = written.count("")
        currencies = {leg[2] for leg in legs if leg[2]}
        if left_out > 1 or len(currencies) != 1 or any(leg[3] for leg in legs):
            return False
        numbers = [number_of(number) if number else _ZERO for number in written]
        total = sum(numbers, _ZERO)
        if left_out:
            places = {len(number.partition(".")[2]) for number in written if number}
            if not total or not self._usual or len(places - {0}) > 1:
                return False
            numbers[written.index("")] = -total
        elif total:
            return False
        known = self.collector.names
        names = [known[leg[0]][1] for leg in legs]
        money = [currencies.pop()] * len(names)
        self.collector.booked_transaction(head, names, numbers, money, metas, lines)
        return True

    def metadata(self, parts: LineParts, line: int, into: Metadata, seen: set[str]) -> None:
        """Read a line of metadata into what is known."""
        key, quoted, day, other = parts[6:10]
        if key in seen or key in RESERVED:
            raise RefusedError(REPEATED_METADATA, line)
        seen.add(key)
        if day:
            self.collector.days[day]
        elif other:
            words = other.split()
            if len(words) == 2:
                self.collector.currencies[words[1]]
        if key not in KEYS:
            return
        if quoted:
            into[key] = quoted[1:-1]
        elif day and (key in DATE_KEYS or key in MIXED_KEYS):
            into[key] = day
        elif day or other:
            # Something that is no text: not a string for whoever looks at it.
            into[key] = 0
        else:
            into[key] = None

    def _leg(self, parts: LineParts, metadata: Metadata, line: int) -> Leg:
        account, number, currency, sign, price, price_currency = parts[:6]
        account = self.collector.names[account][1]
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


def number_of(text: str) -> Decimal:
    """Return a number as Beancount reads it: without commas, and without a negative zero."""
    number = Decimal(text.replace(",", ""))
    return number or number.copy_abs()
