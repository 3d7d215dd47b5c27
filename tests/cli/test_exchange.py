"""Exchange on the command line: formats, pipes, files, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LEDGER = 'option "operating_currency" "EUR"\n2026-01-01 open Assets:Receivable\n'


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "customers").mkdir()
    (tmp_path / "main.beancount").write_text(LEDGER)
    (tmp_path / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (tmp_path / "customers" / "C1.yaml").write_text("id: C1\nname: Müller KG\n")
    return tmp_path


def run(books: Path, *arguments: str, given: bytes = b"") -> tuple[int, bytes, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "ledgercli", *arguments],
        cwd=books,
        input=given,
        capture_output=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr.decode()


def test_a_pipe_between_two_books(books: Path) -> None:
    code, out, said = run(books, "customer", "export", "--profile", "jsonl")
    assert (code, said) == (0, "")
    assert json.loads(out) == {
        "schema": "ledgercli/customer-record/1", "id": "C1", "name": "Müller KG",
    }  # fmt: skip
    line = out.replace(b"C1", b"C2")
    code, out, said = run(books, "customer", "import", "-", "--write", "-f", "json", given=line)
    assert code == 0
    answer = json.loads(out)
    assert (answer["written"], answer["files"]) == (True, [{"file": "customers/C2.yaml"}])
    assert [row["action"] for row in answer["rows"]] == ["new"]
    assert (books / "customers" / "C2.yaml").exists()


def test_what_is_exported_goes_out_byte_for_byte(books: Path) -> None:
    code, out, _ = run(books, "customer", "export", "-p", "quickbooks-iif")
    assert code == 0
    assert out.splitlines()[1].startswith("CUST\tMüller KG\t".encode("cp1252"))
    code, _, said = run(books, "customer", "export", "-o", "all.xlsx")
    assert (code, said) == (0, "1 customer written to all.xlsx\n")
    code, out, said = run(books, "customer", "import", "all.xlsx", "-p", "csv")
    assert (code, out) == (0, b"")
    assert said == "0 new, 0 changed, 1 unchanged, 0 rejected.\nNothing to change.\n"


def test_the_diff_goes_to_stdout_so_that_git_can_apply_it(books: Path) -> None:
    (books / "in.csv").write_text("id,tier\nC1,A\n")
    code, out, said = run(books, "customer", "import", "in.csv", "-p", "csv")
    assert code == 0
    assert out.decode().startswith("--- a/customers/C1.yaml\n+++ b/customers/C1.yaml\n")
    assert "Nothing was written" in said
    subprocess.run(["git", "init", "-q"], cwd=books, check=True)
    subprocess.run(["git", "apply"], cwd=books, input=out, check=True)
    assert (books / "customers" / "C1.yaml").read_text() == "id: C1\nname: Müller KG\ntier: A\n"


def test_comparing_exits_with_1_where_both_sides_differ(books: Path) -> None:
    (books / "list.csv").write_text("customer,number,date,open\nC1,R-1,2026-10-01,10\n")
    day = ("--as-of", "2026-11-21")
    code, out, _ = run(books, "opening", "compare", "list.csv", *day, "-f", "json")
    assert (code, json.loads(out)["equal"]) == (1, False)
    code, out, _ = run(books, "opening", "import", "list.csv", *day)
    assert code == 0
    assert out.decode().startswith("--- /dev/null\n+++ b/opening-items.beancount\n")
    assert "in the list" in out.decode()
    code, out, _ = run(books, "opening", "import", "list.csv", *day, "--write")
    assert (code, out.decode()[:8]) == (0, "customer")
    code, out, _ = run(books, "opening", "compare", "list.csv", *day, "-f", "json")
    assert (code, json.loads(out)["equal"]) == (0, True)
    assert run(books, "check")[0] == 0
    code, out, _ = run(books, "aging", *day, "-f", "json")
    assert json.loads(out)["rows"][0]["total"] == "10.00"


def test_profiles_are_listed_without_books_too(tmp_path: Path) -> None:
    code, out, said = run(tmp_path, "customer", "profiles", "-f", "json")
    assert (code, said) == (0, "")
    assert {"xero", "yuebiao"} <= {row["profile"] for row in json.loads(out)["rows"]}
