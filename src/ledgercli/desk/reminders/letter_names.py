"""Letters and their folders by the names that people type."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path

from ledgercli.books.plan_file import FOLDER, plan_folders, read_plan
from ledgercli.desk.reminders.reminder_errors import PlanMissingError, UnknownLetterError
from ledgercli.desk.reminders.sendings import SendLog, letter_path
from ledgercli.model.letter_plan import LetterPlan, PlannedLetter
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A letter that was written: its folder, the plan there, and what that says of it."""

    folder: str
    plan: LetterPlan
    letter: PlannedLetter

    @property
    def path(self) -> str:
        """Return the letter's path without language and suffix."""
        return f"{self.folder}/{self.letter.letter}"


def folder_named(root: Path, text: str, as_of: dt.date) -> str:
    """Return the folder that ``text`` names by its date or path; empty: the latest by ``as_of``.

    Raise PlanMissingError where there is no plan in it.
    """
    folders = plan_folders(root)
    if not text:
        known = [folder for folder in folders if folder.rpartition("/")[2] <= as_of.isoformat()]
        if not known:
            raise PlanMissingError(folder=FOLDER)
        return known[-1]
    name = Path(text).name if text.rstrip("/") else text
    folder = f"{FOLDER}/{name}"
    if folder not in folders:
        raise PlanMissingError(folder=text)
    return folder


def letter_named(root: Path, text: str, log: SendLog) -> Named:
    """Return the letter that ``text`` names; raise UnknownLetterError.

    It may be its path, the path of one of its files, its name (then the newest of that name), its
    customer (the newest letter), or its message id.
    """
    sending = log.sendings.get(text) or log.sendings.get(f"<{text}>")
    wanted = sending.letter if sending else letter_path(text.removeprefix("./"))
    folder, _, name = wanted.rpartition("/")
    name_folder = folder.rpartition("/")[2]
    near: list[str] = []
    for each in reversed(plan_folders(root)):
        if folder and name_folder != each.rpartition("/")[2]:
            continue
        plan, _findings = read_plan(root, each)
        for letter in plan.letters if plan else ():
            if plan and name in {letter.letter, letter.customer}:
                return Named(each, plan, letter)
            near.append(letter.letter)
    close = difflib.get_close_matches(name, near, n=1)
    raise UnknownLetterError(letter=text, suggestion=close[0] if close else "")
