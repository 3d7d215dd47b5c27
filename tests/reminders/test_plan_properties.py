"""What holds of every plan, whatever happened: random documents, credit and events."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from reminder_books import day, event, item, planned, policy, position, raised, sent

from ledgercli.model.event import Event
from ledgercli.model.settings import After, Level
from ledgercli.model.values import Duration
from ledgercli.receivables.position import Item, Position

OFFSETS = st.integers(-10, 120)
AMOUNTS = st.integers(1, 20_000).map(lambda cents: str(Decimal(cents) / 100))
NUMBERS = ["INV-0", "INV-1", "INV-2"]


@st.composite
def facts(draw: st.DrawFn, number: str | None = None) -> Event:
    """Return a promise, a hold or a dispute, about a document or about the customer."""
    kind = draw(st.sampled_from(["promise", "hold", "dispute"]))
    on = draw(OFFSETS)
    details: dict[str, str] = {}
    if kind != "dispute":
        details["until"] = day(on + draw(st.integers(0, 60))).isoformat()
    if kind != "hold" and draw(st.booleans()):
        details["amount"] = draw(AMOUNTS)
    about = draw(st.sampled_from([*NUMBERS, ""])) if number is None else number
    return event(kind, day(on), about, **details)


@st.composite
def books(draw: st.DrawFn) -> Position:
    """Return a position of up to three documents with credit."""
    items = [
        item(number, draw(AMOUNTS), due=day(draw(st.integers(-30, 40))))
        for number in NUMBERS[: draw(st.integers(1, 3))]
    ]
    credit = {("C1", "EUR"): draw(AMOUNTS)} if draw(st.booleans()) else {}
    deposits = {("C1", "EUR"): draw(AMOUNTS)} if draw(st.booleans()) else {}
    return position(*items, unallocated=credit, deposits=deposits)


@settings(max_examples=80, deadline=None)
@given(books(), st.lists(facts(), max_size=5), OFFSETS)
def test_nobody_whose_credit_covers_what_is_overdue_is_addressed(
    owed: Position, events: list[Event], offset: int
) -> None:
    key, today = ("C1", "EUR"), day(offset)
    overdue = sum((each.open for each in owed.open_items if each.is_overdue(today)), Decimal(0))
    credit = owed.unallocated.get(key, Decimal(0)) + owed.deposits.get(key, Decimal(0))
    for letter in planned(owed, today, events).letters:
        assert letter.requested > 0
        if letter.level:
            assert overdue - credit > 0
            assert letter.requested <= overdue - credit


def run(books: Position, events: list[Event], until: int) -> list[tuple[str, int, dt.date]]:
    """Return the steps that daily runs take, each sent by post."""
    log, steps = list(events), []
    for offset in range(-10, until):
        today = day(offset)
        result = planned(books, today, log, policy(wait=Duration(7)))
        for number, level in raised(result):
            steps.append((number, level, today))
            log.append(sent(level, today, number))
    return steps


@settings(max_examples=40, deadline=None)
@given(facts("INV-1"), st.integers(-5, 10))
def test_a_fact_never_makes_a_letter_come_earlier(fact: Event, due: int) -> None:
    owed = position(item("INV-1", due=day(due)))
    without = {(number, level): on for number, level, on in run(owed, [], 130)}
    for number, level, on in run(owed, [fact], 130):
        assert on >= without[number, level]


@settings(max_examples=40, deadline=None)
@given(st.lists(facts("INV-1"), min_size=1, max_size=3), st.integers(0, 40))
def test_what_was_recorded_later_changes_no_past_day(events: list[Event], offset: int) -> None:
    owed: list[Item] = [item("INV-1")]
    today = day(offset)
    known = [each for each in events if each.date <= today]
    assert planned(position(*owed), today, events) == planned(position(*owed), today, known)


@settings(max_examples=60, deadline=None)
@given(
    books(),
    st.lists(facts(), max_size=4),
    st.lists(st.integers(-5, 60), max_size=3, unique=True),
    OFFSETS,
    st.integers(0, 1000),
)
def test_the_order_of_entries_in_the_file_decides_nothing(
    owed: Position, events: list[Event], letters: list[int], offset: int, seed: int
) -> None:
    log = [*events, *(sent(1, day(on), "INV-1") for on in letters)]
    log = [replace(each, id=f"{index:03}") for index, each in enumerate(log)]
    shuffled = list(log)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order to try
    assert planned(owed, day(offset), shuffled) == planned(owed, day(offset), log)


@settings(max_examples=40, deadline=None)
@given(
    days=st.lists(st.integers(-5, 200), min_size=1, max_size=40, unique=True).map(sorted),
    deadline=st.integers(0, 20),
    grace=st.integers(0, 10),
    events=st.lists(facts("INV-1"), max_size=2),
    bounces=st.lists(st.integers(0, 40), max_size=2),
)
def test_no_level_before_the_printed_deadline_and_grace(
    days: list[int], deadline: int, grace: int, events: list[Event], bounces: list[int]
) -> None:
    eager = policy(
        levels=tuple(
            Level(name, After(index + 1), "reminder")
            for index, name in enumerate(("friendly", "firm", "final"))
        ),
        deadline=Duration(deadline),
        grace=Duration(grace),
    )
    names = ("", "friendly", "firm", "final")
    log, last = list(events), 0
    printed: dict[int, dt.date] = {}
    for index, offset in enumerate(days):
        today = day(offset)
        for letter in planned(position(item("INV-1")), today, log, eager).letters:
            assert letter.level <= last + 1  # one step a run, from what arrived
            previous = printed.get(letter.level - 1)
            assert previous is None or today > previous + dt.timedelta(grace)
            assert letter.deadline is not None
            printed[letter.level], last = letter.deadline, letter.level
            details = {"level_name": names[letter.level], "message_id": f"m{index}"}
            log.append(sent(letter.level, today, deadline=letter.deadline.isoformat(), **details))
            if index in bounces:
                log.append(sent(letter.level, today, status="bounced", **details))
                last -= 1


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.integers(-5, 200), max_size=40, unique=True).map(sorted),
    after=st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20)),
    deadline=st.none() | st.integers(0, 20),
    grace=st.integers(0, 10),
)
def test_runs_with_gaps_reach_what_one_step_a_run_allows(
    days: list[int], after: tuple[int, int, int], deadline: int | None, grace: int
) -> None:
    first, second, third = after
    names = ("", "friendly", "firm", "final")
    timings = (After(first), After(first + second), After(third, "since-previous"))
    patient = policy(
        levels=tuple(
            Level(name, timing, "reminder") for name, timing in zip(names[1:], timings, strict=True)
        ),
        deadline=None if deadline is None else Duration(deadline),
        grace=Duration(grace),
    )
    taken: list[int] = []
    log: list[Event] = []
    for offset in days:
        for letter in planned(position(item("INV-1")), day(offset), log, patient).letters:
            taken.append(offset)
            printed = letter.deadline.isoformat() if letter.deadline else None
            name = names[letter.level]
            log.append(sent(letter.level, day(offset), level_name=name, deadline=printed))
    expected: list[int] = []
    for offset in days:
        if len(expected) == 3:
            break
        earliest = (first, first + second, expected[-1] + third if expected else 0)[len(expected)]
        over = -1 if deadline is None or not expected else expected[-1] + deadline + grace
        if offset >= earliest and offset > over:
            expected.append(offset)
    assert taken == expected
