"""What the reports answer, as the JSON that users build on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import Story, Tell, day, write_story

from ledgercli.desk import reports
from ledgercli.desk.errors import CustomerMissingError, CustomerNotFoundError, EmptyPeriodError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.values import Duration, Money
from ledgercli.output.json_format import render
from ledgercli.output.values import sentence

AS_OF = Query(as_of=day("2026-03-15"))
CUSTOMERS = """
- {id: C1, name: Acme, tags: [retail, EU], segments: {region: East}, credit: {limit: 100 EUR}}
- {id: C2, tags: [eu]}
"""
LEDGER = """
2026-01-10 * "Acme" "Goods" ^INV-1
  Assets:Receivable:C1  100.004 EUR
  Income:Sales
2026-02-20 * "Goods" ^INV-2
  Assets:Receivable:C1  50 EUR
  Assets:Receivable:C2  1200 JPY
  Income:Sales
2026-03-01 * "Paid" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-03-02 * "Paid"
  Assets:Receivable:C1  -20 EUR
  Assets:Bank
2026-03-03 * "Paid too early" ^INV-9
  Assets:Receivable:C2  -7 USD
  Assets:Bank
2026-03-10 price JPY 0.006 EUR
"""


def document(answer: Answer) -> dict[str, Any]:
    """Return the JSON of an answer as data."""
    read: dict[str, Any] = json.loads(render(answer))
    return read


def answered(report: Callable[..., Answer], story: Story, query: Query, **options: Any) -> Any:  # noqa: ANN401
    return document(report(story.books, query, **options))


def unbucketed(zero: str) -> dict[str, str]:
    """Return what is open and in no bucket: nothing."""
    return {"retention": zero, "due_unknown": zero}


def test_aging(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    found = answered(reports.aging, story, AS_OF, basis=None, buckets=None)
    nothing = {"not_due": "0.00", "1-30": "0.00", "31-60": "0.00", "61-90": "0.00", "91+": "0.00"}
    yen = dict.fromkeys(nothing, "0") | {"not_due": "1200"}
    acme = nothing | {"not_due": "30.00"}
    assert found == {
        "schema": "ledgercli/aging/1",
        "as_of": "2026-03-15",
        "basis": "due",
        "buckets": ["not_due", "1-30", "31-60", "61-90", "91+"],
        "rows": [
            {
                "customer": "C1",
                "name": "Acme",
                "currency": "EUR",
                "amounts": acme,
                **unbucketed("0.00"),
                "unallocated": "0.00",
                "total": "30.00",
                "oldest_due": "2026-03-22",
                "max_days_overdue": 0,
            },
            {
                "customer": "C2",
                "name": "C2",
                "currency": "JPY",
                "amounts": yen,
                **unbucketed("0"),
                "unallocated": "0",
                "total": "1200",
                "oldest_due": "2026-03-22",
                "max_days_overdue": 0,
            },
            {
                "customer": "C2",
                "name": "C2",
                "currency": "USD",
                "amounts": nothing,
                **unbucketed("0.00"),
                "unallocated": "-7.00",
                "total": "-7.00",
                "oldest_due": None,
                "max_days_overdue": 0,
            },
        ],
        "totals": [
            {
                "currency": "EUR",
                "amounts": acme,
                **unbucketed("0.00"),
                "unallocated": "0.00",
                "total": "30.00",
            },
            {
                "currency": "JPY",
                "amounts": yen,
                **unbucketed("0"),
                "unallocated": "0",
                "total": "1200",
            },
            {
                "currency": "USD",
                "amounts": nothing,
                **unbucketed("0.00"),
                "unallocated": "-7.00",
                "total": "-7.00",
            },
        ],
        "rounding": {"EUR": "0.004"},
        "tie_out": True,
    }


def test_basis_and_buckets_of_the_command_go_before_the_settings(tell: Tell) -> None:
    story = tell(
        LEDGER, customers=CUSTOMERS, settings="aging: {basis: date, buckets: [10 days, 20 days]}"
    )
    found = answered(reports.aging, story, AS_OF, basis=None, buckets=None)
    assert (found["basis"], found["buckets"]) == ("date", ["0-10", "11-20", "21+"])
    assert found["rows"][0]["amounts"] == {"0-10": "0.00", "11-20": "0.00", "21+": "30.00"}
    buckets = (Duration(1, "months"),)
    found = answered(reports.aging, story, AS_OF, basis="due", buckets=buckets)
    assert (found["basis"], found["buckets"]) == ("due", ["not_due", "1-1m", "1m+"])


def test_items(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    found = answered(reports.items, story, Query(as_of=day("2026-03-23")), settled=False)
    assert [row["number"] for row in found["rows"]] == ["INV-2", "INV-2"]
    assert found["rows"][0] == {
        "number": "INV-2",
        "customer": "C1",
        "name": "Acme",
        "date": "2026-02-20",
        "due": "2026-03-22",
        "event": None,
        "retention": None,
        "currency": "EUR",
        "amount": "50.00",
        "allocated": "20.00",
        "open": "30.00",
        "days_overdue": 1,
        "status": "overdue",
        "allocations": [
            {
                "date": "2026-03-02",
                "amount": "20.00",
                "rule": "oldest-due",
                "assumed": True,
                "file": "main.beancount",
                "line": 12,
            }
        ],
        "file": "main.beancount",
        "line": 5,
    }
    every = answered(reports.items, story, AS_OF, settled=True)
    assert [
        (row["number"], row["open"], row["days_overdue"], row["status"]) for row in every["rows"]
    ] == [
        ("INV-1", "0.00", None, "paid"),
        ("INV-2", "30.00", -7, "partial"),
        ("INV-2", "1200", -7, "open"),
    ]


def test_written_off_is_what_a_write_off_settled(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-20 * "Paid" ^INV-1
      Assets:Receivable:C1  -90 EUR
      Assets:Bank
    2026-03-01 * "Lost" ^INV-1 #write-off
      Assets:Receivable:C1  -10 EUR
      Expenses:BadDebt
    """
    story = tell()
    statuses = []
    for date in ("2026-02-08", "2026-02-09", "2026-02-10", "2026-02-28", "2026-03-01"):
        rows = answered(reports.items, story, Query(as_of=day(date)), settled=True)["rows"]
        statuses.append(rows[0]["status"])
    assert statuses == ["open", "open", "overdue", "overdue", "written-off"]


