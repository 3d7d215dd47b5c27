from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "tools" / "demo.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEMO), *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def program() -> str:
    """Return the program installed beside this Python."""
    return str(Path(sys.executable).with_name("ledgercli"))


def test_demo_shows_reports_and_a_letter_and_leaves_the_books_alone() -> None:
    before = files(ROOT / "examples")
    shown = run(program(), "examples/wholesale", "2026-11-21")
    assert shown.returncode == 0, shown.stderr
    for words in ("check", "aging", "limits", "remind plan"):
        line = f"$ ledgercli --books examples/wholesale {words} --as-of 2026-11-21\n"
        assert line in shown.stdout
    letter = shown.stdout.partition("$ cat letters/2026-11-21/")[2]
    assert "Amount to pay" in letter
    assert files(ROOT / "examples") == before


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def test_demo_without_letters_says_so(tmp_path: Path) -> None:
    books = tmp_path / "books"
    shutil.copytree(ROOT / "examples" / "wholesale", books)
    shutil.rmtree(books / "ledger")
    (books / "ledger").mkdir()
    (books / "ledger" / "empty.beancount").write_text("", encoding="utf-8")
    shown = run(program(), str(books), "2026-11-21")
    assert shown.returncode == 0, shown.stderr
    assert "No letter is due." in shown.stdout


def test_demo_ends_with_the_exit_code_of_a_command_that_could_not_run(tmp_path: Path) -> None:
    shown = run(program(), str(tmp_path / "nowhere"), "2026-11-21")
    assert shown.returncode == 2
