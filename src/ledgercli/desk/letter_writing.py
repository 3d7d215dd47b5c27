"""Makes the files of planned letters from the books' templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledgercli.desk.letter_files import FileStatus, LetterFolder, file_name, last_sequence
from ledgercli.desk.opening import OpenBooks
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding, Place
from ledgercli.model.template import TemplateText
from ledgercli.reminders.letter_context import letter_context
from ledgercli.reminders.letters import Choice, LetterKind, choose, render
from ledgercli.reminders.plan import Letter, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a planned letter. ``state`` is that of its files, or why there is none."""

    letter: Letter
    sequence: int
    files: tuple[str, ...]
    state: FileStatus | str
    recorded: bool = False


def write_letters(
    books: OpenBooks, planned: Plan, kinds: Sequence[LetterKind], *, dry_run: bool, whole: bool
) -> tuple[list[Outcome], list[Finding]]:
    """Write the letters of a plan in each of ``kinds``; return what became of each, and findings.

    Letters are numbered through the year, in the order of the plan; one that was written before
    keeps its number. ``whole`` says that the plan is about all customers, so that what it leaves
    out is not due. Raise the errors of reading templates and of writing.
    """
    from ledgercli.books.revision import books_revision
    from ledgercli.books.templates import template_texts

    texts, broken = template_texts(books.root)
    folder = LetterFolder.of(books.root, planned.as_of, dry_run=dry_run)
    sequence = last_sequence(books.root, planned.as_of.year)
    sequence = max(sequence, _last_recorded(books.events, planned.as_of.year))
    revision = books_revision(books.root) or ""
    outcomes: list[Outcome] = []
    findings: list[Finding] = list(broken)
    taken: set[str] = set()
    for letter in planned.letters:
        maker = _Maker(books, letter, planned.as_of, texts, kinds, taken)
        outcome, found = maker.write(folder, sequence + 1, revision)
        sequence = max(sequence, outcome.sequence)
        outcomes.append(outcome)
        findings += found
        findings += _rate_findings(letter, planned.as_of)
    folder.save()
    if whole:
        findings += _not_due(books, folder, outcomes)
    return outcomes, findings


def _not_due(books: OpenBooks, folder: LetterFolder, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Return the letters of the day that were written before, were not sent, and are not due now.

    They are compared without language and format, which a later call may choose otherwise.
    """
    kept = {_stem(path) for outcome in outcomes for path in outcome.files}
    sent = {_stem(str(event.details.get("letter", ""))) for event in books.events}
    found = []
    for name in sorted(folder.entries):
        path = f"{folder.relative}/{name}"
        if _stem(path) not in kept | sent and (books.root / path).exists():
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
    values = {"table": rule.above, "day": as_of.isoformat()}
    return [Finding(codes.RATE_UNKNOWN, values, customer=letter.customer.id)]


class _Maker:
    """Makes the files of one letter: all of its formats, or none when a template fails."""

    def __init__(
        self,
        books: OpenBooks,
        letter: Letter,
        day: dt.date,
        texts: Mapping[str, TemplateText],
        kinds: Sequence[LetterKind],
        taken: set[str],
    ) -> None:
        self.books, self.letter, self.day = books, letter, day
        self.texts, self.kinds, self.taken = texts, kinds, taken
        own = letter.customer.language or books.settings.language
        self.languages = [own, books.settings.language]

    def write(
        self, folder: LetterFolder, sequence: int, revision: str
    ) -> tuple[Outcome, list[Finding]]:
        """Write the files; return what became of them and what is wrong or was edited."""
        names: list[tuple[LetterKind, str]] = []
        for kind in self.kinds:
            _, choice, findings = self._render(kind, sequence, revision)
            if findings:
                return Outcome(self.letter, sequence, (), "failed"), list(findings)
            names.append((kind, self._name(kind, choice)))
        known = [folder.entries[name].sequence for _, name in names if name in folder.entries]
        sequence = known[0] if known else sequence
        states: list[FileStatus] = []
        found: list[Finding] = []
        for kind, name in names:

            def make(number: int, named: str, kind: LetterKind = kind) -> str:
                return self._render(kind, number, named)[0]

            state = folder.put(name, sequence, revision, make)
            states.append(state)
            if state == "edited":
                path = f"{folder.relative}/{name}"
                values = {"path": path}
                found.append(
                    Finding(codes.LETTER_EDITED, values, Place(path), self.letter.customer.id)
                )
        files = tuple(f"{folder.relative}/{name}" for _, name in names)
        order: tuple[FileStatus, ...] = ("edited", "written", "unchanged")
        state = next(each for each in order if each in states)
        return Outcome(self.letter, sequence, files, state), found

    def _render(
        self, kind: LetterKind, sequence: int, revision: str
    ) -> tuple[str, Choice | None, tuple[Finding, ...]]:
        template = self.letter.definition.template
        choice = choose(template, self.languages, kind, self.texts)
        context = letter_context(
            self.letter,
            self.books.settings,
            self.day,
            language=choice.wording if choice else "en",
            sequence=sequence,
            revision=revision,
        )
        return render(context, self.languages, kind, self.texts)

    def _name(self, kind: LetterKind, choice: Choice | None) -> str:
        """Return the file name; two customers whose names fold to one get numbers."""
        language = choice.wording if choice else "en"
        level = self.letter.definition.name
        customer, currency = self.letter.customer.id, self.letter.currency
        name = file_name(customer, currency, level, language, kind)
        number = 2
        while name.casefold() in self.taken:
            name = file_name(f"{customer}-{number}", currency, level, language, kind)
            number += 1
        self.taken.add(name.casefold())
        return name
