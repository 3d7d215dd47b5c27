"""When a level is due: the day before, the day, the day after."""

import datetime as dt
from dataclasses import replace

import pytest
from reminder_books import day, item, planned, policy, position, raised, reasons, sent

from ledgercli.model.settings import After, Level
from ledgercli.model.values import Duration


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (-4, []),
        (-3, [("INV-1", 0)]),  # the notice
        (0, [("INV-1", 0)]),  # still not overdue
        (1, []),  # overdue: no notice any more, no level yet
        (4, []),
        (5, [("INV-1", 1)]),
        (6, [("INV-1", 1)]),  # a missed night is caught up
        (400, [("INV-1", 1)]),  # one level per run, from the first
    ],
)
def test_first_step(offset: int, expected: list[tuple[str, int]]) -> None:
    assert raised(planned(position(item()), day(offset))) == expected


@pytest.mark.parametrize("timing", ["0 days", "-60 days end of month"])
def test_no_level_comes_before_the_due_date_is_over(timing: str) -> None:
    soon = policy(levels=(Level("soon", After.parse(timing), "reminder"),))
    assert raised(planned(position(item()), day(0), (), soon)) == []
    assert raised(planned(position(item()), day(1), (), soon)) == [("INV-1", 1)]


def test_a_notice_on_the_due_date_is_all_of_that_day() -> None:
    levels = (
        Level("notice", After.parse("-3 days"), "due-soon"),
        Level("soon", After.parse("0 days"), "reminder"),
    )
    books, soon = position(item()), policy(levels=levels)
    assert raised(planned(books, day(0), (), soon)) == [("INV-1", 0)]
    assert raised(planned(books, day(0), [sent(0, day(0))], soon)) == []
    assert raised(planned(books, day(1), [sent(0, day(0))], soon)) == [("INV-1", 1)]


def test_a_notice_is_sent_once() -> None:
    books = position(item())
    assert raised(planned(books, day(-2), [sent(0, day(-3))])) == []
    assert reasons(planned(books, day(-2), [sent(0, day(-3))])) == []


def test_of_several_notices_the_latest_whose_day_has_come() -> None:
    two = policy(
        levels=(
            Level("early", After.parse("-10 days"), "due-soon"),
            Level("late", After.parse("-2 days"), "due-soon"),
        )
    )
    books = position(item())

    def names(offset: int, *events: object) -> list[str]:
        result = planned(books, day(offset), list(events), two)  # type: ignore[arg-type]
        return [letter.definition.name for letter in result.letters]

    assert names(-11) == []
    assert names(-10) == ["early"]
    early = sent(0, day(-10), level_name="early")
    assert names(-3, early) == []
    assert names(-2, early) == ["late"]
    assert names(-2) == ["late"]  # the missed one is not sent after it


def test_a_notice_is_no_precondition_and_counts_for_nothing() -> None:
    waiting = policy(wait=Duration(30))
    assert raised(planned(position(item()), day(5), [sent(0, day(-3))], waiting)) == [("INV-1", 1)]


@pytest.mark.parametrize(("offset", "expected"), [(29, []), (30, [("INV-1", 2)])])
def test_second_level_by_days_overdue(offset: int, expected: list[tuple[str, int]]) -> None:
    assert raised(planned(position(item()), day(offset), [sent(1, day(5))])) == expected


@pytest.mark.parametrize(
    ("after_deadline", "expected"),
    [(-1, []), (0, []), (3, []), (4, [("INV-1", 2)]), (5, [("INV-1", 2)])],
)
def test_printed_deadline_and_grace_must_have_passed(
    after_deadline: int, expected: list[tuple[str, int]]
) -> None:
    # The deadline in the letter of day 40 is day 50; grace ends with day 53.
    books = position(item())
    assert raised(planned(books, day(50 + after_deadline), [sent(1, day(40))])) == expected


def test_the_printed_deadline_counts_not_the_setting_of_today() -> None:
    letter = sent(1, day(40), deadline=day(45).isoformat())
    longer = policy(deadline=Duration(60))
    assert raised(planned(position(item()), day(48), [letter], longer)) == []
    assert raised(planned(position(item()), day(49), [letter], longer)) == [("INV-1", 2)]


def test_a_letter_without_deadline_holds_nothing_up() -> None:
    letter = sent(1, day(40), deadline=None)
    assert raised(planned(position(item()), day(41), [letter])) == [("INV-1", 2)]


@pytest.mark.parametrize(("offset", "expected"), [(53, []), (54, [("INV-1", 3)])])
def test_since_previous_counts_from_the_day_the_previous_was_sent(
    offset: int, expected: list[tuple[str, int]]
) -> None:
    letters = [sent(1, day(5)), sent(2, day(40))]
    assert raised(planned(position(item()), day(offset), letters)) == expected


