"""On which day each customer file was last committed, and which papers are there."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from ledgercli.books.files import inside
from ledgercli.books.repository import run_git
from ledgercli.books.revision import GitMissingError
from ledgercli.model.customer import fold

_MARK = "commit "
_SEPARATORS = re.compile(r"[\s_.,()\[\]]+")


def last_commit_days(root: Path, folder: str, revision: str | None = None) -> dict[str, dt.date]:
    """Return the day of the last commit of each file below ``folder``, by path from the books.

    As of ``revision``, else of what is checked out. Empty without git, a repository or a commit.
    """
    wanted = revision or "HEAD"
    try:
        answer = run_git(
            root,
            "-c",
            "core.quotePath=false",
            "log",
            f"--format={_MARK}%cs",
            "--name-only",
            "--relative",
            wanted,
            "--",
            folder,
        )
    except GitMissingError:
        return {}
    if answer.returncode:
        return {}
    days: dict[str, dt.date] = {}
    day = None
    for line in os.fsdecode(answer.stdout).splitlines():
        if line.startswith(_MARK):
            day = dt.date.fromisoformat(line.removeprefix(_MARK))
        elif line and day:
            days[line] = max(day, days.get(line, day))
    return days


class Papers:
    """The names of all files below a folder of the books."""

    def __init__(self, root: Path, folder: str) -> None:
        """List them; a folder that is not there has none. Raise what leads out of the books."""
        top = inside(root, folder)
        names = (file for _folder, _below, files in os.walk(top) for file in files)
        self._text = "\n".join(f" {_words(name)} " for name in names)

    def has(self, number: str) -> bool:
        """Return whether a file's name has the number as a word, or that of its invoice."""
        whole = f" {_words(number)} "
        invoice = f" {_words(number.partition('/')[0])} "
        return whole in self._text or invoice in self._text


def _words(name: str) -> str:
    return _SEPARATORS.sub(" ", fold(name)).strip()
