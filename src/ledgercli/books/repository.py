"""The git repository of the books: who commits, whether others were ahead, and commits of ours."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ledgercli.books.revision import GitMissingError, git_environment
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass

_SECONDS_MAX = 120


class NoIdentityError(LedgercliError):
    """Git does not know who is working here."""

    message = N_("git does not know who you are")
    hint = N_("set `git config user.name` and `git config user.email`")


class CommitError(LedgercliError):
    """Git would not commit; the files are written all the same."""

    message = N_("git did not commit: {reason}")
    hint = N_("commit `letters` and `activity` yourself; what was sent is recorded there")


@dataclass(frozen=True, slots=True)
class PastVersion:
    """What a file held from a commit on: its hash, day, author, and the bytes."""

    commit: str
    date: dt.date
    by: str
    content: bytes


def first_commit(root: Path) -> str:
    """Return the hash of the oldest commit of the branch, empty without git or a commit."""
    try:
        answer = run_git(root, "rev-list", "--max-parents=0", "HEAD")
    except GitMissingError:
        return ""
    return "" if answer.returncode else min(answer.stdout.decode("ascii").split(), default="")


def behind_upstream(root: Path) -> tuple[int, str]:
    """Return how many commits of its upstream the branch lacks, and the upstream's name.

    What git last fetched counts; nothing is fetched. 0 without git, a branch, or an upstream.
    """
    try:
        named = run_git(root, "rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}")
        if named.returncode:
            return 0, ""
        counted = run_git(root, "rev-list", "--count", "HEAD..@{upstream}")
    except GitMissingError:
        return 0, ""
    count = counted.stdout.decode("ascii").strip()
    return (int(count) if count.isdigit() else 0), os.fsdecode(named.stdout).strip()


def changed_paths(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``paths`` with changes that are not committed, new files included."""
    changed = []
    for path in paths:
        answer = run_git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--", path)
        if not answer.returncode and answer.stdout:
            changed.append(path)
    return tuple(changed)


def commit_paths(root: Path, paths: Sequence[str], message: str) -> bool:
    """Commit what changed below ``paths`` and nothing else; return whether there was anything.

    What else is staged stays staged. Raise GitMissingError or CommitError.
    """
    inside = run_git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        raise CommitError(reason=_reason(inside))
    wanted = changed_paths(root, [path for path in paths if (root / path).exists()])
    if not wanted:
        return False
    for arguments in (
        ("add", "--", *wanted),
        ("commit", "--quiet", "--only", f"--message={message}", "--", *wanted),
    ):
        answer = run_git(root, *arguments)
        if answer.returncode:
            raise CommitError(reason=_reason(answer))
    return True


def past_contents(root: Path, path: str) -> list[bytes]:
    """Return what the file ``path`` held in each commit that changed it, newest first."""
    try:
        log = run_git(root, "log", "--all", "--format=%H", "--", path)
    except GitMissingError:
        return []
    contents = []
    for commit in log.stdout.decode("ascii", "replace").split():
        shown = run_git(root, "cat-file", "blob", f"{commit}:./{path}")
        if not shown.returncode:
            contents.append(shown.stdout)
    return contents


def past_versions(root: Path, path: str) -> tuple[PastVersion, ...]:
    """Return what the file ``path`` held in each commit that changed it, newest first.

    Nothing without git, outside a repository, or for a file that was never committed.
    """
    try:
        log = run_git(root, "log", "--format=%H%x00%as%x00%an", "--", path)
    except GitMissingError:
        return ()
    found = []
    for line in os.fsdecode(log.stdout).splitlines():
        commit, day, author = line.split("\0")
        shown = run_git(root, "cat-file", "blob", f"{commit}:./{path}")
        if not shown.returncode:
            found.append(PastVersion(commit, dt.date.fromisoformat(day), author, shown.stdout))
    return tuple(found)


def changed_since(root: Path, folder: str, pattern: str, since: dt.date) -> tuple[str, ...]:
    """Return the files below ``folder`` of which a line with ``pattern`` changed from ``since`` on.

    ``pattern`` is a regular expression as git has it; paths are relative to ``root``, sorted.
    Nothing without git or outside a repository.
    """
    try:
        log = run_git(
            root,
            "-c",
            "core.quotePath=false",
            "log",
            f"--since={since}T00:00:00",
            f"-G{pattern}",
            "--format=",
            "--name-only",
            "--relative",
            "--",
            folder,
        )
    except GitMissingError:
        return ()
    return tuple(sorted({line for line in os.fsdecode(log.stdout).splitlines() if line}))


def run_git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Return what git answers in the folder ``root``; raise GitMissingError."""
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "--literal-pathspecs"]
    try:
        return subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [*command, *arguments],
            capture_output=True,
            check=False,
            env=git_environment("GIT_AUTHOR", "GIT_COMMITTER"),
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS_MAX,
        )
    except FileNotFoundError:
        raise GitMissingError from None
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, b"", b"git takes too long")


def _reason(answer: subprocess.CompletedProcess[bytes]) -> str:
    """Return the last line that git said, without its ``fatal:``."""
    said = [
        line for line in os.fsdecode(answer.stderr + answer.stdout).splitlines() if line.strip()
    ]
    return said[-1].strip().removeprefix("fatal: ") if said else "?"
