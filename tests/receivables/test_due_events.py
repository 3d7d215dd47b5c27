"""Terms that count from an event, and retention money: unknown until then, in no bucket."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from stories import Story, Tell, day, dues, opened, short

from ledgercli.model.aging_settings import AgingSettings
from ledgercli.model.retention_term import RetentionTerm
from ledgercli.model.terms import Terms
from ledgercli.receivables.aging import Buckets, aging
from ledgercli.receivables.position import Item

BY_DUE = Buckets("due", AgingSettings().buckets)
BY_DATE = Buckets("date", AgingSettings().buckets)


def aged(story: Story, as_of: str, buckets: Buckets = BY_DUE) -> dict[str, str]:
    """Return the figures of the one row of an aging that are not zero."""
    (row,) = aging(story.at(as_of), buckets)
    figures = {**row.amounts, "retention": row.retention, "due_unknown": row.due_unknown}
    assert row.total == sum(figures.values()) - row.unallocated
    assert story.books.summary(day(as_of)).tie_out
    assert aging(story.books.summary(day(as_of)), buckets) == (row,)
    return {key: short(amount) for key, amount in figures.items() if amount}


def numbered(story: Story, number: str, as_of: str = "2026-12-31") -> Item:
    """Return the item with a number."""
    return next(row for row in story.at(as_of).items if row.document.number == number)


@pytest.mark.parametrize(
    ("words", "happened", "due"),
    [
        ("net 30 from delivery", "2026-01-31", "2026-03-02"),
        ("NET 30 From The Acceptance", "2026-01-31", "2026-03-02"),
        ("30 days from tax invoice", "2026-01-31", "2026-03-02"),
        ("30 days end of month from tax-invoice", "2026-01-31", "2026-03-31"),
        ("end of month + 10 days from delivery", "2026-02-01", "2026-03-10"),
        ("end of next month from acceptance", "2026-01-31", "2026-02-28"),
        ("30 days then the 25th from delivery", "2026-01-31", "2026-03-25"),
        ("2/10 net 30 from delivery", "2026-01-31", "2026-03-02"),
    ],
)
def test_every_form_of_terms_may_count_from_an_event(words: str, happened: str, due: str) -> None:
    (part,) = Terms.parse(words).parts
    assert part.event in {"delivery", "acceptance", "tax-invoice"}
    assert part.due(day(happened)).isoformat() == due


def test_instalments_may_each_have_an_event() -> None:
    terms = Terms.parse("30% net 0, 60% net 30 from delivery, 10% net 0 from acceptance")
    assert [part.event for part in terms.parts] == [None, "delivery", "acceptance"]
    with pytest.raises(ValueError, match="not from `payday`"):
        Terms.parse("net 30 from payday")


@pytest.mark.parametrize(
    ("words", "happened", "due"),
    [
        ("2027-06-30", None, "2027-06-30"),
        ("acceptance + 12 months", "2026-02-28", "2027-02-28"),
        ("Acceptance+1 year", "2026-02-28", "2027-02-28"),
        ("90 days from delivery", "2026-01-01", "2026-04-01"),
        ("acceptance", "2026-02-28", "2026-02-28"),
        ("tax invoice + 1 day", None, "None"),
    ],
)
def test_retention_is_until_a_day_or_for_a_time_after_an_event(
    words: str, happened: str | None, due: str
) -> None:
    term = RetentionTerm.parse(words)
    assert str(term.due(day(happened) if happened else None)) == due


@pytest.mark.parametrize("words", ["12", "next year", "acceptance + soon", "payday + 3 months"])
def test_other_words_are_no_retention(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        RetentionTerm.parse(words)


def test_what_counts_from_an_event_is_not_due_until_it_happened(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "2/5 net 10 from acceptance"
      accepted: 2026-03-01
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    story = tell()
    assert [aged(story, day) for day in ("2026-02-28", "2026-03-01")] == [
        {"due_unknown": "100"},
        {"not_due": "100"},
    ]
    assert [aged(story, day) for day in ("2026-03-11", "2026-03-12")] == [
        {"not_due": "100"},
        {"1-30": "100"},
    ]
    before, after = numbered(story, "INV-1", "2026-02-28"), numbered(story, "INV-1", "2026-03-01")
    assert (before.days_overdue(day("2026-02-28")), before.document.discount_until) == (None, None)
    assert (str(after.document.due), after.days_overdue(day("2026-03-12"))) == ("2026-03-11", 1)
    assert str(after.document.discount_until) == "2026-03-06"
    assert aged(story, "2026-02-28", BY_DATE) == {"31-60": "100"}
    assert story.codes() == []
    assert story.codes("2026-02-28") == ["due-unknown:4"]


EVENTS = [
    ('    terms: "net 1 from delivery"\n    delivered: 2026-02-01', "posting"),
    ('    terms: "net 1 from delivery"', "transaction"),
]


@pytest.mark.parametrize(("own", "told_by"), EVENTS)
def test_the_posting_tells_before_its_transaction(tell: Tell, own: str, told_by: str) -> None:
    story = tell(
        '2026-01-01 * "Goods" ^INV-1\n  delivered: 2026-01-20\n'
        f"  Assets:Receivable:C1  100 EUR\n{own}\n  Income:Sales\n"
    )
    document = numbered(story, "INV-1").document
    assert (document.event, document.occurred_by) == ("delivery", told_by)
    expected = {"posting": "2026-02-02", "transaction": "2026-01-21"}
    assert str(document.due) == expected[told_by]
    line = {"posting": 3, "transaction": 1}[told_by]
    assert document.occurred_at == f"main.beancount:{line}"


def test_terms_of_customer_and_books_count_from_events_too(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
        tax-invoiced: 2026-01-05
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      Assets:Receivable:C2  50 EUR
      Income:Sales
    """
    story = tell(
        customers="[{id: C1, terms: net 30 from tax-invoice}, {id: C2}]",
        settings="receivables:\n  terms: 40% net 10, 60% net 10 from delivery\n",
    )
    assert dues(story.at()) == {
        "INV-1": "2026-02-04",
        "INV-2/1": "2026-01-12",
        "INV-2/2": "None",
    }


