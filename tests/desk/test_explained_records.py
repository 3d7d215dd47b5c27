"""How the figures of contracts, limitation, prospects, RFM, targets and limits came about."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from order_books import DAY, SETTINGS, Shop, tax

from ledgercli.cli import main

CUSTOMERS = """\
- id: C1
  name: Acme GmbH
  credit: {limit: 1000 EUR}
  addresses: {billing: {country: CN}}
  contracts:
    - {id: CT-7, title: Support, start: 2026-10-01, end: 2026-12-31, value: 100 EUR per month, tax: 19%}
    - {id: CT-8, title: Once, value: 50 EUR}
- {id: C2, name: Beta Ltd, addresses: {billing: {country: DE}}}
- {id: C3, name: Gamma SARL, addresses: {billing: {country: FR}}, credit: {limit: 9000 USD}}
- id: L1
  name: Lead
  status: lead
  currency: EUR
  expected: "1200"
  next_step: {date: 2026-12-01, text: call}
- {id: L2, name: Quiet, status: prospect}
"""
TARGETS = """\
targets:
  - {measure: revenue, goal: +20%, currency: EUR}
  - {measure: buyers, goal: at least 1}
  - {measure: invoices, goal: at most 9}
  - {measure: repurchase-rate, goal: at least 40%}
"""
BOOKED = """
2026-01-01 price USD 0.9 EUR
2025-09-15 * "Gamma SARL" "last year" ^INV-2025-1
  Assets:Receivable  80.00 EUR
    customer: "C3"
  Income:Sales
2026-04-15 * "Gamma SARL" "this year" ^INV-3
  Assets:Receivable  101.01 USD
    customer: "C3"
  Income:Sales
2026-06-15 * "Gamma SARL" "again" ^INV-4
  Assets:Receivable  200.00 EUR
    customer: "C3"
  Income:Sales
2026-07-15 * "Gamma SARL" "returned" ^INV-4 ^CN-4
  Assets:Receivable  -20.00 EUR
    customer: "C3"
  Income:Sales
2023-03-15 * "Beta Ltd" "old" ^INV-B
  Assets:Receivable  60.00 EUR
    customer: "C2"
  Income:Sales
2024-05-02 * "Beta Ltd" "part" ^INV-B
  Assets:Receivable  -10.00 EUR
    customer: "C2"
  Assets:Bank
2026-10-01 * "Gamma SARL" "in advance"
  Liabilities:CustomerDeposits  -30.00 EUR
    customer: "C3"
  Assets:Bank
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop.make(
        tmp_path / "books", SETTINGS.replace("500 EUR", "1000 EUR") + TARGETS, CUSTOMERS
    )
    with (made.root / "main.beancount").open("a", encoding="utf-8") as file:
        file.write("2023-01-01 open Liabilities:CustomerDeposits\n" + BOOKED)
    text = made.ledger().replace("2026-01-01 open", "2020-01-01 open")
    (made.root / "main.beancount").write_text(text, encoding="utf-8")
    return made


