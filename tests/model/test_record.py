"""Records are the dataclasses of the standard library, whose methods are made later."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import ledgercli.model
from ledgercli.model.record import compiled_init, dataclass
from ledgercli.model.values import Duration, Money


@dataclass(frozen=True, slots=True)
class Point:
    """A record."""

    x: int
    y: int = 2
    tags: list[str] = dataclasses.field(default_factory=list, compare=False)
    note: str = dataclasses.field(default="", repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError(self.x)


@dataclass(frozen=True, slots=True)
class Place(Point):
    """A record that adds to another."""

    name: str = ""


@dataclass(slots=True)
class Counter:
    """A record that changes."""

    count: int = 0
    seen: set[str] = dataclasses.field(default_factory=set, init=False)


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """A record with an order."""

    level: int


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A record that equals itself alone."""

    text: str


def test_it_is_made_of_positions_names_and_defaults() -> None:
    point = Point(1, note="here")
    assert (point.x, point.y, point.tags, point.note) == (1, 2, [], "here")
    assert Point(x=1).tags is not Point(x=1).tags
    assert Place(1, 3, name="Bonn").name == "Bonn"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        Point(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="-1"):
        Point(-1)


def test_records_of_one_class_with_the_same_values_are_equal() -> None:
    assert Point(1, tags=["a"]) == Point(1, tags=["b"])
    assert len({Point(1), Point(1, 2), Point(1, 3), Place(1)}) == 3
    assert Point(1) != Place(1)
    assert Point(1).__eq__((1, 2)) is NotImplemented
    assert Token("a") != Token("a")
    assert Rank(1) == Rank(1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())


def test_records_with_an_order_have_it() -> None:
    assert sorted([Rank(3), Rank(1)]) == [Rank(1), Rank(3)]
    assert Rank(1) <= Rank(1) < Rank(2) > Rank(1) >= Rank(1)
    with pytest.raises(TypeError, match="not supported"):
        _ = Rank(1) < 2  # type: ignore[operator]
    with pytest.raises(TypeError, match="not supported"):
        _ = Point(1) < Point(2)  # type: ignore[operator]


def test_nothing_of_a_frozen_record_changes() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.z = 1  # type: ignore[attr-defined]
    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    with pytest.raises(AttributeError):
        counter.other = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("record", [Point(1, note="n"), Place(1, name="Bonn"), Counter(4), Rank(1)])
def test_records_are_copied_and_pickled(record: Any) -> None:  # noqa: ANN401 - any record
    assert copy.copy(record) == record
    assert copy.deepcopy(record) == record
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - made here
    assert dataclasses.replace(record) == record


def test_they_read_and_match_as_before() -> None:
    assert repr(Place(1, note="n", name="Bonn")) == "Place(x=1, y=2, tags=[], name='Bonn')"
    match Point(1):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_a_record_without_slots_is_for_the_standard_library() -> None:
    with pytest.raises(TypeError):
        dataclass(frozen=True, slots=False)


def records_of_the_model() -> Iterator[type]:
    for module in pkgutil.walk_packages(ledgercli.model.__path__, "ledgercli.model."):
        for kind in vars(importlib.import_module(module.name)).values():
            own = isinstance(kind, type) and kind.__module__ == module.name
            if own and "__dataclass_fields__" in vars(kind):
                yield kind


def test_every_record_takes_what_the_standard_library_would() -> None:
    kinds = list(records_of_the_model())
    assert {Money, Duration} <= set(kinds)
    for kind in kinds:
        shape = [(item.name, item.type, copy.copy(item)) for item in dataclasses.fields(kind)]
        expected = dataclasses.make_dataclass(kind.__name__, shape)
        for frozen in (True, False):
            init = compiled_init(kind, frozen=frozen)
            taken = list(inspect.signature(init).parameters.values())[1:]
            wanted = list(inspect.signature(expected).parameters.values())
            assert [(one.name, one.kind) for one in taken] == [
                (one.name, one.kind) for one in wanted
            ], kind
            for own, standard in zip(taken, wanted, strict=True):
                given = own.default is not inspect.Parameter.empty
                assert given == (standard.default is not inspect.Parameter.empty), (kind, own)
