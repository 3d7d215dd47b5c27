"""`customer export-data` and `customer forget` as typed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from stories import write_story

from ledgercli.cli import main

LEDGER = """
2024-01-10 * "Zenobia Quill" "Chairs" ^INV-1
  customer: "C1"
  Assets:Receivable   100.00 EUR
  Income:Sales
2024-02-10 * "Zenobia Quill" "Paid" ^INV-1
  customer: "C1"
  Assets:Receivable  -100.00 EUR
  Assets:Bank
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return books with one customer who owes nothing, as the working directory."""
    write_story(tmp_path, LEDGER, "{id: C1, name: Zenobia Quill, language: de}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    """Run the program and return its exit code."""
    return main(["--lang", "en", *arguments])


def test_an_archive_has_every_answer_as_json_and_csv(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("customer", "export-data", "C1", "--as-of", "2026-11-21") == 0
    assert capsys.readouterr() == ("", "11 files about C1 written to C1.zip\n")
    with zipfile.ZipFile(books / "C1.zip") as packed:
        names = packed.namelist()
        assert packed.read("README.txt").decode().startswith("Personenbezogene Daten von Zenobia")
        assert packed.read("ledger/allocations.csv").decode().splitlines()[1] == (
            "2024-02-10,INV-1,EUR,100.00,named,false,main.beancount,3,main.beancount,7"
        )
    assert names == sorted(names)
    for part in ("documents", "settlements", "allocations", "statement"):
        assert {f"ledger/{part}.json", f"ledger/{part}.csv"} <= set(names)


def test_nobody_is_told_with_what_is_near(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert books
    assert run("customer", "export-data", "C7") == 2
    assert "C7" in capsys.readouterr().err
    assert run("customer", "forget", "?") == 2
    assert "no customer record `?`" in capsys.readouterr().err


def test_a_list_first_then_the_patch_then_all_of_it(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("customer", "forget", "C1") == 0
    assert "Nothing was written; `--write` does it." in capsys.readouterr().out
    assert run("customer", "forget", "C1", "--diff") == 0
    assert '+2024-01-10 * "C1" "Chairs" ^INV-1\n' in capsys.readouterr().out
    assert run("customer", "forget", "C1", "--write", "--write-ledger") == 0
    assert "Done; the figures of the books are the same as before." in capsys.readouterr().out
    assert "Zenobia" not in (books / "main.beancount").read_text()
    assert run("check") == 0


def test_texts_are_kept_only_when_they_go(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("customer", "forget", "C1", "--texts", "forget.txt") == 2
    assert "--texts" in capsys.readouterr().err
    assert not (books / "forget.txt").exists()
