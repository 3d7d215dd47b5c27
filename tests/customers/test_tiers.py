"""Rules give tiers and tags with their grounds; targets are measured against the time before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from stories import Story, Tell

from ledgercli.customers.limit_review import factor_of, review, rounded
from ledgercli.customers.sales import first_day, sales
from ledgercli.customers.score import scores
from ledgercli.customers.targets import results
from ledgercli.customers.tiers import verdicts
from ledgercli.model.score_settings import ScoreSettings
from ledgercli.model.segment_settings import Goal, MoneyBound, NumberBound
from ledgercli.model.values import Duration
from ledgercli.receivables.limits import limits

LEDGER = """
2025-05-10 * "last year" ^INV-0
  customer: "A"
  Assets:Receivable  100 EUR
  Income:Sales
2025-06-09 * "paid on the day" ^INV-0
  customer: "A"
  Assets:Receivable  -100 EUR
  Assets:Bank
2026-02-01 * "first" ^INV-1
  customer: "A"
  Assets:Receivable  400 EUR
  Income:Sales
2026-03-03 * "paid on the day" ^INV-1
  customer: "A"
  Assets:Receivable  -400 EUR
  Assets:Bank
2026-05-01 * "second" ^INV-2
  customer: "A"
  Assets:Receivable  700 EUR
  Income:Sales
2026-05-02 * "credited in part" ^INV-2 ^CN-1
  customer: "A"
  Assets:Receivable  -100 EUR
  Income:Sales
2026-05-01 * "one only" ^INV-3
  customer: "B"
  Assets:Receivable  50 EUR
  Income:Sales
"""
CUSTOMERS = """
- {id: A, tier: B, segments: {region: east}, credit: {limit: 900 EUR}}
- {id: B, tier: C, tags: [slow, big], segments: {region: west}}
- {id: C, tier: C, status: closed}
- {id: D, kind: person, credit: {limit: 5000 EUR}}
"""
RULES = """
tiers:
  - {tier: A, revenue: at least 1000 EUR}
  - {tier: C}
  - {tag: big, revenue: over 999.99 EUR, invoices: at least 2}
  - {tag: slow, days_late: over 10}
"""


def told(story: Story, as_of: str = "2026-06-01") -> list[str]:
    position = story.at(as_of)
    prices, settings = story.books.facts.prices, story.books.settings
    exposures = limits(position, settings.limits, prices, {})
    found = scores(position, (), exposures, settings.score).by_customer
    return [
        f"{row.customer} {row.kind} {row.now or '-'}>{row.value} {row.rule} "
        + " ".join(f"{one.fact}={one.value or 0:.0f}" for one in row.grounds)
        for row in verdicts(position, prices, found, settings.tiers, story.books.customers)
    ]


def test_the_first_rule_that_fits_gives_the_tier(tell: Tell) -> None:
    """INV-2 is due on 31 May: on 1 June it is one day late. B's tags are taken away: not big, and
    one day late only. C is closed, and nobody speaks of it.
    """
    story = tell(LEDGER, customers=CUSTOMERS, settings=f"receivables: {{terms: net 30}}\n{RULES}")
    assert told(story) == [
        "A tier B>A 1 revenue=1000",
        "A tag ->big 3 revenue=1000 invoices=2",
        "B tier C>C 2 ",
        "B untag ->big 3 revenue=50 invoices=1",
        "B untag ->slow 4 days_late=1",
        "D tier ->C 2 ",
    ]


def test_a_bound_counts_from_its_day(tell: Tell) -> None:
    """The invoice of 1 February is out of the twelve months on 1 February a year later."""
    story = tell(LEDGER, customers=CUSTOMERS, settings=f"receivables: {{terms: net 30}}\n{RULES}")
    assert told(story, "2027-01-31")[0] == "A tier B>A 1 revenue=1000"
    assert told(story, "2027-02-01")[0] == "A tier B>C 2 "
    assert first_day(dt.date(2026, 6, 1), Duration(12, "months")) == dt.date(2025, 6, 2)


def test_sales_are_invoices_less_credit_notes(tell: Tell) -> None:
    story = tell(LEDGER, customers=CUSTOMERS)
    found = sales(story.at("2026-12-31"), dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    told = {key: f"{bought.amounts['EUR']} {bought.invoices}" for key, bought in found.items()}
    assert told == {"A": "600 1", "B": "50 1"}


def test_targets_beside_the_same_time_before(tell: Tell) -> None:
    settings = """
