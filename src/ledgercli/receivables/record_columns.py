"""Columns of plain values: how the fields of records become them, and what makes records of these.

Values that come again are kept once, and each row has the place of its own.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

Fields = Sequence[tuple[str, str]]
"""The fields of a record in the order of its parameters, and the way in which each is kept: one of
``_WAYS`` or ``_SHARED``, or the records that it refers to."""

_NOTHING: Mapping[str, str] = {}


class _Way(NamedTuple):
    """How the values of a field become plain ones, and what makes them of these."""

    plain: Callable[[Iterable[Any]], Any]
    made: Callable[[Any], Iterable[Any]]


def _plain_once(values: Iterable[Any]) -> tuple[list[Any], _Column]:
    rows = list(values)
    places = {value: place for place, value in enumerate(dict.fromkeys(rows))}
    return list(places), _column(map(places.__getitem__, rows), len(places))


def _made_once(kept: tuple[list[Any], _Column]) -> Iterable[Any]:
    values, column = kept
    return map(values.__getitem__, places_in(*column))


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


#: ``once`` is for values of which many are equal: each is made once, and of each row its place.
_WAYS: Mapping[str, _Way] = {
    "each": _Way(list, iter),
    "mapping": _Way(
        lambda values: [dict(value) if value else None for value in values],
        lambda kept: (value or _NOTHING for value in kept),
    ),
    "once": _Way(_plain_once, _made_once),
}


class _Shared(NamedTuple):
    """Values that come again in records of all kinds: the key that tells them, and how it is kept.

    Those with one key are alike in all of what they say. Without a key, equal values are.
    """

    key: Callable[[Any], Any] | None
    plain: Callable[[Any], Any]
    made: Callable[[Any], Any]


_SHARED: Mapping[str, _Shared] = {
    "amount": _Shared(str, str, Decimal),
    "day": _Shared(None, _ordinal, _day),
    "set": _Shared(None, lambda texts: tuple(sorted(texts)), frozenset),
}

_Column = tuple[str, bytes]
"""The kind of an array (as in :mod:`array`), and its bytes."""


def _column(places: Iterable[int], size: int) -> _Column:
    kind = "B" if size <= 1 << 8 else "H" if size <= 1 << 16 else "I"
    return kind, array(kind, places).tobytes()


def places_in(kind: str, column: bytes) -> array[int]:
    """Return the places, or counts, of a column; :func:`bytes_of` makes those of kind ``I``."""
    found: array[int] = array(kind)
    found.frombytes(column)
    return found


def bytes_of(places: Iterable[int]) -> bytes:
    """Return places, or counts, as bytes."""
    return array("I", places).tobytes()


class Known:
    """Records that others refer to by their places, of one kind after the other.

    ``rows`` are the records made of columns, by kind.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.places: dict[str, dict[int, int]] = {}
        self.rows: dict[str, Sequence[Any]] = {}
        self._shared: dict[str, dict[Any, int]] = {way: {} for way in _SHARED}

    def shared(self) -> dict[str, list[Any]]:
        """Return the plain values that records share, of all that became columns until now."""
        return {way: list(map(_SHARED[way].plain, places)) for way, places in self._shared.items()}

    def make(self, shared: Mapping[str, Sequence[Any]]) -> None:
        """Make the values that records share."""
        self.rows |= {way: list(map(_SHARED[way].made, rows)) for way, rows in shared.items()}

    def _share(self, way: str, values: Iterable[Any]) -> _Column:
        key, places = _SHARED[way].key, self._shared[way]
        rows = list(map(key, values) if key else values)
        # In the order in which they first come: most come again.
        for value in dict.fromkeys(rows):
            if value not in places:
                places[value] = len(places)
        return _column(map(places.__getitem__, rows), len(places))

    def name(self, kind: str, rows: Iterable[object]) -> list[Any]:
        """Let records be referred to as ``kind``, each once; return them."""
        once = {id(row): row for row in rows}
        self.places[kind] = {identity: place for place, identity in enumerate(once)}
        return list(once.values())

    def refer(self, kind: str, rows: Iterable[object]) -> bytes:
        """Return the places of records; raise KeyError for one that has none."""
        return bytes_of(map(self.places[kind].__getitem__, map(id, rows)))

    def plain(self, rows: Sequence[object], fields: Fields) -> tuple[Any, ...]:
        """Return the columns of records."""
        found = []
        for name, way in fields:
            values: Iterable[Any] = map(attrgetter(name), rows)
            if way in self.places:
                found.append(("I", self.refer(way, values)))
            else:
                shared = way in _SHARED
                found.append(self._share(way, values) if shared else _WAYS[way].plain(values))
        return tuple(found)

    def referred(self, kind: str, places: Iterable[int]) -> Iterator[Any]:
        """Return the records, or shared values, at some places."""
        return map(self.rows[kind].__getitem__, places)

    def values(self, columns: Sequence[Any], fields: Fields) -> list[Iterable[Any]]:
        """Return the values of each column."""
        return [
            self.referred(way, places_in(*column)) if way in self.rows else _WAYS[way].made(column)
            for (_, way), column in zip(fields, columns, strict=True)
        ]
