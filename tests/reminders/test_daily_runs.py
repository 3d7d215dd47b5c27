"""What always holds, whatever happens: random documents, policies and days of runs."""

import datetime as dt
import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from reminder_books import day, item, planned, policy, position, raised, sent

from ledgercli.model.event import Event
from ledgercli.model.settings import After, Level, Policy
from ledgercli.model.values import Duration

NAMES = ("notice", "friendly", "firm", "final")


def random_policy(second: int, wait: int | None, deadline: int | None, grace: int) -> Policy:
    levels = (
        Level("notice", After(-3), "due-soon"),
        Level("friendly", After(5), "reminder"),
        Level("firm", After(second, "end-of-month"), "reminder-firm"),
        Level("final", After(7, "since-previous"), "final-notice"),
    )
    return policy(
        levels=levels,
        wait=Duration(wait) if wait is not None else None,
        deadline=Duration(deadline) if deadline is not None else None,
        grace=Duration(grace),
    )


@settings(max_examples=40, deadline=None)
@given(
    due=st.lists(st.integers(-20, 40), min_size=1, max_size=4),
    days=st.lists(st.integers(-10, 150), min_size=1, max_size=25, unique=True).map(sorted),
    second=st.integers(6, 40),
    wait=st.none() | st.integers(0, 20),
    deadline=st.none() | st.integers(0, 20),
    grace=st.integers(0, 5),
)
def test_levels_come_one_by_one_and_never_too_soon(
    due: list[int],
    days: list[int],
    second: int,
    wait: int | None,
    deadline: int | None,
    grace: int,
) -> None:
    standard = random_policy(second, wait, deadline, grace)
    items = [item(f"INV-{index}", due=day(offset)) for index, offset in enumerate(due)]
    books = position(*items)
    log: list[Event] = []
    steps: dict[str, list[tuple[dt.date, int, dt.date | None]]] = {}
    letters: list[dt.date] = []
    for offset in days:
        today = day(offset)
        result = planned(books, today, log, standard)
        assert len(result.letters) <= 1
        for letter in result.letters:
            letters.extend([today] if letter.level else [])
            assert letter.claimed == letter.total == sum(d.open for d in letter.documents)
        for number, level in raised(result):
            printed = result.letters[0].deadline
            steps.setdefault(number, []).append((today, level, printed))
            text = printed.isoformat() if printed and level else None
            log.append(replace(sent(level, today, number, deadline=text)))
        again = planned(books, today, log, standard)
        assert again.letters == ()
    for taken in steps.values():
        dunning = [step for step in taken if step[1]]
        assert [level for _, level, _ in dunning] == list(range(1, len(dunning) + 1))
        assert sum(1 for step in taken if step[1] == 0) <= 1
        for (_, _, printed), (later, _, _) in itertools.pairwise(dunning):
            assert printed is None or later > printed + dt.timedelta(days=grace)
    for first, following in itertools.pairwise(letters):
        assert (following - first).days >= max(wait or 1, 1)
