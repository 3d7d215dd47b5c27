"""What cron sees of sending: exit codes, one line on standard error, silence."""

import shutil
from pathlib import Path

import pytest

from ledgercli.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "wholesale"
DAY = ("--as-of", "2026-11-21")


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLES, tmp_path / "books", ignore=shutil.ignore_patterns("letters"))
    for path in [tmp_path / "books/ledgercli.yaml", *(tmp_path / "books/customers").glob("*.yaml")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("channel: email", "channel: dir:outbox"), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "books")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path / "books"


def test_a_quiet_night(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("--customer", "C1024", *DAY)
    assert main(["remind", "run", "--quiet", *chosen]) == 0
    assert tuple(capsys.readouterr()) == ("", "reminders of 2026-11-21: 1 sent\n")
    assert main(["remind", "run", "--quiet", *chosen]) == 0
    assert tuple(capsys.readouterr()) == ("", "")
    assert len(list((books / "outbox").glob("*.eml"))) == 1


def test_a_run_in_words_and_as_json(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["remind", "run", "--customer", "C1012", "-f", "json", "-o", "out.json", *DAY]
    assert main([*arguments, "--quiet"]) == 0
    assert tuple(capsys.readouterr()) == ("", "reminders of 2026-11-21: 1 held\n")
    text = (books / "out.json").read_text(encoding="utf-8")
    assert '"reason": "review"' in text
    assert '"letters_held": 1' in text


def test_the_last_line_of_writing_counts_by_state(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = books / "templates"
    templates.mkdir(exist_ok=True)
    chosen = ("--customer", "C1024", "--quiet", *DAY)
    assert main(["remind", "write", *chosen]) == 0
    assert capsys.readouterr().err == "reminders of 2026-11-21: 1 written\n"
    assert main(["remind", "write", *chosen]) == 0
    assert capsys.readouterr().err == "reminders of 2026-11-21: 1 unchanged\n"
    (templates / "letter.txt.j2").write_text("{{ nothing }}", encoding="utf-8")
    assert main(["remind", "write", *chosen]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "reminders of 2026-11-21: 1 template unusable"


def test_a_letter_is_printed_byte_for_byte(
    books: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["remind", "run", "--quiet", "--customer", "C1024", *DAY])
    capsysbinary.readouterr()
    assert main(["remind", "show", "C1024"]) == 0
    file = books / "letters/2026-11-21/C1024-EUR-friendly.en.txt"
    assert capsysbinary.readouterr().out == file.read_bytes()
    assert main(["remind", "show", "C1024", "-o", "copy.txt"]) == 0
    assert (books / "copy.txt").read_bytes() == file.read_bytes()


def test_what_cannot_run(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remind", "send", "2026-11-20", *DAY]) == 2
    assert "no written letters in `2026-11-20`" in capsys.readouterr().err
    assert main(["remind", "show", "nobody"]) == 2
    assert main(["remind", "approve", "--dry-run", *DAY]) in {0, 2}  # 2 where git knows nobody
