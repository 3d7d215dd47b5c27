"""``dataclass`` for records: as that of the standard library, with methods made when first used.

The standard library compiles up to six methods for every class, half a millisecond in all: a
command that loads seventy records spends a quarter of its time so, and calls few of those methods.
Here the standard library still makes fields and slots; what it would compile is shared by all
records, but for ``__init__``, which is compiled for the first record of its class.

What differs: a record inherits from records of this module alone, and ``InitVar`` is not known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache, partial
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, slots: bool, frozen: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[[type], type]:
        """Return a decorator that makes a class a dataclass with ``slots``.

        Raise TypeError for one without: the standard library has those.
        """
        if not slots:
            raise TypeError(slots)
        return partial(_record, frozen=frozen, eq=eq, order=order)


__all__ = ["FILLED", "compiled_init", "dataclass"]

#: Metadata of a field that whoever reads a record fills: it is no key of the file.
FILLED = {"filled": True}

#: Stands for a value that was not given and is made anew for each record.
_ABSENT = object()


def _record(kind: type, *, frozen: bool, eq: bool, order: bool) -> type:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    shared: dict[str, object] = {"__repr__": _repr}
    if frozen:
        shared |= _FROZEN
    if eq or order:
        shared |= _comparing(made, frozen=frozen, order=order)
    if "__init__" not in made.__dict__:
        shared["__init__"] = _init_when_used(made, frozen=frozen)
    for name, method in shared.items():
        # What a class that compares says of `__hash__` by itself is nothing.
        if made.__dict__.get(name) is None:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]


def _comparing(made: type, *, frozen: bool, order: bool) -> dict[str, object]:
    """Return the methods by which two records of the same class are compared, and hashed."""
    names = [item.name for item in dataclasses.fields(made) if item.compare]
    values = _values_of(names)

    def equal(self: object, other: object) -> Any:  # noqa: ANN401 - as `==` has it
        return values(self) == values(other) if _alike(self, other) else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    methods: dict[str, object] = {"__eq__": equal, "__hash__": hashed if frozen else None}
    if order:
        methods |= {
            f"__{compare.__name__}__": _ordering(compare, values) for compare in (lt, le, gt, ge)
        }
    return methods


def _ordering(
    compare: Callable[[Any, Any], Any], values: Callable[[object], tuple[Any, ...]]
) -> object:
    def ordered(self: object, other: object) -> Any:  # noqa: ANN401 - as `<` has it
        return compare(values(self), values(other)) if _alike(self, other) else NotImplemented

    return ordered


def _values_of(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return a function that gives the values of the fields ``names`` of a record."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _alike(one: object, other: object) -> bool:
    return one.__class__ is other.__class__


def _init_when_used(made: Any, *, frozen: bool) -> Callable[..., None]:  # noqa: ANN401 - a class
    def init(self: object, *values: object, **named: object) -> None:
        made.__init__ = compiled = compiled_init(made, frozen=frozen)
        compiled(self, *values, **named)

    return init


def _repr(self: Any) -> str:  # noqa: ANN401 - any record
    pattern, values = _shown(self.__class__)
    return pattern % values(self)


@cache
def _shown(kind: Any) -> tuple[str, Callable[[object], tuple[Any, ...]]]:  # noqa: ANN401 - a class
    """Return how records of a class are shown: a pattern, and what gives the values for it."""
    names = [item.name for item in dataclasses.fields(kind) if item.repr]
    pattern = ", ".join(f"{name}=%r" for name in names)
    return f"{kind.__qualname__}({pattern})", _values_of(names)


def _cannot_assign(_self: object, name: str, _value: object) -> None:
    message = f"cannot assign to field {name!r}"
    raise dataclasses.FrozenInstanceError(message)


def _cannot_delete(_self: object, name: str) -> None:
    message = f"cannot delete field {name!r}"
    raise dataclasses.FrozenInstanceError(message)


def _getstate(self: Any) -> list[object]:  # noqa: ANN401 - any record
    return [getattr(self, item.name) for item in dataclasses.fields(self)]


def _setstate(self: Any, state: list[object]) -> None:  # noqa: ANN401 - any record
    for item, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, item.name, value)


_FROZEN = {
    "__setattr__": _cannot_assign,
    "__delattr__": _cannot_delete,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}


def compiled_init(made: type, *, frozen: bool) -> Callable[..., None]:
    """Return ``__init__`` for ``made``, with the parameters that the standard library gives it.

    Of a frozen record, whose ``__setattr__`` refuses, values go to the slots themselves.
    """
    known: dict[str, Any] = {"_absent": _ABSENT}
    ordinary: list[str] = []
    by_name: list[str] = []
    lines: list[str] = []
    for item in dataclasses.fields(made):
        name = value = item.name
        parameter = name
        if item.default_factory is not dataclasses.MISSING:
            known[f"_default_{name}"] = item.default_factory
            parameter = f"{name}=_absent"
            made_anew = f"_default_{name}()"
            value = f"{made_anew} if {name} is _absent else {name}" if item.init else made_anew
        elif item.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = item.default
            parameter = f"{name}=_default_{name}"
            value = name if item.init else f"_default_{name}"
        elif not item.init:
            continue
        if item.init:
            (by_name if item.kw_only else ordinary).append(parameter)
        if frozen:
            known[f"_set_{name}"] = getattr(made, name).__set__
        lines.append(f"_set_{name}(self, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join(["self", *ordinary, *(["*", *by_name] if by_name else [])])
    text = f"def __init__({parameters}):\n  " + "\n  ".join(lines or ["pass"])
    exec(text, known)  # noqa: S102 - of the names of fields alone, as the standard library does
    compiled: Callable[..., None] = known["__init__"]
    compiled.__qualname__ = f"{made.__qualname__}.__init__"
    return compiled
