"""Open lines of many accounts in columns: whole numbers side by side instead of a record a line.

They are read from the cache as they lie, and the sum of all lines of an account that are due
within some days is the difference of two running totals. So an aging costs as much as there are
accounts, however many of their documents are open.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ledgercli.model.currency import CONTEXT
from ledgercli.receivables.summary import Key, OpenLine

#: Where the lines of an account begin and end, and the most decimals that an amount of it has.
Extent = tuple[int, int, int]
#: An open line with its amount in units of the account's last decimal, and the decimals of its own.
UnitLine = tuple[int, int, int, bool, int]
#: The lines of an account in whole numbers, and the most decimals of them.
UnitLines = tuple[int, list[UnitLine]]
if TYPE_CHECKING:
    _Amounts = array[int] | list[int]


class OpenColumns(Mapping[Key, Sequence[OpenLine]]):
    """Open lines by account, each account's by due date; equal to a mapping of lists of them."""

    __slots__ = ("_amounts", "_days", "_decimals", "_dues", "_extents", "_retained", "_running")

    def __init__(
        self,
        extents: dict[Key, Extent],
        dues: array[int],
        days: array[int],
        amounts: _Amounts,
        decimals: bytes,
        retained: bytes,
    ) -> None:
        """Take the columns; ``amounts`` in units of the account's last decimal.

        ``decimals`` are those that each amount was written with.
        """
        self._extents = extents
        self._dues = dues
        self._days = days
        self._amounts = amounts
        self._decimals = decimals
        self._retained = retained
        self._running: list[int] = []

    @classmethod
    def of(cls, lines: Mapping[Key, Sequence[OpenLine]]) -> OpenColumns:
        """Return ``lines`` in columns."""
        if isinstance(lines, cls):
            return lines
        return cls.of_units({key: unit_lines(part) for key, part in lines.items()})

    @classmethod
    def of_units(cls, lines: Mapping[Key, UnitLines]) -> OpenColumns:
        """Return lines in whole numbers in columns."""
        extents: dict[Key, Extent] = {}
        ordered: list[UnitLine] = []
        for key, (most, part) in lines.items():
            start = len(ordered)
            ordered += sorted(part)
            extents[key] = (start, len(ordered), most)
        return cls(
            extents,
            array("i", [line[0] for line in ordered]),
            array("i", [line[1] for line in ordered]),
            packed([line[2] for line in ordered]),
            bytes([line[4] for line in ordered]),
            bytes([line[3] for line in ordered]),
        )

    @classmethod
    def of_kept(cls, kept: tuple[Any, ...]) -> OpenColumns:
        """Return the columns of what :meth:`kept` gave; raise ValueError for anything else."""
        extents, dues, days, amounts, decimals, retained = kept
        due_column, day_column, amount_column = array("i"), array("i"), array("q")
        due_column.frombytes(dues)
        day_column.frombytes(days)
        if isinstance(amounts, bytes):
            amount_column.frombytes(amounts)
            amounts = amount_column
        lengths = {len(column) for column in (due_column, day_column, amounts, decimals, retained)}
        if len(lengths) != 1:
            raise ValueError(lengths)
        return cls(extents, due_column, day_column, amounts, decimals, retained)

    @classmethod
    def together(cls, parts: Iterable[OpenColumns]) -> OpenColumns:
        """Return the lines of all ``parts``, which have no account in common."""
        extents: dict[Key, Extent] = {}
        dues, days = array("i"), array("i")
        amounts: list[int] = []
        decimals, retained = bytearray(), bytearray()
        for part in parts:
            at = len(dues)
            for key, (start, end, most) in part._extents.items():  # noqa: SLF001 - of the same class
                extents[key] = (start + at, end + at, most)
            dues += part._dues  # noqa: SLF001
            days += part._days  # noqa: SLF001
            amounts += part._amounts  # noqa: SLF001
            decimals += part._decimals  # noqa: SLF001
            retained += part._retained  # noqa: SLF001
        in_order = dict(sorted(extents.items()))
        return cls(in_order, dues, days, packed(amounts), bytes(decimals), bytes(retained))

    def kept(self) -> tuple[Any, ...]:
        """Return plain values that :meth:`of_kept` makes the same columns of."""
        amounts = self._amounts
        return (
            self._extents,
            self._dues.tobytes(),
            self._days.tobytes(),
            amounts.tobytes() if isinstance(amounts, array) else amounts,
            self._decimals,
            self._retained,
        )

    def __getitem__(self, key: Key) -> list[OpenLine]:
        """Return the lines of an account."""
        start, end, most = self._extents[key]
        unit = _units(most)
        return [
            (due, day, _with_decimals(_multiply(Decimal(amount), unit), own, most), bool(kept))
            for due, day, amount, own, kept in zip(
                self._dues[start:end],
                self._days[start:end],
                self._amounts[start:end],
                self._decimals[start:end],
                self._retained[start:end],
                strict=True,
            )
        ]

    def __contains__(self, key: object) -> bool:
        """Return whether there are lines of an account."""
        return key in self._extents

    def __iter__(self) -> Iterator[Key]:
        """Return the accounts."""
        return iter(self._extents)

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self._extents)

    def __repr__(self) -> str:
        """Return the lines as those of a dictionary."""
        return repr(dict(self))

    def split(self, key: Key, dues: Sequence[int]) -> tuple[int, list[Decimal]] | None:
        """Return the first due date of an account, as an ordinal, and sums of its lines.

        ``dues`` ascend: the first sum is of what is due before the first of them, the next of what
        is due from then on and before the second, and so on; the last is of all lines. None where
        there are no lines, or one is retention money.
        """
        extent = self._extents.get(key)
        if extent is None:
            return None
        start, end, decimals = extent
        if self._retained.find(1, start, end) >= 0:
            return None
        column = self._dues
        running = self._running or self._run()
        unit, oldest = _units(decimals), column[start]
        before = first = running[start]
        last = running[end]
        sums = []
        for due in dues:
            start = bisect_left(column, due, start, end)
            after = running[start]
            sums.append(_multiply(Decimal(after - before), unit) if after != before else _ZERO)
            before = after
        sums += (
            _multiply(Decimal(last - before), unit) if last != before else _ZERO,
            _multiply(Decimal(last - first), unit),
        )
        return oldest, sums

    def _run(self) -> list[int]:
        """Return the sums of all amounts before each line, and of all, in units of their own."""
        self._running = list(accumulate(self._amounts, initial=0))
        return self._running

    def where(self, is_wanted: Callable[[Key], bool]) -> OpenColumns:
        """Return the columns of the accounts that are wanted."""
        return self.replaced({key for key in self._extents if not is_wanted(key)}, {})

    def replaced(
        self, keys: Collection[Key], more: Mapping[Key, Sequence[OpenLine]]
    ) -> OpenColumns:
        """Return the columns with the lines that ``more`` has of ``keys``, which have no others."""
        added = OpenColumns.of({key: more[key] for key in keys if key in more})
        extents: dict[Key, Extent] = {}
        runs: list[tuple[OpenColumns, int, int]] = []
        at = 0
        for key in sorted({*self._extents, *added}):
            if key in keys and key not in added:
                continue
            source = added if key in keys else self
            start, end, most = source._extents[key]  # noqa: SLF001 - of the same class
            extents[key] = (at, at + end - start, most)
            at += end - start
            # What lies side by side is copied at once.
            if runs and runs[-1][0] is source and runs[-1][2] == start:
                start = runs.pop()[1]
            runs.append((source, start, end))
        dues, days = array("i"), array("i")
        amounts: list[int] = []
        decimals, retained = bytearray(), bytearray()
        for source, start, end in runs:
            dues += source._dues[start:end]  # noqa: SLF001
            days += source._days[start:end]  # noqa: SLF001
            amounts += source._amounts[start:end]  # noqa: SLF001
            decimals += source._decimals[start:end]  # noqa: SLF001
            retained += source._retained[start:end]  # noqa: SLF001
        return OpenColumns(extents, dues, days, packed(amounts), bytes(decimals), bytes(retained))


