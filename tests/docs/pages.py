"""The examples of the documentation: read them, run them, compare what they show.

A fence ``console`` holds commands after ``$ ``, each followed by what it prints, standard output
before standard error; three points stand for anything. A command that shows nothing only has to
end with 0 or 1. A fence such as ``yaml file=books/a.yaml`` is a file that the page has the reader
write, with ``append=`` one to add to. All fences of a page run in order, in one folder that holds
a copy of ``examples/``. Fences of other kinds are not run.

``python tests/docs/pages.py --update [PAGE...]`` writes the output that is shown anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledgercli.cli import session

ROOT = Path(__file__).parent.parent.parent
_DAY_OF_EXAMPLES = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)
#: What a fresh shell with a plain English locale would have, and nothing of this machine's.
ENVIRONMENT = {
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Books",
    "GIT_AUTHOR_EMAIL": "books@example.com",
    "GIT_AUTHOR_DATE": "2026-11-21T12:00:00Z",
    "GIT_COMMITTER_NAME": "Books",
    "GIT_COMMITTER_EMAIL": "books@example.com",
    "GIT_COMMITTER_DATE": "2026-11-21T12:00:00Z",
}
#: The clock of a file system ticks every few milliseconds.
_TICK = 0.02
_CLEARED = ("LEDGERCLI_BOOKS", "BEANCOUNT_FILE", "LEDGERCLI_DEBUG", "LANGUAGE", "LC_MESSAGES")
_FENCE = re.compile(r"^```(\w+)(?: (file|append)=(\S+))?\s*$")
# What needs a shell; everything else runs within this process, which is much faster.
_SHELL = re.compile(r"[|&;<>$`*]")
#: Within quotes these mean nothing, but for what a shell puts in.
_QUOTED = re.compile(r"'[^']*'" r'|"[^"$`\\]*"')


@dataclass
class Command:
    """A command of a fence: where it stands, and what the page shows of its output."""

    page: str
    line: int
    text: str
    shown: list[str] = field(default_factory=list)


@dataclass
class File:
    """A file that the page has the reader write or add to."""

    path: str
    text: str
    append: bool


def pages() -> list[Path]:
    """Return the pages with examples that run."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/*/README.md")]
    return sorted(found)


def name_of(page: Path) -> str:
    """Return the path of ``page`` within the repository."""
    return page.relative_to(ROOT).as_posix()


def steps(page: Path) -> Iterator[Command | File]:
    """Yield the commands and files of ``page`` in order."""
    lines = page.read_text(encoding="utf-8").splitlines()
    index = 0
    while index < len(lines):
        opened = _FENCE.match(lines[index])
        if not opened:
            index += 1
            continue
        end = next(i for i in range(index + 1, len(lines)) if lines[i].rstrip() == "```")
        body = lines[index + 1 : end]
        if opened[2]:
            yield File(opened[3], "".join(f"{line}\n" for line in body), opened[2] == "append")
        elif opened[1] == "console":
            yield from _commands(name_of(page), index + 2, body)
        index = end + 1


def _commands(page: str, first: int, body: Sequence[str]) -> Iterator[Command]:
    command: Command | None = None
    for number, line in enumerate(body, start=first):
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(page, number, line[2:])
        elif command is None:
            msg = f"{page}:{number}: output before any command"
            raise ValueError(msg)
        elif command.text.endswith("\\"):
            command.text = f"{command.text[:-1].rstrip()} {line.strip()}"
        else:
            command.shown.append(line)
    if command:
        yield command


