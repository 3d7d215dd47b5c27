"""Statements written as letters and enclosed with reminders, from books on the disk."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import shutil
import sys
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

LEDGER = """
2025-01-01 open Assets:Receivable:C1
2025-01-01 open Assets:Receivable:C2
2025-01-01 open Assets:Bank
2025-01-01 open Expenses:BadDebt
2025-01-01 open Income:Sales
2026-01-10 * "One" "Goods" ^INV-1
  Assets:Receivable:C1   100.00 EUR
  Income:Sales
2026-02-10 * "One" "Given up" ^INV-1 #write-off
  Assets:Receivable:C1   -60.00 EUR
  Expenses:BadDebt
2026-08-10 * "One" "Goods" ^=INV-2
  Assets:Receivable:C1   70.00 EUR
  Income:Sales
2026-08-11 * "Two" "Goods" ^INV-3
  Assets:Receivable:C2   70.00 EUR
  Income:Sales
2026-09-11 * "Two" "Paid" ^INV-3
  Assets:Receivable:C2   -70.00 EUR
  Assets:Bank
""".replace("^=INV-2", "^INV-2")
CUSTOMERS = """
- id: C1
  name: One Ltd
  language: de
  contacts: [{name: Uta, role: billing, email: uta@one.example}]
- {id: C2, name: Two Ltd}
"""
SETTINGS = """
timezone: Europe/Berlin
company: {name: We Ltd, lines: [Street 1]}
mail: {from: "We Ltd <we@we.example>"}
reminders:
  policies:
    standard:
      channel: email
      levels:
        - {name: first, after: 5 days, template: reminder, attach: [statement]}
