"""A plan of reminders for whoever looks at it again and again, in parts, and then acts on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Any

from ledgercli.books.plan_file import plan_folders
from ledgercli.books.sent_log import SentLog
from ledgercli.books.store.inputs import status_of
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.paging import Part, part_of
from ledgercli.desk.reminders import plan_views
from ledgercli.desk.reminders.plan_views import Choice
from ledgercli.desk.reminders.planning import blocking_findings, plan_of
from ledgercli.desk.reminders.reminder_answers import plan_answer
from ledgercli.desk.reminders.reminding import planned, send
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.record import dataclass
from ledgercli.reminders.planned import Plan

#: A check of letters is made anew after so long, since a letter that failed is tried again.
_FRESH_SECONDS = 600
#: Gives what is kept under a key, else makes it and keeps it.
Keeper = Callable[[Hashable, Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A whole plan, and the books and the question that it is about."""

    books: OpenBooks
    query: Query
    plan: Plan

    @property
    def letters(self) -> int:
        """Return how many letters are due."""
        return len(self.plan.letters)

    @property
    def fingerprint(self) -> str:
        """Return what tells its letters from those of any other plan."""
        return plan_views.fingerprint_of(self.plan)

    def summary(self) -> Answer:
        """Return the plan in figures: letters by level and channel, held documents by reason."""
        findings = blocking_findings(self.books)
        return self._told(plan_views.summary_answer(self.plan, findings))

    def part(self, choice: Choice, letters: int, held: int, size: int) -> tuple[Answer, Part, Part]:
        """Return what is chosen of the plan, pages ``letters`` and ``held`` of it, and which.

        It is an answer as of the whole plan; a page has ``size`` rows.
        """
        chosen = plan_views.chosen_of(self.plan, choice, self.books.names)
        own = part_of(chosen.letters, letters, size)
        others = part_of(chosen.held, held, size)
        shown = Plan(chosen.as_of, tuple(own.rows), tuple(others.rows))
        answer = plan_answer(shown, blocking_findings(self.books))
        return self._told(plan_views.for_people(answer, self.books.names)), own, others

    def letter(self, customer: str, currency: str) -> Answer | None:
        """Return one letter with its documents, None where there is none for these."""
        choice = Choice(customer=customer, currency=currency)
        chosen = plan_views.chosen_of(self.plan, choice, self.books.names)
        if not chosen.letters:
            return None
        return self._told(plan_views.letter_answer(plan_answer(chosen, ()), self.books.names))

    def _told(self, answer: Answer) -> Answer:
        return with_circumstances(self.books, answer, self.query)


def plan_view(books: OpenBooks, query: Query, options: SendOptions, keeper: Keeper) -> PlanView:
    """Return the plan for ``query``; what is long to make of it comes from ``keeper``."""
    key = plan_key(books, query)
    made = None
    if key is not None:
        made = keeper(key, lambda: plan_of(books, query, books.events))
    return PlanView(books, query, planned(books, query, options, made))


def plan_key(books: OpenBooks, query: Query) -> Hashable | None:
    """Return what a plan depends on, as a value: state of the books, activity log, day, question.

    None where nobody can tell the state of the books, since nothing of them is kept.
    """
    if books.kept_in is None:
        return None
    log = hashlib.sha256(repr((books.events, books.event_findings)).encode()).digest()
    return ("plan", books.kept_in[1], log, books.as_of(query), repr(query))


def checked_letters(books: OpenBooks, query: Query, options: SendOptions, keeper: Keeper) -> Answer:
    """Return what sending the letters written last would do, a long answer from ``keeper``.

    Raise what :func:`ledgercli.desk.reminders.reminding.send` does.
    """

    def check() -> Answer:
        return send(books, query, "", dry_run=True, options=options)

    key = checking_key(books, query, options)
    found: Answer = check() if key is None else keeper(key, check)
    return found


def checking_key(books: OpenBooks, query: Query, options: SendOptions) -> Hashable | None:
    """Return what a check of the letters that were written depends on, None as for a plan.

    Besides what a plan does these are the files of all letters, the record outside of the books,
    and the time of day, on which a letter that failed is tried again.
    """
    plan = plan_key(books, query)
    if plan is None:
        return None
    from ledgercli.desk.watching import letter_files

    second = SentLog(options.state, books.root).path
    outside = status_of(str(second)) if second else None
    moment = int(books.now.timestamp()) // _FRESH_SECONDS
    return ("check", plan, letter_files(books.root), outside, moment)


def has_letters(books: OpenBooks) -> bool:
    """Return whether any letters lie in the books that may wait to be sent."""
    return bool(plan_folders(books.root))


def outlook(books: OpenBooks, query: Query) -> tuple[Answer, int]:
    """Return what a plan will be about, which is known at once, and how many open documents."""
    currencies = frozenset(query.currencies) if query.currencies else None
    summary = books.summary(books.as_of(query)).only(books.chosen(query), currencies)
    count = sum(len(lines) for lines in summary.open_lines.values())
    return with_circumstances(books, plan_views.outlook_answer(summary), query), count