@pytest.mark.parametrize(
    ("due", "as_of", "fires"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 30), False),  # 1 January + 30 is 31 January
        (dt.date(2026, 1, 1), dt.date(2026, 1, 31), True),
        (dt.date(2026, 1, 2), dt.date(2026, 1, 31), False),  # 2 January + 30 is 1 February
        (dt.date(2026, 1, 2), dt.date(2026, 2, 27), False),
        (dt.date(2026, 1, 2), dt.date(2026, 2, 28), True),
        (dt.date(2028, 1, 2), dt.date(2028, 2, 28), False),
        (dt.date(2028, 1, 2), dt.date(2028, 2, 29), True),
    ],
)
def test_end_of_month(due: dt.date, as_of: dt.date, *, fires: bool) -> None:
    monthly = policy(levels=(Level("m", After.parse("30 days end of month"), "reminder"),))
    assert bool(raised(planned(position(item(due=due)), as_of, [], monthly))) is fires


def test_what_failed_or_bounced_was_not_sent() -> None:
    books = position(item())
    for status in ("failed", "bounced"):
        events = [sent(1, day(5), channel="email"), sent(1, day(6), status=status)]
        assert raised(planned(books, day(30), events)) == [("INV-1", 1)]
    assert raised(planned(books, day(30), [sent(1, day(5), status="written")])) == [("INV-1", 1)]


def test_a_bounce_takes_back_only_its_own_message() -> None:
    events = [
        sent(1, day(5), message_id="a"),
        sent(1, day(7), message_id="b"),
        sent(1, day(8), status="bounced", message_id="a"),
    ]
    assert raised(planned(position(item()), day(30), events)) == [("INV-1", 2)]
    unknown = [events[0], sent(1, day(8), status="bounced", message_id="c")]
    assert raised(planned(position(item()), day(30), unknown)) == [("INV-1", 2)]


def test_later_events_are_invisible() -> None:
    assert raised(planned(position(item()), day(20), [sent(1, day(21))])) == [("INV-1", 1)]


def test_after_the_last_level_a_person_decides() -> None:
    letters = [sent(1, day(5)), sent(2, day(30)), sent(3, day(50))]
    result = planned(position(item()), day(200), letters)
    assert result.letters == ()
    assert reasons(result) == [("INV-1", "final")]
    assert result.held[0].values == {"sent": day(50).isoformat()}
    assert (result.held[0].level, result.held[0].level_name) == (3, "final")


def test_a_policy_that_changed_since_the_letter_is_for_a_person() -> None:
    books = position(item())
    renamed = sent(1, day(5), level_name="gentle")
    assert reasons(planned(books, day(30), [renamed])) == [("INV-1", "policy-changed")]
    shorter = replace(policy(), levels=policy().levels[:2])
    result = planned(books, day(60), [sent(2, day(30))], shorter)
    assert reasons(result) == [("INV-1", "policy-changed")]
    unnamed = sent(1, day(5), level_name="")
    assert raised(planned(books, day(30), [unnamed])) == [("INV-1", 2)]


def test_running_twice_on_a_day_changes_nothing() -> None:
    # No deadline, no wait: without the rule of the day the second run would take the next level.
    eager = policy(deadline=None)
    books = position(item())
    again = planned(books, day(40), [sent(1, day(40), deadline=None)], eager)
    assert again.letters == ()
    assert reasons(again) == [("INV-1", "wait")]


def test_a_notice_gives_way_to_a_letter_of_the_same_day() -> None:
    coming = item("INV-2", due=day(7))
    books = position(item(), coming)
    first = planned(books, day(5))
    assert raised(first) == [("INV-1", 1)]
    second = planned(books, day(5), [sent(1, day(5))])
    assert second.letters == ()
    assert reasons(second) == [("INV-2", "wait")]
    assert raised(planned(books, day(6), [sent(1, day(5))])) == [("INV-2", 0)]


def test_a_notice_does_not_give_way_to_a_letter_that_is_held() -> None:
    waiting = policy(wait=Duration(20), deadline=None)
    books = position(item(), item("INV-2", due=day(37)))
    log = [sent(1, day(25), deadline=None)]
    result = planned(books, day(35), log, waiting)
    assert raised(result) == [("INV-2", 0)]
    assert reasons(result) == [("INV-1", "wait")]


def test_credit_that_covers_all_is_said_of_the_notice_too() -> None:
    books = position(item(), item("INV-2", due=day(7)), unallocated={("C1", "EUR"): "100.00"})
    result = planned(books, day(5))
    assert result.letters == ()
    assert reasons(result) == [("INV-1", "covered"), ("INV-2", "covered")]


def test_letters_of_one_day_go_together_in_one_run_or_in_two() -> None:
    waiting = policy(wait=Duration(10), deadline=None)
    books = position(item(), item("INV-2", currency="USD"))
    assert raised(planned(books, day(5), (), waiting)) == [("INV-1", 1), ("INV-2", 1)]
    first_half = [sent(1, day(5), deadline=None)]
    assert raised(planned(books, day(5), first_half, waiting)) == [("INV-2", 1)]
    assert reasons(planned(books, day(6), first_half, waiting)) == [("INV-2", "wait")]
    assert raised(planned(books, day(15), first_half, waiting)) == [("INV-2", 1)]
