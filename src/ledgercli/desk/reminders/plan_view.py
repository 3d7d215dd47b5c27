"""A plan of reminders for whoever looks at it again and again, in parts, and then acts on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol

from ledgercli.books.plan_file import plan_folders
from ledgercli.books.sent_log import SentLog
from ledgercli.books.store.inputs import status_of
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.paging import Part, part_of
from ledgercli.desk.reminders import plan_views
from ledgercli.desk.reminders.plan_views import Choice
from ledgercli.desk.reminders.planning import blocking_findings, plan_of
from ledgercli.desk.reminders.reminder_answers import plan_answer
from ledgercli.desk.reminders.reminding import planned, send
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.desk.watching import letter_files
from ledgercli.model.answer import Answer
from ledgercli.model.record import dataclass
from ledgercli.reminders.planned import Plan

#: A check of letters is made anew after so long, since a letter that failed is tried again.
_FRESH_SECONDS = 600


class Keeper(Protocol):
    """Keeps what is long to make."""

    def has(self, key: Hashable) -> bool:
        """Return whether something is kept under ``key``."""

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any kind
        """Return what is kept under ``key``, else what ``make`` returns, which is kept."""


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


@dataclass(frozen=True, slots=True)
class Planning:
    """Plans, and checks of letters, for one look at the books; what is long to make is kept.

    ``log`` is the state of the activity log, taken before it was read.
    """

    books: OpenBooks
    query: Query
    options: SendOptions
    log: Hashable
    keeper: Keeper

    @property
    def can_keep(self) -> bool:
        """Return whether anybody can tell the state of the books, so that a plan can be kept."""
        return self.books.kept_in is not None

    @property
    def is_planned(self) -> bool:
        """Return whether the plan has been made already."""
        return self.can_keep and self.keeper.has(self._plan_key())

    @property
    def is_checked(self) -> bool:
        """Return whether the letters that were written have been checked, or there are none."""
        if self.books.location.bare or not plan_folders(self.books.root):
            return True
        return self.can_keep and self.keeper.has(self._checking_key())

    def view(self) -> PlanView:
        """Return the plan."""
        books, made = self.books, None
        if self.can_keep:

            def make() -> Plan:
                return plan_of(books, self.query, books.events)

            made = self.keeper.kept(self._plan_key(), make)
        return PlanView(books, self.query, planned(books, self.query, self.options, made))

    def checked_letters(self) -> Answer:
        """Return what sending the letters written last would do.

        Raise what :func:`ledgercli.desk.reminders.reminding.send` does.
        """

        def check() -> Answer:
            return send(self.books, self.query, "", dry_run=True, options=self.options)

        found: Answer = self.keeper.kept(self._checking_key(), check) if self.can_keep else check()
        return found

    def _plan_key(self) -> Hashable:
        """Return what a plan depends on: state of the books, activity log, day, question."""
        mark = self.books.kept_in[1] if self.books.kept_in else b""
        return ("plan", mark, self.log, self.books.as_of(self.query), repr(self.query))

    def _checking_key(self) -> Hashable:
        """Return what a check of the letters that were written depends on.

        Besides what a plan does these are the files of all letters, the record outside of the
        books, and the time of day, on which a letter that failed is tried again.
        """
        root = self.books.root
        second = SentLog(self.options.state, root).path
        outside = status_of(str(second)) if second else None
        moment = int(self.books.now.timestamp()) // _FRESH_SECONDS
        return ("check", self._plan_key(), letter_files(root), outside, moment)


def outlook(books: OpenBooks, query: Query) -> tuple[Answer, int]:
    """Return what a plan will be about, which is known at once, and how many open documents."""
    currencies = frozenset(query.currencies) if query.currencies else None
    summary = books.summary(books.as_of(query)).only(books.chosen(query), currencies)
    count = sum(len(lines) for lines in summary.open_lines.values())
    return with_circumstances(books, plan_views.outlook_answer(summary), query), count
