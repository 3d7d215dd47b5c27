"""Records of the model go through bytes and come back as they were, however few fields they have."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from ledgercli.books.store.records import dump, load
from ledgercli.model.customer import Credit, CreditLimit, Customer
from ledgercli.model.values import Money, MoneyList, Percent

RECORDS = [
    Percent(Decimal("80.0")),
    Money(Decimal("1.20"), "EUR"),
    MoneyList((Money(Decimal(5), "EUR"), Money(Decimal("0.00"), "CNY"))),
    Credit(
        CreditLimit(((dt.date(2026, 1, 1), (Money(Decimal(9), "EUR"),)),)), Percent(Decimal(75))
    ),
    Customer("C001", name="Acme GmbH", tags=("eu",), segments={"region": "east"}),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record: object) -> None:
    back = load(dump(record))
    assert type(back) is type(record)
    assert repr(back) == repr(record), "also the digits of its amounts"


def test_all_of_them_at_once_come_back_in_their_order() -> None:
    assert load(dump(RECORDS)) == RECORDS
    assert load(dump({"a": (RECORDS[0], None), "b": RECORDS[1]}))["a"] == (RECORDS[0], None)


def test_what_is_no_record_of_the_model_is_not_made_of_bytes() -> None:
    with pytest.raises(ValueError, match="fractions"):
        load(dump(Fraction(1, 3)))


def test_a_class_is_no_record() -> None:
    assert load(dump((Percent, RECORDS[0]))) == (Percent, RECORDS[0])
