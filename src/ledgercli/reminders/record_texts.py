"""Changes to records of letters: other values in some fields, and something done to every text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

Record = TypeVar("Record")

_WITHOUT_TEXT = frozenset([Decimal, dt.date, int, bool, type(None)])


def changed(record: Record, **changes: object) -> Record:
    """Return the record with other values in some fields.

    A letter has fifty fields and is changed some times while it is made: to set all of them anew,
    as :func:`dataclasses.replace` does, is what most of the time would go into.
    """
    kind: type = type(record)
    if not getattr(record, "__dict__", None):
        values = {name: getattr(record, name) for name in _field_names(kind)}
        return kind(**values | changes)  # type: ignore[no-any-return]
    new: Any = object.__new__(kind)
    new.__dict__.update(record.__dict__, **changes)
    return new  # type: ignore[no-any-return]


def map_texts(record: Record, change: Callable[[str], str]) -> Record:
    """Return the record with ``change`` done to every text in it, also in records within."""
    if isinstance(record, str):
        return change(record)  # type: ignore[return-value]
    if isinstance(record, tuple):
        entries = tuple(map_texts(entry, change) for entry in record)
        same = all(new is old for new, old in zip(entries, record, strict=True))
        return record if same else entries  # type: ignore[return-value]
    changes = {}
    kind: type = type(record)
    for name in _field_names(kind):
        value = getattr(record, name)
        # A run asks this of a hundred fields a letter, most of which have no text in them.
        if type(value) not in _WITHOUT_TEXT:
            new = map_texts(value, change)
            if new is not value:
                changes[name] = new
    return changed(record, **changes) if changes else record


@functools.cache
def _field_names(kind: type) -> tuple[str, ...]:
    """Return the fields of a record's type, none for what is no record."""
    if not dataclasses.is_dataclass(kind):
        return ()
    return tuple(each.name for each in dataclasses.fields(kind))
