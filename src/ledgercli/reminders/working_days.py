"""Which days are working days, so that no deadline falls on another.

Public holidays come from the ``holidays`` library, also days that are worked instead of others
(调休); the settings add their own tables, which go before it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError, MissingExtraError
from ledgercli.model.finding import Finding, Place
from ledgercli.model.settings import Weekday, WorkingDays
from ledgercli.model.values import add_days

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_USUAL_WEEKEND = frozenset([5, 6])
#: No country closes for longer; beyond this the tables are wrong, and the day stays.
_DAYS_CLOSED_MAX = 60


class HolidaysMissingError(MissingExtraError):
    """The settings name a country, but the table of holidays is not installed."""

    message = N_("`reminders.working_days` needs the public holidays of `{country}`")
    hint = N_("`{install}` adds them, or name the days in `closed:` instead")
    extra = "holidays"


class HolidaysUnknownError(LedgercliError):
    """There is no table of holidays of that country, or of that part of it."""

    message = N_("no public holidays are known of `{place}`, named in `reminders.working_days`")
    hint = N_("name the days in `closed:` instead")


class WorkingCalendar:
    """Working days by the settings; without settings every day is one.

    The table of holidays is loaded when the first day is asked for, or by :meth:`prepare`. Both
    raise HolidaysMissingError and HolidaysUnknownError.
    """

    def __init__(self, settings: WorkingDays | None = None) -> None:
        """Keep the settings."""
        self._settings = settings
        self._closed = frozenset(settings.closed if settings else ())
        self._open = frozenset(settings.open if settings else ())

    def prepare(self) -> None:
        """Load the table of holidays now: settings that cannot be obeyed fail in every run.

        Otherwise they would fail in the first night in which a letter is due.
        """
        _ = self._table

    def is_working(self, day: dt.date) -> bool:
        """Return whether ``day`` is a working day."""
        if self._settings is None or day in self._open:
            return True
        if day in self._closed:
            return False
        table = self._table
        if table is not None:
            if day in table:
                return False
            if self._worked_instead(day, table):
                return True
        return day.weekday() not in self._weekend

    def on_or_after(self, day: dt.date) -> dt.date:
        """Return the first working day from ``day`` on, ``day`` itself where there is none soon."""
        for ahead in range(_DAYS_CLOSED_MAX):
            found = add_days(day, ahead)
            if self.is_working(found):
                return found
        return day

    @cached_property
    def _weekend(self) -> frozenset[int]:
        named = self._settings.weekend if self._settings else ()
        if named:
            return frozenset(_WEEKDAYS.index(name) for name in named)
        return _USUAL_WEEKEND if self._table is None else frozenset(self._table.weekend)

    @staticmethod
    def _worked_instead(day: dt.date, table: HolidayBase) -> bool:
        """Return whether a day of the weekend is worked for another one, of the year after too."""
        if day.year < dt.MAXYEAR:
            _ = dt.date(day.year + 1, 1, 1) in table  # a year is filled in when it is asked for
        return day in getattr(table, "weekend_workdays", ())

    @cached_property
    def _table(self) -> HolidayBase | None:
        settings = self._settings
        if settings is None or not settings.country:
            return None
        try:
            from holidays import country_holidays
        except ImportError:
            raise HolidaysMissingError(country=settings.country) from None
        try:
            return country_holidays(settings.country, subdiv=settings.subdivision or None)
        except NotImplementedError:
            place = "-".join(filter(None, (settings.country, settings.subdivision)))
            raise HolidaysUnknownError(place=place) from None


def unknown_holidays(settings: WorkingDays | None, file: str) -> Iterator[Finding]:
    """Yield `no-holiday-table` where ``file`` names a country, or a part of it, without a table.

    Without the extra `holidays` nobody knows; planning says then that it is missing.
    """
    if settings is None or not re.fullmatch("[A-Z]{2}", settings.country):
        return  # what is no code of a country is told where the settings are read
    try:
        from holidays import list_supported_countries
    except ImportError:
        return
    parts = list_supported_countries(include_aliases=True).get(settings.country)
    if parts is not None and (not settings.subdivision or settings.subdivision in parts):
        return
    values = {
        "place": "-".join(filter(None, (settings.country, settings.subdivision))),
        "country": settings.country,
        "known": ", ".join(parts or ()) or "—",
    }
    yield Finding(codes.NO_HOLIDAY_TABLE, values, Place(file))
