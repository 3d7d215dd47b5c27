# ruff: noqa: ANN401 - helpers take whatever field a test changes
"""The agenda at its boundaries: the day before, the day, the day after; and what takes lines off."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.customers.agenda import Duty, Sources, agenda
from ledgercli.customers.digests import period_of
from ledgercli.customers.relations import NetPromoter, cases, mean_days, score_of
from ledgercli.model.agenda_settings import AgendaSettings, Every
from ledgercli.model.customer import Contract, Credit, CreditLimit, Customer, NextStep
from ledgercli.model.event import Event
from ledgercli.model.order import Decision, Delivery, Order, OrderLine, Quantity
from ledgercli.model.values import Duration, Money

DAY = dt.date(2026, 11, 21)
BEFORE, AFTER = dt.date(2026, 11, 20), dt.date(2026, 11, 22)
FAR = dt.date(2027, 12, 31)


def event(
    kind: str, date: dt.date, name: str, details: Mapping[str, Any] | None = None, **other: Any
) -> Event:
    at = f"{date.isoformat()}T08:00:00Z"
    return Event(name, at, date, "ute", kind, "C1", details=details or {}, **other)


def lines(
    sources: Sources,
    as_of: dt.date = DAY,
    until: dt.date = FAR,
    settings: AgendaSettings | None = None,
) -> list[tuple[str, str, str]]:
    found = agenda(sources, settings or AgendaSettings(), as_of, until)
    return [(duty.kind, duty.date.isoformat(), duty.subject) for duty in found]


def of_customer(**values: Any) -> Sources:
    return Sources(customers=[Customer("C1", **values)])


# --- follow-ups ----------------------------------------------------------------------------------


def follow_up(*later: Event) -> Sources:
    first = event("call", dt.date(2026, 11, 1), "e1", {"follow_up": DAY.isoformat(), "text": "x"})
    return Sources(events=[first, *later])


def test_a_follow_up_is_due_up_to_and_with_the_last_day() -> None:
    assert lines(follow_up(), until=BEFORE) == []
    assert lines(follow_up(), until=DAY) == [("follow-up", "2026-11-21", "")]


def test_a_missed_follow_up_stays_until_somebody_is_in_touch() -> None:
    assert lines(follow_up(), as_of=dt.date(2027, 3, 1)) == [("follow-up", "2026-11-21", "")]
    early = event("call", BEFORE, "e2")
    assert lines(follow_up(early), as_of=AFTER) == [("follow-up", "2026-11-21", "")]
    on_the_day = event("call", DAY, "e2")
    assert lines(follow_up(on_the_day), as_of=AFTER) == []
    assert lines(follow_up(event("campaign", DAY, "e2")), as_of=AFTER) != []
    assert lines(follow_up(event("reminder", DAY, "e2")), as_of=AFTER) != []


def test_a_contact_after_the_as_of_day_is_not_known() -> None:
    later = event("call", AFTER, "e2")
    assert lines(follow_up(later), as_of=DAY) == [("follow-up", "2026-11-21", "")]
    assert lines(follow_up(later), as_of=AFTER) == []


def test_an_entry_closes_a_follow_up_before_its_day() -> None:
    closing = event("note", dt.date(2026, 11, 5), "e2", {"closes": "e1"})
    assert lines(follow_up(closing)) == []
    assert lines(follow_up(closing), as_of=dt.date(2026, 11, 4)) != []


def test_what_was_taken_back_is_off_from_that_day_on() -> None:
    retraction = event("retract", DAY, "e2", {"retracts": "e1"})
    taken = event(
        "call", dt.date(2026, 11, 1), "e1", {"follow_up": "2026-12-01"}, retracted_by=(retraction,)
    )
    assert lines(Sources(events=[taken]), as_of=BEFORE) == [("follow-up", "2026-12-01", "")]
    assert lines(Sources(events=[taken]), as_of=DAY) == []


# --- holds, contracts, next steps ----------------------------------------------------------------


def test_the_end_of_a_hold_stays_for_thirty_days() -> None:
    sources = Sources(events=[event("hold", BEFORE, "e1", {"until": "2026-11-30"})])
    kept = ("hold-end", "2026-11-30", "")
    assert lines(sources, as_of=dt.date(2026, 12, 29)) == [kept]
    assert lines(sources, as_of=dt.date(2026, 12, 30)) == [kept]
    assert lines(sources, as_of=dt.date(2026, 12, 31)) == []


def test_the_latest_hold_counts() -> None:
    holds = [
        event("hold", BEFORE, "e1", {"until": "2026-11-30"}),
        event("hold", DAY, "e2", {"until": "2026-12-15"}),
    ]
    assert lines(Sources(events=holds)) == [("hold-end", "2026-12-15", "")]


def test_a_contract_has_a_last_day_of_notice_and_an_end() -> None:
    contract = Contract("CT-1", end=dt.date(2026, 12, 31), notice=Duration(1, "months"))
    assert lines(of_customer(contracts=(contract,))) == [
        ("notice", "2026-11-30", "CT-1"),
        ("contract-end", "2026-12-31", "CT-1"),
    ]
    assert lines(of_customer(contracts=(contract,), status="closed")) == []
    assert lines(of_customer(contracts=(Contract("CT-1"),))) == []


def test_a_contract_that_renews_has_no_end_but_for_given_notice() -> None:
    renewing = Contract(
        "CT-1", end=dt.date(2026, 12, 31), notice=Duration(60), renews=Duration(1, "years")
    )
    assert lines(of_customer(contracts=(renewing,))) == [("notice", "2026-11-01", "CT-1")]
    next_year = lines(of_customer(contracts=(renewing,)), as_of=dt.date(2027, 1, 1))
    assert next_year == [("notice", "2027-11-01", "CT-1")]


def test_a_line_is_closed_by_its_id_and_a_new_end_opens_it_again() -> None:
    old = Contract("CT-1", end=dt.date(2026, 12, 31), notice=Duration(60))
    (notice, _end) = agenda(of_customer(contracts=(old,)), AgendaSettings(), DAY, FAR)
    done = [event("note", DAY, "e1", {"closes": notice.id})]
    closed = Sources(customers=[Customer("C1", contracts=(old,))], events=done)
    assert [kind for kind, *_ in lines(closed)] == ["contract-end"]
    longer = Contract("CT-1", end=dt.date(2027, 6, 30), notice=Duration(60))
    opened = Sources(customers=[Customer("C1", contracts=(longer,))], events=done)
    assert [kind for kind, *_ in lines(opened)] == ["notice", "contract-end"]


def test_what_was_closed_stays_closed_when_the_customer_gets_another_id() -> None:
    contract = Contract("CT-1", end=dt.date(2026, 12, 31), notice=Duration(60))
    (notice, _end) = agenda(of_customer(contracts=(contract,)), AgendaSettings(), DAY, FAR)
    done = [event("note", DAY, "e1", {"closes": notice.id})]
    renamed = Customer("ACME", aliases=("C1",), contracts=(contract,))
    found = agenda(Sources(customers=[renamed], events=done), AgendaSettings(), DAY, FAR)
    assert [duty.kind for duty in found] == ["contract-end"]


def test_a_next_step_stays_until_it_is_changed_or_closed() -> None:
    step = NextStep(BEFORE, "Offer")
    assert lines(of_customer(status="lead", next_step=step)) == [("next-step", "2026-11-20", "")]
    assert lines(of_customer(status="closed", next_step=step)) == []


# --- reviews -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "found"),
    [(dt.date(2027, 9, 29), 0), (dt.date(2027, 9, 30), 1), (dt.date(2027, 10, 1), 1)],
)
def test_a_record_is_to_be_reviewed_months_after_the_last_contact(
    until: dt.date, found: int
) -> None:
    customers = [Customer("C1", file="customers/c.yaml")]
    settings = AgendaSettings(review_after=Duration(12, "months"))
    sources = Sources(
        customers=customers,
        events=[event("call", dt.date(2026, 9, 30), "e1")],
        looked_at={"customers/c.yaml": dt.date(2025, 1, 1)},
    )
    assert len(lines(sources, until=until, settings=settings)) == found


def test_the_commit_of_a_record_counts_as_a_look_and_letters_do_not() -> None:
    customers = [Customer("C1", file="customers/c.yaml")]
    settings = AgendaSettings(review_after=Duration(1, "months"))
    committed = Sources(
        customers=customers,
        events=[event("reminder", BEFORE, "e1")],
        looked_at={"customers/c.yaml": dt.date(2026, 10, 1)},
    )
    assert lines(committed, settings=settings) == [("review", "2026-11-01", "")]
    later = Sources(customers=customers, looked_at={"customers/c.yaml": AFTER})
    assert lines(later, settings=settings) == [("review", "2026-11-21", "")]
    assert lines(committed) == []  # nobody asked for reviews


def test_a_limit_is_to_be_reviewed_after_its_last_step() -> None:
    limit = CreditLimit.parse({"2025-01-01": "100 EUR", "2026-01-31": "200 EUR"})
    settings = AgendaSettings(limit_review_after=Duration(1, "years"))
    sources = of_customer(credit=Credit(limit))
    assert lines(sources, settings=settings) == [("limit-review", "2027-01-31", "")]
    undated = of_customer(credit=Credit(CreditLimit.parse("100 EUR")))
    assert lines(undated, settings=settings) == []


# --- orders --------------------------------------------------------------------------------------


def order(*deliveries: tuple[dt.date, str], decision: Any = "approved") -> Order:
    line = OrderLine(Money(Decimal("10.00"), "EUR"), quantity=Quantity(Decimal(5)))
    total = Money(Decimal("50.00"), "EUR")
    return Order(
        "O-1",
        "C1",
        dt.date(2026, 11, 1),
        "EUR",
        (line,),
        deliver_by=dt.date(2026, 12, 1),
        decisions=(Decision(dt.date(2026, 11, 2), decision, total),),
        deliveries=tuple(
            Delivery(day, {"1": Quantity(Decimal(count))}) for day, count in deliveries
        ),
    )


def duties(*orders: Order, as_of: dt.date = DAY) -> Sequence[Duty]:
    return agenda(Sources(orders=orders), AgendaSettings(), as_of, FAR)


def test_an_order_is_to_be_approved_then_delivered_then_invoiced() -> None:
    (waiting,) = duties(order(decision="held"))
    assert (waiting.kind, waiting.date) == ("approve", dt.date(2026, 11, 2))
    (deliver,) = duties(order())
    assert (deliver.kind, deliver.date, str(deliver.amount)) == (
        "deliver",
        dt.date(2026, 12, 1),
        "50.00 EUR",
    )
    invoice, rest = duties(order((DAY, "2")))
    assert (invoice.kind, invoice.date, str(invoice.amount)) == ("invoice", DAY, "20.00 EUR")
    assert (rest.kind, str(rest.amount)) == ("deliver", "30.00 EUR")
    assert [duty.kind for duty in duties(order((DAY, "2")), as_of=BEFORE)] == ["deliver"]
    assert duties(order(decision="rejected")) == ()


def test_periods_of_a_contract_are_due_from_its_first_order_on() -> None:
    contract = Contract("CT-1", start=dt.date(2026, 1, 1), value="95 EUR per month")
    customers = [Customer("C1", contracts=(contract,))]
    assert agenda(Sources(customers=customers), AgendaSettings(), DAY, FAR) == ()
    first = Order("O-1", "C1", BEFORE, "EUR", contract="CT-1", period=dt.date(2026, 11, 1))
    sources = Sources(customers=customers, orders=[first])

    def due(until: dt.date) -> list[tuple[str, str]]:
        found = agenda(sources, AgendaSettings(), DAY, until)
        return [(duty.date.isoformat(), str(duty.amount)) for duty in found]

    assert due(dt.date(2026, 11, 30)) == []
    assert due(dt.date(2026, 12, 1)) == [("2026-12-01", "95 EUR")]
    assert len(due(dt.date(2027, 1, 1))) == 2


# --- what always holds ---------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.integers(0, 60)),
        max_size=8,
    ),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
)
def test_looking_further_only_adds_lines_and_ids_are_unique(
    calls: list[tuple[dt.date, int]], as_of: dt.date
) -> None:
    events = [
        event("call", day, f"e{n}", {"follow_up": (day + dt.timedelta(days=wait)).isoformat()})
        for n, (day, wait) in enumerate(calls)
    ]
    near = agenda(Sources(events=events), AgendaSettings(), as_of, as_of)
    far = agenda(Sources(events=events), AgendaSettings(), as_of, FAR)
    assert set(near) <= set(far)
    assert len({duty.id for duty in far}) == len(far)
    assert agenda(Sources(events=events[::-1]), AgendaSettings(), as_of, FAR) == far


# --- digests, cases, scores ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "day", "period"),
    [
        ("day", dt.date(2026, 11, 21), "2026-11-21"),
        ("week", dt.date(2026, 11, 22), "2026-W47"),  # Sunday
        ("week", dt.date(2026, 11, 23), "2026-W48"),  # Monday
        ("week", dt.date(2027, 1, 3), "2026-W53"),
        ("month", dt.date(2026, 11, 30), "2026-11"),
        ("quarter", dt.date(2026, 9, 30), "2026-Q3"),
        ("quarter", dt.date(2026, 10, 1), "2026-Q4"),
    ],
)
def test_periods_are_those_of_the_calendar(every: Every, day: dt.date, period: str) -> None:
    assert period_of(every, day) == period


def test_a_case_is_open_until_the_day_it_is_closed() -> None:
    events = [
        event("complaint", dt.date(2026, 11, 1), "e1", {"status": "open"}),
        event("complaint", DAY, "e2", {"status": "closed", "closes": "e1"}),
        event("service", DAY, "e3"),  # says what was done
    ]
    (before,) = cases(events, BEFORE)
    assert (before.closed, before.days) == (None, 19)
    complaint, told = cases(events, DAY)
    assert (complaint.closed, complaint.days) == (events[1], 20)
    assert (told.closed, told.days) == (events[2], 0)


def test_means_are_rounded_half_up() -> None:
    assert mean_days([]) is None
    assert mean_days([1, 2]) == Decimal("1.5")
    assert mean_days([0, 0, 0, 1]) == Decimal("0.3")


def test_nine_is_a_promoter_and_six_a_detractor() -> None:
    found = NetPromoter.of([10, 9, 8, 7, 6, 0])
    assert (found.promoters, found.passives, found.detractors) == (2, 2, 2)
    assert found.score == 0
    assert NetPromoter.of([9, 9, 8]).score == 67
    assert NetPromoter.of([]).score is None


@given(st.lists(st.integers(0, 10), min_size=1))
def test_the_score_is_within_a_hundred(scores: list[int]) -> None:
    found = NetPromoter.of(scores)
    assert found.answers == len(scores)
    assert found.score is not None
    assert -100 <= found.score <= 100
    assert NetPromoter.of(scores * 3).score == found.score


@pytest.mark.parametrize(
    ("value", "score"), [(0, 0), (10, 10), (11, None), (True, None), ("9", None)]
)
def test_only_whole_numbers_from_nought_to_ten_are_scores(value: Any, score: int | None) -> None:
    assert score_of(event("feedback", DAY, "e1", {"score": value})) == score
