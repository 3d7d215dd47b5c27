"""When documents are due, and what instalments they fall into."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Tell, applied, dues, opened

from ledgercli.model.terms import Terms
from ledgercli.receivables.plain_accounts import Dues

EVERYTHING = [
    ("own-due", "2026-02-01", "due"),
    ("due", "2026-02-02", "due"),
    ("own-terms", "2026-01-12", "posting"),
    ("terms", "2026-01-13", "transaction"),
    ("customer", "2026-01-14", "customer"),
    ("books", "2026-01-15", "books"),
    ("nothing", "2026-01-31", "assumed"),
]


@pytest.mark.parametrize(("first", "expected", "source"), EVERYTHING)
def test_sources_of_the_due_date_in_order(
    tell: Tell, first: str, expected: str, source: str
) -> None:
    names = [name for name, _, _ in EVERYTHING]
    here = set(names[names.index(first) :])
    lines = [
        '2026-01-01 * "Goods" ^INV-1',
        "  due: 2026-02-02" if "due" in here else "",
        '  terms: "net 12"' if "terms" in here else "",
        "  Assets:Receivable:C1  100 EUR",
        "    due: 2026-02-01" if "own-due" in here else "",
        '    terms: "net 11"' if "own-terms" in here else "",
        "  Income:Sales",
    ]
    story = tell(
        "\n".join(line for line in lines if line),
        customers="{id: C1, terms: net 13}" if "customer" in here else "{id: C1}",
        settings="receivables: {terms: net 14}" if "books" in here else "",
    )
    (item,) = story.at().items
    assert (str(item.document.due), item.document.due_source) == (expected, source)
    assert story.codes() == (["due-assumed:2"] if source == "assumed" else [])


def test_terms_count_from_the_invoice_date_the_document_keeps_its_day(tell: Tell) -> None:
    """
    2026-02-05 * "Goods" ^INV-1
      invoice-date: 2026-01-31
      terms: "2/10 net 30"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-05 * "Goods" ^INV-2
      invoice-date: 2026-01-01
      Assets:Receivable:C1  100 EUR
        invoice-date: 2026-01-02
      Income:Sales
    """
    story = tell()
    second, first = (item.document for item in story.at().items)
    assert (first.date.isoformat(), str(first.due)) == ("2026-02-05", "2026-03-02")
    assert str(first.discount_until) == "2026-02-10"
    assert str(second.due) == "2026-02-01"
    assert opened(story.at("2026-02-04")) == {}


def test_terms_that_do_not_parse_give_way_to_the_next(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      terms: "net 10"
      Assets:Receivable:C1  100 EUR
        terms: "sometime"
      Income:Sales
    """
    story = tell()
    assert dues(story.at()) == {"INV-1": "2026-01-11"}
    (finding,) = story.findings()
    assert (finding.code, finding.place.line, finding.customer) == ("bad-terms", 3, "C1")
    assert finding.values == {
        "reason": "`sometime` are not payment terms such as `net 30` or `30 days end of month`"
    }


def test_shares_are_rounded_and_the_last_takes_the_rest(tell: Tell) -> None:
    """
    2026-01-31 * "Goods" ^INV-1
      terms: "33.33% net 0, 33.33% end of next month, 33.34% net 60"
      Assets:Receivable:C1  100.01 EUR
      Income:Sales
    2026-01-31 * "Goods" ^INV-2
      terms: "50% net 0, 50% net 30"
      Assets:Receivable:C1  0.01 EUR
      Income:Sales
    2026-01-31 * "Goods" ^INV-3
      terms: "50% net 0, 50% net 30"
      Assets:Receivable:C1  101 JPY
      Income:Sales
    2026-01-31 * "Goods" ^INV-4
      terms: "50% net 0, 50% net 30"
      Assets:Receivable:C1  0.03 EUR
      Income:Sales
    """
    position = tell().at()
    assert opened(position) == {
        "INV-1/1": "33.33",
        "INV-1/2": "33.33",
        "INV-1/3": "33.35",
        "INV-2/1": "0.01",
        "INV-3/1": "51",
        "INV-3/2": "50",
        "INV-4/1": "0.02",
        "INV-4/2": "0.01",
    }
    assert dues(position)["INV-1/2"] == "2026-02-28"
    assert {item.document.base for item in position.items[:1]} == {"INV-1"}


