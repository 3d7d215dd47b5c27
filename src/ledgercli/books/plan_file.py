"""The plan of a folder of letters, ``letters/DATE/plan.yaml``: written for people to look at.

It is read with the same care as a customer's record, since people edit it before it is carried out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledgercli.books.files import inside, read_bytes
from ledgercli.books.source import read_source
from ledgercli.books.validation import to_findings, validated
from ledgercli.books.yaml_text import yaml_lines
from ledgercli.model.currency import plain
from ledgercli.model.finding import Finding
from ledgercli.model.letter_plan import LetterPlan, PlannedDocument, PlannedLetter
from ledgercli.model.values import Money

FOLDER = "letters"
NAME = "plan.yaml"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_HEADING = """\
# What `ledgercli remind send {date}` does, letter by letter. Edit it as you like:
# `skip: yes` leaves a letter out, `channel:` and `to:` send it another way, `subject:` is that of
# the e-mail, `note:` is yours. The files of the letters may be edited, too; what is left out of
# `files:` is not sent. All else is what the letter says: a letter that does not follow from the
# books any more is held.
"""


def read_plan(root: Path, folder: str) -> tuple[LetterPlan | None, tuple[Finding, ...]]:
    """Return the plan in ``folder`` (``letters/2026-11-21``), None where there is none to be used.

    The findings say what is wrong with it; raise OutsideBooksError for a folder elsewhere.
    """
    shown = f"{folder}/{NAME}"
    path = inside(root, shown)
    if not path.exists():
        return None, ()
    content, refused = read_bytes(path, root)
    if content is None:
        return None, tuple(refused)
    source = read_source(content, shown)
    if source.data is None:
        return None, tuple(source.findings)
    plan, problems = validated(LetterPlan, source.data)
    findings = source.findings + to_findings(problems, source)
    return plan, tuple(sorted(findings, key=lambda finding: finding.order))


def plan_folders(root: Path) -> tuple[str, ...]:
    """Return the folders with a plan, oldest first, as paths within the books."""
    try:
        entries = sorted(entry.name for entry in (root / FOLDER).iterdir())
    except OSError:
        return ()
    folders = (f"{FOLDER}/{name}" for name in entries if _DAY.fullmatch(name))
    return tuple(folder for folder in folders if (root / folder / NAME).is_file())


def plan_text(plan: LetterPlan) -> str:
    """Return the plan as the file has it, with a heading that says what may be edited."""
    lines = [_HEADING.format(date=plan.date.isoformat())]
    lines.append("version: 1\n")
    lines.append(f"date: {plan.date.isoformat()}\n")
    lines.append("letters:\n" if plan.letters else "letters: []\n")
    for letter in plan.letters:
        mark = "\n  - "
        for line in yaml_lines(dict(_letter_pairs(letter))):
            lines.append(f"{mark}{line}\n")
            mark = "    "
    return "".join(lines)


def _letter_pairs(letter: PlannedLetter) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a letter: first what people decide, then what it says."""
    yield "letter", letter.letter
    yield "skip", letter.skip
    if letter.note:
        yield "note", letter.note
    yield "channel", letter.channel
    if letter.to:
        yield "to", letter.to
    if letter.subject:
        yield "subject", letter.subject
    yield "files", list(letter.files)
    yield "review", letter.review
    yield "customer", letter.customer
    yield "currency", letter.currency
    yield "language", letter.language
    yield "number", letter.number
    yield "policy", letter.policy
    yield "level", letter.level
    yield "level_name", letter.level_name
    if letter.deadline:
        yield "deadline", letter.deadline.isoformat()
    for key in ("total", "unallocated", "deposits", "fee", "interest", "carried", "claimed"):
        yield key, _money(getattr(letter, key))
    yield "documents", [dict(_document_pairs(document)) for document in letter.documents]
    if letter.revision:
        yield "revision", letter.revision
    yield "facts", letter.facts
    yield "proposed", letter.proposed


def _document_pairs(document: PlannedDocument) -> Iterator[tuple[str, Any]]:
    yield "number", document.number
    yield "due", document.due.isoformat()
    yield "days_overdue", document.days_overdue
    yield "open", _money(document.open)
    yield "level", document.level
    yield "level_name", document.level_name
    yield "raised", document.raised
    yield "fee", _money(document.fee)
    yield "interest", _money(document.interest)


def _money(money: Money | None) -> str | None:
    return f"{plain(money.amount, money.currency)} {money.currency}" if money else None


def folder_of(day: dt.date) -> str:
    """Return the folder of the letters of ``day``, as a path within the books."""
    return f"{FOLDER}/{day.isoformat()}"
