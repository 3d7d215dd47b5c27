"""The commands on customer records as people type them: what they write, and what they refuse."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgercli.cli import main
from ledgercli.output import language

Capture = pytest.CaptureFixture[str]
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Shared
2026-01-01 open Income:Sales

2026-02-01 * "Acme" "Goods" ^INV-1
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales

2026-02-02 * "Somebody" "Goods" ^INV-2
  customer: "c2"
  Assets:Receivable:Shared   50.00 EUR
  Income:Sales
"""
C1 = "id: C1\nname: Acme GmbH   # our first\naccounts: [Assets:Receivable:Acme]\n"
C2 = "id: C2\nname: Beta\nparent: C1\n"


@pytest.fixture(autouse=True)
def books(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LEDGERCLI_DEBUG", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "books"
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text("")
    (root / "main.beancount").write_text(LEDGER)
    (root / "customers" / "C1-acme.yaml").write_text(C1)
    (root / "customers" / "C2.yaml").write_text(C2)
    monkeypatch.chdir(root)
    yield root
    language.install("en")


def run(*words: str) -> int:
    return main(["customer", *words])


def text(books: Path, name: str) -> str:
    return (books / "customers" / name).read_text(encoding="utf-8")


def test_set_names_what_changed_and_takes_an_alias(books: Path, capsys: Capture) -> None:
    assert run("set", "acme gmbh", "credit.limit", "5000 EUR") == 0
    assert text(books, "C1-acme.yaml") == C1 + "credit:\n  limit: 5000 EUR\n"
    assert "customers/C1-acme.yaml  changed" in capsys.readouterr().out
    assert run("set", "C1", "credit.limit", "--unset", "-f", "json") == 0
    assert text(books, "C1-acme.yaml") == C1
    assert json.loads(capsys.readouterr().out)["customers"] == ["C1"]
    assert run("set", "C1", "notes=a = b") == 0
    assert text(books, "C1-acme.yaml") == C1 + 'notes: "a = b"\n'
    assert run("set", "C1", "notes=x", "y") == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["set", "C1", "teir", "A"], 2, "did you mean `tier`?"),
        (["set", "C1", "tier"], 2, "give a value, or `--unset`, and not both"),
        (["set", "C1"], 2, "`KEY` is missing"),
        (["set", "C1", "id", "C3"], 2, "`ledgercli customer rename C1 NEW`"),
        (["set", "C1", "id", "--unset"], 2, "the id of `C1` is not set like other values"),
        (["set", "C1", "tags", "[a"], 2, "is not a list or mapping in YAML"),
        (["set", "C1", "reminders.policy", "nope"], 2, "no reminder policy `nope`"),
        (["set", "C1", "reminders", "{policy: nope}"], 2, "no reminder policy `nope`"),
        (["add", "--id", "C3", "--name", "x", "--set", "reminders.policy=nope"], 2, "no reminder"),
        (["set", "C9", "tier", "A"], 2, "no customer `C9`"),
        (["set", "C1", "credit.limit", "10,000 EUR"], 1, "has a comma"),
        (["tag", "C1"], 2, "`TAG` is missing"),
        (["add", "--id", "a b", "--name", "x"], 2, "`a b` cannot be an id"),
        (["add", "--id", "C3", "--name", " "], 2, "`--name` is missing"),
        (["add", "--id", "c1", "--name", "x"], 2, "there is a customer `c1` already"),
        (["add", "--id", "C3", "--name", "x", "--set", "tier"], 2, "KEY=VALUE"),
        (["add", "--id", "C3", "--name", "x", "--terms", "soon"], 1, "invalid-value"),
        (["rename", "C1", "c2"], 2, "there is a customer `c2` already"),
        (["rename", "C1", "../x"], 2, "`../x` cannot be an id"),
        (["merge", "C1", "--into", "Acme GmbH"], 2, "cannot be merged into itself"),
        (["remove", "C1"], 2, "documents or payments"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    books: Path, capsys: Capture, words: list[str], code: int, said: str
) -> None:
    assert run(*words) == code
    assert said in capsys.readouterr().err
    assert (text(books, "C1-acme.yaml"), text(books, "C2.yaml")) == (C1, C2)
    assert len(list((books / "customers").iterdir())) == 2


def test_tags_come_and_go(books: Path) -> None:
    assert run("tag", "C1", "beta", "vip") == 0
    assert run("tag", "C2", "VIP") == 0
    assert text(books, "C2.yaml") == "id: C2\nname: Beta\ntags: [vip]\nparent: C1\n"
    assert run("untag", "C1", "C2", "Vip") == 0
    assert (text(books, "C1-acme.yaml"), text(books, "C2.yaml")) == (C1, C2)


