"""Take transactions from their text: the plain ones at once, all others line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING

from ledgercli.books.account_kinds import BANK, RECEIVABLE
from ledgercli.books.ledger_values import DATE_KEYS, MIXED_KEYS
from ledgercli.books.proof.booking import Leg
from ledgercli.books.proof.collect import KEYS, Head
from ledgercli.books.proof.patterns import BODY, SPLIT_NUMBER, TEXTS
from ledgercli.books.proof.refusal import REPEATED_METADATA, RefusedError
from ledgercli.books.proof.refusal import SPLIT_NUMBER as SPLIT

if TYPE_CHECKING:
    from ledgercli.books.proof.tiles import TileCollector

Metadata = dict[str, object]
#: What `findall` gives of :data:`patterns.BODY` for one line.
LineParts = tuple[str, ...]

_ZERO = Decimal()
_NOTHING: dict[str, str] = {}
_RESERVED = frozenset(["filename", "lineno"])


def take_tiles(  # noqa: C901, PLR0912, PLR0915 - one loop, see below
    collector: TileCollector,
    tiles: Iterable[tuple[str, ...]],
    line: int,
    pushed: Sequence[str],
    otherwise: Callable[[tuple[str, ...], int], None],
) -> int:
    """Take the plain transactions among ``tiles`` that begin in ``line``; return the line behind.

    All other tiles go to ``otherwise``, and all while tags are ``pushed``. Plain is: all amounts
    given, in one currency, without prices, adding up to nothing at all. Then neither Beancount's
    booking nor its tolerances matter. What is done a hundred thousand times stands here in one
    loop, with everything at hand as a local name.
    """
    days, books, number_of = collector.days, collector.books, Decimal
    add_row, shown, opposite = collector.rows.append, collector.shown, collector.opposite
    currencies, zeros = collector.shown_currencies, collector.zeros
    last_day = collector.last_day
    legs: Iterable[tuple[str, Decimal, str]]
    for tile in tiles:
        date, flag, payee, narration, tail, meta, body, blank, _, _, _ = tile
        words = body.split()
        count = len(words)
        lines = body.count("\n")
        currency = ""
        # Three words to a line. Most have two lines or three, which need no lists.
        if count == 6 and lines == 2:
            account, amount, money, other, back, same = words
            if same == money and (back == "-" + amount or amount == "-" + back):
                currency, number = money, number_of(amount)
                legs = (account, number, amount), (other, -number, back)
        elif count == 9 and lines == 3:
            account, amount, money, other, back, same, third, more, equal = words
            if same == money == equal:
                number, against, rest = number_of(amount), number_of(back), number_of(more)
                if not number + against + rest:
                    currency = money
                    legs = (account, number, amount), (other, against, back), (third, rest, more)
        elif count and count == lines * 3:
            numbers = [*map(number_of, words[1::3])]
            if not sum(numbers, _ZERO) and words[2::3].count(words[2]) == lines:
                currency, legs = words[2], zip(words[::3], numbers, words[1::3])  # noqa: B905
        texts = _plain_metadata(meta, days) if meta else _NOTHING
        if not currency or texts is None or pushed:
            otherwise(tile, line)
            line += sum([part.count("\n") for part in tile[4:10]]) + (date != "")
            continue
        at = start = line
        if meta:
            at += meta.count("\n")
        day = days[date]
        if day > last_day:  # noqa: PLR1730 - quicker
            last_day = day
        book = books[currency]
        postings = []
        names = []
        others = []
        owed = receivables = 0
        for account, number, amount in legs:
            at += 1
            kind, name, kept, sums = book[account]
            names.append(name)
            if kind <= BANK:
                others.append(name)
                if day in sums:
                    sums[day] += number
                else:
                    sums[day] = number
            else:
                kept.append(day)
                is_receivable = kind == RECEIVABLE
                receivables += is_receivable
                if number:
                    owed += is_receivable
                    postings.append((name, amount, currency, None, at, is_receivable))
                else:
                    zeros.add(name)
        line = at + 1 + len(blank)
        if receivables and others:
            opposite.update(others)
        if not postings:
            continue
        if owed:
            currencies.add(currency)
        links: tuple[str, ...] = ()
        tags: tuple[str, ...] = ()
        if tail:
            links, tags = marks_of(tail.split())
            if links and tags and SPLIT_NUMBER.search(payee + narration + tail + meta):
                raise RefusedError(SPLIT, start)
        # Payees come again and again, in all files: interned, they share one text.
        payee, narration = (intern(payee), narration.strip()[1:-1]) if narration else ("", payee)
        names.sort()
        accounts = tuple(names)
        if len(set(names)) < len(names):
            accounts = tuple(sorted(set(names)))
        only = not others and receivables == len(names)
        texts_of = (day, flag, payee, narration, links, tags, texts or None)
        add_row((*texts_of, accounts, only, shown, start, tuple(postings)))
    collector.last_day = max(collector.last_day, last_day)
    return line


def _plain_metadata(  # noqa: C901 - a key, its value, and what is odd about them
    meta: str, days: Mapping[str, int]
) -> dict[str, str] | None:
    """Return the texts of the keys that have a meaning, None where a longer look is needed."""
    texts = {}
    seen = set()
    for text in meta.split("\n")[:-1]:
        key, _, value = text.partition(":")
        key, value = key.strip(), value.strip()
        if key in seen or key in _RESERVED:
            return None
        seen.add(key)
        if value[0] == '"':
            if key in KEYS:
                if key in DATE_KEYS:
                    return None
                if said := value[1:-1].strip():
                    texts[key] = said
        elif value[0] in "TF":
            if key in KEYS:
                return None
        else:
            days[value]  # the day has to exist
            if key in DATE_KEYS or key in MIXED_KEYS:
                texts[key] = value
            elif key in KEYS:
                return None
    return texts


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
        for parts in BODY.findall(rest):
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
        if key in seen or key in _RESERVED:
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
