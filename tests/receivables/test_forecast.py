"""How late customers pay, as a curve, and what may be expected of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Tell, day, write_story

from ledgercli.receivables.forecast import backtest
from ledgercli.receivables.forecast.backtest import Asked, made_again, widening
from ledgercli.receivables.forecast.behaviour import Curve, Observations
from ledgercli.receivables.forecast.interval import Amounts
from ledgercli.receivables.forecast.measures import Told, bias, coverage, weighted_error
from ledgercli.receivables.forecast.past import Exposure, Past
from ledgercli.receivables.forecast.receipts import Forecast, Promised, Span, Widening
from ledgercli.receivables.position import Position

EVERYBODY = Asked(lambda _: True, lambda _exposures, _day: {}, lambda _: ())


def weights(**days: str) -> dict[int, Decimal]:
    return {int(key[1:].replace("m", "-")): Decimal(value) for key, value in days.items()}


def shares(curve: Curve, at: int) -> tuple[str, str]:
    paid, waiting = curve.at(at)
    return f"{paid:.4f}", f"{waiting:.4f}"


def test_curve_of_settled_documents_is_their_distribution() -> None:
    # One paid 2 days early, two 3 days late, one written off after 10.
    curve = Curve(Observations(weights(dm2="1", d3="2"), weights(d10="1")))
    assert [shares(curve, at) for at in (-3, -2, 2, 3, 9, 10, 99)] == [
        ("0.0000", "1.0000"), ("0.2500", "0.7500"), ("0.2500", "0.7500"), ("0.7500", "0.2500"),
        ("0.7500", "0.2500"), ("0.7500", "0.0000"), ("0.7500", "0.0000"),
    ]  # fmt: skip


def test_open_documents_count_as_long_as_they_have_waited() -> None:
    # Kaplan and Meier by hand: 4 at risk on day 1, one paid: 3/4. One waits since day 2. Of the 2
    # left one is paid on day 5: 3/4 × 1/2. The last has waited 9 days: nothing more is known.
    curve = Curve(Observations(weights(d1="1", d5="1"), {}, weights(d2="1", d9="1")))
    assert [shares(curve, at)[1] for at in (0, 1, 2, 4, 5, 9, 500)] == [
        "1.0000", "0.7500", "0.7500", "0.7500", "0.3750", "0.3750", "0.3750",
    ]  # fmt: skip


def test_few_documents_are_shrunk_towards_the_books() -> None:
    books = Curve(Observations(weights(d0="1", d10="1")))
    own = Curve(Observations(weights(d20="1")), books, Decimal(3))
    # One of its own and three that are like the books: (3 × 1/2) ÷ 4 by day 0, 3 ÷ 4 by day 10.
    assert [shares(own, at)[0] for at in (-1, 0, 10, 19, 20)] == [
        "0.0000", "0.3750", "0.7500", "0.7500", "1.0000",
    ]  # fmt: skip
    assert shares(Curve(Observations(), books, Decimal(3)), 0) == shares(books, 0)


def test_what_is_known_already_counts() -> None:
    curve = Curve(Observations(weights(d5="1", d25="1")))
    # 20 days overdue it cannot be paid 5 days late any more.
    assert curve.ahead(20, [4, 5]) == [0, 1]
    assert curve.ahead(4, [1, 20, 21]) == [Decimal("0.5"), Decimal("0.5"), 1]
    # Nobody has ever waited longer: nothing is expected.
    assert curve.ahead(30, [7]) == []
    assert Curve(Observations()).ahead(0, [7]) == []


PARTS = st.dictionaries(st.integers(-9, 9), st.integers(1, 3).map(Decimal), max_size=5)


@settings(max_examples=40)
@given(PARTS, PARTS, PARTS, st.integers(0, 4))
def test_shares_of_any_curve_ascend_and_never_exceed_the_whole(
    paid: dict[int, Decimal], lost: dict[int, Decimal], waiting: dict[int, Decimal], strength: int
) -> None:
    seen = Observations(paid, lost, waiting)
    books = Curve(Observations({1: Decimal(2)}, {8: Decimal(1)}, {4: Decimal(2)}))
    for curve in (Curve(seen), Curve(seen, books, Decimal(strength))):
        told = [curve.at(at) for at in range(-11, 12)]
        tiny = Decimal("1e-20")
        for (early, left), (late, still) in itertools.pairwise(told):
            assert early <= late + tiny
            assert still <= left + tiny
            assert late >= 0
            assert -tiny <= still
            assert late + still <= 1 + tiny
        steps = curve.ahead(-3, [0, 1, 5, 20])
        assert steps == sorted(steps)
        assert all(0 <= share <= 1 for share in steps)


def told_range(
    amounts: Sequence[int], chances: Sequence[str], low: float = 0.1, high: float = 0.9
) -> list[Decimal]:
    found = Amounts(list(map(Decimal, amounts))).range(list(map(Decimal, chances)), low, high)
    return [round(bound, 6) for bound in (found.low, found.high, found.variance)]


def test_range_of_a_few_receipts_is_exact() -> None:
    # 0, 100, 300 and 400 come each in one case of four; variance (100² + 300²) ÷ 4.
    assert told_range([100, 300], ["0.5", "0.5"]) == [0, 400, 25000]
    assert told_range([100, 300], ["0.5", "0.5"], 0.25, 0.5)[:2] == [0, 100]
    assert told_range([50, 9], ["1", "0"]) == [50, 50, 0]
    assert told_range([], []) == [0, 0, 0]


def test_range_of_many_receipts_is_that_of_the_normal_distribution() -> None:
    low, high, variance = told_range([1] * 400, ["0.5"] * 400)
    # Mean 200, deviation 10: 200 ± 1.2816 × 10.
    assert (round(low), round(high), round(variance)) == (187, 213, 100)


def test_measures_by_hand() -> None:
    pairs = [(Decimal(110), Decimal(100)), (Decimal(80), Decimal(100))]
    assert weighted_error(pairs) == 15
    assert bias(pairs) == -5
    told = [Told(Decimal(5), Decimal(1), Decimal(9), Decimal(end)) for end in (0, 1, 9, 10)]
    assert coverage(told) == 50
    assert (weighted_error([]), bias([]), coverage([])) == (None, None, None)


def clockwork(late: int, months: int = 12) -> str:
    """Return a ledger of weekly invoices over 30 days, each paid exactly ``late`` days late."""
    lines = []
    for number in range(months * 4):
        made = dt.date(2026, 1, 1) + dt.timedelta(7 * number)
        paid = made + dt.timedelta(30 + late)
        lines.append(
            f'{made} * "Goods" ^INV-{number}\n  Assets:Receivable:C1  {100 + number} EUR\n'
        )
        lines[-1] += "  Income:Sales\n"
        if paid <= dt.date(2026, 11, 30):
            lines.append(f'{paid} * "Pays" ^INV-{number}\n  Assets:Bank  {100 + number} EUR\n')
            lines[-1] += "  Assets:Receivable:C1\n"
    return "".join(lines)


def at(position: Position, as_of: str, weeks: int = 8, asked: Asked = EVERYBODY) -> Forecast:
    (found,) = asked.forecast(Past(position), day(as_of), weeks).values()
    return found


@pytest.mark.parametrize("late", [-3, 0, 12])
def test_who_always_pays_alike_is_forecast_without_error(tell: Tell, late: int) -> None:
    position = tell(clockwork(late)).at("2026-11-30")
    told = at(position, "2026-11-30")
    assert [told.later, told.whole.low, told.whole.high] == [0, told.open, told.open]
    due = {one for item in position.open_items if (one := item.document.due)}
    for span in told.spans:
        comes = [one + dt.timedelta(late) for one in due]
        count = sum(span.first <= one <= span.last for one in comes)
        assert (span.expected > 0) == (count > 0)
        assert span.low == span.expected == span.high
    days = [dt.date(2026, month, 28) for month in range(4, 11)]
    past = made_again(position, days, EVERYBODY, Past(position))
    assert [one.as_of for one in past] == days
    assert all(one.whole.expected == one.whole.actual > 0 for one in past)
    assert all(week.expected == week.actual for one in past for week in one.weeks)


BOOKS = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-01 * "Goods" ^INV-2
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-02-05 * "Pays, five days late" ^INV-1
  Assets:Bank  100 EUR
  Assets:Receivable:C1
2026-02-25 * "Pays, 25 days late" ^INV-2
  Assets:Bank  100 EUR
  Assets:Receivable:C1
2026-03-01 * "Goods" ^INV-3
  Assets:Receivable:C1  90 EUR
  Income:Sales
2026-04-01 * "Too much"
  Assets:Bank  0 EUR
  Assets:Receivable:C1  0 EUR
"""


