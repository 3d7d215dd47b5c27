"""Importing and exporting customers as a user does it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stories import NOW

from ledgercli.books.errors import BooksLockedError, FileUnreadableError
from ledgercli.books.foreign.errors import ProfileNotFoundError, WrongSubjectError
from ledgercli.books.foreign.records import record_data
from ledgercli.desk.customers.customer_moving import merge, rename
from ledgercli.desk.exchange import exchanging, exporting, foreign_files
from ledgercli.desk.exchange.exchange_errors import EarlierRevisionError, NoRecordsHereError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer, Text
from ledgercli.model.exchange import Side

LEDGER = '2026-01-01 open Assets:Receivable\noption "operating_currency" "EUR"\n'
ACME = """\
# our best one
id: C1
name: Acme GmbH   # since 1999
tags: [retail]
contacts:
  - {name: Ute Maier, role: billing, email: ap@acme.example}
unknown: kept
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "customers").mkdir()
    (tmp_path / "main.beancount").write_text(LEDGER)
    (tmp_path / "ledgercli.yaml").write_text("ledger: main.beancount\n")
    (tmp_path / "customers" / "C1.yaml").write_text(ACME)
    return tmp_path


def books(root: Path) -> OpenBooks:
    return open_books(Request(start=root, now=NOW, books=root))


def take(
    root: Path,
    text: str,
    profile: str = "csv",
    name: str = "in.csv",
    *,
    write: bool = False,
    take: Side | None = None,
) -> Answer:
    path = root / name
    path.write_text(text, encoding="utf-8")
    file = foreign_files.ForeignFile(path, profile)
    return exchanging.import_customers(books(root), file, write=write, take=take)


def actions(answer: Answer) -> list[tuple[Any, ...]]:
    return [(row["row"], row["customer"], row["action"]) for row in answer.table("rows").rows]


def findings(answer: Answer) -> list[tuple[str, str, int]]:
    return [(row.code, row.place.file, row.place.line) for row in answer.task_findings]


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".csv" and ".lock" not in path.name
    }


def test_nothing_is_written_without_being_told(root: Path) -> None:
    before = files(root)
    answer = take(root, "id,name,email\nC1,Acme AG,new@acme.example\nC2,Beta,b@beta.example\n")
    assert files(root) == before
    assert answer.facts["written"] is False
    assert answer.verbatim is not None
    assert "+++ b/customers/C2.yaml" in answer.verbatim


def test_an_edit_leaves_every_other_line_alone(root: Path) -> None:
    answer = take(root, "id,email,phone\nC1,ap@acme.example,+49 1\n", write=True)
    assert actions(answer) == [(2, "C1", "changed")]
    text = (root / "customers" / "C1.yaml").read_text()
    assert text == ACME.replace(".example}", '.example, phone: "+49 1"}')


def test_import_twice_changes_nothing(root: Path) -> None:
    text = "id,name,tags,country,limit\nC1,Acme GmbH,eu,DE,\nC2,Beta,a; b,Germany,1500 EUR\n"
    take(root, text, write=True)
    before = files(root)
    answer = take(root, text, write=True)
    assert files(root) == before
    assert [action for _, _, action in actions(answer)] == ["unchanged", "unchanged"]
    assert answer.task_findings == ()
    assert answer.facts["written"] is False


def test_a_newer_edit_here_is_never_overwritten(root: Path) -> None:
    """Imported, changed here, unchanged there: stays. Changed there too: told, and still ours."""
    take(root, "id,name,tier\nC2,Beta,A\n", write=True)
    record = root / "customers" / "C2.yaml"
    record.write_text(record.read_text().replace("tier: A", "tier: B"))
    assert actions(take(root, "id,name,tier\nC2,Beta,A\n", write=True)) == [(2, "C2", "unchanged")]
    assert "tier: B" in record.read_text()
    for _ in range(2):  # until it is settled, it is told
        answer = take(root, "id,name,tier\nC2,Beta Ltd,C\n", write=True)
        assert findings(answer) == [("import-conflict", "in.csv", 2)]
        assert dict(answer.task_findings[0].values) == {"field": "tier", "ours": "B", "theirs": "C"}
    assert "tier: B" in record.read_text()
    assert "name: Beta Ltd" in record.read_text()  # what does not contradict is taken


