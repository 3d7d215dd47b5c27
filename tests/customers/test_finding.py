"""People find customers by what they remember, spelled as they can."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.customers.finding import Hit, find_in, index_of
from ledgercli.customers.spelling import bare_name, phone_digits, skeleton
from ledgercli.model.customer import Address, BankAccount, Contact, Customer

BOOK = (
    Customer(
        "C1",
        name="Bäckerei Müller OHG",
        aliases=("MUELLER BROT",),
        contacts=(
            Contact(name="Zoë Straße", email="kontor@mueller.example", phone="+49 30 55501"),
        ),
        ids={"vat": "DE 136.695.976"},
    ),
    Customer("C2", name="Müllerei Sund A/S", addresses={"billing": Address(city="Århus")}),
    Customer("C10", name="杭州华联商贸有限公司", aliases=("华联商贸",)),
    Customer("C11", name="Ｆｕｊｉ電機", bank=(BankAccount(iban="DE89 3704 0044 0532 0130 00"),)),
    Customer("C12"),
)


def find_customers(customers: Sequence[Customer], text: str) -> list[Hit]:
    """Return the customers that are found by an index made for one search."""
    return find_in(index_of(customers), customers, text)


def found(text: str) -> list[str]:
    return [f"{hit.customer.id} {hit.field} {hit.score}" for hit in find_customers(BOOK, text)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("c1", ["C1 id 100", "C10 id 95", "C11 id 95", "C12 id 95"]),
        ("mueller", ["C1 alias 95", "C2 name 95"]),
        ("Müller", ["C1 alias 95", "C2 name 95"]),
        ("muller brot", ["C1 alias 100"]),
        ("backerei", ["C1 name 95"]),
        ("strasse", ["C1 contact 90"]),
        ("ohg", ["C1 name 90"]),
        ("erei", ["C1 name 80", "C2 name 80"]),
        ("kontor@", ["C1 email 95"]),
        ("arhus", ["C2 address 100"]),
        ("030 555-01", ["C1 phone 90"]),
        ("0049 30 55501", ["C1 phone 100"]),
        ("+49 (0)30 55501", ["C1 phone 100"]),
        ("5501", ["C1 phone 90"]),
        ("DE136695976", ["C1 number 100"]),
        ("136695", ["C1 number 90"]),
        ("de8937040044", ["C11 number 90"]),
        ("华联", ["C10 alias 95"]),
        ("商贸", ["C10 name 80"]),
        ("FUJI電機", ["C11 name 100"]),
        ("", []),
        ("!", []),
    ],
)
def test_exact_parts(text: str, hits: list[str]) -> None:
    assert found(text) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Bäkcerei", ["C1 name 60"]),  # two signs changed places: forgiven in eight letters
        ("fuji电", ["C11 name 60"]),
        ("Bäckerai", ["C1 name 66"]),
        ("Bckerei Müller OHG", ["C1 name 72"]),
        ("华连商贸", ["C10 name 56"]),
        ("xyzzy", []),
        ("xy", []),
    ],
)
def test_typing_errors_are_forgiven_where_nothing_fits(text: str, hits: list[str]) -> None:
    assert [hit.rpartition(" ")[0] for hit in found(text)] == [
        hit.rpartition(" ")[0] for hit in hits
    ]
    assert all(int(hit.rpartition(" ")[2]) < 80 for hit in found(text)), "below all exact ones"


@given(st.text(max_size=20))
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
    find_customers(BOOK, text)


@given(st.text(min_size=1, max_size=20).filter(lambda text: bool(skeleton(text))))
def test_a_name_is_found_by_itself(name: str) -> None:
    (first, *_) = find_customers([*BOOK, Customer("Z", name=name)], name)
    assert first.score == 100


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Acme GmbH & Co. KG", "acme"),
        ("ACME G.m.b.H.", "acme"),
        ("The Acme Company, Inc.", "acme"),
        ("Ltd", "ltd"),
        ("杭州华联商贸有限公司", "杭州华联商贸"),
        ("有限公司", "有限公司"),
        ("Müller", "muller"),
    ],
)
def test_legal_forms_are_no_part_of_a_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_phone_numbers_end_alike() -> None:
    assert phone_digits("+49 (0)30 1234") == phone_digits("0049 30 1234") == "49301234"
    assert phone_digits("030 1234") == "301234"