def test_many_values_come_from_a_file_or_a_pipe(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "\ufeffid;tier;tags;parent\nC1;A;;\n;;;\nc2;B;a, b;~\n"
    (books / "new.csv").write_text(table, encoding="utf-8")
    assert run("set", "--from", "new.csv", "--dry-run") == 0
    assert "+tier: A" in capsys.readouterr().out
    assert text(books, "C2.yaml") == C2
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(table.encode())))
    assert run("set", "--from", "-") == 0
    assert text(books, "C2.yaml") == "id: C2\nname: Beta\ntier: B\ntags: [a, b]\n"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name\nx\n", "has no column `id`"),
        ("id,tire\nC1,A\n", "did you mean `tier`?"),
        ("id,tier\nC1\n", "line 2: 1 cells, and 2 columns"),
        ("id,tier\nC1,A\nc1,B\n", "line 3: the same id as in line 2"),
        ("id,tier\n,A\n", "line 2: the id is empty"),
        ("id,id\nC1,C3\n", "line 1: two columns are named `id`"),
        ('id,tier\nC1,"A\n', "new.csv"),
        ("id,tier\nC1,A\nC9,B\n", "no customer `C9`"),
    ],
)
def test_a_wrong_file_changes_nothing(books: Path, capsys: Capture, table: str, said: str) -> None:
    (books / "new.csv").write_text(table)
    assert run("set", "--from", "new.csv") == 2
    assert said in capsys.readouterr().err
    assert text(books, "C1-acme.yaml") == C1


def test_add_asks_on_a_terminal_only(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", "--name", "Gamma") == 2
    assert "`--id` is missing" in capsys.readouterr().err
    monkeypatch.setattr("ledgercli.cli.customer_adding._is_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\nGamma\n\nnet 14\n"))
    assert run("add") == 0
    assert text(books, "C3.yaml") == (
        "# yaml-language-server: $schema=../.ledgercli/customer.schema.json\n"
        "id: C3\nname: Gamma\nterms: net 14\n"
    )
    assert (books / ".ledgercli" / "customer.schema.json").is_file()
    monkeypatch.setattr(sys, "stdin", io.StringIO("C4\n"))
    assert run("add") == 2
    assert not (books / "customers" / "C4.yaml").exists()