@pytest.mark.parametrize(("side", "tier"), [("theirs", "C"), ("ours", "B")])
def test_a_conflict_is_settled_once(root: Path, side: Side, tier: str) -> None:
    take(root, "id,name,tier\nC2,Beta,A\n", write=True)
    record = root / "customers" / "C2.yaml"
    record.write_text(record.read_text().replace("tier: A", "tier: B"))
    assert take(root, "id,tier\nC2,C\n", write=True, take=side).task_findings == ()
    assert f"tier: {tier}" in record.read_text()
    answer = take(root, "id,tier\nC2,C\n", write=True)
    assert (actions(answer), answer.task_findings) == ([(2, "C2", "unchanged")], ())


def test_each_rejected_row_says_why_and_the_others_are_taken(root: Path) -> None:
    (root / "customers" / "C3.yaml").write_text("id: C3\nname: Twin\n")
    (root / "customers" / "C4.yaml").write_text("id: C4\nname: Twin\n")
    text = (
        "id,name,terms,parent\n,,net 30,\nC1,Acme GmbH,,\nC1,again,,\n,Twin,,\n../x,Evil,,\n"
        "C5,Five,nonsense,\nC6,Six,,NOBODY\nC7,Seven,net 30,C8\nC8,Eight,,\n"
    )
    answer = take(root, text, write=True)
    assert actions(answer) == [
        (2, None, "rejected"),
        (3, "C1", "unchanged"),
        (4, "C1", "rejected"),
        (5, None, "rejected"),
        (6, "../x", "rejected"),
        (7, "C5", "new"),
        (8, "C6", "new"),
        (9, "C7", "new"),
        (10, "C8", "new"),
    ]
    assert findings(answer) == [
        ("row-rejected", "in.csv", 2),
        ("row-rejected", "in.csv", 4),
        ("row-rejected", "in.csv", 5),
        ("invalid-id", "in.csv", 6),
        ("invalid-value", "in.csv", 7),
        ("unknown-parent", "in.csv", 8),
    ]
    assert "terms" not in (root / "customers" / "C5.yaml").read_text()
    assert "parent" not in (root / "customers" / "C6.yaml").read_text()
    assert "parent: C8" in (root / "customers" / "C7.yaml").read_text()
    assert not (root.parent / "x.yaml").exists()


def test_a_customer_of_another_system_is_found_again_by_its_number(root: Path) -> None:
    head = "ContactName,AccountNumber,EmailAddress,POCountry\n"
    answer = take(root, head + "Beta Ltd,X-77,b@beta.example,United Kingdom\n", "xero", write=True)
    assert actions(answer) == [(2, "X-77", "new")]
    assert "xero: X-77" in (root / "customers" / "X-77.yaml").read_text()
    # Renamed on both sides, it is still the same.
    record = root / "customers" / "X-77.yaml"
    record.write_text(record.read_text().replace("name: Beta Ltd", "name: Beta Limited"))
    answer = take(
        root, head + "Beta Ltd,X-77,new@beta.example,United Kingdom\n", "xero", write=True
    )
    assert actions(answer) == [(2, "X-77", "changed")]
    assert "name: Beta Limited" in record.read_text()


def test_without_a_number_the_name_of_the_last_import_still_finds_it(root: Path) -> None:
    head = "First Name,Last Name,Company,E-mail Address\n"
    take(root, head + "Jo,Doe,Beta Ltd,jo@beta.example\n", "outlook", write=True)
    record = root / "customers" / "Beta-Ltd.yaml"
    record.write_text(record.read_text().replace("name: Beta Ltd", "name: Beta Limited"))
    answer = take(root, head + "Jo,Doe,Beta Ltd,jd@beta.example\n", "outlook", write=True)
    assert actions(answer) == [(2, "Beta-Ltd", "changed")]


def test_a_customer_removed_here_does_not_come_back_by_itself(root: Path) -> None:
    text = "id,name\nC2,Beta\n"
    take(root, text, write=True)
    (root / "customers" / "C2.yaml").unlink()
    answer = take(root, text, write=True)
    assert findings(answer) == [("row-rejected", "in.csv", 2)]
    assert not (root / "customers" / "C2.yaml").exists()
    take(root, text, write=True, take="theirs")
    assert (root / "customers" / "C2.yaml").exists()


