"""Scores: what must always hold, and a worked example by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from stories import Tell, transaction

from ledgercli.customers.score import Score, Scores, rating_of, scores
from ledgercli.customers.score_inputs import lateness, weight
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.event import Event
from ledgercli.model.ledger import LedgerPosting, LedgerView, Prices
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.score_settings import Points, ScoreSettings
from ledgercli.model.settings import LimitSettings
from ledgercli.model.values import Money
from ledgercli.receivables.limits import limits
from ledgercli.receivables.position import position

TODAY = dt.date(2026, 11, 21)
CUSTOMERS = (
    Customer(
        "C1",
        accounts=("Assets:Receivable:C1",),
    ),
    Customer("C2", accounts=("Assets:Receivable:C2",)),
    Customer("NEW", accounts=("Assets:Receivable:NEW",)),
)
Invoice = tuple[str, int, int, int | None]
"""Customer, amount, days since it was due, and days from due to payment (None: open)."""


def postings(invoices: list[Invoice]) -> list[LedgerPosting]:
    rows: list[LedgerPosting] = []
    for index, (customer, amount, age, late) in enumerate(invoices):
        account, number = f"Assets:Receivable:{customer}", f"INV-{index}"
        due = TODAY - dt.timedelta(days=age)
        said = {"invoice": number, "due": due.isoformat()}
        issued = due - dt.timedelta(days=30)
        rows += transaction(
            issued, (account, f"{amount} EUR", {}), metadata=said, line=index * 10 + 1
        )
        if late is not None:
            day = max(due + dt.timedelta(days=late), issued)
            rows += transaction(
                day,
                (account, f"-{amount} EUR", {}),
                metadata={"invoice": number},
                line=index * 10 + 5,
            )
    return rows


def scored(
    invoices: list[Invoice],
    *,
    events: tuple[Event, ...] = (),
    as_of: dt.date = TODAY,
    customers: tuple[Customer, ...] = CUSTOMERS,
    settings: ScoreSettings | None = None,
) -> Scores:
    rows = sorted(postings(invoices), key=lambda row: (row.transaction.date, row.line))
    found = position(LedgerView(receivables=tuple(rows)), customers, ReceivablesSettings(), as_of)
    assert found.tie_out
    exposures = limits(found, LimitSettings(), Prices(), {})
    return scores(found, events, exposures, settings or ScoreSettings())


def of(invoices: list[Invoice], customer: str = "C1") -> Decimal:
    return scored(invoices).by_customer[customer].exact


INVOICE = st.tuples(
    st.sampled_from(["C1", "C2"]),
    st.integers(1, 5000),
    st.integers(-20, 900),
    st.one_of(st.none(), st.integers(-30, 400)),
)
BOOKS = st.lists(INVOICE, max_size=8)


@given(
    BOOKS, st.integers(1, 5000), st.integers(-20, 600), st.integers(-30, 300), st.integers(1, 99)
)
def test_a_payment_later_never_raises_the_score(
    others: list[Invoice], amount: int, age: int, late: int, more: int
) -> None:
    early = of([*others, ("C1", amount, age, late)])
    assert of([*others, ("C1", amount, age, late + more)]) <= early
    assert of([*others, ("C1", amount, age, None)]) <= early


@given(
    st.lists(
        st.tuples(
            st.integers(1, 900), st.integers(1, 600), st.integers(-9, 90), st.integers(0, 60)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_of_two_with_the_same_invoices_the_later_payer_never_has_more(
    rows: list[tuple[int, int, int, int]],
) -> None:
    found = scored(
        [
            ("C1" if later else "C2", amount, age, late + (more if later else 0))
            for amount, age, late, more in rows
            for later in (False, True)
        ]
    ).by_customer
    assert found["C1"].exact <= found["C2"].exact


@given(BOOKS, st.integers(1, 5000), st.integers(-20, 600), st.integers(0, 30))
def test_one_more_paid_in_time_never_lowers_it(
    others: list[Invoice], amount: int, age: int, early: int
) -> None:
    assert of([*others, ("C1", amount, age, -early)]) >= of(others)


@given(BOOKS, st.lists(st.tuples(st.sampled_from(["C1", "C2"]), st.integers(1, 900)), max_size=4))
def test_the_future_never_counts(others: list[Invoice], later: list[tuple[str, int]]) -> None:
    # Issued 30 days before they are due, so that what is due in 31 days comes tomorrow.
    future: list[Invoice] = [(one, amount, -31, None) for one, amount in later]
    promise = event("promise", 1, until="2026-11-10")
    assert scored([*others, *future], events=(promise,)) == scored(others)


@given(BOOKS)
def test_without_documents_the_score_is_the_mean_of_the_books(others: list[Invoice]) -> None:
    found = scored(others)
    new = found.by_customer["NEW"]
    assert new.exact == new.mean == found.mean
    assert not new.has_history
    assert new.own_share == 0


@given(BOOKS)
def test_a_score_is_between_0_and_100_and_the_sum_of_its_inputs(others: list[Invoice]) -> None:
    for score in scored(others).by_customer.values():
        assert 0 <= score.points <= 100
        lost = sum((factor.lost for factor in score.factors), Decimal(0))
        assert abs(100 - lost - score.exact) < Decimal("1e-19")


@given(BOOKS, st.permutations(range(8)))
def test_the_order_of_the_ledger_changes_nothing(others: list[Invoice], order: list[int]) -> None:
    mixed = [others[index] for index in order if index < len(others)]
    assert of(mixed) == of(others)


def event(kind: str, ahead: int = 0, number: str = "INV-0", **details: str) -> Event:
    day = TODAY + dt.timedelta(days=ahead)
    return Event(
        f"{kind}{ahead}", f"{day}T09:00:00Z", day, "wang", kind, "C1", number, "EUR", details
    )


def one(found: Scores) -> Score:
    return found.by_customer["C1"]


def test_a_promise_is_broken_on_the_day_after_its_last() -> None:
    """Paid on the day itself it is kept; a day later it is broken, though it was paid."""
    promise = event("promise", -20, until="2026-11-10")

    def broken(late: int | None, as_of: dt.date = TODAY) -> int:
        invoices: list[Invoice] = [("C1", 100, 31, late)]  # due on 21 October
        score = one(scored(invoices, events=(promise,), as_of=as_of))
        return int(score.factor("promises").own or 0)

    assert broken(20) == 0  # 10 November
    assert broken(21) == 1
    assert broken(None) == 1
    assert broken(None, dt.date(2026, 11, 10)) == 0
    assert broken(None, dt.date(2026, 11, 11)) == 1


def test_a_promise_replaced_in_time_is_not_judged() -> None:
    first = event("promise", -20, until="2026-11-10")
    second = event("promise", -12, until="2026-12-10")
    score = one(scored([("C1", 100, 31, None)], events=(first, second)))
    assert score.factor("promises").own == 0
    too_late = event("promise", -10, until="2026-12-10")
    score = one(scored([("C1", 100, 31, None)], events=(first, too_late)))
    assert score.factor("promises").own == 1


def test_disputes_count_once_each_and_their_end_not_at_all() -> None:
    opened, again = event("dispute", -9, amount="50.00"), event("dispute", -5)
    settled = event("dispute", -2, amount="0")
    score = one(scored([("C1", 100, 31, 0)], events=(opened, again, settled)))
    assert score.factor("disputes").own == 1


def test_an_insolvency_makes_the_score_0_from_its_day_on() -> None:
    insolvency = event("insolvency", number="")
    assert one(scored([("C1", 100, 31, 0)], events=(insolvency,))).points == 0
    before = one(scored([("C1", 100, 31, 0)], events=(insolvency,), as_of=TODAY - dt.timedelta(1)))
    assert before.points > 70
    assert before.insolvent is None


def test_use_of_the_limit_costs_from_one_half_on() -> None:
    def lost(amount: int) -> Decimal:
        limited = replace(CUSTOMERS[0], credit=replace(CUSTOMERS[0].credit, limit=_limit("1000")))
        return (
            one(scored([("C1", amount, -5, None)], customers=(limited,))).factor("utilisation").lost
        )

    assert [lost(amount) for amount in (500, 501, 750, 1000, 1001)] == [
        Decimal("0.00"),
        Decimal("0.02"),
        Decimal("5.0"),
        Decimal(10),
        Decimal(10),
    ]


def _limit(amount: str) -> CreditLimit:
    return CreditLimit(((None, (Money(Decimal(amount), "EUR"),)),))


def test_classes_begin_at_their_bound() -> None:
    settings = ScoreSettings()
    assert [rating_of(points, settings) for points in (100, 85, 84, 70, 55, 40, 39, 0)] == list(
        "AABBCDEE"
    )
    high = replace(settings, classes={"good": Points(Decimal(50)), "bad": Points(Decimal(20))})
    assert rating_of(10, high) == "bad"
    assert rating_of(10, replace(settings, classes={})) == ""


def test_lateness_and_weights_at_their_marks() -> None:
    assert lateness(0) == 0
    assert round(lateness(30), 10) == Decimal("0.6666666667")
    assert lateness(90) == lateness(91) == 1
    assert weight(0, 365) == 1
    assert weight(365, 365) == Decimal("0.5")
    assert weight(180, 90) == Decimal("0.25")


def test_the_worked_example_of_the_page(tell: Tell) -> None:
    """
    2025-11-21 * "A pays on the day" ^INV-1
      due: 2025-11-21
      customer: "A"
      Assets:Receivable  100 EUR
      Income:Sales
    2025-11-21 * "paid" ^INV-1
      customer: "A"
      Assets:Receivable  -100 EUR
      Assets:Bank
    2026-10-22 * "A pays 30 days late" ^INV-2
      due: 2026-10-22
      customer: "A"
      Assets:Receivable  100 EUR
      Income:Sales
    2026-11-21 * "paid" ^INV-2
      customer: "A"
      Assets:Receivable  -100 EUR
      Assets:Bank
    2025-11-21 * "B pays on the day" ^INV-3
      due: 2025-11-21
      customer: "B"
      Assets:Receivable  100 EUR
      Income:Sales
    2025-11-21 * "paid" ^INV-3
      customer: "B"
      Assets:Receivable  -100 EUR
      Assets:Bank
    """
    story = tell(customers="[{id: A}, {id: B}, {id: C}]")
    found = scores(story.at("2026-11-21"), (), (), ScoreSettings())
    score = found.by_customer["A"]
    # Share paid late: 1 of weights 0.5 + 1; of the books 1 of 2, with 3 times the neutral 0.25.
    assert round(score.factor("late_share").mean, 4) == Decimal("0.3500")  # 1.75 / (2 + 3)
    assert round(score.factor("late_share").demerit, 4) == Decimal("0.4556")  # 2.05 / (1.5 + 3)
    assert round(score.factor("days_late").mean, 4) == Decimal("0.2533")  # (0.6667 + 0.6) / 5
    assert round(score.factor("days_late").demerit, 4) == Decimal("0.3170")
    assert round(score.factor("days_late").own or 0, 4) == Decimal("20.0000")  # 30 / 1.5
    # Recently: weights 2^(-365/90) = 0.0601 and 1: (0.6667 + 0.9223) / (1.0601 + 3)
    assert round(score.factor("recent").demerit, 4) == Decimal("0.3913")
    # One year of three: 1 - 0.9993 / 3
    assert round(score.factor("length").demerit, 4) == Decimal("0.6669")
    # 100 - 20 x 0.4556 - 35 x 0.3170 - 15 x 0.3913 - 5 x 0.6669
    assert round(score.exact, 2) == Decimal("70.59")
    assert (score.points, score.rating) == (71, "B")
    # C has no document: the mean of A and B together.
    assert found.by_customer["C"].exact == found.mean
