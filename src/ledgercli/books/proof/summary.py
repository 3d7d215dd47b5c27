"""The summary of one file: what of it the proof and the view of a ledger need, as plain values.

Days are ordinals and numbers plain text, so that a summary is stored and sent as bytes at once
(``marshal``: of this program's own making, for this version of Python).
"""

from __future__ import annotations

import marshal
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, fields
from itertools import accumulate, pairwise

from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.record import dataclass

#: Changes when the meaning of a summary does; stored ones of another format are of no use.
FORMAT = 5
_LENGTH_BYTES = 8


@dataclass(slots=True)
class Facts:
    """What rules across files ask of one file.

    ``rules`` is the fingerprint of what it was made under, ``file`` how it tells itself.
    ``kept`` has by currency and account first and last day of what was posted to receivable and
    deposit accounts; ``used`` by account first day and last day (0 for none) of all other use;
    ``sums`` by currency, account and day what was posted to other accounts. ``opposite`` are those
    of them in one transaction with a receivable one; ``currencies`` those in rows of receivable
    accounts, ``zeros`` the accounts of rows with a posting of nothing. ``turning_days`` are those
    of the rows (see ``model.ledger_rows``), ``first_row`` day and line of the first, ``row_count``
    how many there are.

    ``opens``: (account, day, line, currencies, customer); ``closes``: (account, day); ``balances``:
    (account, day, line, number, tolerance or "", currency, whether it has metadata of ours);
    ``pads``: (account, day, line, source, the same); ``prices``: (day, line, base, number, quote);
    ``documents`` are paths as written.
    """

    rules: str
    file: str
    options: list[tuple[str, str]] = field(default_factory=list)
    plugins: list[str] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    last_day: int = 0
    used: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: dict[str, dict[str, dict[int, str]]] = field(default_factory=dict)
    kept: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    opposite: list[str] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    turning_days: list[int] = field(default_factory=list)
    first_row: tuple[int, int] | None = None
    row_count: int = 0
    opens: list[tuple[str, int, int, tuple[str, ...], str]] = field(default_factory=list)
    closes: list[tuple[str, int]] = field(default_factory=list)
    balances: list[tuple[str, int, int, str, str, str, bool]] = field(default_factory=list)
    pads: list[tuple[str, int, int, str, bool]] = field(default_factory=list)
    commodities: list[str] = field(default_factory=list)
    prices: list[tuple[int, int, str, str, str]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)

    def uses(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield accounts that must be open on the first and the last of two days (0 for none)."""
        yield from self.used.items()
        for accounts in self.kept.values():
            yield from accounts.items()


_FIELDS = tuple(one.name for one in fields(Facts))


class RowsLostError(Exception):
    """The rows of a summary that was kept are not there any more."""


class FileSummary:
    """The summary of one file.

    ``digest`` is the SHA-256 of its bytes. The rows of its transactions on receivable and deposit
    accounts are kept as they come: as a list where they were just read, as bytes where the summary
    was stored or sent, so that the facts of a thousand files are at hand without their rows.
    """

    __slots__ = ("_facts", "_packed", "_packed_rows", "_rows", "digest")

    def __init__(
        self,
        digest: bytes,
        facts: Facts,
        rows: list[TransactionRow] | None,
        packed_rows: Callable[[], bytes | memoryview] = bytes,
        packed: bytes = b"",
    ) -> None:
        """Take the rows, or where they are None what gives their bytes; and what else is packed."""
        self.digest = digest
        self._facts: Facts | None = facts
        self._rows = rows
        self._packed_rows = packed_rows
        self._packed = packed

    @property
    def facts(self) -> Facts:
        """Return what rules across files ask of the file."""
        if self._facts is None:
            self._facts = Facts(*marshal.loads(self._packed)[2])  # noqa: S302 - our own
        return self._facts

    def rows(self) -> list[TransactionRow]:
        """Return the transactions on receivable and deposit accounts, in Beancount's order.

        Raise RowsLostError where they are gone.
        """
        return self._rows if self._rows is not None else rows_in(self.packed_rows())

    def packed(self) -> bytes:
        """Return the summary without its rows as bytes."""
        if self._packed:
            return self._packed
        facts = tuple(getattr(self.facts, name) for name in _FIELDS)
        return marshal.dumps((FORMAT, self.digest, facts))

    def packed_rows(self) -> bytes | memoryview:
        """Return the rows as bytes; raise RowsLostError where they are gone."""
        if self._rows is not None:
            return packed_parts([marshal.dumps(self._rows)])
        try:
            return self._packed_rows()
        except KeyError:
            raise RowsLostError from None

    def hold(self, packed_rows: Callable[[], bytes | memoryview]) -> None:
        """Hold all as bytes alone; those of the rows are elsewhere."""
        self._rows, self._packed_rows = None, packed_rows
        self._packed = self.packed()
        self._facts = None


def packed_parts(parts: Sequence[bytes]) -> bytes:
    """Return the bytes of the rows of a file, given in ``parts`` that ``marshal`` made of lists."""
    return b"".join([array("Q", [len(parts), *map(len, parts)]).tobytes(), *parts])


def places_in(parts: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return where each of ``parts`` begins and ends in the bytes of all, in their order."""
    begin = _LENGTH_BYTES * (len(parts) + 1)
    ends = list(accumulate(map(len, parts), initial=begin))
    return [*pairwise(ends)]


def rows_in(packed: bytes | memoryview) -> list[TransactionRow]:
    """Return the rows of a file that :func:`packed_parts` made bytes of, in Beancount's order.

    Raise RowsLostError for other bytes.
    """
    try:
        parts = [marshal.loads(part) for part in _parts_in(packed)]  # noqa: S302 - our own
    except (EOFError, TypeError, ValueError):
        raise RowsLostError from None
    if len(parts) == 1:
        whole: list[TransactionRow] = parts[0]
        return whole
    return sorted((row for part in parts for row in part), key=lambda row: (row[0], row[10]))


def _parts_in(packed: bytes | memoryview) -> list[memoryview]:
    whole = memoryview(packed)
    begin = _LENGTH_BYTES * (int.from_bytes(whole[:_LENGTH_BYTES], sys.byteorder) + 1)
    lengths = array("Q", whole[_LENGTH_BYTES:begin].tobytes())
    ends = list(accumulate(lengths, initial=begin))
    if ends[-1] != len(whole):
        raise ValueError
    return [whole[begin:end] for begin, end in pairwise(ends)]


def unpacked(data: bytes, rows: Callable[[], bytes | memoryview]) -> FileSummary | None:
    """Return the summary that :meth:`FileSummary.packed` made bytes of; None for other bytes.

    ``rows`` gives the bytes of its rows, or raises KeyError. All bytes must be of our own making:
    ``marshal`` is not safe against hostile ones.
    """
    try:
        known, digest, facts = marshal.loads(data)  # noqa: S302 - see above
    except (EOFError, TypeError, ValueError):
        return None
    if known != FORMAT or len(facts) != len(_FIELDS):
        return None
    return FileSummary(digest, Facts(*facts), None, rows, data)