"""


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "all.yaml").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "main.beancount").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def run(books: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    from ledgercli.cli import main

    code = main(["--books", str(books), *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def files(books: Path, pattern: str = "letters/**/*") -> list[str]:
    found = (path for path in books.glob(pattern) if path.is_file())
    names = (path.relative_to(books).as_posix() for path in found)
    return sorted(name for name in names if "/." not in name)


STATEMENT = ("statement", "--letter", "--as-of", "2026-11-21")


def test_statements_are_written_numbered_and_kept(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = run(books, capsys, *STATEMENT, "--all")
    assert code == 0
    folder = "letters/statements/2026-11-21"
    assert files(books) == [
        f"{folder}/C1-EUR-statement.de.txt",
        f"{folder}/C2-EUR-statement.en.txt",
    ]
    text = (books / folder / "C1-EUR-statement.de.txt").read_text(encoding="utf-8")
    assert "Unser Zeichen: S 2026-001 / C1" in text
    # Written off, and owed all the same.
    assert "ein Saldo von 170,00 EUR zu unseren" in text
    assert "60,00" not in text
    assert "Zinsen" not in text
    assert "[ ] Der Saldo stimmt mit unseren Büchern überein." in text
    before = {name: (books / name).read_bytes() for name in files(books)}
    assert "unchanged" in run(books, capsys, *STATEMENT, "--all")[1]
    assert {name: (books / name).read_bytes() for name in files(books)} == before
    # The next ones go on counting; an edited one is left alone.
    (books / folder / "C1-EUR-statement.de.txt").write_text("mine", encoding="utf-8")
    code, _, err = run(books, capsys, *STATEMENT, "C1")
    assert "letter-edited" in err
    assert (books / folder / "C1-EUR-statement.de.txt").read_text(encoding="utf-8") == "mine"
    run(books, capsys, "statement", "--letter", "--as-of", "2026-11-22", "C2")
    second = books / "letters/statements/2026-11-22/C2-EUR-statement.en.txt"
    assert "S 2026-003 / C2" in second.read_text(encoding="utf-8")
    assert "the account is settled" in second.read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(books, capsys, *STATEMENT, "C1", "--dry-run", "--type", "pdf", "-f", "json")
    assert code == 0
    assert '"closing": "170.00"' in out
    assert '"written_off": "60.00"' in out
    assert files(books) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("statement", "C1", "--type", "pdf"), "--letter"),
        (("statement", "C1", "--letter", "--convert", "USD"), "--convert"),
        (("statement", "C1", "--letter", "--type", "doc"), "doc"),
        ((*STATEMENT, "C9"), "C9"),
        ((*STATEMENT, "C1", "--from", "2026-12-01"), "2026-12-01"),
    ],
)
def test_what_is_refused(
    books: Path, arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(books, capsys, *arguments)
    assert code == 2
    assert said in err
    assert files(books) == []


WRITE = ("remind", "write", "--as-of", "2026-11-21")


def test_a_level_encloses_the_statement(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(books, capsys, *WRITE)
    assert (code, "error" in err) == (0, False)
    folder = "letters/2026-11-21"
    assert files(books) == [
        f"{folder}/C1-EUR-first-statement.de.csv",
        f"{folder}/C1-EUR-first-statement.de.pdf",
        f"{folder}/C1-EUR-first.de.txt",
        f"{folder}/plan.yaml",
    ]
    data = (books / folder / "C1-EUR-first-statement.de.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(data))) == [
        ["date", "kind", "number", "debit", "credit", "balance", "currency"],
        ["2026-01-01", "opening balance", "", "", "", "0.00", "EUR"],
        ["2026-01-10", "invoice", "INV-1", "100.00", "0.00", "100.00", "EUR"],
        ["2026-08-10", "invoice", "INV-2", "70.00", "0.00", "170.00", "EUR"],
    ]
    assert "unchanged" in run(books, capsys, *WRITE)[1]


def test_an_email_file_has_all_of_it(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(books, capsys, *WRITE, "--type", "eml")
    (name,) = files(books, "letters/**/*.eml")
    content = (books / name).read_bytes()
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message["To"].addresses[0].addr_spec == "uta@one.example"
    assert message["Subject"] == "Zahlungserinnerung: 110,00 EUR überfällig"
    body, page = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert page is not None
    assert "Bitte zahlen Sie 110,00 EUR" in body.get_content()
    assert "<h1>Zahlungserinnerung" in page.get_content()
    attached = {
        part.get_filename() or "": part.get_content() for part in message.iter_attachments()
    }
    assert sorted(attached) == [
        "C1-EUR-first-statement.de.csv",
        "C1-EUR-first-statement.de.pdf",
        "C1-EUR-first.de.pdf",
    ]
    assert attached["C1-EUR-first.de.pdf"].startswith(b"%PDF")
    assert "unchanged" in run(books, capsys, *WRITE, "--type", "eml")[1]
    assert (books / name).read_bytes() == content


def test_without_the_extra_it_is_said_what_to_install(
    books: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    code, _, err = run(books, capsys, *STATEMENT, "C1", "--type", "pdf")
    assert code == 2
    assert "pip install 'ledgercli[pdf]'" in err
    assert "Traceback" not in err
    assert files(books) == []


def test_many_letters_are_the_same_however_often_they_are_made(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two threads make them, in any order; numbers and bytes do not depend on it."""
    lines = ["2026-01-01 open Income:More"]
    for index in range(40):
        account = f"Assets:Receivable:M{index:02}"
        lines += [
            f"2026-01-01 open {account}",
            f'2026-08-01 * "M" "Goods" ^INV-M{index:02}',
            f"  {account}  {index + 1}.00 EUR",
            "  Income:More",
        ]
    with (books / "main.beancount").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with (books / "customers" / "all.yaml").open("a", encoding="utf-8") as file:
        file.writelines(
            f"- {{id: M{index:02}, name: Customer {index}, addresses: {{home: {{city: Berlin}}}}}}\n"
            for index in range(40)
        )
    run(books, capsys, *WRITE, "--type", "pdf")
    first = {name: (books / name).read_bytes() for name in files(books, "letters/**/*.pdf")}
    assert len(first) >= 41
    shutil.rmtree(books / "letters")
    run(books, capsys, *WRITE, "--type", "pdf")
    again = {name: (books / name).read_bytes() for name in files(books, "letters/**/*.pdf")}
    assert again == first