def editor(books: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the editor be a Python script that gets the file's name as ``path``."""
    program = books.parent / "editor.py"
    head = "import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_text()\n"
    program.write_text(head + script)
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{program}"')


def test_edit_replaces_the_file_once_it_reads_well(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(books, monkeypatch, "path.write_text(text + 'tier: A\\n')")
    assert run("edit", "C1") == 0
    assert text(books, "C1-acme.yaml") == C1 + "tier: A\n"
    editor(books, monkeypatch, "pass")
    assert run("edit", "C1") == 0
    assert "Nothing to change" in capsys.readouterr().out
    assert len(list((books / "customers").iterdir())) == 2


def test_edits_with_errors_are_kept_aside(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(books, monkeypatch, "path.write_text(text + 'kind: firm\\n')")
    for number in ("", "-2"):
        assert run("edit", "C1") == 1
        assert "kind: firm" in text(books, f"C1-acme.yaml.draft{number}")
    said = capsys.readouterr()
    assert "customers/C1-acme.yaml:4:7: error[unknown-value]" in said.err
    assert text(books, "C1-acme.yaml") == C1
    assert run("list") == 0, "drafts are not read"


def test_an_alias_of_somebody_else_is_kept_aside(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(books, monkeypatch, "path.write_text(text + 'aliases: [c2]\\n')")
    assert run("edit", "C1") == 1
    assert "error[ambiguous-alias]: the alias `c2` fits several" in capsys.readouterr().err
    assert text(books, "C1-acme.yaml") == C1


def test_edits_are_kept_when_the_file_changes_meanwhile(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = books / "customers" / "C1-acme.yaml"
    script = f"path.write_text(text + 'tier: A\\n')\npathlib.Path({str(other)!r}).write_text('id: C1\\n')"
    editor(books, monkeypatch, script)
    run("edit", "C1")
    assert "changed by somebody else" in capsys.readouterr().err
    assert text(books, "C1-acme.yaml") == "id: C1\n"
    assert text(books, "C1-acme.yaml.draft") == C1 + "tier: A\n"


def test_on_a_terminal_errors_can_be_mended(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "path.write_text(text.replace('kind: firm', 'kind: person') if 'kind' in text else text + 'kind: firm\\n')"
    editor(books, monkeypatch, script)
    monkeypatch.setattr("ledgercli.cli.customer_adding._is_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("what\ne\n"))
    assert run("edit", "C1") == 0
    assert "`firm`" in capsys.readouterr().err
    assert text(books, "C1-acme.yaml") == C1 + "kind: person\n"


def test_an_editor_that_fails_changes_nothing(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(books, monkeypatch, "path.write_text('x'); sys.exit(3)")
    assert run("edit", "C1") == 2
    assert "exit code 3" in capsys.readouterr().err
    assert text(books, "C1-acme.yaml") == C1
    assert text(books, "C1-acme.yaml.draft") == "x"
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert run("edit", "C1") == 2


def test_rename_takes_along_what_names_the_customer(books: Path, capsys: Capture) -> None:
    (books / "orders").mkdir()
    written = "id: O1\ncustomer: c1   # by phone\ndate: 2026-01-05\n"
    written += "lines: [{text: Coffee, price: 5 EUR}]\n"
    (books / "orders" / "O1.yaml").write_text(written)
    assert run("rename", "C1", "ACME") == 0
    assert text(books, "ACME-acme.yaml") == (
        "id: ACME\nname: Acme GmbH   # our first\naccounts: [Assets:Receivable:Acme]\n"
        "aliases: [C1]\n"
    )
    assert "parent: ACME" in text(books, "C2.yaml")
    order = (books / "orders" / "O1.yaml").read_text()
    assert order == written.replace("c1", "ACME")
    assert not (books / "customers" / "C1-acme.yaml").exists()
    assert run("show", "C1", "-f", "json") == 0
    assert '"id": "ACME"' in capsys.readouterr().out


def test_the_ledger_is_shown_as_a_patch_and_written_when_asked(
    books: Path, capsys: Capture
) -> None:
    assert run("rename", "C2", "BETA") == 0
    said = capsys.readouterr()
    assert '-  customer: "c2"\n+  customer: "BETA"\n' in said.out
    assert "--write-ledger" in said.err
    assert (books / "main.beancount").read_text() == LEDGER
    assert run("rename", "BETA", "B", "--write-ledger") == 0
    assert (books / "main.beancount").read_text() == LEDGER, "it names the id before that"
    assert run("rename", "B", "C2", "--write-ledger") == 0
    assert run("rename", "C2", "B", "--write-ledger") == 0
    assert (books / "main.beancount").read_text() == LEDGER.replace('"c2"', '"B"')
    assert main_balances(books, capsys) == {"C1": "100.00", "B": "50.00"}


def main_balances(books: Path, capsys: Capture) -> dict[str, str]:
    capsys.readouterr()
    assert main(["balances", "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    return {row["customer"]: row["balance"] for row in rows}


def test_merged_customers_keep_their_documents(books: Path, capsys: Capture) -> None:
    assert run("merge", "C1", "--into", "C2") == 0
    assert text(books, "C2.yaml") == (
        "id: C2\nname: Beta\naccounts: [Assets:Receivable:Acme]\naliases: [C1, Acme GmbH]\n"
    )
    assert main_balances(books, capsys) == {"C2": "150.00"}


def test_close_warns_of_a_balance_and_reopen_takes_it_back(books: Path, capsys: Capture) -> None:
    assert run("close", "C2") == 0
    assert "`C2` still has a balance: 50.00 EUR" in capsys.readouterr().err
    assert main(["--lang", "zh", "customer", "close", "C2", "--dry-run"]) == 0
    assert "EUR 50.00" in capsys.readouterr().err
    assert "status: closed" in text(books, "C2.yaml")
    assert run("reopen", "C2") == 0
    assert "status: active" in text(books, "C2.yaml")


def test_only_records_that_nothing_hangs_on_are_removed(books: Path, capsys: Capture) -> None:
    (books / "main.beancount").write_text("")
    assert run("remove", "C1") == 2
    assert "it is the parent of C2" in capsys.readouterr().err
    assert run("remove", "C2") == 0
    assert run("remove", "C1") == 0
    assert list((books / "customers").iterdir()) == []


def test_a_ledger_alone_has_no_records(books: Path, capsys: Capture) -> None:
    ledger = str(books / "main.beancount")
    assert main(["--ledger", ledger, "customer", "set", "C1", "tier", "A"]) == 2
    assert "a ledger alone has no customer records" in capsys.readouterr().err


def test_find_and_duplicates(books: Path, capsys: Capture) -> None:
    assert run("find", "acme", "-f", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["customer"], row["field"], row["score"]) for row in found["rows"]] == [
        ("C1", "name", 95)
    ]
    (books / "customers" / "C3.yaml").write_text("id: C3\nname: ACME\n")
    assert run("duplicates", "-f", "csv") == 0
    assert "C1,Acme GmbH,C3,ACME,name" in capsys.readouterr().out
