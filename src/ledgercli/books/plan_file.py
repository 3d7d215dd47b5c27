"""The plan of a folder of letters, ``letters/DATE/plan.yaml``: written for people to look at.

It is read with the same care as a customer's record, since people edit it before it is carried out.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, Self

from ledgercli.books.files import inside, read_bytes
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import Problem, to_findings, validated
from ledgercli.books.yaml_text import yaml_scalar
from ledgercli.model.catalogue import records as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.finding import Finding
from ledgercli.model.letter_plan import LetterPlan, PlannedDocument, PlannedLetter
from ledgercli.model.mail_values import is_channel
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Money

FOLDER = "letters"
NAME = "plan.yaml"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

#: What stands above a plan, by the language of the books.
_HEADINGS = {
    "en": """\
# What `ledgercli remind send {date}` does, letter by letter. Edit it as you like:
# `skip: yes` leaves a letter out, `channel:` and `to:` send it another way, `subject:` is that of
# the e-mail, `note:` is yours. The files of the letters may be edited, too; what is left out of
# `files:` is not sent. All else is what the letter says: a letter that does not follow from the
# books any more is held.
""",
    "zh": """\
# `ledgercli remind send {date}` 按本文件逐封寄发，可以直接修改：
# `skip: yes` 这封不寄，`channel:`、`to:` 换渠道、换地址，`subject:` 是邮件标题，
# `note:` 写您的备注。信的文件也可以修改；从 `files:` 中去掉的不寄。
# 其余各项与信中内容一致：与账上不再相符的信暂缓寄发。
""",
}


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
    if plan:
        problems += _unknown_channels(plan)
    findings = source.findings + to_findings(problems, source)
    return plan, tuple(sorted(findings, key=lambda finding: finding.order))


def _unknown_channels(plan: LetterPlan) -> Iterator[Problem]:
    """Yield the channels that do not exist, which would be noticed when letters go out."""
    for index, letter in enumerate(plan.letters):
        if not is_channel(letter.channel):
            reason: str = Sentence(N_("there is no channel `{channel}`"), channel=letter.channel)
            values = {"key": f"letters.{index + 1}.channel", "reason": reason}
            yield Problem(codes.INVALID_VALUE, ("letters", index, "channel"), values)


def plan_folders(root: Path) -> tuple[str, ...]:
    """Return the folders with a plan, oldest first, as paths within the books."""
    try:
        entries = sorted(entry.name for entry in (root / FOLDER).iterdir())
    except OSError:
        return ()
    folders = (f"{FOLDER}/{name}" for name in entries if _DAY.fullmatch(name))
    return tuple(folder for folder in folders if (root / folder / NAME).is_file())


def plan_text(
    plan: LetterPlan, language: str = "en", known: Mapping[str, LetterText] | None = None
) -> str:
    """Return the plan as the file has it, with a heading that says what may be edited.

    The heading is in the ``language`` of the books, in English where there is none in it. ``known``
    are texts of some of its letters, by what the letters are called.
    """
    heading = _HEADINGS.get(re.split("[-_]", language)[0], _HEADINGS["en"])
    lines = [heading.format(date=plan.date.isoformat())]
    lines.append("version: 1\n")
    lines.append(f"date: {plan.date.isoformat()}\n")
    lines.append("letters:\n" if plan.letters else "letters: []\n")
    known = known or {}
    for letter in plan.letters:
        text = known.get(letter.letter)
        lines.append(text.text if text and text.letter is letter else LetterText.of(letter).text)
    return "".join(lines)


class LetterText(NamedTuple):
    """A letter of a plan, and how the file has it."""

    letter: PlannedLetter
    text: str

    @classmethod
    def of(cls, letter: PlannedLetter) -> Self:
        """Return the letter with its text."""
        return cls(letter, f"\n  - {_letter_text(letter)}\n")


def _letter_text(letter: PlannedLetter) -> str:
    """Return a letter as an entry of the list: first what people decide, then what it says."""
    # Names and numbers are of this letter alone: nobody asks for them again.
    lines = [f"letter: {yaml_scalar(letter.letter)}", f"skip: {_truth(letter.skip)}"]
    if letter.note:
        lines.append(f"note: {yaml_scalar(letter.note)}")
    lines.append(f"channel: {_scalar(letter.channel)}")
    if letter.to:
        lines.append(f"to: {yaml_scalar(letter.to)}")
    if letter.subject:
        lines.append(f"subject: {yaml_scalar(letter.subject)}")
    lines += (
        f"files: [{', '.join(map(yaml_scalar, letter.files))}]",
        f"review: {letter.review}",
        f"customer: {yaml_scalar(letter.customer)}",
        f"currency: {letter.currency}",
        f"language: {_scalar(letter.language)}",
        f"number: {letter.number}",
        f"policy: {_scalar(letter.policy)}",
        f"level: {letter.level}",
        f"level_name: {_scalar(letter.level_name)}",
    )
    if letter.deadline:
        lines.append(f"deadline: {letter.deadline.isoformat()}")
    lines += (
        f"total: {_money(letter.total)}",
        f"unallocated: {_money(letter.unallocated)}",
        f"deposits: {_money(letter.deposits)}",
        f"fee: {_money(letter.fee)}",
        f"interest: {_money(letter.interest)}",
        f"carried: {_money(letter.carried)}",
        f"claimed: {_money(letter.claimed)}",
        f"documents: {''.join(map(_document_text, letter.documents)) or '[]'}",
    )
    if letter.revision:
        lines.append(f"revision: {_scalar(letter.revision)}")
    if letter.facts:
        lines.append(f"facts: {letter.facts}")
    if letter.proposed:
        lines.append(f"proposed: {letter.proposed}")
    return "\n    ".join(lines)


def _truth(value: bool) -> str:  # noqa: FBT001 - it is all there is
    return "true" if value else "false"


def _document_text(document: PlannedDocument) -> str:
    return (
        f"\n      - {{number: {yaml_scalar(document.number)}, due: {document.due.isoformat()},"
        f" days_overdue: {document.days_overdue}, open: {_money(document.open)},"
        f" level: {document.level}, level_name: {_scalar(document.level_name)},"
        f" raised: {_truth(document.raised)}, fee: {_money(document.fee)},"
        f" interest: {_money(document.interest)}}}"
    )


@functools.lru_cache(maxsize=4096)
def _scalar(text: str) -> str:
    return yaml_scalar(text)


def _money(money: Money | None) -> str:
    return f"{_plain(money.amount, money.currency)} {money.currency}" if money else "null"


@functools.lru_cache(maxsize=4096)
def _plain(amount: Decimal, currency: str) -> str:
    return plain(amount, currency)


def folder_of(day: dt.date) -> str:
    """Return the folder of the letters of ``day``, as a path within the books."""
    return f"{FOLDER}/{day.isoformat()}"
