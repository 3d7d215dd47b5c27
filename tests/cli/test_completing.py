"""Completion: what a shell is told, through the whole program."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgercli.cli import main

Told = Callable[..., list[str]]
BOOKS = Path(__file__).parents[2] / "examples" / "wholesale"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Return what asks for the candidates of a line that the cursor is at the end of."""

    def complete(line: str, books: Path = BOOKS) -> list[str]:
        words = f"ledgercli --books {books} {line}"
        monkeypatch.setenv("_LEDGERCLI_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
        with pytest.raises(SystemExit) as ended:
            main([])
        assert ended.value.code == 0
        return capsys.readouterr().out.split()

    return complete


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("ag", ["aging", "agenda"]),
        ("customer du", ["duplicates"]),
        ("aging --as", ["--as-of"]),
        ("aging --saf", ["--safe"]),
        ("aging -f ", ["table", "json", "csv", "html", "xlsx"]),
        ("aging --basis d", ["due", "date"]),
        ("aging --customer c100", [f"C100{number}" for number in range(1, 9)]),
        ("customer show C1001", ["C1001"]),
        ("explain INV-2026-0121", ["INV-2026-0121"]),
        ("activity promise INV-2026-0121", ["INV-2026-0121"]),
        ("aging --tag ro", ["roaster"]),
        ("aging --tier ", ["A", "B", "C"]),
        ("aging --owner a", ["anton"]),
        ("aging --currency U", ["USD"]),
        ("aging --segment region=n", ["region=north"]),
        # What is not in the books, or yet to be thought of.
        ("customer add --id ", []),
        ("order add --number ", []),
        ("activity retract ", []),
        ("aging --as-of ", []),
    ],
)
def test_what_may_stand_there(told: Told, line: str, candidates: list[str]) -> None:
    found = told(line)
    if line.startswith("aging --segment"):
        assert set(candidates) <= set(found)
    else:
        assert found == candidates


def test_without_books_there_is_nothing_and_no_error(told: Told, tmp_path: Path) -> None:
    assert told("customer show ", tmp_path / "none") == []


def test_orders_and_revisions(told: Told, tmp_path: Path) -> None:
    (tmp_path / "ledgercli.yaml").write_text("", encoding="utf-8")
    (tmp_path / "main.beancount").write_text("2026-01-01 open Assets:Receivable\n", "utf-8")
    (tmp_path / "orders").mkdir()
    order = "customer: C1\ndate: 2026-01-02\nlines: [{item: A, price: 5 EUR}]\n"
    (tmp_path / "orders" / "SO-7.yaml").write_text(order, encoding="utf-8")
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "C1.yaml").write_text("name: One\n", encoding="utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "A"]):
        subprocess.run([*git, *arguments], check=True)
    assert told("order show ", tmp_path) == ["SO-7"]
    assert told("diff ma", tmp_path) == ["main"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_LEDGERCLI_COMPLETE" in capsys.readouterr().out


def test_another_shell_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "zhs"]) == 2
    assert "did you mean `zsh`?" in capsys.readouterr().err
