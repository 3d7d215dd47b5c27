"""The files of one letter from the books' templates, and what the plan of sending says of it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_facts import (
    context_of,
    decided_hash,
    facts_of,
    language_of,
    said_by,
)
from ledgercli.desk.reminders.letter_files import (
    FileStatus,
    LetterFolder,
    file_name,
    letter_name,
)
from ledgercli.desk.reminders.letter_parts import (
    EMAIL_KINDS,
    FileKind,
    Made,
    Make,
    Tools,
    content_of,
    email_file,
    enclosures,
)
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.letter_plan import PlannedLetter
from ledgercli.model.record import dataclass
from ledgercli.model.template import TemplateText
from ledgercli.reminders.letter_context import LetterContext
from ledgercli.reminders.letters import KINDS, Choice, LetterKind, choose, render
from ledgercli.reminders.planned import Letter
from ledgercli.reminders.record_texts import changed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a planned letter. ``state`` is that of its files, or why there is none.

    ``planned`` is what the plan of sending says of it, None where there is no file.
    """

    letter: Letter
    sequence: int
    files: tuple[str, ...]
    state: FileStatus | str
    planned: PlannedLetter | None = None
    recorded: bool = False


#: Templates of this name are made here, one for the subject of each wording.
_SUBJECT = "subject of "


