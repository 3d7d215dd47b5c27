"""When claims become time-barred: the last day, the first day, and what puts it off."""

from __future__ import annotations

import datetime as dt

import pytest
from stories import Tell, day

from ledgercli.books.packaged import law_profiles
from ledgercli.model.event import Event
from ledgercli.receivables.limitation import (
    Barred,
    Restarted,
    acknowledgements,
    barred,
    first_barred_day,
    part_payments,
    profile_for,
    settlement_kinds,
)

LAWS = law_profiles()


def first(country: str, arose: str, *restarts: tuple[str, str]) -> str:
    """Return the first day barred, and what last began the period anew."""
    profile = profile_for(country, LAWS)
    assert profile
    assert profile.limitation
    rows = [Restarted(how, day(on), "log:1") for how, on in restarts]  # type: ignore[arg-type]
    found, restarted = first_barred_day(profile.limitation, day(arose), rows)
    return f"{found} {restarted.how} {restarted.date}" if restarted else f"{found}"


def event(kind: str, on: str, number: str = "INV-1", **details: object) -> Event:
    currency = "EUR" if number else ""
    return Event(
        "id", f"{on}T06:00:00Z", day(on), "me", kind, "C1", number, currency, details, "log", 3
    )


# --- the rules ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "arose", "expected"),
    [
        # § 199 (1) BGB: three years from the end of the year, so on the first of January.
        ("DE", "2023-01-01", "2027-01-01"),
        ("DE", "2023-12-31", "2027-01-01"),
        ("DE", "2024-01-01", "2028-01-01"),
        # Articles 188, 201, 202: three years from the day after, and that day itself.
        ("CN", "2023-05-10", "2026-05-11"),
        ("CN", "2024-02-29", "2027-03-01"),
        # Limitation Act 1980, section 5.
        ("GB", "2020-06-30", "2026-07-01"),
    ],
)
def test_without_anything_in_between(country: str, arose: str, expected: str) -> None:
    assert first(country, arose) == expected


def test_germany_begins_anew_with_an_acknowledgement_or_a_part_payment_only() -> None:
    assert first("DE", "2023-05-10", ("demand", "2026-06-01")) == "2027-01-01"
    assert first("DE", "2023-05-10", ("promise", "2026-06-01")) == "2027-01-01"
    assert (
        first("DE", "2023-05-10", ("part-payment", "2026-06-01"))
        == "2029-06-02 part-payment 2026-06-01"
    )
    anew = ("acknowledgement", "2026-12-31")
    assert first("DE", "2023-05-10", anew) == "2030-01-01 acknowledgement 2026-12-31"


def test_germany_before_the_period_has_begun() -> None:
    # In the year of the claim itself nothing can be shortened by an acknowledgement.
    assert first("DE", "2023-05-10", ("part-payment", "2023-06-01")) == "2027-01-01"


def test_china_begins_anew_with_each_demand_that_can_be_proved() -> None:
    assert first("CN", "2023-05-10", ("demand", "2024-01-15")) == "2027-01-16 demand 2024-01-15"
    chain = (("demand", "2026-05-10"), ("part-payment", "2027-01-01"), ("demand", "2029-12-31"))
    assert first("CN", "2023-05-10", *chain) == "2033-01-01 demand 2029-12-31"


def test_what_comes_too_late_revives_nothing() -> None:
    assert first("CN", "2023-05-10", ("demand", "2026-05-10")) == "2029-05-11 demand 2026-05-10"
    assert first("CN", "2023-05-10", ("demand", "2026-05-11")) == "2026-05-11"
    assert first("GB", "2020-06-30", ("part-payment", "2026-07-01")) == "2026-07-01"
    # The chain is broken where one link comes too late.
    late = (("demand", "2026-05-12"), ("demand", "2027-01-01"))
    assert first("CN", "2023-05-10", *late) == "2026-05-11"


def test_england_does_not_know_demands() -> None:
    assert first("GB", "2020-06-30", ("demand", "2025-01-01")) == "2026-07-01"
    anew = first("GB", "2020-06-30", ("acknowledgement", "2025-01-01"))
    assert anew == "2031-01-02 acknowledgement 2025-01-01"


