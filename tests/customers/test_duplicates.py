"""Two records of one customer are told with the reason; relatives and neighbours are not."""

from __future__ import annotations

import pytest

from ledgercli.customers.duplicates import find_duplicates
from ledgercli.model.customer import Address, BankAccount, Contact, Customer


def reasons(*customers: Customer) -> list[str]:
    return [
        f"{pair.first.id}={pair.second.id} {' '.join(reason for reason, _ in pair.reasons)}"
        for pair in find_duplicates(customers)
    ]


ADDRESS = {"billing": Address(lines=("Hauptstr. 1",), postcode="10115", city="Berlin")}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            Customer("A", ids={"vat": "DE136695976"}),
            Customer("B", ids={"VAT": "de 136 695 976"}),
            "number",
        ),
        (
            Customer("A", bank=(BankAccount(iban="DE89370400440532013000"),)),
            Customer("B", bank=(BankAccount(iban="de89 3704 0044 0532 0130 00"),)),
            "bank",
        ),
        (Customer("A", name="Acme GmbH"), Customer("B", name="ACME G.m.b.H."), "name"),
        (
            Customer("A", name="杭州华联商贸有限公司"),
            Customer("B", name="杭州华联商贸"),
            "name",
        ),
        (Customer("A", name="Acme"), Customer("B", name="Beta", aliases=("ACME",)), "alias"),
        (
            Customer("A", contacts=(Contact(email="AP@acme.example"),)),
            Customer("B", contacts=(Contact(email="ap@acme.example"),)),
            "email",
        ),
        (
            Customer("A", contacts=(Contact(phone="+49 30 123456"),)),
            Customer("B", contacts=(Contact(phone="0049 (0)30 123456"),)),
            "phone",
        ),
        (
            Customer("A", name="Kaffeehaus Lindner GmbH"),
            Customer("B", name="Kaffehaus Lindner"),
            "similar-name",
        ),
        (
            Customer("A", addresses=ADDRESS),
            Customer("B", addresses=ADDRESS),
            "address",
        ),
    ],
)
def test_reasons(one: Customer, other: Customer, reason: str) -> None:
    assert reasons(one, other) == [f"A=B {reason}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Customer("A"), Customer("B")),
        (Customer("A", name="Branch 3 Ltd"), Customer("B", name="Branch 4 Ltd")),
        (Customer("A", name="Acme"), Customer("B", name="Acne Studios")),
        (Customer("A", ids={"vat": "1"}), Customer("B", ids={"order": "1"})),
        (
            Customer("A", contacts=(Contact(phone="112"),)),
            Customer("B", contacts=(Contact(phone="112"),)),
        ),
        (Customer("A", name="Acme", parent="B"), Customer("B", name="Acme")),
        (
            Customer("A", parent="P", addresses=ADDRESS),
            Customer("B", parent="P", addresses=ADDRESS),
        ),
    ],
)
def test_no_reason(one: Customer, other: Customer) -> None:
    assert reasons(one, other) == []


def test_relatives_are_told_by_numbers_all_the_same() -> None:
    one = Customer("A", name="Acme", ids={"vat": "X1"}, parent="B")
    assert reasons(one, Customer("B", name="Acme", ids={"vat": "X1"})) == ["A=B number"]


def test_what_everybody_shares_tells_nothing() -> None:
    eight = [Customer(f"C{at}", addresses=ADDRESS) for at in range(8)]
    assert len(reasons(*eight)) == 28
    assert reasons(*eight, Customer("C8", addresses=ADDRESS)) == []


def test_the_likeliest_pair_comes_first() -> None:
    found = reasons(
        Customer("A", name="Acme", addresses=ADDRESS),
        Customer("B", name="Acme", addresses=ADDRESS, ids={"vat": "X"}),
        Customer("C", name="Beta", ids={"vat": "x"}),
    )
    assert found == ["B=C number", "A=B name address"]
