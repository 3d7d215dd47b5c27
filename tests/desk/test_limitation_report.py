"""`report limitation`: which claims are barred when, from ledger, customers and activity."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stories import Story, Tell, day

from ledgercli.desk.named_reports import limitation
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.model.values import Duration
from ledgercli.output.json_format import render

LEDGER = """
2023-04-10 * "Goods" ^INV-DE
  due: 2023-05-10
  Assets:Receivable:C1  100.00 EUR
  Income:Sales
2023-04-10 * "Goods" ^INV-CN
  due: 2023-05-10
  Assets:Receivable:C2  200.00 CNY
  Income:Sales
2023-04-10 * "Goods" ^INV-FR
  due: 2023-05-10
  Assets:Receivable:C3  300.00 EUR
  Income:Sales
2026-04-10 * "Goods" ^INV-LATER
  due: 2027-01-10
  Assets:Receivable:C1  400.00 EUR
  Income:Sales
"""
CUSTOMERS = """
- {id: C1, addresses: {billing: {country: DE}}}
- {id: C2, addresses: {billing: {country: CN}}}
- {id: C3, addresses: {billing: {country: FR}}}
"""


def activity(kind: str, on: str, number: str, customer: str, **details: object) -> str:
    currency = "CNY" if customer == "C2" else "EUR"
    row = {
        "v": 1,
        "id": f"{kind}-{on}",
        "at": f"{on}T06:00:00Z",
        "date": on,
        "by": "me",
        "kind": kind,
        "customer": customer,
        "document": {"number": number, "currency": currency},
        **details,
    }
    return json.dumps(row) + "\n"


def report(story: Story, as_of: str, within: str | None = None) -> dict[str, Any]:
    from stories import NOW

    books = open_books(Request(start=story.root, now=NOW, books=story.root), with_events=True)
    wanted = Duration.parse(within) if within else None
    found: dict[str, Any] = json.loads(
        render(limitation(books, Query(as_of=day(as_of)), within=wanted))
    )
    return found


def rows(story: Story, as_of: str, within: str | None = None) -> list[str]:
    return [
        f"{row['number']} {row['barred_on']} {row['days_left']}"
        for row in report(story, as_of, within)["rows"]
    ]


def test_all_open_claims_that_are_due_soonest_first(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    assert rows(story, "2026-05-01") == [
        "INV-CN 2026-05-11 10",
        "INV-DE 2027-01-01 245",
        "INV-FR None None",
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-04-10", []),
        ("2026-04-11", ["INV-CN 2026-05-11 30"]),
        ("2026-05-11", ["INV-CN 2026-05-11 0"]),
        ("2026-05-12", ["INV-CN 2026-05-11 -1"]),
    ],
)
def test_within_a_time_those_unknown_stay(tell: Tell, as_of: str, expected: list[str]) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    assert rows(story, as_of, "30 days") == [*expected, "INV-FR None None"]


def test_a_letter_that_arrived_begins_the_period_anew(tell: Tell) -> None:
    proof = {"status": "delivered", "level": 2, "tracking": "EMS 1"}
    arrived = activity("reminder", "2026-03-02", "INV-CN", "C2", **proof)
    here = activity("reminder", "2026-03-02", "INV-DE", "C1", **proof)
    files = {"activity/2026-03.jsonl": arrived + here}
    story = tell(LEDGER, customers=CUSTOMERS, files=files)
    first, second, _ = report(story, "2026-05-01")["rows"]
    # In Germany a reminder puts nothing off.
    assert (first["number"], first["barred_on"]) == ("INV-DE", "2027-01-01")
    assert first["restarted_by"] is None
    assert second == {
        "number": "INV-CN",
        "customer": "C2",
        "name": "C2",
        "currency": "CNY",
        "country": "CN",
        "law": "cn",
        "open": "200.00",
        "arose": "2023-05-10",
        "restarted_on": "2026-03-02",
        "restarted_by": "demand",
        "place": "activity/2026-03.jsonl:1",
        "detail": "EMS 1",
        "barred_on": "2029-03-03",
        "days_left": 1037,
    }
    # The day before it was not known.
    assert rows(story, "2026-03-01")[0] == "INV-CN 2026-05-11 71"


def test_what_was_taken_back_counts_no_more(tell: Tell) -> None:
    proof = {"status": "delivered", "level": 2, "tracking": "EMS 1"}
    arrived = activity("reminder", "2026-03-02", "INV-CN", "C2", **proof)
    back = activity("retract", "2026-04-02", "", "C2", retracts="reminder-2026-03-02")
    files = {"activity/2026-03.jsonl": arrived, "activity/2026-04.jsonl": back}
    story = tell(LEDGER, customers=CUSTOMERS, files=files)
    assert "INV-CN 2029-03-03 1037" not in rows(story, "2026-05-01")
    assert "INV-CN 2026-05-11 10" in rows(story, "2026-05-01")


def test_countries_that_are_not_known_are_said(tell: Tell) -> None:
    answer = limitation(
        tell(
            LEDGER, customers="[{id: C1}, {id: C2}, {id: C3, addresses: {x: {country: fr}}}]"
        ).books,
        Query(as_of=day("2026-05-01")),
        within=None,
    )
    said = [
        (text.count, text.values.get("countries"))
        for text in answer.warnings
        if not isinstance(text, str)
    ]
    assert said == [(1, ["FR"]), (2, None)]