def test_payments(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    found = answered(reports.payments, story, AS_OF, unallocated_only=False)
    assert [(row["date"], row["allocated"], row["unallocated"]) for row in found["rows"]] == [
        ("2026-03-01", "100.00", "0.00"),
        ("2026-03-02", "20.00", "0.00"),
        ("2026-03-03", "0.00", "7.00"),
    ]
    assert found["rows"][1]["allocations"] == [
        {"number": "INV-2", "amount": "20.00", "rule": "oldest-due", "assumed": True}
    ]
    only = answered(reports.payments, story, AS_OF, unallocated_only=True)
    assert [row["customer"] for row in only["rows"]] == ["C2"]
    assert (only["rows"][0]["line"], only["rows"][0]["uses"]) == (15, [])


def test_limits_as_if_more_were_ordered(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)

    def rows(extra: str | None) -> list[tuple[Any, ...]]:
        money = Money.parse(extra) if extra else None
        found = answered(reports.limits, story, AS_OF, extra=money, group="customer")
        return [
            (row["customer"], row["currency"], row["exposure"], row["available"], row["status"])
            for row in found["rows"]
        ]

    assert rows(None) == [
        ("C1", "EUR", "30.004", "69.996", "ok"),
        ("C2", "JPY", "1200", None, "none"),
        ("C2", "USD", "-7.00", None, "none"),
    ]
    assert rows("69.99 EUR")[0] == ("C1", "EUR", "99.994", "0.006", "warning")
    assert rows("70 EUR")[0] == ("C1", "EUR", "100.004", "-0.004", "breach")


def test_statements(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    query = Query(as_of=day("2026-03-01"), customers=("acme",))
    found = answered(reports.statement, story, query, everyone=False, start=day("2026-02-01"))
    assert found["from"] == "2026-02-01"
    (section,) = found["statements"]
    assert (section["opening"], section["closing"]) == ("100.004", "50.004")
    assert section["rows"][1] == {
        "date": "2026-03-01",
        "kind": "payment",
        "number": "INV-1",
        "text": "Paid",
        "debit": "0.00",
        "credit": "100.00",
        "balance": "50.004",
        "file": "main.beancount",
        "line": 8,
    }
    with pytest.raises(CustomerMissingError):
        reports.statement(story.books, Query(), everyone=False, start=None)


def test_converted_figures_tell_their_rate_and_unknown_ones_none(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    found = answered(reports.balances, story, Query(as_of=day("2026-03-15"), convert="EUR"))
    assert [
        (row["balance"], row["converted"], row["rate"], row["rate_date"]) for row in found["rows"]
    ] == [
        ("30.004", "30.004", "1", "2026-03-15"),
        ("1200", "7.20", "0.006", "2026-03-10"),
        ("-7.00", None, None, None),
    ]
    early = answered(reports.balances, story, Query(as_of=day("2026-03-09"), convert="EUR"))
    assert early["rows"][1]["converted"] is None
    answer = reports.balances(story.books, Query(as_of=day("2026-03-09"), convert="EUR"))
    assert sentence(answer.notes[-1]) == "No price of JPY, USD in EUR by then: not converted."


def test_unknown_exposure_names_the_price_that_is_missing(tell: Tell) -> None:
    customers = """
    - {id: C1, parent: H}
    - {id: C2, parent: H}
    - {id: H, credit: {limit: 100 EUR}}
    """
    story = tell(LEDGER, customers=customers)
    query = Query(as_of=day("2026-03-15"))
    family = reports.limits(story.books, query, extra=None, group="parent")
    assert [row["status"] for row in family.table("rows").rows] == ["unknown"]
    told = "Unknown, because there is no price of USD in EUR."
    assert told in map(sentence, family.notes)
    alone = reports.limits(story.books, query, extra=None, group="customer")
    assert told not in map(sentence, alone.notes)
    found = [row for row in story.findings() if row.code == "no-price"]
    assert [(row.customer, row.values["currency"]) for row in found] == [("H", "USD")]


def test_statement_cannot_begin_after_its_end(tell: Tell) -> None:
    books = tell(LEDGER, customers=CUSTOMERS).books
    for start in ("2026-03-14", "2026-03-15"):
        assert reports.statement(books, AS_OF, everyone=True, start=day(start)).tables
    with pytest.raises(EmptyPeriodError, match="2026-03-16, after its last day, 2026-03-15"):
        reports.statement(books, AS_OF, everyone=True, start=day("2026-03-16"))


def test_filters(tell: Tell) -> None:
    books = tell(LEDGER, customers=CUSTOMERS).books

    def customers(**filters: Any) -> list[str]:  # noqa: ANN401
        rows = document(reports.balances(books, Query(as_of=day("2026-03-15"), **filters)))["rows"]
        return [f"{row['customer']} {row['currency']}" for row in rows]

    assert customers() == ["C1 EUR", "C2 JPY", "C2 USD"]
    assert customers(customers=("ACME",)) == ["C1 EUR"]
    assert customers(customers=("c2", "C1"), currencies=("USD", "EUR")) == ["C1 EUR", "C2 USD"]
    assert customers(tags=("eu",)) == ["C1 EUR", "C2 JPY", "C2 USD"]
    assert customers(tags=("eu", "Retail")) == ["C1 EUR"]
    assert customers(segments={"region": "east"}) == ["C1 EUR"]
    assert customers(segments={"region": "west"}) == []
    assert customers(customers=("?",)) == []
    with pytest.raises(CustomerNotFoundError):
        customers(customers=("C3",))


def sums(rows: list[dict[str, Any]], key: str) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        total[row["currency"]] += Decimal(row[key])
    return {currency: amount for currency, amount in total.items() if amount}


def check_balance(books: OpenBooks, query: Query) -> None:
    """Assert that the figures of every report add up to the ledger's."""
    ledger: dict[str, Decimal] = defaultdict(Decimal)
    assert query.as_of is not None
    for posting in books.view.receivables:
        if posting.transaction.date <= query.as_of:
            ledger[posting.currency] += posting.amount
    wanted = {currency: amount for currency, amount in ledger.items() if amount}
    aging = document(reports.aging(books, query, basis=None, buckets=None))
    items = document(reports.items(books, query, settled=True))["rows"]
    payments = document(reports.payments(books, query, unallocated_only=False))["rows"]
    balances = document(reports.balances(books, query))["rows"]
    statements = document(reports.statement(books, query, everyone=True, start=None))
    rounding = [{"currency": key, "x": value} for key, value in aging["rounding"].items()]
    assert aging["tie_out"]
    assert sums(balances, "balance") == wanted
    assert sums(statements["statements"], "closing") == wanted
    totals = [{**row, "x": row["total"]} for row in aging["rows"]]
    assert sums(totals + rounding, "x") == wanted
    opened = [{**row, "x": row["open"]} for row in items]
    credits_ = [{**row, "x": f"-{row['unallocated']}"} for row in payments]
    assert sums(opened + credits_ + rounding, "x") == wanted
    assert sums(aging["totals"], "total") == sums(aging["rows"], "total")
    for row in items:
        applied = sum((Decimal(one["amount"]) for one in row["allocations"]), Decimal(0))
        assert Decimal(row["allocated"]) == applied


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 28),
            st.integers(-5000, 5000).filter(bool),
            st.sampled_from(["", "^INV-1", "^INV-2 ^INV-1", "#refund", "^INV-3 #write-off"]),
            st.sampled_from(["EUR", "JPY"]),
        ),
        max_size=8,
    ),
    as_of=st.integers(1, 28),
)
def test_every_report_balances_with_the_ledger(
    tmp_path: Path, rows: list[tuple[int, int, str, str]], as_of: int
) -> None:
    text = "".join(
        f'2026-01-{date:02} * "Row" {marks}\n  Assets:Receivable:C{abs(amount) % 3 + 1}'
        f"  {Decimal(amount).scaleb(-3)} {currency}\n  Equity:Other\n"
        for date, amount, marks, currency in rows
    )
    story = write_story(tmp_path, text)
    check_balance(story.books, Query(as_of=day(f"2026-01-{as_of:02}")))