def test_a_due_date_goes_before_instalments(tell: Tell) -> None:
    """
    2026-01-31 * "Goods" ^INV-1
      terms: "50% net 0, 50% net 30"
      due: 2026-02-10
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    assert dues(tell().at()) == {"INV-1": "2026-02-10"}


def test_postings_with_a_due_date_each_are_instalments_by_date(tell: Tell) -> None:
    """
    2026-01-31 * "Goods" ^INV-1
      Assets:Receivable:C1  70 EUR
        due: 2026-03-31
      Assets:Receivable:C1  30 EUR
        due: 2026-02-28
      Income:Sales
    """
    position = tell().at()
    assert opened(position) == {"INV-1/1": "30", "INV-1/2": "70"}
    assert dues(position) == {"INV-1/1": "2026-02-28", "INV-1/2": "2026-03-31"}
    assert [item.document.line for item in position.items] == [4, 2]


def test_one_posting_without_a_due_date_makes_them_one_document(tell: Tell) -> None:
    """
    2026-01-31 * "Goods" ^INV-1
      due: 2026-03-01
      Assets:Receivable:C1  70 EUR
        due: 2026-03-31
      Assets:Receivable:C1  30 EUR
      Income:Sales
    """
    position = tell().at()
    assert opened(position) == {"INV-1": "100"}
    assert dues(position) == {"INV-1": "2026-03-31"}


INSTALMENTS = """
2026-01-01 * "Goods" ^INV-1
  terms: "30% net 0, 70% net 30"
  Assets:Receivable:C1  100 EUR
  Income:Sales
"""


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("100", ["/1 30 exact-sum", "/2 70 exact-sum"]),
        ("70", ["/2 70 exact-subset"]),
        ("30", ["/1 30 exact-subset"]),
        ("29", ["/1 29 oldest-due?!"]),
        ("99", ["/1 30 oldest-due?!", "/2 69 oldest-due?!"]),
        ("101", ["/1 30 oldest-due?", "/2 70 oldest-due?"]),
    ],
)
def test_naming_the_whole_pays_its_instalments(
    tell: Tell, amount: str, expected: list[str]
) -> None:
    payment = f'2026-01-05 * "Paid" ^INV-1\n  Assets:Receivable:C1  -{amount} EUR\n  Assets:Bank\n'
    position = tell(INSTALMENTS + payment).at()
    assert applied(position) == [f"2026-01-05 INV-1{row}" for row in expected]


def test_naming_an_instalment_pays_that_one(tell: Tell) -> None:
    payment = (
        '2026-01-05 * "Paid"\n  invoice: "INV-1/2"\n'
        "  Assets:Receivable:C1  -30 EUR\n  Assets:Bank\n"
    )
    story = tell(INSTALMENTS + payment)
    assert applied(story.at()) == ["2026-01-05 INV-1/2 30 named"]
    assert story.codes() == []


def test_one_document_with_several_due_dates_is_due_on_the_earliest(tell: Tell) -> None:
    """
    2026-01-01 * "Not each has its own date, so these are no instalments" ^INV-1
      Assets:Receivable:C1  10 EUR
        due: 2026-03-10
      Assets:Receivable:C1  20 EUR
        due: 2026-02-10
      Assets:Receivable:C1  30 EUR
      Income:Sales
    """
    assert dues(tell().at()) == {"INV-1": "2026-02-10"}


@given(days=st.integers(0, 9999), on=st.dates())
def test_so_many_days_are_due_as_the_calendar_has_it(days: int, on: dt.date) -> None:
    terms = Terms.parse(f"net {days}")
    assert Dues(terms)[on.toordinal()] == terms.parts[0].due(on).toordinal()


def test_nothing_is_due_after_the_last_day_of_all() -> None:
    assert Dues(Terms.parse("net 2"))[dt.date.max.toordinal() - 1] == dt.date.max.toordinal()