@contextlib.contextmanager
def workplace(page: str) -> Iterator[Path]:
    """Stand in a new folder with a copy of the examples, in the environment of the pages.

    Of the examples there is what the text of a page names.
    """
    changed = (*ENVIRONMENT, *_CLEARED, "PATH", "LEDGERCLI_CACHE", "LEDGERCLI_STATE_DIR")
    before = {name: os.environ.get(name) for name in changed}
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as cache:
        folder = Path(name)
        os.environ["LEDGERCLI_CACHE"] = cache
        for example in (ROOT / "examples").iterdir():
            if example.name in page:
                shutil.copytree(example, folder / "examples" / example.name)
                # Of what changed in this very moment nothing is kept.
                time.sleep(_TICK)
        os.environ.update(ENVIRONMENT)
        os.environ["LEDGERCLI_STATE_DIR"] = str(folder / ".state")
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        for variable in _CLEARED:
            os.environ.pop(variable, None)
        os.chdir(folder)
        clock = session.moment
        # Letters are not sent before their day, and the examples are of this one.
        session.moment = lambda: max(clock(), _DAY_OF_EXAMPLES)
        try:
            yield folder
        finally:
            session.moment = clock
            os.chdir(here)
            for variable, value in before.items():
                os.environ.pop(variable, None)
                if value is not None:
                    os.environ[variable] = value


def run(command: Command) -> tuple[int, str]:
    """Return the exit code of ``command`` and what it prints, standard output first."""
    text = command.text
    if text.startswith("cd "):
        os.chdir(text[3:].strip())
        return 0, ""
    if text.startswith("ledgercli ") and not _SHELL.search(_QUOTED.sub("", text)):
        return _in_process(shlex.split(text)[1:])
    ended = subprocess.run(  # noqa: S602 - the pages are ours
        text, shell=True, capture_output=True, check=False, encoding="utf-8"
    )
    return ended.returncode, ended.stdout + ended.stderr


def _in_process(arguments: Sequence[str]) -> tuple[int, str]:
    from ledgercli.cli import main

    output, errors = io.BytesIO(), io.StringIO()
    stdout = io.TextIOWrapper(output, encoding="utf-8", newline="")
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(errors):
        code = main(arguments)
        stdout.flush()
    return code, output.getvalue().decode("utf-8") + errors.getvalue()


def plain(text: str) -> list[str]:
    """Return the lines of ``text`` without blanks at their ends and empty lines around them."""
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def fits(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Return whether ``printed`` is what the page shows, ``...`` standing for anything."""
    want, got = ("".join(f"{line}\n" for line in lines) for lines in (shown, printed))
    return doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS)


def follow(page: Path) -> Iterator[tuple[Command, int, list[str]]]:
    """Do what ``page`` says, in order; yield each command with its exit code and output lines."""
    with workplace(page.read_text(encoding="utf-8")) as folder:
        for step in steps(page):
            if isinstance(step, Command):
                code, printed = run(step)
                yield step, code, plain(printed)
                continue
            path = folder / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if step.append else "w", encoding="utf-8") as file:
                file.write(step.text)


def update(page: Path) -> bool:
    """Write the output that ``page`` shows anew; return whether anything had to change."""
    lines = page.read_text(encoding="utf-8").splitlines()
    changes = []
    for command, code, printed in follow(page):
        if code not in {0, 1}:
            _say(f"{command.page}:{command.line}: exit code {code}: {command.text}")
            _say("\n".join(f"    {line}" for line in printed))
        elif command.shown and not fits(plain("\n".join(command.shown)), printed):
            changes.append((command, printed))
    for command, printed in reversed(changes):
        start = command.line  # the line after the command, counted from 0
        while lines[start - 1].endswith("\\"):
            start += 1
        if "..." in "".join(command.shown):
            _say(f"{command.page}:{command.line}: shortened output no longer fits:")
            _say("\n".join(f"    {line}" for line in printed))
            continue
        lines[start : start + len(command.shown)] = printed
    if changes:
        page.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return bool(changes)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: Sequence[str]) -> int:
    """Update the pages named, or all; print which changed."""
    if arguments[:1] != ["--update"]:
        _say("usage: python tests/docs/pages.py --update [PAGE...]")
        return 2
    for page in [Path(name).resolve() for name in arguments[1:]] or pages():
        if update(page):
            _say(f"updated {name_of(page)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
