"""A plan in figures and in parts: nothing is lost between the whole and what is shown of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.reminders.plan_view import Planning, PlanView
from ledgercli.desk.reminders.plan_views import Choice
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Row

EXAMPLES = Path(__file__).parents[2] / "examples"
DAYS = [dt.date(2026, 6, 30), dt.date(2026, 11, 21)]


def opened(name: str, cache: Path | None = None) -> OpenBooks:
    request = Request(
        start=EXAMPLES / name,
        now=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC),
        books=EXAMPLES / name,
        cache=cache,
    )
    return open_books(request, with_events=True)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_the_figures_are_those_of_the_plan(name: str, day: dt.date) -> None:
    books, query = opened(name), Query(as_of=day)
    plan, summary = reminding.plan(books, query), reminding.plan_summary(books, query)
    letters, held = plan.table("letters").rows, plan.table("held").rows
    levels, reasons = summary.table("levels").rows, summary.table("reasons").rows
    counted = {
        (row["level"], row["level_name"], row["channel"], row["currency"]): row["letters"]
        for row in levels
    }
    keys = ("level", "level_name", "channel", "currency")
    assert counted == Counter(tuple(row[key] for key in keys) for row in letters)
    documents = sum(len(row["documents"]) for row in letters)
    assert sum(row["documents"] for row in levels) == documents
    claimed: dict[str, Decimal] = {}
    for row in letters:
        currency = row["currency"]
        claimed[currency] = claimed.get(currency, Decimal(0)) + row["claimed"].amount
    totals = {row["currency"]: row["claimed"].amount for row in summary.table("totals").rows}
    assert totals == claimed
    by_reason = {(row["reason"], row["currency"]): row["documents"] for row in reasons}
    assert by_reason == Counter((row["reason"], row["currency"]) for row in held)
    assert all(row["customers"] <= row["documents"] for row in reasons)


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_what_the_figures_stand_for_is_the_whole_plan(name: str) -> None:
    books, query = opened(name), Query(as_of=DAYS[1])
    view = PlanView(books, query, reminding.planned(books, query))
    summary = view.summary()
    letters: list[Row] = []
    held: list[Row] = []
    for row in summary.table("levels").rows:
        keys = ("level", "level_name", "channel", "currency")
        answer, own, others = view.part(Choice(**{key: str(row[key]) for key in keys}), 1, 1, 99)
        assert (own.count, others.count) == (row["letters"], 0)
        letters += answer.table("letters").rows
    for row in summary.table("reasons").rows:
        choice = Choice(reason=row["reason"], currency=row["currency"])
        answer, own, others = view.part(choice, 1, 1, 99)
        assert (own.count, others.count) == (0, row["documents"])
        held += answer.table("held").rows
    whole, own, others = view.part(Choice(), 1, 1, 99)
    assert sorted(letters, key=lambda row: row["customer"]) == list(whole.table("letters").rows)
    assert len(held) == others.count
    # Each letter opens, and claims what its line does.
    for row in whole.table("letters").rows:
        letter = view.letter(row["customer"], row["currency"])
        assert letter
        assert dict(letter.details)["claimed"] == row["claimed"]
        assert len(letter.table("documents").rows) == row["count"]
    assert view.letter("nobody", "EUR") is None


def test_a_fingerprint_is_of_letters_day_and_amounts() -> None:
    books = opened("wholesale")

    def told(day: dt.date, customers: tuple[str, ...] = ()) -> str:
        query = Query(as_of=day, customers=customers)
        return PlanView(books, query, reminding.planned(books, query)).fingerprint

    assert told(DAYS[1]) == told(DAYS[1])
    others = {told(DAYS[1]), told(DAYS[0]), told(DAYS[1], ("C1022",)), told(DAYS[1], ("C1028",))}
    assert len(others) == 4


class Kept(dict[Hashable, Any]):
    """What was made, by all that it depends on."""

    def has(self, key: Hashable) -> bool:
        return key in self

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any kind
        if key not in self:
            self[key] = make()
        return self[key]


def test_a_plan_is_known_by_state_log_day_and_question(tmp_path: Path) -> None:
    opened("wholesale", tmp_path)
    books, kept = opened("wholesale", tmp_path), Kept()

    def planning(query: Query, log: str = "as it was") -> Planning:
        return Planning(books, query, SendOptions(), log, kept)

    asked = [Query(), Query(as_of=DAYS[0]), Query(customers=("C1022",)), Query(currencies=("EUR",))]
    for query in asked:
        assert not planning(query).is_planned
        whole = planning(query).view()
        assert planning(query).is_planned
        assert planning(query).view().fingerprint == whole.fingerprint
    assert not planning(Query(), log="another").is_planned
    planning(Query(), log="another").view()
    assert len(kept) == 5
    # Nothing can be kept of books whose state nobody can tell.
    books = opened("wholesale")
    planning(Query()).view()
    assert (planning(Query()).can_keep, planning(Query()).is_planned, len(kept)) == (
        False,
        False,
        5,
    )
