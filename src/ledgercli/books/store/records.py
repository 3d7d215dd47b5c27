"""Records of the model as bytes, and back.

Python's pickle does it, narrowed down on both sides: records are written as their class and their
fields, and nothing but our own records and plain values is ever made of bytes that were stored.
"""

from __future__ import annotations

import dataclasses
import io
import marshal
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from operator import attrgetter
from typing import Any
from zlib import crc32

from ledgercli.model.ledger import AccountOpen

_PLAIN = frozenset(
    [
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
        ("decimal", "Decimal"),
    ]
)
_OWN = "ledgercli.model."


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - as pickle asks
        kind = type(obj)
        fields = _FIELDS[kind]
        return (kind, fields(obj)) if fields else NotImplemented


class _Fields(dict[type, Callable[[Any], tuple[Any, ...]] | None]):
    """What gives the fields of records, by their class; None for what is no record."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
        found: Callable[[Any], tuple[Any, ...]] | None = None
        if dataclasses.is_dataclass(kind):
            names = [field.name for field in dataclasses.fields(kind)]
            # Of one name there would be no tuple, of none nothing at all.
            found = attrgetter(*names) if len(names) > 1 else partial(_few, names)
        self[kind] = found
        return found


_FIELDS = _Fields()


def _few(names: list[str], record: object) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        if (module, name) in _PLAIN or module.startswith(_OWN):
            found: Callable[..., Any] = super().find_class(module, name)
            return found
        raise pickle.UnpicklingError(module)


def dump(records: object) -> bytes:
    """Return ``records`` (of the model, in tuples, lists, mappings) as bytes."""
    stream = io.BytesIO()
    _Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(records)
    return stream.getvalue()


def load(content: bytes) -> Any:  # noqa: ANN401 - what was dumped
    """Return the records that :func:`dump` made ``content`` of.

    Raise ValueError for anything else.
    """
    try:
        return _Unpickler(io.BytesIO(content)).load()
    except Exception as error:
        raise ValueError(str(error)) from error


def packed_opens(opens: Mapping[str, AccountOpen]) -> tuple[bytes, int]:
    """Return opened accounts as bytes with their checksum; there may be one for each customer."""
    if isinstance(opens, KeptOpens):
        return opens.packed
    content = marshal.dumps(
        {
            name: (one.account, one.date.toordinal(), one.customer, one.file, one.line)
            for name, one in opens.items()
        }
    )
    return content, crc32(content)


class KeptOpens(Mapping[str, AccountOpen]):
    """Opened accounts that are unpacked when one of them is asked for."""

    def __init__(self, packed: tuple[bytes, int]) -> None:
        """Take what :func:`packed_opens` returned; raise ValueError where it is damaged."""
        self.packed = packed
        content, checksum = packed
        if crc32(content) != checksum:
            raise ValueError(checksum)

    @cached_property
    def _rows(self) -> dict[str, tuple[str, int, str | None, str, int]]:
        rows: dict[str, tuple[str, int, str | None, str, int]]
        rows = marshal.loads(self.packed[0])  # noqa: S302 - our own, private file
        return rows

    def __getitem__(self, name: str) -> AccountOpen:
        """Return what opened an account."""
        account, day, customer, file, line = self._rows[name]
        return AccountOpen(account, date.fromordinal(day), customer, file, line)

    def __iter__(self) -> Iterator[str]:
        """Return the names of the accounts."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        """Return whether an account of this name was opened."""
        return name in self._rows

    def __repr__(self) -> str:
        """Return the accounts as those of a dictionary."""
        return repr(dict(self))