def with_subjects(texts: Mapping[str, TemplateText]) -> dict[str, TemplateText]:
    """Return the templates with one more for each wording: its subject alone."""
    subjects = {
        f"{_SUBJECT}{name.removesuffix('.j2')}.txt.j2": TemplateText(
            f'{{% import "{name}" as text %}}{{{{ text.subject(letter) }}}}', text.file
        )
        for name, text in texts.items()
        if name.count(".") == 2
    }
    return {**texts, **subjects}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as another process made it: for which number and revision, and its files."""

    named: tuple[int, str]
    contents: dict[str, str | bytes]
    facts: str
    subject: str


class _Once:
    """Makes a file, and keeps it as long as it is asked for the same number and revision."""

    __slots__ = ("_for", "_made", "_make")

    def __init__(self, make: Make) -> None:
        self._make = make
        self._for: tuple[int, str] | None = None
        self._made: Made = "", ()

    def __call__(self, number: int, revision: str) -> Made:
        if self._for != (number, revision):
            self._made = self._make(number, revision)
            self._for = number, revision
        return self._made


class LetterMaker:
    """Makes the files of one letter: all of its formats, or none when a template fails."""

    def __init__(
        self,
        books: OpenBooks,
        letter: Letter,
        day: dt.date,
        kinds: Sequence[FileKind],
        taken: set[str],
        tools: Tools,
        folder: LetterFolder,
    ) -> None:
        """Name the letter as none of ``taken`` is, and add its name there."""
        self.books, self.letter, self.tools, self.folder = books, letter, tools, folder
        self.texts, self.kinds, self.taken = tools.texts, kinds, taken
        self.languages = [language_of(letter, books.settings), books.settings.language]
        self.day = day
        self._contexts: dict[str, LetterContext] = {}
        self._choices: dict[LetterKind, Choice | None] = {}
        self._prepared: Prepared | None = None
        self.stem = self._stem()
        self._accepted: dict[str, Make] = {}

    @property
    def parts(self) -> dict[str, Make]:
        """Return what makes the files of the letter, by their names; each is made once."""
        return self._accepted or self._own

    @functools.cached_property
    def _own(self) -> dict[str, Make]:
        # When its turn comes: no other process can help before all letters have their names.
        return {
            name: make if isinstance(make, _Once) else _Once(make) for name, make in self._makers()
        }

    def _context(self, language: str) -> LetterContext:
        if language not in self._contexts:
            settings = self.books.settings
            self._contexts[language] = context_of(self.letter, settings, self.day, language)
        return self._contexts[language]

    def make(self, sequence: int, revision: str) -> tuple[Finding, ...]:
        """Make all files of the letter, and keep them; return what is wrong with the first.

        One that was written before keeps its number and the revision it names.
        """
        named = self._named(sequence, revision)
        made = (make(*named)[1] for make in self.parts.values())
        return next((findings for findings in made if findings), ())

    def _named(self, sequence: int, revision: str) -> tuple[int, str]:
        entries = self.folder.entries
        known = next((entries[name] for name in self.parts if name in entries), None)
        return (known.sequence, known.revision) if known else (sequence, revision)

    def prepared(self, sequence: int, revision: str) -> Prepared | None:
        """Return all that takes time to make, for :meth:`accept`; None if anything is wrong."""
        if self.make(sequence, revision):
            return None
        named = self._named(sequence, revision)
        contents = {name: make(*named)[0] for name, make in self.parts.items()}
        subject = self._subject() if self.letter.channel != "post" else ""
        facts = self._facts()
        self.forget()
        return Prepared(named, contents, facts, subject)

    def accept(self, made: Prepared | None) -> None:
        """Take over what the same letter's maker in another process has made."""
        if made is None:
            return
        self._prepared = made
        self._accepted = {
            name: functools.partial(self._taken, made, name) for name in made.contents
        }

    def _taken(self, made: Prepared, name: str, number: int, revision: str) -> Made:
        """Return a file of ``made``, or where that is for another number one that is made here."""
        same = (number, revision) == made.named
        return (made.contents[name], ()) if same else self._own[name](number, revision)

    def _facts(self) -> str:
        return facts_of(self.letter, self._context(self.languages[0]))

    def forget(self) -> None:
        """Let go of the files made: what makes them holds on to the letter, and it to them."""
        self._accepted = {}
        self._own = {}
        self._contexts = {}
        self._prepared = None

    def write(self, sequence: int, revision: str) -> tuple[Outcome, list[Finding]]:
        """Write the files; return what became of them and what is wrong or was edited."""
        folder, parts, stem = self.folder, self.parts, self.stem
        known = [folder.entries[name] for name in parts if name in folder.entries]
        sequence = known[0].sequence if known else sequence
        # Most letters are made once: all of them before the first is written.
        found = list(self.make(sequence, revision))
        if found:
            return Outcome(self.letter, sequence, (), _failure(found)), found
        if "eml" in self.kinds and not self.letter.email:
            found.append(Finding(codes.NO_EMAIL_ADDRESS, {}, customer=self.letter.customer.id))
        if not parts:
            return Outcome(self.letter, sequence, (), _failure(found)), found
        states: list[FileStatus] = []
        for name, make in parts.items():
            state = folder.put(name, sequence, revision, content_of(make))
            states.append(state)
            if state == "edited":
                path = f"{folder.relative}/{name}"
                values = {"path": path}
                found.append(
                    Finding(codes.LETTER_EDITED, values, Place(path), self.letter.customer.id)
                )
        order: tuple[FileStatus, ...] = ("edited", "written", "unchanged")
        state = next(each for each in order if each in states)
        entry = next((folder.entries[name] for name in parts if name in folder.entries), None)
        planned = self._planned(stem, tuple(parts), sequence, entry.revision if entry else revision)
        files = tuple(f"{folder.relative}/{name}" for name in parts)
        return Outcome(self.letter, sequence, files, state, planned), found

    def _makers(self) -> Iterator[tuple[str, Make]]:
        """Yield the names of the letter's files, and what makes each from number and revision."""
        stem = self.stem
        by_email = "eml" in self.kinds and bool(self.letter.email)
        wanted = _wanted(tuple(self.kinds), by_email=by_email)
        bodies: dict[LetterKind, Make] = {
            kind: _Once(functools.partial(self._render, kind)) for kind in wanted
        }
        names = {kind: self._name(stem, kind, self._choose(kind)) for kind in wanted}
        enclosed = list(enclosures(self.tools, self.letter, self.day, stem))
        yield from ((names[kind], bodies[kind]) for kind in KINDS if kind in self.kinds)
        yield from enclosed
        if by_email:
            inside = [(names[kind], bodies[kind]) for kind in EMAIL_KINDS] + enclosed

            def make(number: int, revision: str) -> Made:
                planned = self._planned(stem, tuple(dict(inside)), number, revision)
                planned = replace(
                    planned, channel="email", to=self.letter.email, subject=self._subject()
                )
                parts = {name: body(number, revision) for name, body in inside}
                return email_file(self.books, self.folder.relative, planned, parts, self.day)

            yield file_name(stem, names["txt"].rsplit(".", 2)[1], "eml"), make

    def _planned(
        self, stem: str, names: tuple[str, ...], sequence: int, revision: str
    ) -> PlannedLetter:
        letter = self.letter
        to = letter.email if letter.channel != "post" else ""
        subject = self._subject() if letter.channel != "post" else ""
        return said_by(
            letter,
            self.books.settings,
            stem,
            channel=letter.channel,
            to=to,
            subject=subject,
            files=names,
            number=sequence,
            revision=revision,
            facts=self._prepared.facts if self._prepared else self._facts(),
            proposed=decided_hash(letter.channel, to, subject, names),
        )

    def _subject(self) -> str:
        """Return what the letter's wording says under ``subject``, else its level's name."""
        if self._prepared and self._prepared.subject:
            return self._prepared.subject
        template = self.letter.definition.template
        choice = self._choose("txt")
        name = f"{_SUBJECT}{template}"
        if choice is None or f"{name}.{choice.wording}.txt.j2" not in self.texts:
            return self.letter.definition.name
        context = changed(self._context(choice.wording), template=name)
        text, _, findings = render(context, [choice.wording], "txt", self.texts)
        said = "" if findings or isinstance(text, bytes) else " ".join(text.split())
        return said or self.letter.definition.name

    def _choose(self, kind: LetterKind) -> Choice | None:
        if kind not in self._choices:
            template = self.letter.definition.template
            self._choices[kind] = choose(template, self.languages, kind, self.texts)
        return self._choices[kind]

    def _render(
        self, kind: LetterKind, sequence: int, revision: str
    ) -> tuple[str | bytes, tuple[Finding, ...]]:
        choice = self._choose(kind)
        context = self._context(choice.wording if choice else "en")
        context = changed(context, sequence=sequence, revision=revision)
        text, _, findings = render(context, self.languages, kind, self.texts, self.tools.press)
        return text, findings

    def _stem(self) -> str:
        """Return the letter's name; two customers whose names fold to one get numbers."""
        level = self.letter.definition.name
        customer, currency = self.letter.customer.id, self.letter.currency
        stem = letter_name(customer, currency, level)
        number = 2
        while stem.casefold() in self.taken:
            stem = letter_name(f"{customer}-{number}", currency, level)
            number += 1
        self.taken.add(stem.casefold())
        return stem

    @staticmethod
    def _name(stem: str, kind: LetterKind, choice: Choice | None) -> str:
        return file_name(stem, choice.wording if choice else "en", kind)


@functools.cache
def _wanted(kinds: tuple[FileKind, ...], *, by_email: bool) -> tuple[LetterKind, ...]:
    """Return which texts a letter consists of."""
    return tuple(kind for kind in KINDS if kind in kinds or (by_email and kind in EMAIL_KINDS))


def _failure(findings: Sequence[Finding]) -> str:
    """Return the state of a letter that could not be made: for its template, or otherwise."""
    of_template = {codes.TEMPLATE_ERROR.code, codes.TEMPLATE_MISSING.code}
    return "failed" if of_template & {finding.code for finding in findings} else "not-written"
