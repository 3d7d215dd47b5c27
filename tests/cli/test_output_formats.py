"""Pages and workbooks from the command line, and that they say what JSON says."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledgercli.cli import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
DAY = "2026-11-21"
#: Enumerations are words in a workbook and codes in JSON.
WORDED = frozenset({"status", "kind"})


def asked(name: str, command: str, *more: str) -> list[str]:
    """Return the arguments that ask the example ``name``."""
    where = ["--books", str(EXAMPLES / name), "--lang", "en"]
    return [*where, *command.split(), "--as-of", DAY, *more]


def flat(row: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the cells of a row of JSON as a sheet has them: groups apart, inner tables left out."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, key)
        elif not (isinstance(value, list) and (not value or isinstance(value[0], dict))):
            yield key, value


def same(key: str, told: Any, read: Any) -> bool:  # noqa: ANN401 - cells of any kind
    """Return whether a cell of a workbook is of the type and the value that JSON has."""
    if key in WORDED:
        return isinstance(read, str)
    if isinstance(read, dt.datetime):
        return bool(read.date().isoformat() == told)
    if isinstance(read, float | int) and isinstance(told, str):
        whole = Decimal(told) / 100 if key == "used_percent" else Decimal(told)
        return Decimal(str(read)) == whole
    if isinstance(told, list):
        return bool(read == ", ".join(told))
    return type(read) is type(told) and read == told


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
@pytest.mark.parametrize("command", ["balances", "items", "payments", "aging", "limits"])
def test_a_workbook_says_what_json_says(
    name: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "book.xlsx"
    assert main(asked(name, command, "-o", str(file))) == 0
    assert main(asked(name, command, "-f", "json")) == 0
    told = [list(flat(row)) for row in json.loads(capsys.readouterr().out)["rows"]]
    assert told
    sheet = openpyxl.load_workbook(file).worksheets[0]
    read = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert len(read) == len(told)
    for row, line in zip(told, read, strict=True):
        wrong = [
            (key, value, cell)
            for (key, value), cell in zip(row, line, strict=True)
            if not same(key, value, cell)
        ]
        assert wrong == []


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
@pytest.mark.parametrize(
    ("command", "pictures"),
    [("aging", 3), ("limits", 1), ("items", 0), ("check", 0), ("today", 0), ("remind plan", 0)],
)
def test_every_answer_is_a_page(
    name: str, command: str, pictures: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.html"
    assert main(asked(name, command, "-o", str(file))) in {0, 1}
    assert capsys.readouterr().out == ""
    page = file.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>\n")
    assert page.endswith("</html>\n")
    # Of an aging the totals, and the customers of each currency: both books have two.
    assert page.count('role="img"') == pictures
    capsys.readouterr()
    main(asked(name, command, "-f", "html"))
    assert capsys.readouterr().out == page


def test_a_pipe_takes_a_workbook(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    command = asked("wholesale", "aging", "-f", "xlsx")
    subprocess.run([sys.executable, "-m", "ledgercli", *command], check=True)
    content = capfdbinary.readouterr().out
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Aging", "Totals", "Notes"]


@pytest.mark.parametrize("command", ["aging", "limits", "check", "agenda"])
def test_a_terminal_takes_no_workbook(command: str) -> None:
    master, terminal = pty.openpty()
    try:
        run = subprocess.run(
            [sys.executable, "-m", "ledgercli", *asked("wholesale", command, "-f", "xlsx")],
            stdout=terminal,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(master)
    assert run.returncode == 2
    assert run.stderr == (
        "error: a terminal cannot show the format `xlsx`\n"
        "  hint: give `--output FILE.xlsx`, or send it through a pipe\n"
    )
