"""The plan of a folder of letters, when letters are written there again: what a person decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from ledgercli.desk.reminders.letter_facts import decided
from ledgercli.model.letter_plan import LetterPlan, PlannedLetter


def merged_plan(
    day: dt.date,
    made: Sequence[PlannedLetter],
    before: LetterPlan | None,
    edited: Collection[tuple[str, str]] = (),
) -> LetterPlan:
    """Return the plan of a day's folder: the letters made now, and those of before it.

    What a person decided stays: always that a letter is skipped, and how it goes out as long as it
    says the same. Letters that were not made now stay as they are. Those ``edited`` were not
    written: their files say what they said before, and so does the plan.
    """
    letters = {letter.key: letter for letter in (before.letters if before else ())}
    for letter in made:
        known = letters.get(letter.key)
        if letter.key in edited:
            letter = _as_written(letter, known)  # noqa: PLW2901 - the same letter, as it stands
        letters[letter.key] = _merged(letter, known) if known else letter
    return LetterPlan(day, letters=tuple(letters[key] for key in sorted(letters)))


def _as_written(letter: PlannedLetter, known: PlannedLetter | None) -> PlannedLetter:
    """Return what the plan says of a letter whose edited files were left as they are.

    They say what the books said when they were written. Where no plan knows that any more, the
    letter has no facts, and follows from no books.
    """
    if known is None or known.letter != letter.letter:
        return replace(letter, facts="")
    return replace(
        known,
        channel=letter.channel,
        to=letter.to,
        subject=letter.subject,
        files=letter.files,
        proposed=letter.proposed,
    )


def _merged(letter: PlannedLetter, known: PlannedLetter) -> PlannedLetter:
    letter = replace(letter, skip=known.skip, note=known.note)
    if known.letter != letter.letter:
        return letter
    if known.proposed == decided(known):
        letter = replace(letter, files=tuple(dict.fromkeys((*known.files, *letter.files))))
        return replace(letter, proposed=decided(letter))
    if known.facts != letter.facts:
        return letter
    return replace(
        letter,
        channel=known.channel,
        to=known.to,
        subject=known.subject,
        files=known.files,
        proposed=known.proposed,
    )
