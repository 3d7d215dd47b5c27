"""Records of the model as bytes, and back.

Python's pickle does it, narrowed down on both sides: records are written as their class and their
fields, and nothing but our own records and plain values is ever made of bytes that were stored.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
from collections.abc import Callable
from functools import cache
from typing import Any

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
        if dataclasses.is_dataclass(obj) and not isinstance(obj, type):
            kind = type(obj)
            return kind, tuple(getattr(obj, name) for name in _fields(kind))
        return NotImplemented


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


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