def test_a_payment_that_names_nothing_pays_what_is_due_first(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "net 10 from acceptance"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Parts" ^INV-2
      terms: "net 90"
      Assets:Receivable:C1  70 EUR
      Income:Sales
    2026-01-03 * "Paid"
      Assets:Receivable:C1  -75 EUR
      Assets:Bank
    """
    assert opened(tell().at()) == {"INV-1": "95"}


def test_retention_money_is_a_document_of_its_own(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "net 30"
      Assets:Receivable:C1  95 EUR
      Assets:Receivable:C1  5 EUR
        retention: 2026-06-30
      Income:Sales
    2026-01-02 * "Paid" ^INV-1/1
      Assets:Receivable:C1  -95 EUR
      Assets:Bank
    """
    story = tell()
    assert dues(story.at()) == {"INV-1/1": "2026-01-31", "INV-1/2": "2026-06-30"}
    assert opened(story.at()) == {"INV-1/2": "5"}
    assert [aged(story, as_of) for as_of in ("2026-06-30", "2026-07-01")] == [
        {"retention": "5"},
        {"1-30": "5"},
    ]
    assert aged(story, "2026-06-30", BY_DATE) == {"91+": "5"}
    assert story.codes() == []


def test_retention_comes_after_instalments(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      accepted: 2026-02-01
      terms: "30% net 0, 70% net 30 from acceptance"
      Assets:Receivable:C1  1000.01 EUR
      Assets:Receivable:C1  30 EUR
        retention: "acceptance + 12 months"
      Assets:Receivable:C1  20 EUR
        retention: 2026-12-31
      Income:Sales
    """
    story = tell()
    assert dues(story.at()) == {
        "INV-1/1": "2026-01-01",
        "INV-1/2": "2026-03-03",
        "INV-1/3": "2026-12-31",
        "INV-1/4": "2027-02-01",
    }
    assert opened(story.at()) == {
        "INV-1/1": "300",
        "INV-1/2": "700.01",
        "INV-1/3": "20",
        "INV-1/4": "30",
    }
    assert aged(story, "2026-01-31") == {"1-30": "300", "due_unknown": "700.01", "retention": "50"}


def test_a_posting_that_is_retention_alone_keeps_its_number(tell: Tell) -> None:
    """
    2026-01-01 * "Kept back" ^INV-1
      retention: "12 months from acceptance"
      Assets:Receivable:C1  5 EUR
      Income:Sales
    """
    story = tell()
    item = numbered(story, "INV-1")
    assert (item.document.due, item.document.event) == (None, "acceptance")
    assert aged(story, "2026-12-31") == {"retention": "5"}
    assert story.codes() == ["due-unknown:3"]


def test_retention_that_is_no_day_is_never_due(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      Assets:Receivable:C1  95 EUR
      Assets:Receivable:C1  5 EUR
        retention: "some day"
      Income:Sales
    """
    story = tell()
    assert dues(story.at()) == {"INV-1/1": "2026-01-31", "INV-1/2": "None"}
    assert aged(story, "2026-12-31") == {"91+": "95", "retention": "5"}
    assert story.codes() == ["bad-retention:3"]


def test_of_a_refund_that_was_used_in_part_nobody_can_say_what_is_kept(tell: Tell) -> None:
    """
    2026-01-01 * "Paid twice"
      Assets:Receivable:C1  -30 EUR
      Assets:Bank
    2026-02-01 * "Refunded" #refund
      Assets:Receivable:C1  40 EUR
        retention: 2026-06-30
      Assets:Bank
    """
    (item,) = tell().at().open_items
    assert (item.open, str(item.document.due)) == (Decimal(10), "2026-06-30")


ACCEPTANCE = """\
2026-01-01 * "Machine" ^INV-1
  terms: "net 10 from acceptance"
  Assets:Receivable:C1  95 EUR
  Assets:Receivable:C1  5 EUR
    retention: "12 months from acceptance"
  Income:Sales
"""


def happened(day: str, number: str = "INV-1", event: str = "acceptance", **more: str) -> str:
    """Return a line of the activity log."""
    line = {
        "v": 1,
        "id": f"{day}{event}",
        "at": f"{day}T08:00:00Z",
        "date": day,
        "by": "",
        "kind": "occurrence",
        "customer": "C1",
        "document": {"number": number, "currency": "EUR"},
        "event": event,
        **more,
    }
    return json.dumps(line) + "\n"


def test_the_activity_log_tells_what_the_ledger_does_not(tell: Tell) -> None:
    log = happened("2026-03-01") + happened("2026-03-05")
    log += happened("2026-02-01", event="delivery") + happened("2026-02-01", "INV-2")
    retracted = json.dumps(
        {
            "v": 1,
            "id": "taken-back",
            "at": "2026-04-01T08:00:00Z",
            "date": "2026-04-01",
            "by": "",
            "kind": "retract",
            "customer": "C1",
            "retracts": "2026-03-05acceptance",
        }
    )
    story = tell(ACCEPTANCE, files={"activity/2026-03.jsonl": log + retracted + "\n"})
    told = {day: dues(story.at(day))["INV-1/1"] for day in DAYS}
    assert told == dict(zip(DAYS, DUES, strict=True))
    assert dues(story.at("2026-03-31"))["INV-1/2"] == "2027-03-05"
    document = numbered(story, "INV-1/1", "2026-03-31").document
    assert document.occurred_by == "activity"
    assert document.occurred_at.startswith("activity/2026-03.jsonl:")
    assert aged(story, "2026-02-28") == {"due_unknown": "95", "retention": "5"}
    assert aged(story, "2026-03-31") == {"1-30": "95", "retention": "5"}


DAYS = ("2026-02-28", "2026-03-01", "2026-03-04", "2026-03-05", "2026-03-31", "2026-04-01")
DUES = ("None", "2026-03-11", "2026-03-11", "2026-03-15", "2026-03-15", "2026-03-11")

ORDER = """\
id: SO-1
customer: C1
date: 2025-12-01
currency: EUR
lines:
  - {text: Machine, quantity: 2, price: 50 EUR}
deliveries:
  - {date: 2026-01-05, quantities: {"1": 1}}
  - {date: 2026-01-09, quantities: {"1": 1}}
invoices:
  - {number: INV-1, date: 2026-01-01, amount: 50 EUR, quantities: {"1": 1}}
  - {number: INV-2, date: 2026-01-01, amount: 50 EUR, quantities: {"1": 1}}
accepted: 2026-01-20
"""


def test_the_order_of_an_invoice_tells_its_delivery_and_acceptance(tell: Tell) -> None:
    ledger = "".join(
        f'2026-01-01 * "Machine" ^{number}\n  terms: "50% net 10 from delivery, 50% net 10 from'
        f' acceptance"\n  Assets:Receivable:C1  50 EUR\n  Income:Sales\n'
        for number in ("INV-1", "INV-2")
    )
    story = tell(ledger, files={"orders/SO-1.yaml": ORDER})
    assert dues(story.at()) == {
        "INV-1/1": "2026-01-15",
        "INV-2/1": "2026-01-19",
        "INV-1/2": "2026-01-30",
        "INV-2/2": "2026-01-30",
    }
    days = ("2026-01-04", "2026-01-05", "2026-01-19", "2026-01-20")
    assert [sum(due == "None" for due in dues(story.at(day)).values()) for day in days] == [
        4,
        3,
        2,
        0,
    ]
    document = numbered(story, "INV-2/1").document
    assert (document.occurred_by, document.occurred_at) == ("order", "orders/SO-1.yaml:1")
    assert aged(story, "2026-01-19") == {"not_due": "25", "1-30": "25", "due_unknown": "50"}


def test_a_discount_may_be_taken_before_its_days_are_counted(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "2/10 net 30 from acceptance"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-20 * "Discount" ^INV-1 #discount
      Assets:Receivable:C1  -2 EUR
      Expenses:Discounts
    """
    assert tell().codes() == ["due-unknown:3"]
