"""What changed between two revisions, from real git repositories."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from fault_points import make_books

from ledgercli.books.revision import NotARepositoryError, UnknownRevisionError
from ledgercli.desk.comparing import compare
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.output.values import say

DAY = dt.date(2026, 3, 6)
PAYMENT = (
    '2026-03-05 * "C{0}" "paid" ^INV-{0}-1\n  Assets:Receivable:C{0}  -1.00 EUR\n  Income:Sales\n'
)


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Wang")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "w@example.com")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "books"
    make_books(root, 4)
    git(root.parent, "init", "-q", "-b", "main")
    commit(root, "Books")
    git(root.parent, "tag", "begin")
    return root


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, message: str) -> None:
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-q", "--allow-empty", "-m", message)


def pay(root: Path, customer: int, file: str = "main.beancount") -> None:
    with (root / file).open("a", encoding="utf-8") as ledger:
        ledger.write(PAYMENT.format(customer))


def diff(
    root: Path,
    first: str = "begin",
    second: str | None = "HEAD",
    query: Query | None = None,
    *,
    commits: bool = True,
) -> Answer:
    now = dt.datetime.combine(DAY, dt.time(6), tzinfo=dt.UTC)
    request = Request(start=root, now=now, books=root)
    return compare(request, query or Query(as_of=DAY), first, second, commits=commits)


def lines(answer: Answer) -> list[str]:
    return [
        f"{row['number']} {row['change']} {say(row['after'])}: {row['subject'] or '-'}"
        for row in answer.table("rows").rows
    ]


def test_each_figure_names_the_commit_that_made_it_what_it_is(root: Path) -> None:
    pay(root, 1)
    commit(root, "C1 pays")
    for number in range(5):
        commit(root, f"nothing {number}")
    pay(root, 2)
    commit(root, "C2 pays")
    pay(root, 1)
    commit(root, "C1 pays again")
    pay(root, 3)
    assert lines(diff(root, second=None)) == [
        "INV-1-1 paid 99.00 EUR: C1 pays again",
        "INV-2-1 paid 101.00 EUR: C2 pays",
        "INV-3-1 paid 102.00 EUR: -",
    ]
    assert lines(diff(root))[:2] == lines(diff(root, second=None))[:2]
    assert len(diff(root).table("rows").rows) == 2


def test_what_a_merge_brought_names_the_commit_that_was_merged(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "side")
    (root / "side.beancount").write_text("", encoding="utf-8")
    pay(root, 1, "side.beancount")
    (root / "main.beancount").write_text(
        'include "side.beancount"\n' + (root / "main.beancount").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    commit(root, "C1 pays on the side")
    commit(root, "nothing on the side")
    git(root, "checkout", "-q", "main")
    pay(root, 2)
    commit(root, "C2 pays")
    git(root, "merge", "-q", "--no-edit", "side")
    assert lines(diff(root)) == [
        "INV-1-1 paid 100.00 EUR: C1 pays on the side",
        "INV-2-1 paid 101.00 EUR: C2 pays",
    ]


def test_a_commit_whose_books_cannot_be_read_is_passed_over(root: Path) -> None:
    pay(root, 1)
    commit(root, "C1 pays")
    ledger = (root / "main.beancount").read_text(encoding="utf-8")
    (root / "main.beancount").unlink()
    commit(root, "by mistake")
    (root / "main.beancount").write_text(ledger, encoding="utf-8")
    pay(root, 2)
    commit(root, "there again")
    assert [line.split(":")[0] for line in lines(diff(root))] == [
        "INV-1-1 paid 100.00 EUR",
        "INV-2-1 paid 101.00 EUR",
    ]


def test_backwards_and_beside_no_commit_is_named(root: Path) -> None:
    pay(root, 1)
    commit(root, "C1 pays")
    back = diff(root, "HEAD", "begin")
    assert lines(back) == ["INV-1-1 open-again 101.00 EUR: -"]
    assert "none is named" in "".join(map(say, back.notes))
    assert lines(diff(root, commits=False)) == ["INV-1-1 paid 100.00 EUR: -"]


def test_without_a_change_nothing_is_said_of_commits(root: Path) -> None:
    same = diff(root, "begin", "begin")
    assert lines(same) == []
    assert [say(note) for note in same.notes] == [
        "From revision begin to begin, both as of 2026-03-06."
    ]


def test_filters_and_what_there_is_not(root: Path, tmp_path: Path) -> None:
    pay(root, 1)
    pay(root, 2)
    assert len(lines(diff(root, second=None, query=Query(as_of=DAY, customers=("C2",))))) == 1
    assert lines(diff(root, second=None, query=Query(as_of=DAY, currencies=("USD",)))) == []
    assert lines(diff(root, second=None, query=Query(as_of=dt.date(2026, 3, 4)))) == []
    with pytest.raises(CustomerNotFoundError):
        diff(root, second=None, query=Query(as_of=DAY, customers=("C9",)))
    with pytest.raises(UnknownRevisionError):
        diff(root, "nothing")
    with pytest.raises(UnknownRevisionError):
        diff(root, second="nothing")
    make_books(tmp_path / "plain", 1)
    with pytest.raises(NotARepositoryError):
        diff(tmp_path / "plain")


def test_a_customer_that_is_gone_can_still_be_asked_for(root: Path) -> None:
    records = (
        (root / "customers" / "all.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    (root / "customers" / "all.yaml").write_text("".join(records[1:]), encoding="utf-8")
    found = diff(root, second=None, query=Query(as_of=DAY, customers=("C1",)))
    rows = [(row["number"], row["change"], row["before"]) for row in found.table("rows").rows]
    assert rows == [("INV-1-1", "moved", "C1"), ("INV-1-2", "moved", "C1")]


def test_between_two_branches_no_commit_is_named(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "side")
    pay(root, 1)
    commit(root, "C1 pays on the side")
    git(root, "checkout", "-q", "main")
    pay(root, 2)
    commit(root, "C2 pays")
    assert lines(diff(root, "side", "main")) == [
        "INV-1-1 open-again 101.00 EUR: -",
        "INV-2-1 paid 101.00 EUR: -",
    ]
