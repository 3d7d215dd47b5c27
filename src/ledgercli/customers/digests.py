"""When digests are due: once in a period, which is named by the calendar."""

from __future__ import annotations

import datetime as dt

from ledgercli.model.agenda_settings import Every

_MONTHS_PER_QUARTER = 3


def period_of(every: Every, day: dt.date) -> str:
    """Return the period that ``day`` is in: ``2026-11-21``, ``2026-W47``, ``2026-11``, ``2026-Q4``.

    Weeks are those of ISO 8601: they begin on Monday, and the first one has the year's first
    Thursday.
    """
    match every:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case "month":
            return f"{day.year:04d}-{day.month:02d}"
        case "quarter":
            return f"{day.year:04d}-Q{(day.month - 1) // _MONTHS_PER_QUARTER + 1}"
