"""Makes the files of planned letters from the books' templates, and the plan of sending them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.ahead import made_ahead
from ledgercli.desk.reminders.collecting import Collector
from ledgercli.desk.reminders.letter_files import (
    LetterFolder,
    last_sequence,
)
from ledgercli.desk.reminders.letter_making import LetterMaker, Outcome, with_subjects
from ledgercli.desk.reminders.letter_parts import (
    FileKind,
    tools_of,
)
from ledgercli.desk.reminders.plan_merging import merged_plan
from ledgercli.desk.reminders.reminder_errors import PlanUnusableError
from ledgercli.desk.reminders.second_process import TASKS_MIN, helped
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding, Place
from ledgercli.model.letter_plan import LetterPlan
from ledgercli.model.record import dataclass
from ledgercli.reminders.planned import Letter, Plan

#: What holds all letters, and says of none that it is not due.
_FOR_ALL = frozenset({"ledger-errors", "not-fresh"})


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a run: what became of each, the plan of their folder, what is wrong."""

    outcomes: list[Outcome]
    plan: LetterPlan
    folder: LetterFolder
    findings: list[Finding]


def write_letters(
    books: OpenBooks, planned: Plan, kinds: Sequence[FileKind], *, dry_run: bool, whole: bool
) -> Letters:
    """Write the letters of a plan in each of ``kinds``, and how they are to be sent.

    Letters are numbered through the year, in the order of the plan; one that was written before
    keeps its number. ``whole`` says that the plan is about all customers, so that what it leaves
    out is not due. Raise PlanUnusableError and the errors of reading templates and of writing.
    """
    from ledgercli.books.plan_file import LetterText, plan_text, read_plan
    from ledgercli.books.revision import books_revision
    from ledgercli.books.templates import template_texts

    texts, broken = template_texts(books.root)
    tools, unusable = tools_of(books, planned, kinds, with_subjects(texts))
    with LetterFolder.of(books.root, planned.as_of, dry_run=dry_run) as folder:
        before, wrong = read_plan(books.root, folder.relative)
        PlanUnusableError.refuse(wrong)
        sequence = last_sequence(books.root, planned.as_of.year)
        sequence = max(sequence, _last_recorded(books.events, planned.as_of.year))
        revision = books_revision(books.root) or ""
        outcomes: list[Outcome] = []
        findings: list[Finding] = [*broken, *unusable]
        texts_of_plan: dict[str, LetterText] = {}
        taken: set[str] = set()
        makers: Iterable[LetterMaker] = (
            LetterMaker(books, letter, planned.as_of, kinds, taken, tools, folder)
            for letter in planned.letters
        )
        # Most letters have the numbers that are guessed here.
        first = sequence + 1
        if tools.press:
            # The press works beside Python.
            makers = made_ahead(makers, lambda place, maker: maker.make(first + place, revision))
        elif len(planned.letters) >= TASKS_MIN:
            makers = helped(
                list(makers),
                lambda place, maker: maker.make(first + place, revision),
                lambda place, maker: maker.prepared(first + place, revision),
                LetterMaker.accept,
            )
        collector = Collector()
        for maker in makers:
            outcome, found = maker.write(sequence + 1, revision)
            maker.forget()
            sequence = max(sequence, outcome.sequence)
            outcomes.append(outcome)
            if outcome.planned:
                # As long as another process makes letters beside this one.
                texts_of_plan[outcome.planned.letter] = LetterText.of(outcome.planned)
            collector.count()
            findings += found
            findings += _rate_findings(maker.letter, planned.as_of)
        made = [outcome.planned for outcome in outcomes if outcome.planned]
        edited = {each.planned.key for each in outcomes if each.planned and each.state == "edited"}
        plan = merged_plan(planned.as_of, made, before, edited)
        if plan.letters:
            folder.put_plan(plan_text(plan, books.language, texts_of_plan))
        if whole and not any(row.reason in _FOR_ALL for row in planned.held):
            findings += _not_due(books, folder, outcomes)
    return Letters(outcomes, plan, folder, findings)


def _not_due(books: OpenBooks, folder: LetterFolder, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Return the letters of the day that were written before, were not sent, and are not due now.

    They are compared without language and format, which a later call may choose otherwise.
    """
    kept = {_stem(path) for outcome in outcomes for path in outcome.files}
    kept |= {_stem(str(event.details.get("letter", ""))) for event in books.events}
    found = []
    for name in sorted(folder.letters):
        path = f"{folder.relative}/{name}"
        if _stem(path) not in kept and (books.root / path).exists():
            found.append(Finding(codes.LETTER_NOT_DUE, {"path": path}, Place(path)))
    return found


def _stem(path: str) -> str:
    """Return the path of a letter without ``.LANG.EXT``."""
    return path.rsplit(".", 2)[0]


def _last_recorded(events: Sequence[Event], year: int) -> int:
    numbers = (event.details.get("letter_number") for event in events if event.date.year == year)
    return max((number for number in numbers if isinstance(number, int)), default=0)


def _rate_findings(letter: Letter, as_of: dt.date) -> list[Finding]:
    rule = letter.policy.interest
    if not letter.rate_unknown or rule is None:
        return []
    values = {"table": rule.table, "day": as_of.isoformat()}
    return [Finding(codes.RATE_UNKNOWN, values, customer=letter.customer.id)]
