"""Records that are made quickly are those that their class makes."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from ledgercli.model.record import dataclass
from ledgercli.model.record_making import maker
from ledgercli.model.values import Money


@dataclass(frozen=True, slots=True)
class _Owed:
    amount: Decimal
    currency: str = "EUR"


def test_they_are_equal_and_frozen() -> None:
    made, own = maker(_Owed)(Decimal("1.50"), "USD"), _Owed(Decimal("1.50"), "USD")
    assert type(made) is _Owed
    assert (made, hash(made), repr(made)) == (own, hash(own), repr(own))
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.currency = "CNY"  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class _Checked:
    amount: int

    def __post_init__(self) -> None:
        assert self.amount


@dataclass(frozen=True, slots=True)
class _Derived:
    amount: int = dataclasses.field(default=1, init=False)


@pytest.mark.parametrize("kind", [_Checked, _Derived, Money])
def test_a_class_that_does_more_is_refused(kind: type) -> None:
    with pytest.raises(TypeError):
        maker(kind)