_ZERO = Decimal(0)
_multiply = CONTEXT.multiply


@cache
def _units(decimals: int) -> Decimal:
    """Return one unit of the last of so many decimals."""
    return Decimal(1).scaleb(-decimals)


def in_units(amount: int, decimals: int) -> Decimal:
    """Return an amount that is given in units of its last decimal."""
    return _multiply(Decimal(amount), _units(decimals))


def unit_lines(lines: Sequence[OpenLine]) -> UnitLines:
    """Return open lines of an account in whole numbers."""
    texts = [f"{line[2]:f}".partition(".") for line in lines]
    most = max((len(text[2]) for text in texts), default=0)
    return most, [
        (due, day, int(before + behind) * 10 ** (most - len(behind)), retained, len(behind))
        for (due, day, _, retained), (before, _, behind) in zip(lines, texts, strict=True)
    ]


def _with_decimals(amount: Decimal, own: int, most: int) -> Decimal:
    """Return ``amount``, which has ``most`` decimals, with its ``own``."""
    return amount if own == most else amount.quantize(_units(own), context=CONTEXT)


def packed(amounts: list[int]) -> _Amounts:
    """Return whole numbers as a column, as they are where one is too large for it."""
    try:
        return array("q", amounts)
    except OverflowError:
        return amounts
