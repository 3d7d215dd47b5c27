"""`allocate --suggest`: the diff that ends the guessing, applied with git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import Story, Tell, applied, credit, opened, reopen, write_story

from ledgercli.desk.reports import allocate_suggest
from ledgercli.desk.request import Query
from ledgercli.output.paper import Paper
from ledgercli.output.table import render
from ledgercli.receivables import suggestion

INVOICES = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-02 * "Goods" ^INV-2
  Assets:Receivable:C1  70.50 EUR
  Income:Sales
2026-01-03 * "Goods" ^INV-3
  Assets:Receivable:C1  8 EUR
  Income:Sales
"""


def diff_of(story: Story) -> tuple[str, list[tuple[int, list[str], str]]]:
    answer = allocate_suggest(story.books, Query())
    rows = answer.table("left_out").rows
    assert len(answer.warnings) == len(rows)
    assert answer.verbatim is not None
    return answer.verbatim, [(row["line"], row["numbers"], row["reason"]) for row in rows]


def apply(root: Path, diff: str, books: str = ".") -> Story:
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=root, input=diff.encode(), check=True
    )
    return reopen(root / books)


def test_one_document_gets_its_number_on_the_posting(tell: Tell) -> None:
    story = tell(
        INVOICES + '2026-02-01 * "Paid"\n  Assets:Receivable:C1  -70.50 EUR ; thanks\n'
        "  Assets:Bank\n"
    )
    diff, left = diff_of(story)
    assert left == []
    assert (
        diff
        == """\
--- a/main.beancount
+++ b/main.beancount
@@ -9,6 +9,7 @@
   Income:Sales
 2026-02-01 * "Paid"
   Assets:Receivable:C1  -70.50 EUR ; thanks
+    invoice: "INV-2"
   Assets:Bank
 2000-01-01 open Assets:Bank
 2000-01-01 open Assets:Receivable:C1
"""
    )
    again = apply(story.root, diff)
    assert opened(again.at()) == opened(story.at()) == {"INV-1": "100", "INV-3": "8"}
    assert applied(again.at()) == ["2026-02-01 INV-2 70.5 named"]
    assert diff_of(again) == ("", [])


def test_several_documents_are_a_posting_each(tell: Tell) -> None:
    story = tell(
        INVOICES + '2026-02-01 * "Paid"\n  ! Assets:Receivable:C1    -108 EUR ; thanks\n'
        "  Assets:Bank  108 EUR\n"
    )
    diff, left = diff_of(story)
    assert left == []
    assert [line for line in diff.splitlines() if line[0] in "+-"][2:] == [
        "-  ! Assets:Receivable:C1    -108 EUR ; thanks",
        "+  ! Assets:Receivable:C1    -100 EUR ; thanks",
        '+    invoice: "INV-1"',
        "+  ! Assets:Receivable:C1      -8 EUR",
        '+    invoice: "INV-3"',
    ]
    again = apply(story.root, diff)
    assert opened(again.at()) == {"INV-2": "70.5"}
    assert applied(again.at()) == ["2026-02-01 INV-1 100 named", "2026-02-01 INV-3 8 named"]


def test_an_elided_amount_is_written_out_where_it_is_split(tell: Tell) -> None:
    story = tell(INVOICES + '2026-02-01 * "Paid"\n  Assets:Bank  108 EUR\n  Assets:Receivable:C1\n')
    diff, left = diff_of(story)
    assert left == []
    assert opened(apply(story.root, diff).at()) == {"INV-2": "70.5"}


