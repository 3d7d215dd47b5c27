"""Scores, tiers and limits through the desk: whole answers, the record written, the history."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from pathlib import Path

import pytest
from stories import NOW, Tell

from ledgercli.desk.customers import credit, scoring, tiering
from ledgercli.desk.errors import CustomerNotFoundError, UnknownGroupingError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reports import aging, balances
from ledgercli.desk.request import Query, Request
from ledgercli.model.values import Money
from ledgercli.output import formats
from ledgercli.output.values import sentence

LEDGER = """
2026-08-01 * "a" ^INV-1
  customer: "A"
  Assets:Receivable  100 EUR
  Income:Sales
2026-08-31 * "paid on the day" ^INV-1
  customer: "A"
  Assets:Receivable  -100 EUR
  Assets:Bank
2026-09-01 * "b" ^INV-2
  customer: "B"
  Assets:Receivable  40 EUR
  Income:Sales
"""
CUSTOMERS = """
# looked after by hand
- id: A
  tier: B   # for now
  tags: [eu]
  owner: wang
- {id: B, kind: person, owner: Li, parent: A}
"""
SETTINGS = """
receivables: {terms: net 30}
tiers:
  - {tier: A, score: at least 1, invoices: at least 1, revenue: over 99 EUR}
  - {tag: slow, days_late: at least 1}
