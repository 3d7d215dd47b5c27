"""Promises as a forecast takes them."""

from __future__ import annotations

from decimal import Decimal

from stories import Tell, day

from ledgercli.customers.promised_receipts import promised, reliability
from ledgercli.model.event import Event
from ledgercli.receivables.forecast.past import Exposure, Past

LEDGER = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-02 * "Goods" ^INV-2
  Assets:Receivable:C1  50 EUR
  Income:Sales
2026-02-20 * "Pays a part" ^INV-1
  Assets:Bank  30 EUR
  Assets:Receivable:C1
"""
EVEN: tuple[dict[str, Decimal], Decimal] = ({}, Decimal("0.5"))


def promise(on: str, until: str, number: str = "", **details: str) -> Event:
    told = {"until": until, **details}
    return Event(
        f"{on}-{number}", f"{on}T06:00:00Z", day(on), "me", "promise", "C1", number, "EUR", told
    )


def exposures(tell: Tell) -> list[Exposure]:
    past = Past(tell(LEDGER).at("2026-03-01"))
    past.advance(day("2026-03-01"))
    return past.exposures()


def told(open_items: list[Exposure], *events: Event) -> list[tuple[int, str, str]]:
    found = promised(open_items, events, day("2026-03-01"), EVEN)
    return [(place, str(one.until), f"{one.amount:.0f}") for place, one in found.items()]


def test_promises_that_run(tell: Tell) -> None:
    listed = exposures(tell)
    assert [f"{one.amount:.0f}" for one in listed] == ["70", "50"]
    # The day promised for has to come yet.
    assert told(listed, promise("2026-02-10", "2026-03-01", "INV-1")) == []
    assert told(listed, promise("2026-02-10", "2026-03-02", "INV-1")) == [(0, "2026-03-02", "70")]
    # Of a promised amount, less what was paid since; the day before the payment, and on it.
    assert told(listed, promise("2026-02-19", "2026-03-09", "INV-1", amount="80 EUR")) == [
        (0, "2026-03-09", "50")
    ]
    assert told(listed, promise("2026-02-20", "2026-03-09", "INV-1", amount="80 EUR")) == [
        (0, "2026-03-09", "70")
    ]
    # What is said tomorrow is not known; the latest word counts.
    assert told(listed, promise("2026-03-02", "2026-03-09", "INV-1")) == []
    words = (
        promise("2026-02-10", "2026-03-09", "INV-2"),
        promise("2026-02-11", "2026-03-20", "INV-2"),
    )
    assert told(listed, *words) == [(1, "2026-03-20", "50")]


def test_a_promise_about_all_goes_to_what_is_due_first(tell: Tell) -> None:
    listed = exposures(tell)
    whole = promise("2026-02-25", "2026-03-09", amount="90 EUR")
    assert told(listed, whole) == [(0, "2026-03-09", "70"), (1, "2026-03-09", "20")]
    # One about a document of its own goes before it.
    own = promise("2026-02-01", "2026-03-05", "INV-1")
    assert told(listed, whole, own) == [(0, "2026-03-05", "70"), (1, "2026-03-09", "50")]


def test_how_probable_it_is_that_a_promise_is_kept() -> None:
    one = promise("2026-01-01", "2026-02-01")
    assert reliability([]) == ({}, Decimal("0.5"))
    # Two of three kept: (2 + 1) ÷ (3 + 2) in the books, (2 + 2 × 0.6) ÷ (3 + 2) of the customer.
    own, books = reliability([(one, False), (one, False), (one, True)])
    assert (own["C1"], books) == (Decimal("0.64"), Decimal("0.6"))
