"""What is taken of plain transactions at once is what Beancount's parser makes of them."""

from __future__ import annotations

import decimal

import pytest

from ledgercli.books.proof import shapes
from ledgercli.books.proof.builder import collect_parsed
from ledgercli.books.proof.rules import rules_of
from ledgercli.books.proof.summary import FileSummary
from ledgercli.books.proof.tiles import Vocabulary, collect_tiles
from ledgercli.model.receivables_settings import ReceivablesSettings

RULES = rules_of(ReceivablesSettings(), [])
TRANSACTIONS = {
    "two lines": """
2026-01-05 * "Acme" "Work" ^INV-1
  Assets:Receivable:Acme  119.00 EUR
  Income:Sales  -119.00 EUR
""",
    "the kept one is second": """
2026-01-05 ! "Acme" ""
  Assets:Bank  119.00 EUR
  Assets:Receivable:Acme  -119.00 EUR
""",
    "the kept one is third": """
2026-01-05 * "Only what it is for" #a ^INV-1 ^INV-2
  Income:Sales  -100 EUR
  Liabilities:VAT  -19.0 EUR
  Assets:Receivable:Acme  119.00 EUR
""",
    "as much, but written otherwise": """
2026-01-05 * "Acme" "Work" #a
  Assets:Receivable:Acme  119.00 EUR
  Income:Sales  -119.0 EUR
""",
    "one line that comes to nothing": """
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  0.00 EUR
""",
    "nothing is posted": """
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  0.00 EUR
  Income:Sales  -0.00 EUR
""",
    "nothing is posted first": """
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  0.00 EUR
  Income:Sales  -1.00 EUR
  Assets:Bank  1.00 EUR
""",
    "one account twice": """
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  3.00 EUR
  Income:Sales  -1.00 EUR
  Income:Sales  -2.00 EUR
""",
    "two are kept": """
2026-01-05 * "Acme" "Moved" ^INV-1
  Liabilities:CustomerDeposits:Acme  5.00 EUR
  Assets:Receivable:Acme  -7.00 EUR
  Assets:Bank  2.00 EUR
""",
    "nothing but receivables": """
2026-01-05 * "Acme" "Moved" ^INV-1
  Assets:Receivable:Acme  7.00 EUR
  Assets:Receivable:Beta  -7.00 EUR
""",
    "a deposit": """
2026-01-05 * "Acme" "In advance"
  Assets:Bank  7.00 EUR
  Liabilities:CustomerDeposits:Acme  -7.00 EUR
""",
    "none is kept": """
2026-01-05 * "Shop" "Paper" ^P-1
  Expenses:Office  7.00 EUR
  Expenses:Office  1.00 EUR
  Assets:Bank  -8.00 EUR
""",
    "four lines": """
2026-01-05 * "Acme" "Work" ^INV-1
  due: 2026-02-05
  Assets:Receivable:Acme  119.00 EUR
  Income:Sales  -60.00 EUR
  Income:Other  -40.00 EUR
  Liabilities:VAT  -19.00 EUR
""",
    "metadata": """
2026-01-05 * "Acme" "Work"
  due: 2026-02-05
  paid: TRUE
  Assets:Receivable:Acme  119.00 EUR
  Income:Sales  -119.00 EUR

2026-01-05 * "Acme" "Work"
  due: 2026-02-05
  paid: TRUE
  Assets:Receivable:Acme  118.00 EUR
  Income:Sales  -118.00 EUR

2026-01-05 * "Acme" "Work"
  invoice: "A 1"
  Assets:Receivable:Acme  117.00 EUR
  Income:Sales  -117.00 EUR
""",
    "another currency, another day, and back again": """
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  1.00 EUR
  Income:Sales  -1.00 EUR
2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  2.00 USD
  Income:Sales  -2.00 USD
2026-01-04 * "Acme" "Work"
  Assets:Receivable:Acme  4.00 USD
  Income:Sales  -4.00 USD


2026-01-05 * "Acme" "Work"
  Assets:Receivable:Acme  8.00 EUR
  Income:Sales  -8.00 EUR
""",
}


def tiles(text: str, vocabulary: Vocabulary | None = None) -> FileSummary:
    return collect_tiles(text.encode(), RULES, "f", vocabulary).summary(b"")


def parsed(text: str) -> FileSummary:
    return collect_parsed(text.encode(), "f", RULES, "f").summary(b"")


@pytest.mark.parametrize("text", TRANSACTIONS.values(), ids=TRANSACTIONS)
def test_a_plain_transaction_says_what_beancount_reads(text: str) -> None:
    with decimal.localcontext(decimal.Context()):
        found, expected = tiles(text), parsed(text)
    assert found.rows() == expected.rows()
    assert found.facts == expected.facts


def test_what_is_remembered_of_accounts_holds_for_all_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shapes, "_SHAPES_MAX", 2)
    vocabulary = Vocabulary(RULES)
    with decimal.localcontext(decimal.Context()):
        for text in [*TRANSACTIONS.values()] * 2:
            found, expected = tiles(text, vocabulary), parsed(text)
            assert (found.rows(), found.facts) == (expected.rows(), expected.facts)
    assert len(vocabulary.shapes) <= 2


def test_the_roots_of_one_file_are_not_those_of_the_next() -> None:
    vocabulary = Vocabulary(RULES)
    first = TRANSACTIONS["two lines"]
    renamed = f'option "name_income" "Receipts"\n{first.replace("Income", "Receipts")}'
    with decimal.localcontext(decimal.Context()):
        for text in (first, renamed, first):
            assert tiles(text, vocabulary).rows() == parsed(text).rows()
    assert not any("Receipts:Sales" in accounts for accounts in vocabulary.shapes)