targets:
  - {measure: repurchase-rate, goal: at least 50%}
  - {measure: repurchase-rate, goal: +20%, segment: {region: west}}
  - {measure: revenue, goal: +900%, segment: {region: east}}
  - {measure: revenue, goal: +901%, segment: {region: east}}
  - {measure: buyers, goal: at most 1}
"""
    story = tell(LEDGER, customers=CUSTOMERS, settings=settings)
    rows = results(story.at("2026-06-01"), story.books.facts.prices, story.books.settings.targets)
    told = [
        [*(None if one is None else int(one) for one in (row.before, row.actual, row.wanted))]
        for row in rows
    ]
    assert told == [[0, 50, 50], [None, 0, None], [100, 1000, 1000], [100, 1000, 1001], [1, 2, 1]]
    assert [row.reached for row in rows] == [True, None, True, False, False]


@pytest.mark.parametrize("text", ["5", "at least", "about 5 EUR", "at least 5", "at least x EUR"])
def test_what_is_no_bound_of_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        MoneyBound.parse(text)
    assert caught.value


def test_bounds_at_their_mark() -> None:
    def holds(text: str) -> list[bool]:
        bound = NumberBound.parse(text)
        return [bound.holds(Decimal(value)) for value in (4, 5, 6)]

    assert holds("at least 5") == [False, True, True]
    assert holds("at most 5") == [True, True, False]
    assert holds("over 5") == [False, False, True]
    assert holds("Under  5") == [True, False, False]
    assert Goal.parse("-10%").reached(Decimal(90), Decimal(100)) is True
    assert Goal.parse("-10%").reached(Decimal(91), Decimal(100)) is False
    assert Goal.parse("+10%").wanted(None) is None


def test_limits_to_review(tell: Tell) -> None:
    """The highest balance of A in twelve months was 700 at the end of 1 May."""
    story = tell(LEDGER, customers=CUSTOMERS)
    position, prices = story.at("2026-06-30"), story.books.facts.prices
    rows = limits(position, story.books.settings.limits, prices, {})
    found = scores(position, (), rows, ScoreSettings()).by_customer
    reviews = {row.customer: row for row in review(position, prices, rows, found)}
    assert (reviews["A"].peak, reviews["A"].peak_day) == (Decimal(700), dt.date(2026, 5, 1))
    assert reviews["A"].suggested == rounded(700 * factor_of(found["A"].points))
    assert reviews["B"].action == reviews["D"].action == "too-little"
    assert [factor_of(points) for points in (85, 84, 70, 69, 55, 54, 40, 39, 0)] == [
        Decimal(factor) for factor in ("1.5", "1.25", "1.25", "1", "1", "0.5", "0.5", "0", "0")
    ]


def test_a_cut_for_a_natural_person_is_left_to_a_person(tell: Tell) -> None:
    """The same invoices, never paid: what is a cut for a company is asked for a person."""
    text = "".join(
        f'2026-0{month}-01 * "x" ^INV-{who}-{month}\n  customer: "{who}"\n'
        "  Assets:Receivable  50 EUR\n  Income:Sales\n"
        for who in ("FIRM", "HUMAN")
        for month in (1, 2, 3)
    )
    customers = """
- {id: FIRM, credit: {limit: 5000 EUR}}
- {id: HUMAN, kind: person, credit: {limit: 5000 EUR}}
"""
    story = tell(text, customers=customers)
    position, prices = story.at("2026-11-21"), story.books.facts.prices
    rows = limits(position, story.books.settings.limits, prices, {})
    found = scores(position, (), rows, ScoreSettings()).by_customer
    actions = {row.customer: row.action for row in review(position, prices, rows, found)}
    assert actions == {"FIRM": "cut", "HUMAN": "ask"}


def test_suggestions_have_two_digits() -> None:
    texts = ("16466", "9.87", "0", "-5", "1450", "1455", "99.5", "0.0123")
    assert [f"{rounded(Decimal(text)):f}" for text in texts] == [
        "16000",
        "9.9",
        "0",
        "0",
        "1500",
        "1500",
        "100",
        "0.012",
    ]
