"""Written letters beside what the books say now, of their day and of today."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_facts import Comparison, Obstacle
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.reminders.sendings import letter_path
from ledgercli.desk.request import Query
from ledgercli.model.event import Event
from ledgercli.model.letter_plan import PlannedLetter


def _from(folder: str, event: Event) -> bool:
    """Return whether ``event`` is about sending a letter of ``folder``."""
    if event.kind != "reminder":
        return False
    return letter_path(str(event.details.get("letter") or "")).rpartition("/")[0] == folder


class Comparisons:
    """What the books say now of the day of a folder's letters, and of today where that is later.

    What was sent from the same folder is left out: its letters were planned together. Nothing is
    computed before the first letter is asked about.
    """

    def __init__(self, books: OpenBooks, folder: str, day: dt.date, today: dt.date) -> None:
        """Compare letters of ``folder``, dated ``day``; they are to be sent on ``today``."""
        self.books, self.folder, self.day = books, folder, day
        self.days = [day] if day >= today else [day, today]

    @cached_property
    def _all(self) -> list[Comparison]:
        events = [event for event in self.books.events if not _from(self.folder, event)]
        return [
            Comparison(
                plan_of(self.books, Query(as_of=day), events),
                self.books.position(day),
                self.books.settings,
            )
            for day in self.days
        ]

    def obstacle(self, letter: PlannedLetter) -> Obstacle | None:
        """Return why ``letter`` does not follow from the books any more, None where it does."""
        for index, comparison in enumerate(self._all):
            found = comparison.obstacle(letter, exact=index == 0)
            if found:
                return found
        return None
