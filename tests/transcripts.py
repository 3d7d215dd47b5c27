"""Cases of bad input: books that provoke something, and the transcript of what the program says.

A case is a name in ``tests/findings``. What it is made of stands there beside each other:

- ``NAME/`` a folder, or single files, that are put into plain books: ``NAME.beancount`` (the
  ledger), ``NAME.settings.yaml``, ``NAME.customer.yaml``, ``NAME.jsonl`` (activity of
  November 2026), ``NAME.txt.j2`` (the letter template ``reminder``);
- ``NAME.sh`` what cannot lie in git, or would be large: it is run in the books;
- ``expected/NAME.txt`` the commands, after ``$``, and all they print: standard output as it is,
  lines of standard error after ``2>``, the exit code in brackets unless it is 0.

A command that is more than ``ledgercli`` and its arguments is given to the shell.
``python tests/transcripts.py NAME…`` writes transcripts anew from their commands: read the diff.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

FOLDER = Path(__file__).parent / "findings"
EXPECTED = FOLDER / "expected"
#: Where each kind of file goes in the books.
_PLACES = {
    ".beancount": "main.beancount",
    ".settings.yaml": "ledgercli.yaml",
    ".customer.yaml": "customers/{name}.yaml",
    ".jsonl": "activity/2026-11.jsonl",
    ".txt.j2": "templates/reminder.txt.j2",
}
_PLAIN_BOOKS = {
    "ledgercli.yaml": "receivables: {terms: net 30}\n",
    "main.beancount": "2026-01-01 open Assets:Receivable\n",
    "customers/C1.yaml": "name: One Ltd\naddresses: {billing: {lines: [Street 1], city: Town}}\n",
    "customers/C2.yaml": "name: Two Ltd\n",
}
_FOR_THE_SHELL = frozenset("|<>;&$`*?")
_FORGOTTEN = ("LC_", "LANG", "LEDGERCLI_", "BEANCOUNT_", "NO_COLOR", "GITHUB_", "GIT_")
#: Ends what hangs; a machine with much else to do takes its time.
_TIMEOUT_SECONDS = 100


def cases() -> list[str]:
    """Return the names of all cases, sorted: those with a transcript."""
    return sorted(path.stem for path in EXPECTED.glob("*.txt"))


def provoked() -> set[str]:
    """Return the names of all that lies in the folder of cases, without endings."""
    return {path.name.partition(".")[0] for path in FOLDER.iterdir()} - {"", "expected"}


def expected(name: str) -> str:
    """Return the transcript that a case shall have."""
    return (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def write_books(name: str, books: Path) -> None:
    """Write the books of a case into the folder ``books``, which does not exist."""
    for relative, text in _PLAIN_BOOKS.items():
        path = books / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if (FOLDER / name).is_dir():
        shutil.copytree(FOLDER / name, books, dirs_exist_ok=True)
    for ending, place in _PLACES.items():
        source = FOLDER / f"{name}{ending}"
        if source.exists():
            path = books / place.format(name=name)
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, path)
    script = FOLDER / f"{name}.sh"
    if script.exists():
        subprocess.run(
            ["sh", "-e", str(script)],
            cwd=books,
            env=_environment(),
            check=True,
            timeout=_TIMEOUT_SECONDS,
        )


def transcript(name: str, commands: list[str], books: Path) -> str:
    """Return what the commands print in the books of a case, with their folder as ``BOOKS``."""
    write_books(name, books)
    lines: list[str] = []
    with contextlib.chdir(books):
        for command in commands:
            output, errors, code = run(command)
            lines.append(f"$ {command}")
            lines += _lines(output)
            lines += [f"2> {line}".rstrip(" ") for line in _lines(errors)]
            lines += [f"[{code}]"] if code else []
    # Beancount prints whole postings, cut where the path of the books is long.
    text = re.sub(r"'filename': '.*", "'filename': …", "\n".join(lines))
    # Python's own words differ between its versions.
    text = re.sub(r"(?<=ValueError: )day .*", "day …", text)
    return text.replace(str(books), "BOOKS").replace(str(books.parent), "BOOKS/..") + "\n"


def commands_of(text: str) -> list[str]:
    """Return the commands of a transcript."""
    return re.findall(r"^\$ (.*)$", text, re.MULTILINE)


def _lines(content: bytes) -> list[str]:
    """Return the lines of an output; one without line feed at its end says so."""
    text = content.decode("utf-8", "backslashreplace")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]}\\ no line feed"]


def run(command: str) -> tuple[bytes, bytes, int]:
    """Return output, errors and exit code of a command, in this process where it can be."""
    if command.startswith("ledgercli ") and not _FOR_THE_SHELL & set(command):
        return _in_process(shlex.split(command)[1:])
    done = subprocess.run(
        ["sh", "-c", command],
        env=_environment(),
        capture_output=True,
        check=False,
        timeout=_TIMEOUT_SECONDS,
    )
    return done.stdout, done.stderr, done.returncode


def _in_process(arguments: list[str]) -> tuple[bytes, bytes, int]:
    from ledgercli.cli import main
    from ledgercli.output import language

    output, errors = _stream(), _stream()
    environment = mock.patch.dict(os.environ, _environment(), clear=True)
    no_bytecode = mock.patch.object(sys, "dont_write_bytecode", new=True)
    with environment, no_bytecode, _modules_forgotten(), _bounded():
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            code = main(arguments)
        language.install("en")
    return _content(output), _content(errors), code


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")


def _content(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    stream.seek(0)
    return bytes(stream.buffer.read())


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """End with an error what takes for ever."""

    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_TIMEOUT_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _modules_forgotten() -> Iterator[None]:
    """Forget the plugins of a ledger, so that the next case can have others of these names.

    Only what lies beside the books of this case: the environment itself may be in a temporary
    folder too, and a library forgotten half is two libraries.
    """
    before = set(sys.modules)
    around_the_books = Path.cwd().parent
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(around_the_books):
                del sys.modules[name]


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_FORGOTTEN)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "t"), ("EMAIL", "t@example.com"))
    }
    return {
        **kept,
        **identity,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        # Beside the books: commands after the first one find there what it has read.
        "LEDGERCLI_CACHE": str(Path.cwd().parent / "cache"),
        "LEDGERCLI_STATE_DIR": str(Path.cwd().parent / "state"),
        "PATH": path,
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }


def _write(names: list[str]) -> None:
    EXPECTED.mkdir(exist_ok=True)
    for name in names:
        path = EXPECTED / f"{name}.txt"
        commands = commands_of(expected(name)) if path.exists() else []
        with tempfile.TemporaryDirectory() as folder:
            text = transcript(name, commands or ["ledgercli check"], Path(folder) / "books")
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write(sys.argv[1:] or sorted({*cases(), *provoked()}))