def test_weeks_by_hand(tell: Tell) -> None:
    position = tell(BOOKS).at("2026-03-31")
    told = at(position, "2026-03-31", weeks=4)
    # Due today, nothing late yet. Of two documents and one that waits since day 0, one came after
    # 5 days and one after 25: each half of the 90.
    assert [str(span.expected) for span in told.spans] == ["45.00", "0.00", "0.00", "45.00"]
    assert [str(span.low) for span in told.spans] == ["0.00"] * 4
    assert [str(span.high) for span in told.spans] == ["90.00", "0.00", "0.00", "90.00"]
    # The day before the fifth day is over, and the day itself.
    assert [
        str(span.expected) for span in at(position_at(tell, "2026-04-04"), "2026-04-04", 1).spans
    ] == ["45.00"]
    assert [
        str(span.expected) for span in at(position_at(tell, "2026-04-05"), "2026-04-05", 3).spans
    ] == ["0.00", "0.00", "90.00"]


def position_at(tell: Tell, as_of: str) -> Position:
    return tell(BOOKS).at(as_of)


def test_credit_is_taken_off_what_is_due_first(tell: Tell) -> None:
    """
    2026-03-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-03-02 * "Goods" ^INV-2
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-03-03 * "Pays what there is not" ^INV-9
      Assets:Bank  130 EUR
      Assets:Receivable:C1
    """
    past = Past(tell().at("2026-03-31"))
    past.advance(day("2026-03-02"))
    assert [str(one.amount) for one in past.exposures()] == ["100", "100"]
    past.advance(day("2026-03-03"))
    assert [(one.document.number, str(one.amount)) for one in past.exposures()] == [("INV-2", "70")]


