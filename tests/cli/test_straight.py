"""Plain lines of reports are read without Typer: each as Typer reads it, or not at all."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from desk_double import Desk, install
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.cli import build, main, reports, straight
from ledgercli.cli.command import command
from ledgercli.cli.options import filters, printing, printing_limits
from ledgercli.cli.tree import COMMANDS, Leaf
from ledgercli.output import language

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


def test_targets_are_those_of_the_table_of_commands() -> None:
    for name, target in straight.TARGETS.items():
        leaf = COMMANDS.commands[name]
        assert isinstance(leaf, Leaf)
        assert leaf.target == target


def recording(name: str) -> Any:  # noqa: ANN401 - a decorated command
    """Return a command with the options of report ``name`` that keeps what it is called with."""
    original = getattr(reports, name)
    own = {one.name: one for one in original.parameters() if not one.provider}
    output = printing_limits if name == "limits" else printing

    def record(session: Any, **values: Any) -> int:  # noqa: ANN401
        session.called = values
        return 0

    found = command("", asked=filters, output=output)(record)
    shared = found.parameters()  # type: ignore[attr-defined]
    shared[:] = [*own.values(), *(one for one in shared if one.provider)]
    return found


def by_typer(function: Any, line: Sequence[str]) -> Mapping[str, Any] | None:  # noqa: ANN401
    """Return what Typer calls ``function`` with, None where it refuses the line."""
    session = SimpleNamespace(called=None)
    made = build.as_command("report", function)
    with _usage_errors(), made.make_context("report", list(line), obj=session) as context:
        made.invoke(context)
    called: Mapping[str, Any] | None = session.called
    return called


def read_straight(function: Any, line: Sequence[str]) -> Mapping[str, Any] | None:  # noqa: ANN401
    """Return what ``function`` is called with without Typer, None where it is left to Typer."""
    session = SimpleNamespace(called=None)
    with contextlib.suppress(straight.NotPlainError), _usage_errors():
        function.call(session, straight.values(function.parameters(), line))
    called: Mapping[str, Any] | None = session.called
    return called


@contextlib.contextmanager
def _usage_errors() -> Iterator[None]:
    """Pass over what Typer raises: errors of the line, and the end after a help text."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith("typer"):
            raise


OPTIONS = (
    *("--as-of", "--known-at", "--customer", "--tag", "--segment", "--tier", "--status"),
    *("--owner", "--parent", "--currency", "--convert", "--group-by", "--basis", "--buckets"),
    *("--all", "--unallocated", "--with", "--group", "--format", "-f", "--output", "-o"),
    *("--verbose", "-v", "--fail-on", "--nothing", "-x", "--help", "-h", "--", "-vf", "-fjson"),
)
VALUES = (
    *("2026-02-28", "2026-02-30", "today", "C1", "east", "region=east", "EUR", "eur", "Euro"),
    *("due", "date", "json", "table", "30,60", "3 months,1 year", "60,30", "500 EUR", "active"),
    *("error", "never", "breach", "", "-", "-1", "--all", "out.csv", "HEAD", "customer", "名"),
)
_words = st.one_of(
    st.sampled_from(OPTIONS),
    st.sampled_from(VALUES),
    st.builds("{}={}".format, st.sampled_from(OPTIONS), st.sampled_from(VALUES)),
)
_pairs = st.tuples(st.sampled_from(OPTIONS), st.sampled_from(VALUES))
_lines = st.one_of(
    st.lists(_words, max_size=4),
    st.lists(_pairs, max_size=3).map(lambda pairs: [word for pair in pairs for word in pair]),
)
COMMANDS_READ = {name: recording(name) for name in straight.TARGETS}


@settings(max_examples=300)
@given(st.sampled_from(sorted(straight.TARGETS)), _lines)
def test_what_is_read_is_what_typer_reads(name: str, line: list[str]) -> None:
    function = COMMANDS_READ[name]
    found = read_straight(function, line)
    if found is not None:
        assert found == by_typer(function, line)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("aging", []),
        ("aging", ["--as-of", "2026-06-30", "--basis=date", "--buckets", "3 months,1 year"]),
        ("aging", ["-f", "json", "-v", "--fail-on", "never"]),
        ("aging", ["--customer", "C1", "--customer", "C2", "--segment", "region=east"]),
        ("items", ["--all", "--currency", "eur"]),
        ("payments", ["--unallocated", "-o", "new-file.csv"]),
        ("limits", ["--with", "500 EUR", "--group", "parent", "--fail-on", "breach"]),
        ("balances", ["--as-of", "today", "--convert=CNY"]),
    ],
)
def test_usual_lines_are_read_straight(name: str, line: list[str]) -> None:
    function = COMMANDS_READ[name]
    found = read_straight(function, line)
    assert found is not None
    assert found == by_typer(function, line)


def test_a_file_that_cannot_be_read_is_left_to_typer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "locked.csv"
    file.touch()
    line = ["--output", str(file)]
    assert read_straight(COMMANDS_READ["aging"], line) is not None
    monkeypatch.setattr(os, "access", lambda *_asked, **_how: False)
    assert read_straight(COMMANDS_READ["aging"], line) is None
    assert by_typer(COMMANDS_READ["aging"], line) is None


def _asked(desk: Desk) -> tuple[Any, ...]:
    """Return what the desk was asked at last, and of which books."""
    if not desk.calls:
        return ()
    name, arguments, options = desk.task
    request = desk.request
    books = (request.books, request.ledger, request.receivable, request.safe, request.verify)
    return name, arguments[1:], options, books


LINES = (
    "aging",
    "--books=elsewhere --safe aging",
    "aging --verify --receivable A --receivable B",
    "aging --as-of 2026-13-01",
    "aging --as-of 2026-06-30 --as-of 2026-07-01",
    "aging extra",
    "aging --nothing",
    "aging --segment east",
    "aging --customer",
    "aging --output report.unknown",
    "--books elsewhere --books again aging",
    "--version aging",
    "aging --help",
    "limits --group parent --group-by tag",
    "limits --fail-on breach",
    "aging --lang zh --as-of never",
    "balances -f json",
)


@pytest.mark.parametrize("line", LINES)
def test_a_run_says_and_does_the_same(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    found = []
    for targets in (straight.TARGETS, {}):
        language.install(language.ORIGINAL)
        monkeypatch.setattr(straight, "TARGETS", targets)
        desk: Desk = install(monkeypatch)
        code = main(line.split())
        said = capsys.readouterr()
        found.append((code, said.out, said.err, *_asked(desk)))
    assert found[0] == found[1]


def test_a_report_loads_no_typer(tmp_path: Path) -> None:
    code = "import sys; from ledgercli.cli import main; main(); print('typer' in sys.modules)"
    books = ROOT / "examples" / "wholesale"
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LEDGERCLI_CACHE": str(tmp_path)}
    for line, expected in (["aging", "-f", "csv"], "False"), (["aging", "--help"], "True"):
        done = subprocess.run(
            [sys.executable, "-c", code, "--books", str(books), *line],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        assert done.stdout.splitlines()[-1] == expected
