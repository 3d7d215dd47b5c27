"""Letters outside of a plan of reminders: statements, and letters about contracts.

They are written to a folder of the day, each in the formats asked for, and never over what a person
changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Protocol, Self

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_files import (
    FileStatus,
    LetterFolder,
    file_name,
    letter_name,
    read_entries,
)
from ledgercli.desk.reminders.printing_press import press_of
from ledgercli.desk.reminders.reminder_errors import LetterTypeError
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass
from ledgercli.model.template import TemplateText
from ledgercli.reminders.letters import KINDS, LetterKind, choose
from ledgercli.reminders.press import Press

#: What became of a letter is what became of the first of these among its files.
_WEIGHTIEST: tuple[FileStatus, ...] = ("edited", "written", "unchanged")


class LetterMaker(Protocol):
    """Makes one letter in the formats asked for."""

    def wording(self, kind: LetterKind) -> str:
        """Return the language that the letter is in."""

    def make(
        self, kind: LetterKind, number: int, revision: str
    ) -> tuple[str | bytes, tuple[Finding, ...]]:
        """Return the letter and what is wrong with its templates; ``number`` 0 prints none."""


@dataclass(frozen=True, slots=True)
class Means:
    """What all letters of a run are made with; ``findings`` are about templates and fonts."""

    texts: Mapping[str, TemplateText]
    press: Press | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, books: OpenBooks, kinds: Sequence[LetterKind]) -> Self:
        """Return the templates of ``books``, and a press where some letters are PDF."""
        from ledgercli.books.templates import template_texts

        texts, broken = template_texts(books.root)
        press, unusable = press_of(books) if "pdf" in kinds else (None, ())
        return cls(texts, press, (*broken, *unusable))

    def wording(self, template: str, languages: Sequence[str], kind: LetterKind) -> str:
        """Return the language of a letter that is to be in the first of ``languages`` there is."""
        choice = choose(template, languages, kind, self.texts)
        return choice.wording if choice else "en"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a letter: its files, relative to the books, their state, and its number."""

    state: FileStatus | str
    files: tuple[str, ...] = ()
    number: int = 0


@dataclass(slots=True)
class DatedFolder(LetterFolder):
    """The letters of a day in a folder ``of_kind``, and what was written there."""

    of_kind: str = field(kw_only=True)

    @classmethod
    def at(cls, root: Path, of_kind: str, day: dt.date, *, dry_run: bool) -> Self:
        """Return the folder with what its record says; raise FileUnreadableError."""
        entries = read_entries(root, f"{of_kind}/{day.isoformat()}")
        return cls(root, day, dry_run, entries, of_kind=of_kind)

    @property
    def relative(self) -> str:
        """Return the folder, relative to the books."""
        return f"{self.of_kind}/{self.day.isoformat()}"

    def write(
        self,
        maker: LetterMaker,
        named: tuple[str, str, str],
        kinds: Sequence[LetterKind],
        revision: str,
        number: int = 0,
    ) -> tuple[Written, list[Finding]]:
        """Write a letter in each of ``kinds``, and return what became of it and what is wrong.

        ``named`` are customer, subject and template, which its files are called by. It keeps the
        ``number`` that it had. Where a template is in error nothing is written.
        """
        stem = letter_name(*named)
        names = {kind: file_name(stem, maker.wording(kind), kind) for kind in kinds}
        known = [self.entries[name] for name in names.values() if name in self.entries]
        number = known[0].sequence if known else number
        wrong = [row for kind in kinds for row in maker.make(kind, number, revision)[1]]
        if wrong:
            return Written("failed"), wrong
        states, found = [], []
        for kind, name in names.items():

            def make(number: int, named: str, kind: LetterKind = kind) -> str | bytes:
                return maker.make(kind, number, named)[0]

            states.append(self.put(name, number, revision, make))
            if states[-1] == "edited":
                path = f"{self.relative}/{name}"
                found.append(Finding(codes.LETTER_EDITED, {"path": path}, Place(path), named[0]))
        state = next(each for each in _WEIGHTIEST if each in states)
        files = tuple(f"{self.relative}/{name}" for name in names.values())
        return Written(state, files, number), found


def kinds_of(types: Iterable[str]) -> tuple[LetterKind, ...]:
    """Return the formats asked for in their order, text if none; raise LetterTypeError."""
    asked = list(types)
    for name in asked:
        if name not in KINDS:
            raise LetterTypeError(kind=name)
    return tuple(kind for kind in KINDS if kind in asked) or ("txt",)
