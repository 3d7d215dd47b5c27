"""Deadlines fall on working days: weekends, public holidays, and days worked instead of others."""

import contextlib
import datetime as dt
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reminder_books import item, policy, position, settings

from ledgercli.model.settings import ReminderSettings, WorkingDays
from ledgercli.model.values import Duration
from ledgercli.reminders.plan import plan
from ledgercli.reminders.working_days import (
    HolidaysMissingError,
    HolidaysUnknownError,
    WorkingCalendar,
    unknown_holidays,
)


def first_from(day: str, **tables: object) -> str:
    calendar = WorkingCalendar(WorkingDays(**tables))  # type: ignore[arg-type]
    return calendar.on_or_after(dt.date.fromisoformat(day)).isoformat()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", "2026-11-20"),  # Friday
        ("2026-11-21", "2026-11-23"),
        ("2026-11-22", "2026-11-23"),
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_saturday_and_sunday_without_a_country(day: str, expected: str) -> None:
    assert first_from(day) == expected


@pytest.mark.parametrize(
    ("day", "tables", "expected"),
    [
        # Epiphany, a Tuesday, is a holiday of Bavaria and not of Berlin.
        ("2026-01-06", {"country": "DE", "subdivision": "BY"}, "2026-01-07"),
        ("2026-01-06", {"country": "DE", "subdivision": "BE"}, "2026-01-06"),
        ("2026-01-06", {"country": "DE"}, "2026-01-06"),
        # Christmas 2026: Friday and Saturday, then Sunday.
        ("2026-12-24", {"country": "DE"}, "2026-12-24"),
        ("2026-12-25", {"country": "DE"}, "2026-12-28"),
        ("2026-12-24", {"country": "DE", "closed": (dt.date(2026, 12, 24),)}, "2026-12-28"),
        # Good Friday to Easter Monday.
        ("2026-04-03", {"country": "DE"}, "2026-04-07"),
        # The weekend of the country, and one that the settings name.
        ("2026-11-20", {"country": "SA"}, "2026-11-22"),
        ("2026-11-20", {"weekend": ("fri", "sat")}, "2026-11-22"),
        ("2026-11-21", {"weekend": ("sun",)}, "2026-11-21"),
        ("2026-11-21", {"country": "DE", "weekend": ("sun",)}, "2026-11-21"),
    ],
)
def test_holidays_of_a_country(day: str, tables: dict[str, object], expected: str) -> None:
    assert first_from(day, **tables) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-14", "2026-02-14"),  # a Saturday that is worked for the 20th
        ("2026-02-15", "2026-02-24"),  # Spring Festival, up to the 23rd
        ("2026-02-20", "2026-02-24"),
        ("2026-02-28", "2026-02-28"),  # a Saturday that is worked for the 23rd
        ("2026-03-01", "2026-03-02"),
        ("2026-10-01", "2026-10-08"),  # National Day
        ("2026-10-10", "2026-10-10"),  # a Saturday that is worked for the 7th
        ("2026-10-11", "2026-10-12"),
    ],
)
def test_days_worked_instead_of_others_in_china(day: str, expected: str) -> None:
    assert first_from(day, country="CN") == expected


def test_own_tables_go_before_those_of_the_country() -> None:
    tables = {"country": "CN", "closed": (dt.date(2026, 2, 14), dt.date(2026, 2, 24))}
    assert first_from("2026-02-14", **tables) == "2026-02-25"
    opened = {**tables, "open": (dt.date(2026, 2, 15), dt.date(2026, 2, 14))}
    assert first_from("2026-02-14", **opened) == "2026-02-14"
    assert first_from("2026-02-15", **opened) == "2026-02-15"


def test_a_table_that_closes_every_day_moves_nothing() -> None:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert first_from("2026-11-20", weekend=week) == "2026-11-20"
    assert first_from("9999-12-31", weekend=week) == "9999-12-31"


def test_countries_that_nobody_knows() -> None:
    with pytest.raises(HolidaysUnknownError, match="known of `XX`"):
        first_from("2026-11-20", country="XX")
    with pytest.raises(HolidaysUnknownError, match="known of `DE-QQ`"):
        first_from("2026-11-20", country="DE", subdivision="QQ")


def test_settings_that_cannot_be_obeyed_fail_in_every_plan() -> None:
    usual = settings()
    reminders = replace(usual.reminders, working_days=WorkingDays(country="XX"))
    with pytest.raises(HolidaysUnknownError):
        plan(position(), replace(usual, reminders=reminders), [], dt.date(2026, 11, 20))


def test_the_table_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert first_from("2026-11-21") == "2026-11-23"
    with pytest.raises(HolidaysMissingError, match="holidays of `DE`"):
        first_from("2026-11-20", country="DE")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)))
def test_a_deadline_never_moves_forward_and_lands_on_a_working_day(day: dt.date) -> None:
    calendar = WorkingCalendar(WorkingDays(country="CN"))
    found = calendar.on_or_after(day)
    assert found >= day
    assert calendar.is_working(found)
    assert not any(
        calendar.is_working(day + dt.timedelta(ahead)) for ahead in range((found - day).days)
    )


@pytest.mark.parametrize(
    ("today", "printed"),
    [("2026-11-09", "2026-11-19"), ("2026-11-11", "2026-11-23"), ("2026-11-13", "2026-11-23")],
)
def test_letters_print_a_working_day_to_pay_by(today: str, printed: str) -> None:
    usual = settings(policy(deadline=Duration(10)))
    reminders = replace(usual.reminders, working_days=WorkingDays())
    books = position(item(due=dt.date(2026, 11, 1)))
    day = dt.date.fromisoformat(today)
    (letter,) = plan(books, replace(usual, reminders=reminders), [], day).letters
    assert letter.deadline == dt.date.fromisoformat(printed)
    assert ReminderSettings().working_days is None
    (every_day,) = plan(books, usual, [], day).letters
    assert every_day.deadline == day + dt.timedelta(10)


@pytest.mark.parametrize(
    ("country", "subdivision", "found"),
    [
        ("DE", "", []),
        ("DE", "BY", []),
        ("DE", "XX", ["DE-XX"]),
        ("GB", "ENG", []),
        ("ZZ", "", ["ZZ"]),
        ("", "", []),
        ("germany", "", []),  # told as no code of a country
    ],
)
def test_a_country_without_holidays_is_told_before_a_letter_is_due(
    country: str, subdivision: str, found: list[str]
) -> None:
    settings = WorkingDays(country=country, subdivision=subdivision)
    told = list(unknown_holidays(settings, "ledgercli.yaml"))
    assert [finding.values["place"] for finding in told] == found
    assert list(unknown_holidays(None, "ledgercli.yaml")) == []
    # What is told is what planning refuses.
    if len(country) == 2:
        refused = pytest.raises(HolidaysUnknownError) if found else contextlib.nullcontext()
        with refused:
            WorkingCalendar(settings).prepare()
