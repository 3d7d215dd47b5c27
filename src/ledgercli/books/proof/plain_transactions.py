"""Take plain transactions from their text, as many as possible at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING

from ledgercli.books.ledger_values import DATE_KEYS, MIXED_KEYS
from ledgercli.books.proof.collect import KEYS, NOTHING, Head
from ledgercli.books.proof.patterns import SPLIT_NUMBER
from ledgercli.books.proof.refusal import SPLIT_NUMBER as SPLIT
from ledgercli.books.proof.refusal import RefusedError
from ledgercli.books.proof.shapes import SEVERAL_KEPT
from ledgercli.books.proof.transactions import RESERVED, marks_of

if TYPE_CHECKING:
    from ledgercli.books.proof.tiles import TileCollector

#: What `findall` gives of :data:`patterns.TILES` for a part of a file.
Tile = tuple[str, ...]
#: Stands for metadata that takes a longer look.
ODD: dict[str, str] = {}

_ZERO = Decimal()


def take_tiles(  # noqa: C901, PLR0912, PLR0915 - one loop, see below
    collector: TileCollector,
    tiles: Iterable[Tile],
    line: int,
    pushed: Sequence[str],
    otherwise: Callable[[Tile, int], None],
) -> int:
    """Take the plain transactions among ``tiles`` that begin in ``line``; return the line behind.

    All other tiles go to ``otherwise``, and all while tags are ``pushed``. Plain is: all amounts
    given, in one currency, without prices, adding up to nothing at all. Then neither Beancount's
    booking nor its tolerances matter. What is done a hundred thousand times stands here in one
    loop, with everything at hand as a local name: transactions of two or three postings, of which
    one at most is kept.
    """
    days, said, shown, number_of = collector.days, collector.said, collector.shown, Decimal
    add_row, opposite = collector.rows.append, collector.opposite
    shapes = collector.shapes
    # Most transactions have the day and the currency of the one before.
    written = money_before = currency = ""
    day = 0
    sums: dict[str, Decimal] = {}
    # Most ledgers have an account for what is sold, and one for what is paid.
    others_before: tuple[str, ...] = ()
    others_ahead: tuple[str, ...] = ()
    rest = _ZERO
    for tile in tiles:
        (
            date, flag, payee, narration, link, tail, meta,
            account, amount, money, other, back, third, more, _, blank, _, _, _,
        ) = tile  # fmt: skip
        texts = said[meta] if meta else None
        is_taken = False
        if account and texts is not ODD and not pushed:
            if third:
                number, against, rest = number_of(amount), number_of(back), number_of(more)
                is_taken = not number + against + rest
            elif back == "-" + amount or amount == "-" + back:
                number = number_of(amount)
                against, is_taken = -number, True
        if is_taken:
            shape = shapes[account, other, third]
            place, name, is_receivable, first, second, others, accounts = shape
            is_taken = place != SEVERAL_KEPT
        if not is_taken:
            is_plain = date and texts is not ODD and not pushed
            if not is_plain or not _take_at_length(collector, tile, line, texts):
                otherwise(tile, line)
                shapes = collector.shapes
            line += lines_of(tile)
            continue
        if date != written or money != money_before:
            written, money_before = date, money
            day, currency = days[date], collector.currency(money)
            sums = collector.sums[currency][day]
        start = line
        line += 4 if third else 3
        if meta:
            line += meta.count("\n")
        if place == 0:
            posted, text, one, two = number, amount, against, rest
        elif place == 1:
            posted, text, one, two = against, back, number, rest
        elif place == 2:
            posted, text, one, two = rest, more, number, against
        else:
            for name, value in zip(others, (number, against, rest)):  # noqa: B905 - two or three
                sums[name] = sums[name] + value if name in sums else value
            line += len(blank)
            continue
        sums[first] = sums[first] + one if first in sums else one
        if second:
            sums[second] = sums[second] + two if second in sums else two
        if is_receivable and others is not others_before:
            if others is not others_ahead:
                opposite.update(others)
            others_before, others_ahead = others, others_before
        if not posted:
            collector.nothing.append((name, currency, day))
            line += len(blank)
            continue
        at = line - (3 if third else 2) + place
        line += len(blank)
        links: tuple[str, ...] = ()
        tags: tuple[str, ...] = ()
        if tail:
            links, tags = _marks_in(tile, start)
        elif link:
            links = (link,)
        # Payees come again and again, in all files: interned, they share one text.
        payee = intern(payee)
        posting = (name, text, currency, None, at, is_receivable)
        # fmt: off
        add_row(
            (day, flag, payee, narration, links, tags, texts, accounts, False, shown, start,
             (posting,))
        )
        # fmt: on
    return line


def _take_at_length(
    collector: TileCollector, tile: Tile, line: int, texts: Mapping[str, str] | None
) -> bool:
    """Take a tile that is a plain transaction of any number of postings; say whether it is one."""
    date, flag, payee, narration, link, tail, meta, account, amount, money, *more = tile
    other, back, third, rest, body, *_ = more
    if account:
        words = [account, amount, money, other, back, money]
        words += [third, rest, money] if third else []
    else:
        words = body.split()
        # Three words to a line.
        if (
            not words
            or len(words) != 3 * body.count("\n")
            or words[2::3].count(words[2]) * 3 != len(words)
        ):
            return False
    numbers = [*map(Decimal, words[1::3])]
    if sum(numbers, _ZERO):
        return False
    links, tags = _marks_in(tile, line) if link or tail else ((), ())
    payee = intern(payee)
    head = Head(collector.days[date], line, flag, payee, narration, links, tags, texts or {})
    names = [collector.names[name][1] for name in words[::3]]
    count = len(names)
    first = line + 1 + meta.count("\n")
    places = range(first, first + count)
    collector.booked_transaction(
        head, names, numbers, [words[2]] * count, [NOTHING] * count, places
    )
    return True


def lines_of(tile: Tile) -> int:
    """Return how many lines a tile has."""
    if not tile[0]:
        return (tile[16] or tile[17] or tile[18]).count("\n")
    postings = (3 if tile[12] else 2) if tile[7] else tile[14].count("\n")
    return 1 + tile[6].count("\n") + postings + len(tile[15])


def source_of(tile: Tile) -> str:
    """Return the lines that a tile of a plain transaction was made of, as to what they say."""
    date, flag, payee, narration, link, tail, meta, account, amount, money, *more = tile
    other, back, third, rest, body, *_ = more
    head = f'{date} {flag} "{payee}" "{narration}"' if payee else f'{date} {flag} "{narration}"'
    head += f" ^{link}{tail}" if link else tail
    lines = [(account, amount), (other, back), (third, rest)]
    postings = [f"  {name} {number} {money}\n" for name, number in lines if name]
    return f"{head}\n{meta}{''.join(postings)}{body}"


def _marks_in(tile: Tile, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return links and tags of a tile; refuse what may be a number taken apart."""
    _, _, payee, narration, link, tail, meta, *_ = tile
    written = f" ^{link}{tail}" if link else tail
    links, tags = marks_of(written.split())
    if links and tags and SPLIT_NUMBER.search(payee + narration + written + meta):
        raise RefusedError(SPLIT, line)
    return links, tags


class Said(dict[str, dict[str, str] | None]):
    """What lines of metadata say, see :func:`_plain_metadata`; None where it is nothing of ours."""

    def __init__(self, days: Mapping[str, int]) -> None:
        """Begin with nothing; ``days`` are looked at once each."""
        super().__init__()
        self._days = days

    def __missing__(self, meta: str) -> dict[str, str] | None:
        """Return what some lines say that come for the first time."""
        texts = _plain_metadata(meta, self._days)
        found = ODD if texts is None else texts or None
        # Days come again and again, most texts do not.
        if '"' not in meta:
            self[meta] = found
        return found


def _plain_metadata(  # noqa: C901 - a key, its value, and what is odd about them
    meta: str, days: Mapping[str, int]
) -> dict[str, str] | None:
    """Return the texts of the keys that have a meaning, None where a longer look is needed."""
    texts = {}
    seen = set()
    for text in meta.split("\n")[:-1]:
        key, _, value = text.partition(":")
        key, value = key.strip(), value.strip()
        if key in seen or key in RESERVED:
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
