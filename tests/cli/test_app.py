"""The shell: where options stand, what goes where, exit codes, one line for every failure."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO

import pytest
from desk_double import Desk, answer, finding, install

from ledgercli.cli import main
from ledgercli.cli.globals import OptionWithoutValueError, hoist
from ledgercli.cli.tree import COMMANDS, Branch
from ledgercli.model.answer import Column, Table, Text
from ledgercli.model.errors import LedgercliError
from ledgercli.model.values import Duration, Money
from ledgercli.output import language

Capture = pytest.CaptureFixture[str]
#: What a run needs from outside is of this machine, and tested where it is used.
_OUTSIDE = {"options", "queries"}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return install(monkeypatch)


@pytest.fixture(autouse=True)
def quiet_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "LEDGERCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    language.install("en")


# --- options of the program -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "hoisted"),
    [
        (["aging", "--books", "b"], ["--books", "b", "aging"]),
        (["aging", "--books=b", "-f", "json"], ["--books=b", "aging", "-f", "json"]),
        (["remind", "--safe", "plan", "--debug"], ["--safe", "--debug", "remind", "plan"]),
        (
            ["aging", "--receivable", "A:B", "--receivable", "A:C"],
            ["--receivable", "A:B", "--receivable", "A:C", "aging"],
        ),
        (["explain", "--", "--safe"], ["explain", "--", "--safe"]),
        (["aging", "--ledger", "--", "x"], ["--ledger", "--", "aging", "x"]),
        ([], []),
    ],
)
def test_global_options_move_to_the_front(given: list[str], hoisted: list[str]) -> None:
    assert hoist(given) == hoisted


@pytest.mark.parametrize("line", ["aging", "report", ""])
def test_help_is_in_the_language_of_each_run(line: str, capsys: Capture) -> None:
    # A second run in one process finds the commands made by the first.
    told = []
    for spoken in ("en", "zh", "en"):
        assert main([*line.split(), "--help", "--lang", spoken]) == 0
        told.append(capsys.readouterr().out.splitlines()[0])
    assert told[0] == told[2] != told[1]
    assert "[OPTIONS]" in told[0] or "COMMAND [ARGUMENTS]" in told[0]
    assert "[选项]" in told[1] or "命令 [参数]" in told[1]


def test_global_option_without_value() -> None:
    with pytest.raises(OptionWithoutValueError):
        hoist(["aging", "--books"])


@pytest.mark.parametrize(
    "line",
    [
        "--books b --ledger l --receivable A:R --safe aging",
        "aging --books b --ledger l --receivable A:R --safe",
        "--safe aging --books=b --ledger=l --receivable=A:R",
    ],
)
def test_global_options_before_and_after_the_command(desk: Desk, line: str, tmp_path: Path) -> None:
    assert main(line.split()) == 0
    request = desk.request
    assert (request.books, request.ledger) == (Path("b"), Path("l"))
    assert (request.receivable, request.safe, request.known_at) == (("A:R",), True, None)
    assert request.start == tmp_path
    assert request.now.tzinfo == dt.UTC


def test_language_of_option_locale_and_books(
    desk: Desk, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.language = "zh"
    desk.answer = answer(notes=(Text("As of {date}, end of day.", {"date": dt.date(2026, 1, 2)}),))
    assert main(["aging"]) == 0
    assert "截至 2026-01-02 日终。" in capsys.readouterr().out
    assert main(["aging", "--lang", "en"]) == 0
    assert "As of 2026-01-02" in capsys.readouterr().out
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert main(["aging"]) == 0
    assert "As of 2026-01-02" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("用法：ledgercli")


# --- what commands ask of the desk ------------------------------------------------------------


def test_every_option_of_a_report_arrives(desk: Desk) -> None:
    line = (
        "aging --as-of 2026-11-21 --known-at HEAD~1 --customer C1 --customer C2 --tag eu"
        " --segment region=east --currency eur --convert USD --basis date --buckets 30,60"
    )
    assert main(line.split()) == 0
    assert desk.request.known_at == "HEAD~1"
    query = desk.query
    assert query.as_of == dt.date(2026, 11, 21)
    assert (query.customers, query.tags, query.segments) == (
        ("C1", "C2"),
        ("eu",),
        {"region": "east"},
    )
    assert (query.currencies, query.convert) == (("EUR",), "USD")
    assert desk.task[2] == {
        "basis": "date",
        "buckets": (Duration(30), Duration(60)),
        "group_by": None,
    }


@pytest.mark.parametrize(
    ("line", "name", "options"),
    [
        ("balances", "balances", {"group_by": None}),
        ("balances --group-by tier", "balances", {"group_by": "tier"}),
        ("items --all", "items", {"settled": True}),
        ("payments --unallocated", "payments", {"unallocated_only": True}),
        ("aging", "aging", {"basis": None, "buckets": None, "group_by": None}),
        ("limits", "limits", {"extra": None, "group": "customer", "group_by": None}),
        (
            "limits --with 500EUR --group parent".replace("500EUR", "500\u00a0EUR"),
            "limits",
            {"extra": Money(Decimal(500), "EUR"), "group": "parent", "group_by": None},
        ),
        (
            "statement C1 --from 2026-01-01",
            "statement",
            {"everyone": False, "start": dt.date(2026, 1, 1)},
        ),
        ("statement --all", "statement", {"everyone": True, "start": None}),
        ("explain INV-1", "explain", {"subject": "INV-1"}),
        ("explain -- --safe", "explain", {"subject": "--safe"}),
        ("allocate --suggest", "allocate_suggest", {}),
        ("check", "check", {"codes": ()}),
        ("check beancount-validate", "check", {"codes": ("beancount-validate",)}),
        ("customer list", "list_", {"kinds": ()}),
        ("customer show C1", "show", {"customer": "C1", "with_score": False}),
        ("remind plan", "plan", {}),
        (
            "remind write --type md --type html",
            "write",
            {"types": ("md", "html"), "dry_run": False},
        ),
        ("remind send 2026-11-21 --dry-run", "send", {"dry_run": True}),
        ("remind approve --dry-run", "approve", {"dry_run": True}),
        ("remind run --dry-run", "run", {"types": (), "dry_run": True}),
        ("remind history", "history", {}),
        (
            "remind adopt firm --sent 2026-10-01 --document INV-1",
            "adopt",
            {
                "level": "firm",
                "sent": dt.date(2026, 10, 1),
                "documents": ("INV-1",),
                "dry_run": False,
            },
        ),
    ],
)
def test_every_command_calls_its_task(
    desk: Desk, line: str, name: str, options: dict[str, object]
) -> None:
    assert main(line.split(" ")) == 0
    assert desk.task[0] == name
    assert {key: value for key, value in desk.task[2].items() if key not in _OUTSIDE} == options


def test_today_is_the_default_day(desk: Desk) -> None:
    main(["aging"])
    assert desk.query.as_of is None
    main(["aging", "--as-of", "today"])
    assert desk.query.as_of is None


@pytest.mark.parametrize(
    ("line", "name", "target", "ledger"),
    [
        ("init", "init", "", None),
        ("init new", "init", "new", None),
        ("init --from-ledger l.beancount", "init_from_ledger", "", "l.beancount"),
        ("init --from-ledger l.beancount new", "init_from_ledger", "new", "l.beancount"),
        ("init --from-ledger --ledger l.beancount", "init_from_ledger", "", "l.beancount"),
        ("--books new init", "init", "new", None),
    ],
)
def test_init(
    desk: Desk, tmp_path: Path, line: str, name: str, target: str, ledger: str | None
) -> None:
    assert main(line.split()) == 0
    assert desk.task[0] == name
    assert desk.task[2]["target"] == tmp_path / target
    assert desk.task[1][0].ledger == (Path(ledger) if ledger else None)


# --- where things go --------------------------------------------------------------------------


def test_figures_go_to_stdout_and_the_rest_to_stderr(desk: Desk, capsys: Capture) -> None:
    desk.answer = answer(warnings=("look out",), findings=(finding("error"), finding("info")))
    assert main(["aging"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "status\n──────\nok\n"
    assert captured.err == (
        "warning: look out\nwarning: the books have 1 error; `ledgercli check` lists them\n"
    )


def test_verbose_lists_the_findings(desk: Desk, capsys: Capture) -> None:
    desk.answer = answer(findings=(finding("warning"), finding("info")))
    assert main(["aging", "-v"]) == 0
    assert capsys.readouterr().err == (
        "main.beancount:7: warning[a-warning]: something about X\n  hint: mend it\n"
        "main.beancount:7: info[a-info]: something about X\n  hint: mend it\n"
    )


def test_figures_that_do_not_tie_are_said_to_be_wrong(desk: Desk, capsys: Capture) -> None:
    desk.answer = answer(closing_facts={"tie_out": False})
    assert main(["aging", "--fail-on", "never"]) == 1
    assert "this is a bug in ledgercli" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        (None, None, 0),
        ("info", None, 0),
        ("warning", None, 0),
        ("error", None, 1),
        ("error", "never", 0),
        ("warning", "warning", 1),
        ("info", "warning", 0),
        ("info", "info", 1),
    ],
)
def test_exit_code_of_reports(desk: Desk, severity: str, fail_on: str, code: int) -> None:
    desk.answer = answer(findings=(finding(severity),) if severity else ())
    assert main(["aging", *(["--fail-on", fail_on] if fail_on else [])]) == code


@pytest.mark.parametrize(
    ("status", "fail_on", "code"),
    [
        ("breach", None, 0),
        ("breach", "breach", 1),
        ("warning", "breach", 0),
        ("warning", "warning", 1),
        ("unknown", "warning", 1),
        ("ok", "warning", 0),
        ("breach", "never", 0),
    ],
)
def test_exit_code_of_limits(desk: Desk, status: str, fail_on: str, code: int) -> None:
    table = Table("rows", (Column("status", kind="code"),), [{"status": status}])
    desk.answer = answer(tables=(table,))
    assert main(["limits", *(["--fail-on", fail_on] if fail_on else [])]) == code


def test_output_file_chooses_the_format(desk: Desk, tmp_path: Path, capsys: Capture) -> None:
    desk.answer = answer()
    assert main(["aging", "-o", "out.csv"]) == 0
    assert (tmp_path / "out.csv").read_text() == "status\nok\n"
    assert main(["aging", "-o", "out.csv", "-f", "json"]) == 0
    assert (tmp_path / "out.csv").read_text().startswith('{\n  "schema": "ledgercli/test/1"')
    assert main(["aging", "-o", "out.txt"]) == 0
    assert (tmp_path / "out.txt").read_text() == "status\n──────\nok\n"
    assert capsys.readouterr().out == ""
    assert main(["aging", "-o", "-", "-f", "csv"]) == 0
    assert capsys.readouterr().out == "status\nok\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.txt"]


@pytest.mark.parametrize("path", ["no/such/folder/out.csv", ".", "out.pdf"])
def test_output_file_that_cannot_be(desk: Desk, tmp_path: Path, capsys: Capture, path: str) -> None:
    arguments = ["aging", "-o", path, *(["-f", "csv"] if path == "." else [])]
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert list(tmp_path.iterdir()) == []


def test_columns_widen_tables_in_pipes(
    desk: Desk, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table("rows", (Column("a", "a", flexible=True),), [{"a": "x" * 99}])
    desk.answer = answer(tables=(table,))
    main(["aging"])
    assert capsys.readouterr().out.splitlines()[-1] == "x" * 79 + "…"
    monkeypatch.setenv("COLUMNS", "120")
    main(["aging"])
    assert capsys.readouterr().out.splitlines()[-1] == "x" * 99


# --- check ------------------------------------------------------------------------------------


def test_check_is_silent_when_all_is_well(desk: Desk, capsys: Capture) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_lists_and_counts(desk: Desk, capsys: Capture) -> None:
    desk.answer = answer(tables=(), findings=(finding("warning"), finding("info")))
    assert main(["check"]) == 1
    captured = capsys.readouterr()
    assert captured.out == (
        "main.beancount:7: warning[a-warning]: something about X\n  hint: mend it\n"
    )
    assert captured.err == "1 warning, 1 info (shown with `-v`)\n"
    assert main(["check", "--fail-on", "error"]) == 0


def test_check_as_json_and_annotations(desk: Desk, capsys: Capture, tmp_path: Path) -> None:
    desk.answer = answer(schema="check/1", tables=(), findings=(finding("error"),))
    assert main(["check", "-f", "json"]) == 1
    assert (
        capsys.readouterr().out
        == """\
{
  "schema": "ledgercli/check/1",
  "findings": [
    {
      "severity": "error",
      "code": "a-error",
      "message": "something about X",
      "hint": "mend it",
      "file": "main.beancount",
      "line": 7,
      "column": null,
      "customer": null
    }
  ]
}
"""
    )
    assert main(["check", "-f", "github"]) == 1
    folder = os.path.relpath("/books", tmp_path)
    assert capsys.readouterr().out == (
        f"::error file={folder}/main.beancount,line=7,title=a-error::something about X%0Amend it\n"
    )


def test_check_knows_its_codes(desk: Desk, capsys: Capture) -> None:
    assert main(["check", "unknown-custmer"]) == 2
    assert "did you mean `unknown-customer`?" in capsys.readouterr().err
    assert main(["check", "--list", "-f", "csv"]) == 0
    assert "\nunknown-customer,error," in capsys.readouterr().out
    assert desk.calls == []


# --- what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agin", "error: there is no command `agin`\n  hint: did you mean `aging`?\n"),
        (
            "zzz",
            "error: there is no command `zzz`\n  hint: `ledgercli --help` lists the commands\n",
        ),
        (
            "score",
            (
                "error: there is no command `score`\n"
                "  hint: did you mean `ledgercli customer score`?\n"
            ),
        ),
        (
            "report balances",
            ("error: there is no command `balances`\n  hint: did you mean `ledgercli balances`?\n"),
        ),
        (
            "aging --explain",
            (
                "error: there is no option `--explain`\n"
                "  hint: `ledgercli explain` shows what the figures of a customer or document are"
                " made of\n"
            ),
        ),
        (
            "activity add promise C1",
            (
                "error: `KIND`: `promise` has a command of its own, `ledgercli activity promise`\n"
                "  hint: `ledgercli activity add --help` lists the options\n"
            ),
        ),
        ("remind pln", "error: there is no command `pln`\n  hint: did you mean `plan`?\n"),
        (
            "aging --fromat json",
            "error: there is no option `--fromat`\n  hint: did you mean `--format`?\n",
        ),
        (
            "aging --as-of 2026-02-30",
            (
                "error: `--as-of`: `2026-02-30` is a day that does not exist\n"
                "  hint: `ledgercli aging --help` lists the options\n"
            ),
        ),
        (
            "aging --as-of 21.11.2026",
            (
                "error: `--as-of`: `21.11.2026` is not a date such as 2026-11-21\n"
                "  hint: `ledgercli aging --help` lists the options\n"
            ),
        ),
        (
            "aging -f jsn",
            (
                "error: `--format`: `jsn` is none of: table, json, csv, html, xlsx;"
                " did you mean `json`?\n"
                "  hint: `ledgercli aging --help` lists the options\n"
            ),
        ),
        (
            "report dso --over 1.5",
            (
                "error: `--over`: `1.5` is no whole number\n"
                "  hint: `ledgercli report dso --help` lists the options\n"
            ),
        ),
        (
            "report dso --over 121",
            (
                "error: `--over`: 121 is not from 1 to 120\n"
                "  hint: `ledgercli report dso --help` lists the options\n"
            ),
        ),
        (
            "customer find a --limit 0",
            (
                "error: `--limit`: 0 is below 1\n"
                "  hint: `ledgercli customer find --help` lists the options\n"
            ),
        ),
        (
            "aging one two",
            (
                "error: too many arguments: `one two`\n"
                "  hint: `ledgercli aging --help` lists the options\n"
            ),
        ),
        (
            "explain",
            "error: `SUBJECT` is missing\n  hint: `ledgercli explain --help` lists the options\n",
        ),
        (
            "activity promise C1 INV-1 2026-12-01",
            (
                "error: `DATE`: `INV-1` is not a date such as 2026-11-21\n"
                "  hint: the order of arguments: `ledgercli activity promise NUMBER DATE [AMOUNT]`\n"
            ),
        ),
        (
            "activity promise INV-1 2026-12-01 EUR",
            (
                "error: `AMOUNT`: `EUR` is not an amount such as `500` or `500 EUR`\n"
                "  hint: the order of arguments: `ledgercli activity promise NUMBER DATE [AMOUNT]`\n"
            ),
        ),
        (
            "activity promise INV-1",
            (
                "error: `DATE` is missing\n"
                "  hint: the order of arguments: `ledgercli activity promise NUMBER DATE [AMOUNT]`\n"
            ),
        ),
        (
            "customer set C1 credit.limit -5",
            (
                "error: there is no option `-5`\n"
                "  hint: write `--` before a value that begins with `-`\n"
            ),
        ),
        (
            "customer tag C1",
            "error: `TAG` is missing\n  hint: `ledgercli customer tag --help` lists the options\n",
        ),
        (
            "aging --books",
            "error: option `--books` needs a value\n  hint: `ledgercli --help` lists the options\n",
        ),
        ("--lang fr aging", "error: there are no texts in `fr`\n  hint: choose one of: en, zh\n"),
        (
            "aging --as-of",
            (
                "error: option `--as-of` needs a value\n"
                "  hint: `ledgercli --help` lists the options\n"
            ),
        ),
        (
            "aging --lang zh --as-of 2026-02-30",
            "错误：`--as-of`: `2026-02-30` 这一天不存在\n  建议：`ledgercli aging --help` 列出选项\n",
        ),
    ],
)
def test_usage_errors_are_one_line_and_a_hint(
    desk: Desk, capsys: Capture, line: str, said: str
) -> None:
    assert main(line.split()) == 2
    assert capsys.readouterr() == ("", said)
    assert desk.calls == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("aging --nope", "错误：没有选项 `--nope`"),
        ("agingg", "错误：没有命令 `agingg`"),
        ("aging --as-of 2026-02-30", "错误：`--as-of`: `2026-02-30` 这一天不存在"),
        ("aging --ledger", "错误：选项 `--ledger` 需要取值"),
        ("aging --nope --lang en", "error: there is no option `--nope`"),
        ("aging --nope -- --books", "错误：没有选项 `--nope`"),
    ],
)
def test_usage_errors_are_in_the_language_of_the_books(
    capsys: Capture, tmp_path: Path, line: str, said: str
) -> None:
    root = tmp_path / "books"
    root.mkdir()
    (root / "ledgercli.yaml").write_text("language: zh\n", encoding="utf-8")
    for books in ("--books books", "--books=books"):
        assert main([*books.split(), *line.split()]) == 2
        captured = capsys.readouterr()
        assert (captured.out, captured.err.splitlines()[0]) == ("", said)
        language.install("en")


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ("language: zh\n", "用法"),
        ("\ufeffcompany: {name: A}\r\nlanguage:  'zh-CN' # spoken\r\n", "用法"),
        ("company:\n  language: zh\n", "Usage"),
        ("language: de\n", "Usage"),
        ("language: [\n", "Usage"),
        ("", "Usage"),
    ],
)
def test_help_is_in_the_language_of_the_books(
    capsys: Capture, tmp_path: Path, settings: str, first: str
) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "ledgercli.yaml").write_text(settings, encoding="utf-8", newline="")
    for line in ("--books books --help", "aging --books=books -h"):
        assert main(line.split()) == 0
        assert capsys.readouterr().out.startswith(first)
        assert main([*line.split(), "--lang", "en"]) == 0
        assert capsys.readouterr().out.startswith("Usage")
    assert main(["--books", "nowhere", "aging", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage")


def test_usage_errors_with_settings_that_cannot_be_read(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "ledgercli.yaml").write_bytes(b"\xff: [")
    assert main(["aging", "--nope"]) == 2
    assert capsys.readouterr().err.startswith("error: there is no option `--nope`")


@pytest.mark.parametrize(
    "line",
    [
        "aging --segment region",
        "aging --segment region=a --segment region=b",
        "aging --currency 12",
        "aging --convert E\x1bR",
        "aging --buckets 60,30",
        "aging --buckets -1,30",
        "aging --buckets 99999999999",
        "aging --as-of 2026-W47-6",
        "aging --as-of \uff12026-11-21",
        "aging --as-of " + "9" * 6000,
        "limits --with 500",
        "limits --with NaNEUR",
        "statement",
        "statement C1 --all",
        "statement C1 --from today",
        "allocate",
        "remind write --type docx",
        "check nonsense",
        "remind adopt",
        "init a b c",
        "\x1b[31m",
        "",
        "remind",
    ],
)
def test_bad_command_lines_exit_with_2(desk: Desk, capsys: Capture, line: str) -> None:
    assert main(line.split(" ") if line else []) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "Traceback" not in captured.err
    assert "\x1b" not in captured.err
    assert len(captured.err) < 4000


def _wrapped(interrupt: KeyboardInterrupt) -> RuntimeError:
    """Return what Python makes of Ctrl-C in some places, as while it makes a class."""
    error = RuntimeError("Error calling __set_name__")
    error.__cause__ = interrupt
    return error


class _LockedError(LedgercliError):
    message = "the books are in use by {holder}"
    hint = "wait"
    exit_code = 2


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (_LockedError(holder="ann"), 2, "error: the books are in use by ann\n  hint: wait\n"),
        (KeyboardInterrupt(), 130, ""),
        (_wrapped(KeyboardInterrupt()), 130, ""),
        (BrokenPipeError(), 0, ""),
        (
            OSError(28, "No space left on device", "out.csv"),
            2,
            "error: `out.csv`: No space left on device\n",
        ),
        (RecursionError(), 2, "error: something is nested too deeply to be read\n"),
        (MemoryError(), 2, "error: there is not enough memory\n"),
        (
            KeyError("x\x1b"),
            2,
            (
                "error: this is a bug in ledgercli: KeyError: 'x\\x1b'\n"
                "  hint: run it again with `--debug` and report what it prints\n"
            ),
        ),
        (
            AssertionError(),
            2,
            (
                "error: this is a bug in ledgercli: AssertionError\n"
                "  hint: run it again with `--debug` and report what it prints\n"
            ),
        ),
    ],
)
def test_errors_are_caught_in_one_place(
    desk: Desk,
    capfd: Capture,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr("ledgercli.cli.streams.mute_stdout", lambda: None)
    desk.raises = error
    assert main(["aging"]) == code
    assert capfd.readouterr() == ("", said)


def test_debug_shows_the_traceback(desk: Desk, capsys: Capture) -> None:
    desk.raises = KeyError("x")
    assert main(["aging", "--debug"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):")
    assert "this is a bug in ledgercli" in said


def run(*arguments: str, stdout: IO[str] | int) -> subprocess.CompletedProcess[str]:
    code = "import sys; from ledgercli.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        encoding="utf-8",
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = run("--version", stdout=full)
        helped = run("--help", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "error: cannot write to standard output: No space left on device\n"
    assert (helped.returncode, helped.stderr) == (2, "error: No space left on device\n")


def test_reader_that_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run("--help", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


# --- help -------------------------------------------------------------------------------------


def _paths(branch: Branch, *names: str) -> list[tuple[str, ...]]:
    paths = [names]
    for name, entry in branch.commands.items():
        paths += _paths(entry, *names, name) if isinstance(entry, Branch) else [(*names, name)]
    return paths


@pytest.mark.parametrize("path", _paths(COMMANDS), ids=" ".join)
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_every_command_has_help_in_80_columns(
    desk: Desk, capsys: Capture, path: tuple[str, ...], spoken: str
) -> None:
    from ledgercli.output.safe_text import display_width

    assert main([*path, "--help", "--lang", spoken]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert max(map(display_width, captured.out.splitlines())) <= 80
    assert captured.out.startswith("Usage: ledgercli" if spoken == "en" else "用法：ledgercli")
    assert desk.calls == []


HEAVY = ("beancount", "pydantic", "jinja2", "yaml", "babel", "rich", "stdnum", "filelock")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["aging", "--help"], ["agin"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from ledgercli.cli import main; main(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr.splitlines()[-1] == ""


def test_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("ledgercli ")
    assert main(["--books", "x", "-V"]) == 0
    assert capsys.readouterr().out.startswith("ledgercli ")


def test_a_tag_of_blanks_is_none(desk: Desk, capsys: Capture) -> None:
    assert main(["customer", "tag", "C1", " "]) == 2
    assert capsys.readouterr().err.startswith("error: `TAG` is missing\n")
    assert desk.calls == []