TWO_CURRENCIES = """
2026-01-01 * "Acme" ^INV-1
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales
2026-01-01 * "Acme" ^INV-2
  Assets:Receivable:Acme   100.00 USD
  Income:Sales
"""


def test_a_converted_total_is_unknown_where_a_price_is_missing(tell: Tell) -> None:
    query = Query(as_of=day("2026-01-31"), convert="EUR")
    story = tell(TWO_CURRENCIES)
    assert answered(reports.balances, story, query)["converted_total"] is None
    priced = tell(f"{TWO_CURRENCIES}\n2026-01-15 price USD 0.5 EUR\n")
    assert answered(reports.balances, priced, query)["converted_total"] == "150.00"
    assert "converted_total" not in answered(reports.balances, priced, Query(as_of=query.as_of))


def test_filters_that_nothing_has_are_warned_of(tell: Tell) -> None:
    story = tell(TWO_CURRENCIES, customers="- {id: Acme, tags: [Retail], segments: {region: east}}")
    fitting = Query(tags=("retail",), segments={"region": "East"}, currencies=("USD",))
    assert reports.balances(story.books, fitting).warnings == ()
    strange = Query(tags=("gold",), segments={"region": "west"}, currencies=("CHF",))
    assert [sentence(text) for text in reports.balances(story.books, strange).warnings] == [
        "no customer has the tag `gold`",
        "no customer has the segment `region=west`",
        "no receivable is in `CHF`",
    ]
