"""Promises of all and of a part: what they hold, until when, and what a payment changes."""

from decimal import Decimal

import pytest
from reminder_books import day, event, item, minimum, planned, policy, position, reasons

from ledgercli.model.event import Event
from ledgercli.model.values import Money


def promise(amount: str | None, until: int = 9, on: int = 2, number: str = "INV-1") -> Event:
    details = {"until": day(until).isoformat()}
    if amount:
        details["amount"] = amount
    return event("promise", day(on), number, **details)


@pytest.mark.parametrize(
    ("amount", "asked", "held"),
    [
        ("0.01", "99.99", ["promised-part"]),
        ("40.00", "60.00", ["promised-part"]),
        ("99.99", "0.01", ["promised-part"]),
        ("100.00", None, ["promised"]),
        ("100.01", None, ["promised"]),
        (None, None, ["promised"]),
        ("nonsense", None, ["promised"]),
        ("0", "100.00", []),
    ],
)
def test_a_part_holds_only_its_amount(
    amount: str | None, asked: str | None, held: list[str]
) -> None:
    result = planned(position(item()), day(5), [promise(amount)])
    assert [str(letter.total) for letter in result.letters] == ([asked] if asked else [])
    assert [reason for _, reason in reasons(result)] == held


def test_the_plan_says_how_much_is_promised_until_when() -> None:
    result = planned(position(item()), day(5), [promise("40.00")])
    (row,) = result.held
    assert row.text == "{amount} promised until {until}"
    assert row.values == {"amount": Money(Decimal("40.00"), "EUR"), "until": day(9).isoformat()}
    (document,) = result.letters[0].documents
    assert [str(document.open), str(document.promised)] == ["60.00", "40.00"]


@pytest.mark.parametrize(("offset", "asked"), [(8, "60.00"), (9, "60.00"), (10, "100.00")])
def test_a_broken_promise_goes_on_the_day_after_its_day(offset: int, asked: str) -> None:
    result = planned(position(item()), day(offset), [promise("40.00")])
    assert [str(letter.total) for letter in result.letters] == [asked]


@pytest.mark.parametrize(
    ("paid_on", "paid", "asked"),
    [
        (2, "30.00", "30.00"),  # on the day of the promise: known to both, not part of it
        (3, "30.00", "60.00"),  # since: 10 of the 40 are still to come
        (3, "40.00", "60.00"),  # kept
        (3, "50.00", "50.00"),  # kept, and more
    ],
)
def test_what_was_paid_since_counts_towards_it(paid_on: int, paid: str, asked: str) -> None:
    books = position(item(paid=[(day(paid_on), paid)]))
    result = planned(books, day(5), [promise("40.00")])
    assert [str(letter.total) for letter in result.letters] == [asked]


def test_a_payment_that_bounced_is_no_payment() -> None:
    books = position(item(paid=[(day(3), "30.00"), (day(4), "-30.00")]))
    result = planned(books, day(5), [promise("40.00")])
    assert [str(letter.total) for letter in result.letters] == ["60.00"]


def test_a_part_promised_and_a_part_disputed() -> None:
    def asked(disputed: str) -> tuple[list[str], list[str]]:
        events = [promise("40.00"), event("dispute", day(2), amount=disputed)]
        result = planned(position(item()), day(5), events)
        return [str(each.total) for each in result.letters], [row.reason for row in result.held]

    assert asked("30.00") == (["30.00"], ["promised-part", "disputed"])
    assert asked("59.99") == (["0.01"], ["promised-part", "disputed"])
    assert asked("60.00") == ([], ["promised"])
    assert asked("100.00") == ([], ["disputed"])


def test_a_promise_of_the_whole_customer_holds_every_document() -> None:
    books = position(item(), item("INV-2"))
    result = planned(books, day(5), [promise("40.00", number="")])
    assert reasons(result) == [("INV-1", "promised"), ("INV-2", "promised")]


def test_what_is_left_below_the_minimum_waits_with_the_rest() -> None:
    standard = policy(minimum=minimum("5 EUR"))
    result = planned(position(item()), day(5), [promise("95.01")], standard)
    assert reasons(result) == [("INV-1", "minimum")]
    result = planned(position(item()), day(5), [promise("95.00")], standard)
    assert [str(letter.total) for letter in result.letters] == ["5.00"]


def test_a_promise_made_later_is_not_known_before() -> None:
    events = [promise("40.00", on=6)]
    assert [str(x.total) for x in planned(position(item()), day(5), events).letters] == ["100.00"]
    assert [str(x.total) for x in planned(position(item()), day(6), events).letters] == ["60.00"]
