"""The agenda as a calendar (RFC 5545): one entry a line, for the whole day.

The id of an entry is that of the line of the agenda, which stays the same: whoever imports the file
again has each entry once, moved where its day has changed. The stamp is the as-of day and no
clock's, so that the same agenda is the same file.
"""

from __future__ import annotations

import datetime as dt

from ledgercli import __version__
from ledgercli.model.answer import Answer, Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import MissingExtraError
from ledgercli.output.values import money, sentence
from ledgercli.output.words import word


class CalendarLibraryMissingError(MissingExtraError):
    """The extra that writes calendars is not installed."""

    message = N_("calendar files need the extra `contacts`, which is not installed")
    extra = "contacts"


def render(answer: Answer) -> str:
    """Return the calendar of an agenda's rows; raise CalendarLibraryMissingError."""
    try:
        import icalendar
    except ImportError:
        raise CalendarLibraryMissingError from None
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//ledgercli//{__version__}//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp = dt.datetime.combine(answer.facts["as_of"], dt.time(), dt.UTC)
    for row in answer.table("rows").rows:
        entry = icalendar.Event()
        entry.add("uid", f"{row['id']}@ledgercli")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", row["date"])
        entry.add("dtend", row["date"] + dt.timedelta(days=1))
        entry.add("summary", _summary(row))
        entry.add("description", _description(row))
        entry.add("categories", [word("duty", row["kind"])])
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    text: str = calendar.to_ical().decode()
    return text


def _summary(row: Row) -> str:
    parts = (word("duty", row["kind"]), row["name"], row["subject"])
    return " · ".join(part for part in parts if part)


def _description(row: Row) -> str:
    text = row["text"]
    said = sentence(text) if isinstance(text, Text) else str(text)
    amount = money(row["amount"]) if row["amount"] else ""
    return "\n".join(part for part in (said, amount, row["customer"], row["command"]) if part)