def test_what_was_imported_is_known_under_a_new_id_and_of_a_merged_record(root: Path) -> None:
    take(root, "id,name,terms\nC2,Beta,net 30\nC3,Gamma,net 30\n", write=True)
    rename(books(root), customer="C2", new="B2", write_ledger=False, dry_run=False)
    answer = take(root, "id,name,terms\nC2,Beta & Son,net 20\nC3,Gamma,net 30\n", write=True)
    assert (actions(answer), findings(answer)) == (
        [(2, "B2", "changed"), (3, "C3", "unchanged")],
        [],
    )
    memory = (root / ".ledgercli" / "imports" / "csv.jsonl").read_text().splitlines()
    assert [json.loads(line)["customer"] for line in memory] == ["B2", "C3"]
    merge(books(root), source="C3", target="C1", write_ledger=False, dry_run=False)
    answer = take(root, "id,name,terms\nC3,Gamma,net 10\n", write=True)
    assert actions(answer) == [(2, "C1", "changed")]


def test_lines_that_are_no_records_count_among_the_rejected(root: Path) -> None:
    answer = take(root, '{"id":"C2","name":"Beta"}\n[1]\n', "jsonl", "in.jsonl")
    assert actions(answer) == [(1, "C2", "new"), (2, None, "rejected")]
    assert findings(answer) == [("row-rejected", "in.jsonl", 2)]
    counts = {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert isinstance(answer.notes[0], Text)
    assert answer.notes[0].values == counts


def test_a_row_with_an_alias_of_somebody_else_is_rejected(root: Path) -> None:
    answer = take(root, "id,name,aliases\nC5,Five,C1\nC6,Six,\n", write=True)
    assert actions(answer) == [(2, "C5", "rejected"), (3, "C6", "new")]
    assert ("ambiguous-alias", "in.csv", 2) in findings(answer)
    assert not (root / "customers" / "C5.yaml").exists()


def test_a_row_whose_cells_have_moved_is_rejected(root: Path) -> None:
    answer = take(root, "id,credit.limit,currency\nC1,1,000,EUR\n", write=True)
    assert (actions(answer), findings(answer)) == (
        [(2, None, "rejected")],
        [("row-rejected", "in.csv", 2)],
    )


def test_a_record_that_cannot_be_edited_costs_its_own_row_only(root: Path) -> None:
    (root / "customers" / "C2.yaml").write_text(
        "id: C2\nname: Beta\nsegments: &s {a: b}\nfields: *s\n"
    )
    profile = root / "profiles" / "p.yaml"
    profile.parent.mkdir()
    profile.write_text("columns: {id: id, a: fields.a, name: name}\n")
    answer = take(root, "id,a,name\nC2,c,Beta\nC3,,Gamma\n", "p", write=True, take="theirs")
    assert actions(answer) == [(2, "C2", "rejected"), (3, "C3", "new")]
    assert findings(answer) == [("row-rejected", "in.csv", 2)]
    assert "fields: *s" in (root / "customers" / "C2.yaml").read_text()
    assert (root / "customers" / "C3.yaml").exists()


def test_defaults_are_for_new_records_and_contacts_that_there_are(root: Path) -> None:
    (root / "profiles").mkdir()
    (root / "profiles" / "p.yaml").write_text(
        "columns: {id: id, name: name, mail: contacts.1.email}\n"
        "defaults: {contacts.1.role: billing, status: prospect}\n"
    )
    take(
        root,
        "id,name,mail\nC1,Acme GmbH,ap@acme.example\nC2,B,b@x.example\nC3,C,\n",
        "p",
        write=True,
    )
    assert (root / "customers" / "C1.yaml").read_text() == ACME
    records = {name: (root / "customers" / f"{name}.yaml").read_text() for name in ("C2", "C3")}
    assert "{role: billing, email: b@x.example}" in records["C2"]
    assert "status: prospect" in records["C3"]
    assert "contacts" not in records["C3"]


def test_records_that_would_be_equal_in_name_get_different_ids(root: Path) -> None:
    head = "ContactName,AccountNumber\n"
    long = "0123456789abcdef0123456789"
    answer = take(root, head + f"Beta,{long}1\nBeta,{long}2\nC1,{long}3\n", "xero", write=True)
    assert [row["customer"] for row in answer.table("rows").rows] == ["Beta", "Beta-2", "C1-2"]


def test_characters_that_hide_something_are_taken_out_and_told(root: Path) -> None:
    answer = take(root, "id,name\nC2,Be\x1b[31mta\u202e\n", write=True)
    assert findings(answer) == [("no-plain-text", "in.csv", 2)]
    assert answer.task_findings[0].values["characters"] == "U+001B, U+202E"
    assert 'name: "Be[31mta"' in (root / "customers" / "C2.yaml").read_text()


def test_a_limit_of_another_system_gets_the_currency_and_nought_is_no_limit(root: Path) -> None:
    head = "!CUST\tNAME\tLIMIT\tTERMS\n"
    text = head + 'CUST\tBeta\t"12,500.00"\tNet 30\nCUST\tNought\t0.00\tDue on receipt\n'
    take(root, text, "quickbooks-iif", "in.iif", write=True)
    assert "limit: 12500.00 EUR" in (root / "customers" / "Beta.yaml").read_text()
    nought = (root / "customers" / "Nought.yaml").read_text()
    assert "limit" not in nought
    assert "terms: net 0" in nought


def test_a_pipe_of_json_lines(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        {"id": "C1", "deleted": True},
        {"schema": exporting.SCHEMA, "id": "C9", "name": "Neun", "fields": {"a": {"b": ["c"]}}},
        {"id": "C8", "deleted": True},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    file = foreign_files.ForeignFile(foreign_files.PIPE, "jsonl")
    answer = exchanging.import_customers(books(root), file, write=True)
    assert actions(answer) == [
        (1, "C1", "changed"), (2, "C9", "new"), (3, None, "unchanged"),
    ]  # fmt: skip
    assert "status: closed" in (root / "customers" / "C1.yaml").read_text()
    assert (root / "customers" / "C9.yaml").exists()


def test_standard_input_that_is_closed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(FileUnreadableError):
        exchanging.import_customers(
            books(root), foreign_files.ForeignFile(foreign_files.PIPE, "jsonl"), write=False
        )


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=B", "-c", "user.email=b@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def test_what_changed_since_a_revision_feeds_other_books(root: Path, tmp_path: Path) -> None:
    (root / "customers" / "C2.yaml").write_text("id: C2\nname: Beta\n")
    (root / "customers" / "C3.yaml").write_text("id: C3\nname: Gamma\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    changed = ACME.replace("[retail]", "[retail, eu]").replace(", role: billing", "")
    (root / "customers" / "C1.yaml").write_text(changed)
    (root / "customers" / "C3.yaml").unlink()
    (root / "customers" / "客户.yaml").write_text("name: 新客户\ncontracts: [{id: CT-1}]\n")
    export = exporting.export_customers(
        books(root), Query(), profile="jsonl", path=None, changed_since="HEAD"
    )
    lines = [json.loads(line) for line in export.content.decode().splitlines()]
    assert [(line["id"], line.get("deleted")) for line in lines] == [
        ("C1", None), ("客户", None), ("C3", True),
    ]  # fmt: skip
    assert lines[0]["tags"] == ["retail", "eu"]
    assert lines[0]["unknown"] == "kept"
    assert lines[0]["contacts"][0]["role"] is None
    # A file that cannot say who is gone warns.
    as_csv = exporting.export_customers(
        books(root), Query(), profile="csv", path=None, changed_since="HEAD"
    )
    assert [warning.values for warning in as_csv.warnings] == [{"customers": ["C3"]}]
    # The other side, as it was, becomes equal but for the customer that is gone: it is closed.
    other = tmp_path / "other"
    git(root, "clone", "-q", str(root), str(other))
    (other / "in.jsonl").write_bytes(export.content.replace(b',"unknown":"kept"', b""))
    file = foreign_files.ForeignFile(other / "in.jsonl", "jsonl")
    exchanging.import_customers(books(other), file, write=True, take="theirs")
    assert (other / "customers" / "C1.yaml").read_text() == changed
    assert "status: closed" in (other / "customers" / "C3.yaml").read_text()
    assert "name: 新客户" in (other / "customers" / "客户.yaml").read_text()
    again = exchanging.import_customers(books(other), file, write=True)
    assert {action for _, _, action in actions(again)} == {"unchanged"}


def test_a_sheet_has_columns_for_all_texts_of_the_records(root: Path, tmp_path: Path) -> None:
    record = (
        "id: C2\nname: Beta\nsegments: {region: 东, industry: retail}\nids: {crm: '0042'}\n"
        "contacts:\n  - {name: A}\n  - {name: B}\n  - {name: C, email: c@x.example}\n"
        "addresses: {ship: {lines: ['1', '2'], city: X}}\nfields: {colour: red, deep: {a: b}}\n"
    )
    (root / "customers" / "C1.yaml").write_text(record)
    for suffix in ("csv", "xlsx"):
        path = root / f"out.{suffix}"
        export = exporting.export_customers(books(root), Query(), profile="csv", path=path)
        exporting.save(export, path)
        other = tmp_path / suffix
        (other / "customers").mkdir(parents=True)
        (other / "main.beancount").write_text(LEDGER)
        (other / "ledgercli.yaml").write_text("ledger: main.beancount\n")
        file = foreign_files.ForeignFile(path, "csv")
        exchanging.import_customers(books(other), file, write=True)
        there, here = record_data(other)["C2"], record_data(root)["C2"]
        assert here.pop("fields")["colour"] == there.pop("fields")["colour"]
        assert there == here


def test_export_takes_those_asked_for_and_unwritable_characters_do_not_get_lost(root: Path) -> None:
    (root / "customers" / "C2.yaml").write_text("id: C2\nname: 客户\ntags: [cn]\n")
    export = exporting.export_customers(
        books(root), Query(tags=("cn",)), profile="quickbooks-iif", path=None
    )
    assert export.content.decode("utf-8-sig").splitlines()[1].startswith("CUST\t客户\t")
    assert "客户" not in export.content.decode("cp1252", "replace")
    assert export.count == 1
    assert len(export.warnings) == 1


def test_an_inferred_customer_can_be_exported(tmp_path: Path) -> None:
    ledger = tmp_path / "a.beancount"
    ledger.write_text(
        "2026-01-01 open Assets:Receivable:Acme\n2026-01-01 open Income:Sales\n"
        '2026-01-02 * "Acme" ""\n  Assets:Receivable:Acme  1 EUR\n  Income:Sales\n'
    )
    opened = open_books(Request(start=tmp_path, now=NOW, ledger=ledger))
    export = exporting.export_customers(opened, Query(), profile="jsonl", path=None)
    assert json.loads(export.content)["id"] == "Acme"


def test_where_nothing_can_be_imported(root: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "main.beancount"
    bare = open_books(Request(start=tmp_path, now=NOW, ledger=ledger))
    file = foreign_files.ForeignFile(tmp_path / "in.csv", "csv")
    with pytest.raises(NoRecordsHereError):
        exchanging.import_customers(bare, file, write=True)
    with pytest.raises(EarlierRevisionError):
        exchanging.import_customers(replace(books(root), known_at="HEAD"), file, write=True)
    with pytest.raises(WrongSubjectError):
        take(root, "customer\nC1\n", "csv-items")
    with pytest.raises(ProfileNotFoundError):
        take(root, "id\nC1\n", "none")


def test_what_the_last_import_brought_must_be_readable(root: Path) -> None:
    state = root / ".ledgercli" / "imports"
    state.mkdir(parents=True)
    (state / "csv.jsonl").write_text("{broken")
    with pytest.raises(FileUnreadableError):
        take(root, "id,name\nC1,A\n", write=True)


def test_records_and_memory_are_written_under_the_lock(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise BooksLockedError(process="1", host="h", since="now")

    monkeypatch.setattr(exchanging, "books_lock", locked)
    before = files(root)
    with pytest.raises(BooksLockedError):
        take(root, "id,name\nC2,Beta\n", write=True)
    assert files(root) == before


def test_the_list_of_profiles(root: Path) -> None:
    (root / "profiles").mkdir()
    (root / "profiles" / "ours.yaml").write_text("title: Ours\ncolumns: {Firma: name}\n")
    rows = {row["profile"]: row for row in exporting.profiles(books(root)).table("rows").rows}
    assert rows["ours"]["file"] == "profiles/ours.yaml"
    assert rows["xero"]["verified"] is False
    assert exporting.profiles(None).table("rows").rows[0]["profile"] == "a3erp"
    answer = take(root, "Firma\nBeta\n", "ours")
    assert answer.warnings == ()
    assert take(root, "ContactName\nBeta\n", "xero").warnings != ()