@pytest.mark.parametrize("country", ["FR", "US", "", "XX"])
def test_no_rule_is_unknown_and_never_a_date(tell: Tell, country: str) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    """
    (item,) = tell().at("2026-12-31").items
    found = barred(item, country, LAWS, [])
    assert found == Barred(item, country, "", dt.date(2026, 1, 31), None, None)


# --- what the books can prove ------------------------------------------------------------------


def test_part_payments_that_name_the_document(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-10 * "Names it" ^INV-1
      Assets:Bank  400.00 EUR
      Assets:Receivable:C1
    2026-03-10 * "Names nothing"
      Assets:Bank  100.00 EUR
      Assets:Receivable:C1
    2026-04-10 * "Credit" ^INV-1 #credit-note
      Income:Sales  50.00 EUR
      Assets:Receivable:C1
    2026-05-10 * "Bounces" ^INV-1
      Assets:Bank  70.00 EUR
      Assets:Receivable:C1
    2026-05-12 * "Bounced"
      Assets:Receivable:C1  70.00 EUR
        invoice: "INV-1"
      Assets:Bank
    """
    story = tell()
    position = story.at("2026-12-31")
    (item,) = position.items
    found = [
        f"{row.how} {row.date} {row.place}"
        for row in part_payments(item, settlement_kinds(position))
    ]
    assert found == ["part-payment 2026-02-10 main.beancount:7"]


DOCUMENT = """
2026-01-01 * "Goods" ^INV-1
  due: 2026-01-31
  Assets:Receivable:C1  1000.00 EUR
  Income:Sales
"""


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (
            event("reminder", "2026-03-02", status="delivered", level=1, tracking="RR1"),
            "demand RR1",
        ),
        (event("reminder", "2026-03-02", status="delivered", level=1, proof="slip"), "demand slip"),
        # A letter alone proves nothing, neither does a notice before due, nor one that bounced.
        (event("reminder", "2026-03-02", status="delivered", level=1), ""),
        (event("reminder", "2026-03-02", status="sent", level=1, tracking="RR1"), ""),
        (event("reminder", "2026-03-02", status="delivered", level=0, tracking="RR1"), ""),
        (event("reminder", "2026-03-02", status="bounced", level=1, tracking="RR1"), ""),
        (event("promise", "2026-03-02", until="2026-04-01"), ""),
        (event("promise", "2026-03-02", until="2026-04-01", proof="mail"), "promise mail"),
        (event("call", "2026-03-02", proof="tape"), ""),
        (
            event("confirmation", "2026-03-02", "", balance_date="2026-01-01", agreed=True),
            "acknowledgement 2026-01-01",
        ),
        # Struck before the document was there.
        (event("confirmation", "2026-03-02", "", balance_date="2025-12-31", agreed=True), ""),
        (event("confirmation", "2026-03-02", "", balance_date="2026-02-28", agreed=False), ""),
        (event("confirmation", "2026-03-02", "INV-2", balance_date="2026-02-28", agreed=True), ""),
    ],
)
def test_events_that_can_be_proved(tell: Tell, happened: Event, expected: str) -> None:
    (item,) = tell(DOCUMENT).at("2026-12-31").items
    found = [f"{row.how} {row.detail}" for row in acknowledgements(item.document, [happened])]
    assert found == ([expected] if expected else [])
    if expected:
        (row,) = acknowledgements(item.document, [happened])
        assert (row.date, row.place) == (dt.date(2026, 3, 2), "log:3")


def test_events_of_others_prove_nothing(tell: Tell) -> None:
    (item,) = tell(DOCUMENT).at("2026-12-31").items
    proof = {"status": "delivered", "level": 1, "tracking": "RR1"}
    other = Event("id", "", day("2026-03-02"), "me", "reminder", "C2", "INV-1", "EUR", proof)
    currency = Event("id", "", day("2026-03-02"), "me", "reminder", "C1", "INV-1", "USD", proof)
    assert list(acknowledgements(item.document, [other, currency])) == []