"""
DAY = dt.date(2026, 11, 21)


def opened(root: Path, known_at: str | None = None) -> OpenBooks:
    request = Request(start=root, now=NOW, books=root, known_at=known_at)
    return open_books(request, with_events=True, with_orders=True)


def test_all_scores_the_lowest_first(tell: Tell) -> None:
    root = tell(LEDGER, customers=CUSTOMERS, settings=SETTINGS).root
    answer = scoring.score(opened(root), Query(as_of=DAY))
    rows = answer.table("rows").rows
    assert [row["customer"] for row in rows] == ["B", "A"]
    assert rows[0]["late_share"] == 100
    assert (rows[0]["basis"], rows[1]["documents"]) == ("own", 1)
    single = scoring.score(opened(root), Query(as_of=DAY, customers=("B",)))
    assert single.facts["decided_by_person"] is True
    assert "natural person" in formats.render(single, "table")
    lost = sum(float(row["lost"]) for row in single.table("rows").rows)
    assert abs(100 - lost - float(single.facts["exact"])) < 0.5


def test_rules_are_written_and_nothing_else_changes(tell: Tell) -> None:
    root = tell(LEDGER, customers=CUSTOMERS, settings=SETTINGS).root
    file = root / "customers/all.yaml"
    before = file.read_text("utf-8")
    shown = tiering.tiers(opened(root), Query(as_of=DAY), everything=False, write=False)
    assert file.read_text("utf-8") == before
    assert [(row["customer"], row["change"], row["value"]) for row in shown.table("rows").rows] == [
        ("A", "tier", "A"),
        ("B", "tag", "slow"),
    ]
    written = tiering.tiers(opened(root), Query(as_of=DAY), everything=False, write=True)
    assert written.facts["written"] is True
    after = file.read_text("utf-8")
    expected = before.replace("tier: B   # for now", "tier: A   # for now")
    assert after == expected.replace("parent: A}", "parent: A, tags: [slow]}")
    again = tiering.tiers(opened(root), Query(as_of=DAY), everything=False, write=True)
    assert (again.facts["changes"], again.facts["written"]) == (0, False)
    assert file.read_text("utf-8") == after


def test_a_mistyped_rule_is_told_and_never_written(tell: Tell) -> None:
    mistyped = "tiers:\n  - {tier: A, revenu: over 99 EUR}\n"
    root = tell(LEDGER, customers=CUSTOMERS, settings=mistyped).root
    before = (root / "customers/all.yaml").read_text("utf-8")
    shown = tiering.tiers(opened(root), Query(as_of=DAY), everything=False, write=False)
    (warning,) = shown.warnings
    assert sentence(warning).startswith("`ledgercli.yaml` is not as it should be")
    with pytest.raises(tiering.DoubtfulRulesError):
        tiering.tiers(opened(root), Query(as_of=DAY), everything=False, write=True)
    assert (root / "customers/all.yaml").read_text("utf-8") == before


def test_groups_and_filters(tell: Tell) -> None:
    root = tell(LEDGER, customers=CUSTOMERS, settings=SETTINGS).root
    books = opened(root)
    rows = balances(books, Query(as_of=DAY), group_by="owner").table("rows").rows
    assert rows == [{"group": "Li", "currency": "EUR", "balance": Money(40, "EUR")}]  # type: ignore[arg-type]
    rows = (
        aging(books, Query(as_of=DAY), basis=None, buckets=None, group_by="parent")
        .table("rows")
        .rows
    )
    assert [row["group"] for row in rows] == ["A"]
    for query, expected in (
        (Query(owners=("li",)), {"B"}),
        (Query(parents=("A",)), {"A", "B"}),
        (Query(tiers=("b", "C")), {"A"}),
        (Query(statuses=("closed",)), set[str]()),
        (Query(tiers=("B",), owners=("Li",)), set[str]()),
    ):
        assert books.chosen(query) == frozenset(expected)
    with pytest.raises(CustomerNotFoundError):
        books.chosen(Query(parents=("Q",)))
    with pytest.raises(UnknownGroupingError) as caught:
        balances(books, Query(), group_by="colour")
    assert "`tier`" in caught.value.values["known"]


def git(root: Path, *arguments: str, day: str) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Li" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "li@example.com" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": f"{day}T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
    }
    subprocess.run(["git", *arguments], cwd=root, check=True, env=environment)


def test_git_remembers_the_limits(tell: Tell) -> None:
    root = tell(LEDGER, customers="", files={"customers/A.yaml": "id: A\n"}).root
    git(root, "init", "-q", day="2026-01-01")
    for day, text in (
        ("2026-01-01", "id: A\n"),
        ("2026-02-01", "id: A\ncredit: {limit: 500 EUR}\n"),
        ("2026-03-01", "id: A\nname: Acme\ncredit: {limit: 500 EUR}\n"),
        ("2026-12-01", "id: A\ncredit: {limit: 900 EUR}\n"),
    ):
        (root / "customers/A.yaml").write_text(text, "utf-8")
        git(root, "add", "-A", day=day)
        git(root, "commit", "-q", "-m", "x", day=day)
    books = opened(root)

    def told(as_of: dt.date) -> list[tuple[str, str]]:
        answer = credit.credit_report(books, Query(as_of=as_of), customer="A")
        return [(row["date"].isoformat(), row["by"]) for row in answer.table("history").rows]

    assert told(DAY) == [("2026-02-01", "Li")]
    assert told(dt.date(2026, 12, 1)) == [("2026-12-01", "Li"), ("2026-02-01", "Li")]
    assert told(dt.date(2026, 1, 31)) == []


def test_the_report_is_one_page(tell: Tell) -> None:
    root = tell(LEDGER, customers=CUSTOMERS, settings=SETTINGS).root
    books = opened(root)
    answer = credit.credit_report(books, Query(as_of=DAY), customer="B")
    assert [table.key for table in answer.tables] == ["account", "limits", "inputs", "history"]
    assert answer.table("limits").rows[0]["action"] == "too-little"
    from pypdf import PdfReader

    from ledgercli.output import page

    def source(literal, fonts, paper):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return page.typst(answer, literal, fonts, paper)

    reader = PdfReader(io.BytesIO(credit.printed(books, Query(as_of=DAY), "en", source)))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert "Credit report: B" in text
    assert "40.00" in text
    with pytest.raises(CustomerNotFoundError):
        credit.credit_report(books, Query(as_of=DAY), customer="?")
