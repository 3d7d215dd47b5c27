"""The line of commits between two revisions, and who made one."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from ledgercli.books.repository import run_git
from ledgercli.books.revision import GitMissingError
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its whole hash, the day and name of its author, the first line of its message."""

    hash: str
    date: dt.date
    by: str
    subject: str


def main_line(root: Path, first: str, last: str) -> tuple[str, ...] | None:
    """Return the commits after ``first`` up to ``last``, oldest first, along first parents.

    None where ``first`` is not on that line. Both are whole hashes; raise GitMissingError.
    """
    if first == last:
        return ()
    asked = ("rev-list", "--first-parent", "--reverse", "--parents", last, f"^{first}")
    lines = os.fsdecode(run_git(root, *asked).stdout).splitlines()
    parents = [line.split()[:2] for line in lines]
    if not parents or parents[0][-1] != first or len(parents[0]) == 1:
        return None
    return tuple(line[0] for line in parents)


def side_of_merge(root: Path, commit: str) -> tuple[str, str] | None:
    """Return where what ``commit`` merged began, and its last commit; None for no plain merge."""
    parents = os.fsdecode(run_git(root, "rev-parse", f"{commit}^@").stdout).split()
    if len(parents) != 2:
        return None
    base = run_git(root, "merge-base", *parents)
    return None if base.returncode else (os.fsdecode(base.stdout).strip(), parents[1])


def commit_facts(root: Path, commit: str) -> Commit:
    """Return what git knows of a commit."""
    shown = run_git(root, "show", "--no-patch", "--format=%as%x00%an%x00%s", commit)
    day, author, subject = shown.stdout.decode("utf-8", "replace").rstrip("\n").split("\0")
    return Commit(commit, dt.date.fromisoformat(day), author, subject)


def names_of_revisions(root: Path) -> tuple[str, ...]:
    """Return the tags and branches of the repository, nothing where there is none."""
    try:
        answer = run_git(
            root, "for-each-ref", "--format=%(refname:short)", "refs/tags", "refs/heads"
        )
    except GitMissingError:
        return ()
    return tuple(os.fsdecode(answer.stdout).split())
