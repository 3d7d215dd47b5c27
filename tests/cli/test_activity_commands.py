"""The activity commands as people type them: arguments, words in several, wrong ones, languages."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgercli.cli import main
from ledgercli.output import language

Capture = pytest.CaptureFixture[str]
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Income:Sales

2026-02-01 * "Acme" "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales
"""
DAY = ("--as-of", "2026-04-10")


@pytest.fixture(autouse=True)
def books(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LEDGERCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LOGNAME", "ute")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    (tmp_path / "ledgercli.yaml").write_text("")
    (tmp_path / "main.beancount").write_text(LEDGER)
    (tmp_path / "customers").mkdir()
    record = "{id: C1, name: Acme, accounts: ['Assets:Receivable:Acme'], currency: EUR}\n"
    (tmp_path / "customers" / "C1.yaml").write_text(record)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    language.install("en")


def last(books: Path) -> dict[str, object]:
    """Return the last entry of the log without id and time."""
    (log,) = (books / "activity").glob("*.jsonl")
    entry: dict[str, object] = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return {key: entry[key] for key in entry if key not in {"v", "id", "at", "customer"}}


INV_1 = {"number": "INV-1", "currency": "EUR"}


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        (
            ["promise", "INV-1", "2026-04-30", "50", "EUR"],
            {"kind": "promise", "document": INV_1, "until": "2026-04-30", "amount": "50.00"},
        ),
        (
            ["promise", "INV-1", "2026-04-30", "50 EUR", "--text", "by phone"],
            {
                "kind": "promise",
                "document": INV_1,
                "until": "2026-04-30",
                "amount": "50.00",
                "text": "by phone",
            },
        ),
        (
            ["dispute", "INV-1", "EUR", "20"],
            {"kind": "dispute", "document": INV_1, "amount": "20.00"},
        ),
        (["dispute", "INV-1"], {"kind": "dispute", "document": INV_1}),
        (["hold", "C1", "2026-04-30"], {"kind": "hold", "until": "2026-04-30"}),
        (["hold", "INV-1"], {"kind": "hold", "document": INV_1}),
        (
            ["insolvency", "Acme", "--date", "2026-04-01"],
            {"kind": "insolvency", "date": "2026-04-01"},
        ),
        (["handed-over", "C1"], {"kind": "handed-over"}),
        (["waive", "INV-1"], {"kind": "waiver", "document": INV_1, "claims": "all"}),
        (
            ["confirm", "C1", "2026-03-31", "100", "--disagreed"],
            {
                "kind": "confirmation",
                "document": {"number": "", "currency": "EUR"},
                "balance_date": "2026-03-31",
                "amount": "100.00",
                "agreed": False,
            },
        ),
        (["add", "call", "C1", "Pays"], {"kind": "call", "text": "Pays"}),
        (["add", "note", "C1", "One", "--text", "two"], {"kind": "note", "text": "One two"}),
        (["add", "feedback", "C1", "--score", "0"], {"kind": "feedback", "score": 0}),
        (
            ["add", "visit", "C1", "Fair", "--document", "INV-1"],
            {"kind": "visit", "document": INV_1, "text": "Fair"},
        ),
    ],
)
def test_what_is_typed_stands_in_the_log(
    books: Path, typed: list[str], entry: dict[str, object], capsys: Capture
) -> None:
    assert main(["activity", *typed, *DAY]) == 0
    assert last(books) == {"date": "2026-04-10", "by": "ute", **entry}
    assert "Recorded in activity/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["add", "cal", "C1", "x"], "`cal` is none of: call, mail"),
        (
            ["add", "promise", "C1", "x"],
            "`promise` has a command of its own, `ledgercli activity promise`",
        ),
        (["add", "call", "C9", "x"], "no customer `C9`"),
        (["add", "feedback", "C1", "--score", "11"], "`11` is not a score from 0 to 10"),
        (["add", "feedback", "C1", "--score", "-1"], "`-1` is not a score from 0 to 10"),
        (["add", "call", "C1", "x", "--closes", "abcd"], "no entry `abcd` in the activity log"),
        (["promise", "INV-1", "30.4.2026"], "`30.4.2026` is not a date such as 2026-11-21"),
        (["promise", "INV-1", "today"], "`today` is not a date"),
        (["promise", "INV-1", "2026-04-30", "1,000", "EUR"], "`1,000 EUR` is not an amount"),
        (["promise", "INV-1", "2026-04-30", "50", "euros"], "`50 euros` is not an amount"),
        (["dispute", "INV-1", "50", "EUR", "more"], "`50 EUR more` is not an amount"),
        (["hold", "INV-1", "2026-13-01"], "`2026-13-01` is a day that does not exist"),
        (["waive", "INV-1", "--claims", "costs"], "`costs` is none of: all, fees, interest"),
        (["list", "--kind", "calls"], "did you mean `call`?"),
        (["retract"], "ID"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_and_nothing_is_written(
    books: Path, typed: list[str], said: str, capsys: Capture
) -> None:
    assert main(["activity", *typed]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert not (books / "activity").exists()


def test_bytes_that_are_no_text_do_no_harm(books: Path, capsys: Capture) -> None:
    text = os.fsdecode(b"M\xfcller \x1b[31m")
    assert main(["activity", "add", "note", "C1", text, *DAY]) == 0
    assert last(books)["text"] == "M\ufffdller \ufffd[31m"
    assert main(["activity", "list", *DAY]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_the_list_of_a_torn_log_says_so_and_the_next_entry_heals_it(
    books: Path, capsys: Capture
) -> None:
    assert main(["activity", "add", "call", "C1", "One", *DAY]) == 0
    (log,) = (books / "activity").glob("*.jsonl")
    log.write_bytes(log.read_bytes() + b'{"v":1,"id":"')
    capsys.readouterr()
    assert main(["activity", "list", *DAY, "-v"]) == 0  # a warning
    assert "[torn-line]" in capsys.readouterr().err
    assert main(["activity", "add", "call", "C1", "Two", *DAY]) == 0
    capsys.readouterr()
    assert main(["activity", "list", *DAY, "-f", "json"]) == 0
    assert [row["text"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["One", "Two"]


def test_a_locked_log_is_not_written(books: Path, capsys: Capture) -> None:
    from filelock import FileLock

    with FileLock(str(books / ".ledgercli.lock"), thread_local=False):
        assert main(["activity", "insolvency", "C1", *DAY]) == 2
    assert "the books are in use" in capsys.readouterr().err
    assert not (books / "activity").exists()


def test_json_and_csv_have_every_column(books: Path, capsys: Capture) -> None:
    assert main(["activity", "promise", "INV-1", "2026-04-30", "50", *DAY, "-f", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["date"], document["dry_run"]) == (
        "ledgercli/activity-record/1",
        "2026-04-10",
        False,
    )
    (row,) = document["rows"]
    assert {key: row[key] for key in row if key not in {"id", "prefix", "at", "file"}} == {
        "date": "2026-04-10",
        "kind": "promise",
        "customer": "C1",
        "number": "INV-1",
        "what": "50.00 EUR, until 2026-04-30",
        "retracted": None,
        "currency": "EUR",
        "amount": "50.00",
        "until": "2026-04-30",
        "follow_up": None,
        "status": None,
        "score": None,
        "text": "",
        "details": [],
        "by": "ute",
        "line": 1,
    }
    assert row["prefix"] == row["id"][:8]
    assert main(["activity", "list", *DAY, "-f", "csv"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split(",") == list(row)
    assert line.startswith("2026-04-10,promise,C1,INV-1,")