def test_a_trace_tells_what_is_known_and_nothing_later(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-2
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-10 * "Pays" ^INV-2
      Assets:Bank  100 EUR
      Assets:Receivable:C1
    """
    text = str(test_a_trace_tells_what_is_known_and_nothing_later.__doc__)
    days = [day("2026-02-09"), day("2026-02-10")]

    def traces(text: str, terms: str = "net 30", customer: str = "C1") -> list[bytes]:
        who = f"{{id: {customer}, terms: {terms}, accounts: [Assets:Receivable:C1]}}"
        books = tell(text, customers=f"[{who}]")
        return Past(books.at("2026-03-31")).traces(days)

    known = traces(text)
    assert known[0] != known[1]
    later = """
    2026-02-11 * "Goods" ^INV-1
      due: 2026-01-01
      Assets:Receivable:C1  7 EUR
      Income:Sales
    """
    # It goes first in the order of documents, and makes no difference.
    assert traces(text + later) == known
    assert {*traces(text, "net 7")}.isdisjoint(known)
    # Insolvencies and promises are about a customer, or about a document by its number.
    for other in (
        traces(text.replace("100", "99")),
        traces(text.replace("INV-2", "INV-3")),
        traces(text, customer="C2"),
    ):
        assert other[0] != known[0]


def test_a_bounced_payment_has_not_been_made(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-10 * "Pays" ^INV-1
      Assets:Bank  100 EUR
      Assets:Receivable:C1
    2026-02-12 * "Bounced" ^INV-1
      Assets:Receivable:C1  100 EUR
      Assets:Bank
    """
    past = Past(tell().at("2026-03-31"))
    past.advance(day("2026-02-11"))
    assert past.observations()["C1"].paid == {10: 1}
    past.advance(day("2026-02-12"))
    seen = past.observations()["C1"]
    assert [seen.paid, seen.waiting] == [{10: 0}, {12: 1}]
    assert [str(one.amount) for one in past.exposures()] == ["100"]


def test_what_is_written_off_never_comes(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-10 * "Half" ^INV-1
      Assets:Bank  50 EUR
      Assets:Receivable:C1
    2026-03-02 * "Lost" ^INV-1 #write-off
      Expenses:BadDebt  50 EUR
      Assets:Receivable:C1
    2026-03-02 * "Goods" ^INV-2
      Assets:Receivable:C1  80 EUR
      Income:Sales
    """
    told = at(tell().at("2026-03-31"), "2026-03-31", weeks=10)
    assert (str(told.whole.expected), str(told.later)) == ("40.00", "40.00")


def test_promises_and_insolvency(tell: Tell) -> None:
    position = tell(BOOKS).at("2026-03-31")

    def promised(exposures: Sequence[Exposure], on: dt.date) -> dict[int, Promised]:
        assert [one.document.number for one in exposures] == ["INV-3"]
        return {0: Promised(day("2026-04-10"), Decimal(60), Decimal("0.75"))}

    asked = Asked(EVERYBODY.wanted, promised, EVERYBODY.hopeless)
    told = at(position, "2026-03-31", weeks=4, asked=asked)
    # 45 of 60 on 10 April; 15 of them, and the 30 not promised, as ever: half and half.
    assert [str(span.expected) for span in told.spans] == ["22.50", "45.00", "0.00", "22.50"]
    lost = Asked(EVERYBODY.wanted, EVERYBODY.promised, lambda _: ["C1"])
    told = at(position, "2026-03-31", asked=lost)
    assert (str(told.whole.expected), str(told.later)) == ("0.00", "90.00")


PAYMENT = st.tuples(st.integers(0, 9), st.integers(0, 200), st.integers(1, 120))


@settings(max_examples=15)
@given(st.lists(PAYMENT, min_size=1, max_size=12))
def test_nothing_later_is_looked_at_and_nothing_exceeds_what_is_open(
    tmp_path_factory: pytest.TempPathFactory, payments: list[tuple[int, int, int]]
) -> None:
    lines = []
    for number in range(10):
        made = dt.date(2026, 1, 1) + dt.timedelta(9 * number)
        lines.append(
            f'{made} * "Goods" ^INV-{number}\n  Assets:Receivable:C{number % 2 + 1}  100 EUR\n'
            "  Income:Sales\n"
        )
    for number, after, amount in payments:
        paid = dt.date(2026, 1, 1) + dt.timedelta(9 * number + after)
        lines.append(
            f'{paid} * "Pays" ^INV-{number}\n  Assets:Bank  {amount} EUR\n'
            f"  Assets:Receivable:C{number % 2 + 1}\n"
        )
    books = write_story(tmp_path_factory.mktemp("books"), "".join(lines)).books
    known = day("2026-04-30")
    now = books.position(known)
    asked = EVERYBODY.forecast(Past(now), known, 6)
    assert EVERYBODY.forecast(Past(books.position(day("2026-12-31"))), known, 6) == asked
    for told in asked.values():
        assert sum((span.expected for span in told.spans), told.later) == told.open
        assert told.later >= 0
        assert told.open == sum(now.balances[key] for key in now.balances if now.balances[key] > 0)
        for span in (*told.spans, told.whole):
            assert 0 <= span.expected <= told.open
            assert 0 <= span.low <= span.high <= told.open


def seen_before(*terms: tuple[int, int]) -> list[backtest.Tested]:
    """Return past forecasts of 100 with so much more that came, and the variance."""
    return [
        backtest.Tested(
            "EUR",
            day("2026-01-31"),
            Told(Decimal(100), Decimal(90), Decimal(110), Decimal(100 + more), Decimal(variance)),
            (),
            Decimal(0),
        )
        for more, variance in terms
    ]


def test_ranges_are_widened_by_what_was_seen() -> None:
    # Four terms of 1 and four of 5² ÷ 5 = 5: the root of 3. Nothing seen, nothing widened.
    assert round(widening(seen_before(*[(5, 5)] * 4)).whole, 6) == Decimal("1.732051")
    assert widening([]) == Widening()
    # A term is 9 at most: (4 + 9) ÷ 5. Where there was no doubt there is no term.
    assert round(widening(seen_before((100, 1), (3, 0))).whole ** 2, 6) == Decimal("2.6")
    assert widening(seen_before((0, 5))).whole == 1
    assert seen_before((0, 5))[0].over == day("2026-02-28")


def test_a_widened_range_ends_at_nothing_and_at_all() -> None:
    span = Span(
        day("2026-01-01"), day("2026-01-07"), Decimal(40), Decimal(30), Decimal(60), Decimal(9)
    )
    told = Forecast("EUR", (span,), span, Decimal(90), Decimal(50), Decimal(0))
    wide = Widening(week=Decimal(2), whole=Decimal(9)).of(told)
    assert [wide.spans[0].low, wide.spans[0].high] == [20, 80]
    assert [wide.whole.low, wide.whole.expected, wide.whole.high] == [0, 40, 90]


def test_documents_without_a_due_date_are_told_apart(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
        terms: "net 30 from acceptance"
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      Assets:Receivable:C1  40 EUR
      Income:Sales
    """
    position = tell().at("2026-01-31")
    if all(item.document.due for item in position.open_items):
        pytest.fail("the terms wait for an event")
    told = at(position, "2026-01-31")
    assert (str(told.open), str(told.undated)) == ("40", "100")


def test_ranges_of_the_past_know_only_what_was_over(tell: Tell) -> None:
    text = clockwork(3)
    for usual, late in (("04-14", "05-20"), ("05-12", "05-25"), ("06-02", "06-29")):
        assert f'2026-{usual} * "Pays"' in text
        text = text.replace(f'2026-{usual} * "Pays"', f'2026-{late} * "Pays"')
    position = tell(text).at("2026-11-30")
    days = [dt.date(2026, 4, 1) + dt.timedelta(7 * number) for number in range(14)]
    every = made_again(position, days, EVERYBODY, Past(position))
    last = days[-1]
    known = [one for one in days if one + dt.timedelta(28) <= last]
    few = made_again(position, [*known, last], EVERYBODY, Past(position))
    assert few[-1] == every[-1]
    assert few[-1].whole.low < few[-1].whole.high