def explained(
    shop: Shop, capsys: pytest.CaptureFixture[str], *asked: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return how each figure came about by its row's first word and its key; all sums tie."""
    words = ["--lang", "en", "--books", str(shop.root), "report", *asked]
    assert main([*words, "--as-of", str(DAY), "--explain", "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["explanation"]
    assert [row for row in rows if row["ties"] is False] == []
    return {(row["row"].split()[0], row["figure"]): row for row in rows}


def inputs(row: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Return kind, amount and place of what went into a figure."""
    return [
        (one["kind"], one["amount"], one["file"] and f"{one['file']}:{one['line']}")
        for one in row["inputs"]
    ]


def test_contracts_from_records_orders_deliveries_and_payments(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    number = shop.add("4 x 100", tax=tax("19%"))
    shop.deliver(number, "1")
    shop.deliver(number, "2")
    shop.invoice(number, "1")
    other = shop.add("30")
    with (shop.root / "main.beancount").open("a", encoding="utf-8") as file:
        settled = (
            '\n2026-11-21 * "Acme GmbH" "{}" {}\n  customer: "C1"\n  Assets:Bank {} EUR\n  {}\n'
        )
        file.write(settled.format("part", "^INV-2026-0001", 50, "Assets:Receivable"))
        file.write(settled.format("rest", f"^{number}", 5, "Assets:Receivable"))
        file.write(settled.format("early", f"^{other}", 4, "Assets:Receivable"))
        file.write(settled.format("kept", f"^{number}", 7, "Liabilities:CustomerDeposits"))
    told = explained(shop, capsys, "contracts")
    record = "customers/all.yaml:1"
    assert inputs(told["CT-7", "amount"]) == [
        ("period", "100.00", record),
        ("period", "100.00", record),
        ("period", "100.00", record),
        ("tax", "57.00", record),
    ]
    assert inputs(told["CT-8", "amount"]) == [("contract", "50.00", record)]
    order = f"orders/{number}.yaml:2"
    own = {key: inputs(row) for (name, key), row in told.items() if name == number}
    assert own["amount"] == [("order", "476.00", order)]
    assert own["delivered"] == [("delivery", "119.00", order), ("delivery", "238.00", order)]
    assert [row[:2] for row in own["invoiced"]] == [("invoice", "119.00")]
    assert [row[:2] for row in own["received"]] == [
        ("payment", "50.00"),
        ("payment", "5.00"),
        ("deposit", "7.00"),
    ]
    assert [row[:2] for row in own["received_uninvoiced"]] == [("deposit", "7.00")]
    assert [row[:2] for row in own["invoiced_unpaid"]] == [("open", "64.00")]
    assert own["delivered_uninvoiced"] == [("order", "238.00", order)]
    assert all(place for rows in own.values() for _kind, _amount, place in rows)
    assert "invoiced_undelivered" not in own
    for key in ("received", "received_uninvoiced"):
        assert [row[:2] for row in inputs(told[other, key])] == [("unallocated", "4.00")]


def test_a_period_of_limitation_and_what_began_it_anew(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    told = explained(shop, capsys, "limitation")
    assert [row[:2] for row in inputs(told["INV-B", "open"])] == [
        ("invoice", "60.00"),
        ("allocation", "-10.00"),
    ]
    assert told["INV-B", "barred_on"]["formula"] == "the day after 3 years from 2024-05-02"
    assert told["INV-B", "barred_on"]["source"].startswith("§§ 195, 199 (1), 212 (1) no. 1 BGB")
    left = told["INV-B", "days_left"]
    assert left["value"] == 163
    assert [row[:2] for row in inputs(left)] == [("part-payment", "1096"), ("over", "-933")]
    assert left["inputs"][0]["file"] == "main.beancount"
    unknown = told["INV-4", "barred_on"]
    assert (unknown["formula"], unknown["value"]) == (
        "no rule on limitation is known for FR",
        None,
    )
    assert ("INV-4", "days_left") not in told


def test_what_is_expected_of_a_lead_and_when_it_was_last_heard_of(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--books", str(shop.root), "activity", "add", "call", "L1", "hi"]
    assert main([*asked, "--date", "2026-11-20"]) == 0
    capsys.readouterr()
    told = explained(shop, capsys, "pipeline")
    assert {name for name, _key in told} == {"lead"}
    assert inputs(told["lead", "expected"]) == [("record", "1200.00", "customers/all.yaml:10")]
    assert inputs(told["lead", "days"]) == [("record", "10", "customers/all.yaml:10")]
    assert told["lead", "last_contact"]["value"] == "2026-11-20"
    (called,) = told["lead", "last_contact"]["inputs"]
    assert (called["kind"], called["text"], called["line"]) == ("call", "hi", 1)
    assert called["file"].startswith("activity/")


def test_ranks_and_the_sales_they_rest_on(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(shop, capsys, "rfm")
    assert told["C3", "days"]["formula"] == "days from 2026-06-15 to 2026-11-21"
    assert [row[1] for row in inputs(told["C3", "invoices"])] == ["1", "1"]
    revenue = told["C3", "revenue"]
    assert revenue["value"] == "270.91"
    assert sorted(row[:2] for row in inputs(revenue)) == [
        ("credit-note", "-20.00"),
        ("invoice", "200.00"),
        ("invoice", "90.91"),
    ]
    assert "101.01 USD at 0.9 of 2026-01-01" in json.dumps(revenue["inputs"])
    assert told["C3", "recency"]["formula"].startswith("of 1 buyers, from the longest ago")
    assert told["C3", "recency"]["source"] == "A. M. Hughes, Strategic Database Marketing (1994)"
    assert {told["C3", key]["value"] for key in ("recency", "frequency", "monetary")} == {3}


def test_targets_now_and_before(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--lang", "en", "--books", str(shop.root), "report", "targets", "--explain"]
    assert main([*words, "--as-of", str(DAY), "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["explanation"]
    assert [row for row in rows if row["ties"] is False] == []
    told: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        told.setdefault(row["figure"], []).append(row)
    assert [row["value"] for row in told["actual"]] == ["270.91", "1", "2", "100"]
    assert [row["value"] for row in told["before"]] == ["80.00", "1", "1", "0"]
    assert told["wanted"][0]["formula"] == "before 80.00 EUR × (100 + 20) ÷ 100"
    assert told["wanted"][0]["value"] == "96.00"
    assert told["wanted"][1]["formula"] == "the goal in the settings"
    assert [row["value"] for row in told["customers"]] == [5, 5, 5, 5]
    assert told["actual"][3]["adds_up_to"] == "1"


def test_limits_to_look_at(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.add("100")
    told = explained(shop, capsys, "limits-review", "--all")
    exposure = {one[0]: one for one in inputs(told["C3", "exposure"])}
    assert exposure["deposit"][1:] == ("-33.33", "main.beancount:33")
    assert Decimal(told["C3", "exposure"]["value"]) == Decimal("356.57")
    assert inputs(told["C1", "exposure"])[0][0] == "order"
    assert inputs(told["C1", "limit"]) == [("limit", "1000.00", "customers/all.yaml:1")]
    peak = told["C3", "peak"]
    assert peak["formula"].startswith("balance at the end of 2026-06-15")
    assert [row[0] for row in inputs(peak)] == ["open", "posting", "posting"]
    assert told["C1", "peak"]["formula"] == "never above zero in these 12 months"
    score = told["C3", "score"]
    points = sum((Decimal(one["amount"]) for one in score["inputs"]), Decimal(0))
    assert points.quantize(Decimal(1)) == score["value"]