def test_what_is_left_to_a_person(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Goods"
      Assets:Receivable:C2  30 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-3
      Assets:Receivable:C3  30 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-4
      Assets:Receivable:C3  20 EUR
      Income:Sales
    2026-02-01 * "Either"
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-02-01 * "No number"
      Assets:Receivable:C2  -30 EUR
      Assets:Bank
    2026-02-01 * "More than all"
      Assets:Receivable:C3  -60 EUR
      Assets:Bank
    """
    story = tell(customers="[{id: C1}, {id: C2}, {id: C3}]")
    assert diff_of(story) == (
        "",
        [
            (17, ["INV-1"], "ambiguous"),
            (20, ["main.beancount:8"], "no-number"),
            (23, ["INV-3", "INV-4"], "unallocated"),
        ],
    )


def test_a_named_payment_would_be_there_before_the_refund(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid"
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-20 * "Back" #refund ^RF-1
      Assets:Receivable:C1  40 EUR
      Assets:Bank
    """
    # With `invoice: "INV-1"` the refund would find no credit and open a document.
    story = tell()
    assert opened(story.at()) == {"INV-1": "40"}
    assert diff_of(story) == ("", [(5, ["INV-1"], "moves-others")])


def test_a_named_payment_would_make_another_guess_certain(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  60 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      Assets:Receivable:C1  80 EUR
      Income:Sales
    2026-01-03 * "Goods" ^INV-3
      Assets:Receivable:C1  20 EUR
      Income:Sales
    2026-01-04 * "Goods" ^INV-4
      Assets:Receivable:C1  40 EUR
      Income:Sales
    2026-02-01 * "1 and 4, or 2 and 3"
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-02-02 * "3"
      Assets:Receivable:C1  -20 EUR
      Assets:Bank
    """
    story = tell()
    assert opened(story.at()) == {"INV-2": "40", "INV-4": "40"}
    assert diff_of(story) == (
        "",
        [(14, ["INV-1", "INV-2"], "ambiguous"), (17, ["INV-3"], "moves-others")],
    )


def test_a_number_on_one_posting_takes_the_links_from_the_others(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-0
      Assets:Receivable:C1  140 USD
      Income:Sales
    2026-01-02 * "Goods" ^INV-1
      Assets:Receivable:C1  60 EUR
      Assets:Receivable:C1  60 USD
      Income:Sales
    2026-01-03 * "Goods" ^INV-2
      Assets:Receivable:C1  80 EUR
      Assets:Receivable:C1  80 USD
      Income:Sales
    2026-01-04 * "Paid" ^INV-1
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    2026-02-01 * "Too much in euro, all of it in dollars" ^INV-1 ^INV-2
      Assets:Receivable:C1  -90 EUR
      Assets:Receivable:C1  -140 USD
      Assets:Bank
    """
    # With `invoice:` on the euro posting the dollars would name nothing, and pay INV-0.
    story = tell()
    assert opened(story.at()) == {"INV-0": "140"}
    assert diff_of(story) == ("", [(16, ["INV-2"], "moves-others")])


def test_line_ends_and_separators_stay(tmp_path: Path) -> None:
    text = INVOICES + (
        '2026-02-01 * "Paid\u2028twice\x0c"\n  Assets:Receivable:C1  -70.50 EUR\n  Assets:Bank\n'
    )
    story = write_story(tmp_path, text)
    ledger = tmp_path / "main.beancount"
    ledger.write_bytes(ledger.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    story = reopen(tmp_path)
    diff, left = diff_of(story)
    assert left == []
    before = ledger.read_bytes()
    again = apply(tmp_path, diff)
    assert applied(again.at()) == ["2026-02-01 INV-2 70.5 named"]
    assert ledger.read_bytes().replace(b'    invoice: "INV-2"\r\n', b"") == before


def test_included_files_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    root = tmp_path / "my books"
    story = write_story(
        root,
        'include "客户/2026.beancount"\n2000-01-01 open Assets:Bank\n2000-01-01 open Income:Sales\n'
        "2000-01-01 open Assets:Receivable:C1",
        files={
            "客户/2026.beancount": INVOICES.lstrip()
            + '2026-02-01 * "Paid"\n  Assets:Receivable:C1  -8 EUR\n  Assets:Bank'
        },
    )
    diff, left = diff_of(story)
    assert left == []
    assert diff.startswith("--- a/my books/客户/2026.beancount")
    assert applied(apply(tmp_path, diff, "my books").at()) == ["2026-02-01 INV-3 8 named"]


ROWS = st.lists(
    st.tuples(
        st.integers(1, 28),
        st.sampled_from([10, 20, 30, 50, 100]),
        st.sampled_from(["invoice", "invoice", "paid", "paid", "names two", "refund"]),
    ),
    min_size=2,
    max_size=9,
)


def random_ledger(rows: list[tuple[int, int, str]]) -> str:
    parts = []
    for index, (date, amount, kind) in enumerate(rows, start=1):
        mark, sign, other = {
            "invoice": (f"^INV-{index}", "", "Income:Sales"),
            "paid": ("", "-", "Assets:Bank"),
            "names two": (f"^INV-{index - 1} ^INV-{index - 2}", "-", "Assets:Bank"),
            "refund": (f"^RF-{index} #refund", "", "Assets:Bank"),
        }[kind]
        parts.append(
            f'2026-01-{date:02} * "Row" {mark}\n'
            f"  Assets:Receivable:C{index % 2 + 1}  {sign}{amount} EUR\n  {other}\n"
        )
    return "".join(parts)


def test_line_ends_of_windows_reach_git_as_they_are(tell: Tell) -> None:
    text = INVOICES + '2026-02-01 * "Paid"\n  Assets:Receivable:C1  -70.50 EUR\n  Assets:Bank\n'
    story = tell(text.replace("\n", "\r\n"))
    ledger = story.root / "main.beancount"
    ledger.write_bytes(ledger.read_bytes().replace(b"\r", b"").replace(b"\n", b"\r\n"))
    answer = allocate_suggest(reopen(story.root).books, Query())
    diff = render(answer, Paper(80, terminal=False, ascii_only=False))
    assert '+    invoice: "INV-2"\r\n' in diff
    assert apply(story.root, diff).at().receipts[0].allocations[0].assumed is False
    assert "\r" not in render(answer, Paper(80, terminal=True, ascii_only=False))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_applied_it_leaves_all_figures_and_no_assumption_but_those_listed(
    tmp_path: Path, rows: list[tuple[int, int, str]]
) -> None:
    story = write_story(tmp_path, random_ledger(rows))
    before = story.at()
    diff, left = diff_of(story)
    after = apply(tmp_path, diff).at() if diff else before
    assert opened(after) == opened(before)
    assert credit(after) == credit(before)
    assert after.balances == before.balances
    assumed = [
        receipt for receipt in after.receipts if any(row.assumed for row in receipt.allocations)
    ]
    assert len(assumed) == len(left)


SHARED = st.lists(st.sampled_from([30, 50, 60, 80, 100]), min_size=2, max_size=6)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(invoices=SHARED, paid=SHARED, links=st.sampled_from(["", " ^INV-0 ^INV-1"]))
def test_what_no_change_touches_need_not_be_looked_at(
    tmp_path: Path, invoices: list[int], paid: list[int], links: str
) -> None:
    """Payments of several customers at once tie what is changed of one to the others."""
    text = "".join(
        f'2026-01-{place + 1:02} * "Goods" ^INV-{place}\n'
        f"  Assets:Receivable:C{place % 3}  {amount} EUR\n  Income:Sales\n"
        for place, amount in enumerate(invoices)
    )
    text += "".join(
        f'2026-02-{place + 1:02} * "Paid"{links}\n'
        f"  Assets:Receivable:C{place % 3}  -{amount} EUR\n"
        f"  Assets:Receivable:C{(place + 1) % 3}  -{paid[place - 1]} EUR\n  Assets:Bank\n"
        for place, amount in enumerate(paid)
    )
    story = write_story(tmp_path, text, customers="[{id: C0}, {id: C1}, {id: C2}]")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggestion, "_touched", lambda before, _: {*before.postings})
        everything = diff_of(story)
    assert diff_of(story) == everything
