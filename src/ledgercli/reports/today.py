"""The page of the morning: a line a matter, each with the command that shows more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.state_words import DUTY_WORDS
from ledgercli.reports import agenda
from ledgercli.reports.agenda import Line

#: ``ok``: nothing to do; ``look``: worth a look; ``act``: somebody has to do something.
State = Literal["ok", "look", "act"]
#: Lines of the agenda that people are shown, so that the page fits one screen.
SHOWN_MAX = 8

_COLUMNS = (
    Column("state", "", "code", words="matter-state"),
    Column("topic", N_("matter"), "code", words="matter"),
    Column("text", N_("what"), flexible=True, wraps=True),
    Column("command", N_("shows more"), "code"),
    Column("count", N_("count"), "number", shown=False),
    Column("customer", N_("customer"), "code", shown=False),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """A line of the page; ``count`` says how many there are of it."""

    topic: str
    state: State
    text: Text
    command: str
    count: int = 0
    customer: str = ""

    def row(self) -> Mapping[str, Any]:
        """Return the cells."""
        return {
            "state": self.state,
            "topic": self.topic,
            "text": self.text,
            "command": self.command,
            "count": self.count,
            "customer": self.customer or None,
        }


def today(
    matters: Sequence[Matter], lines: Sequence[Line], as_of: dt.date, owner: str, title: str
) -> Answer:
    """Return the page: ``matters``, then the agenda of the day and what it has left overdue."""
    reviews = [line for line in lines if line.kind == "review"]
    others = [line for line in lines if line.kind != "review"]
    shown = [_matter(line, as_of) for line in others[:SHOWN_MAX]]
    if not lines:
        words = Text(N_("nothing is due today"))
        shown = [Matter("agenda", "ok", words, "ledgercli agenda")]
    left = len(others) - SHOWN_MAX
    if left > 0:
        one, many = N_("{count} more line is due"), N_("{count} more lines are due")
        command = f"ledgercli agenda --until {as_of}"
        shown.append(Matter("agenda", "act", Text(one, {}, many, left), command, left))
    if reviews:
        one, many = N_("{count} record to review"), N_("{count} records to review")
        command = f"ledgercli agenda --until {as_of}"
        words = Text(one, {}, many, len(reviews))
        shown.append(Matter("agenda", "look", words, command, len(reviews)))
    heading = Text(N_("{name}: {date}"), {"name": title, "date": as_of})
    return Answer(
        "today/1",
        title=heading if title else Text("{date}", {"date": as_of}),
        facts={"as_of": as_of, "owner": owner or None},
        tables=(
            Table("rows", _COLUMNS, [matter.row() for matter in (*matters, *shown)]),
            Table("agenda", agenda.COLUMNS, [line.row(as_of) for line in lines], role="data"),
        ),
    )


def _matter(line: Line, as_of: dt.date) -> Matter:
    """Return a line of the agenda as a line of the page."""
    parts: dict[str, Any] = {
        "kind": Text(DUTY_WORDS[line.kind]),
        "who": f"{line.customer} {line.name}" if line.name != line.customer else line.customer,
        "subject": line.subject,
        "late": (as_of - line.date).days,
    }
    if line.date < as_of:
        words = N_("{kind}, {late} days late: {who} {subject}")
    else:
        words = N_("{kind} today: {who} {subject}")
    if not line.subject:
        words = (
            N_("{kind}, {late} days late: {who}")
            if line.date < as_of
            else N_("{kind} today: {who}")
        )
    return Matter("agenda", "act", Text(words, parts), line.command, 1, line.customer)
