"""Which number a document has, and which names settlements use."""

from __future__ import annotations

import pytest
from stories import Tell, applied, codes_of, credit, day, opened, transaction

from ledgercli.receivables.numbers import number_of

PATTERNS = ("INT-*", "FEE-*", "INV-*")


@pytest.mark.parametrize(
    ("own", "shared", "links", "number", "rivals"),
    [
        ("P-1", "T-1", ["INV-1"], "P-1", ()),
        (None, "T-1", ["INV-1"], "T-1", ()),
        (None, None, ["INV-1"], "INV-1", ()),
        (None, None, ["RE/2026.1"], "RE/2026.1", ()),
        (None, None, [], "", ()),
        (None, None, ["CN-1", "PAY-1", "DEP-1"], "", ()),
        (None, None, ["CN-1", "R7", "PAY-1", "DEP-1"], "R7", ()),
        (None, None, ["INV-1", "order-7"], "INV-1", ()),
        (None, None, ["INV-1", "FEE-1"], "FEE-1", ()),
        (None, None, ["INV-1", "FEE-1", "INT-1"], "INT-1", ()),
        (None, None, ["INV-1", "INV-2"], "", ("INV-1", "INV-2")),
        (None, None, ["INV-1", "INV-2", "FEE-1"], "FEE-1", ()),
        (None, None, ["a", "b"], "", ("a", "b")),
        (None, None, ["inv-1", "order-7"], "", ("inv-1", "order-7")),
        ("  ", None, ["INV-1"], "INV-1", ()),
    ],
)
def test_sources_of_a_number_in_order(
    own: str | None, shared: str | None, links: list[str], number: str, rivals: tuple[str, ...]
) -> None:
    (posting,) = transaction(
        day("2026-01-01"),
        ("Assets:Receivable", "1 EUR", {"invoice": own} if own else {}),
        metadata={"invoice": shared} if shared else {},
        links=links,
    )
    assert number_of(posting, PATTERNS) == (number, rivals)


def test_patterns_of_the_settings(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^order-7 ^RE7 ^INV-9
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    story = tell(settings="receivables: {terms: net 30, invoice_links: ['RE*']}")
    assert opened(story.at()) == {"RE7": "100"}
    assert story.codes() == []


def test_too_many_links_show_the_document_by_its_place(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1 ^INV-2
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Paid" ^INV-2
      Assets:Receivable:C1  -40 EUR
      Assets:Bank
    """
    story = tell()
    position = story.at()
    assert opened(position) == {"main.beancount:2": "60"}
    assert not position.items[0].document.numbered
    assert applied(position) == ["2026-01-02 main.beancount:2 40 named"]
    (finding,) = story.findings()
    assert (finding.code, finding.place.line, finding.customer) == ("ambiguous-number", 1, "C1")
    assert finding.values == {"links": "^INV-1 ^INV-2"}


def test_numbers_that_are_no_text_are_found_and_ignored(tell: Tell) -> None:
    """
    2026-01-01 * "Goods"
      invoice: 2025-17
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    story = tell()
    assert opened(story.at()) == {"main.beancount:3": "100"}
    assert codes_of(story.findings()) == ["metadata-not-text:1"]


def test_postings_of_one_number_are_one_document(tell: Tell) -> None:
    """
    2026-01-01 * "Goods and freight" ^INV-1
      Assets:Receivable:C1  100.00 EUR
      Assets:Receivable:C1  19.00 EUR
      Assets:Receivable:C1  5.00 USD
      Assets:Receivable:C2  7.00 EUR
      Assets:Receivable:C1  3.00 EUR
        invoice: "INV-2"
      Income:Sales
    """
    position = tell().at()
    assert [(*row.document.key, row.document.number, str(row.open)) for row in position.items] == [
        ("C1", "EUR", "INV-1", "119.00"),
        ("C1", "EUR", "INV-2", "3.00"),
        ("C1", "USD", "INV-1", "5.00"),
        ("C2", "EUR", "INV-1", "7.00"),
    ]


def test_a_document_answers_to_its_number_and_every_link(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^order-7 ^DEP-3
      invoice: "2026/0001"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "By number"
      invoice: "2026/0001"
      Assets:Receivable:C1  -1 EUR
      Assets:Bank
    2026-01-03 * "By link" ^order-7
      Assets:Receivable:C1  -2 EUR
      Assets:Bank
    2026-01-04 * "By the deposit's link" ^DEP-3
      Assets:Receivable:C1  -4 EUR
      Assets:Bank
    2026-01-05 * "By link as metadata"
      Assets:Receivable:C1  -8 EUR
        invoice: "order-7"
      Assets:Bank
    """
    story = tell()
    assert [row.partition(" ")[2] for row in applied(story.at())] == [
        "2026/0001 1 named",
        "2026/0001 2 named",
        "2026/0001 4 named",
        "2026/0001 8 named",
    ]
    assert story.codes() == []


def test_a_settlement_with_only_its_own_number_names_nothing(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Paid" ^PAY-9
      Assets:Receivable:C1  -40 EUR
      Assets:Bank
    """
    story = tell()
    assert applied(story.at()) == ["2026-01-02 INV-1 40 oldest-due?"]
    assert story.codes() == []


def test_posting_metadata_goes_before_the_transaction_and_its_links(tell: Tell) -> None:
    """
    2026-01-01 * "Goods"
      Assets:Receivable:C1  10 EUR
        invoice: "A"
      Assets:Receivable:C1  10 EUR
        invoice: "B"
      Assets:Receivable:C1  10 EUR
        invoice: "C"
      Income:Sales
    2026-01-02 * "Paid" ^C
      invoice: "B"
      Assets:Receivable:C1  -1 EUR
        invoice: "A"
      Assets:Receivable:C1  -2 EUR
      Assets:Bank
    """
    assert applied(tell().at()) == ["2026-01-02 A 1 named", "2026-01-02 B 2 named"]


def test_links_name_nothing_where_a_posting_has_its_own_number(tell: Tell) -> None:
    """
    2026-01-01 * "Goods"
      Assets:Receivable:C1  10 EUR
        invoice: "A"
      Assets:Receivable:C1  10 EUR
        invoice: "B"
      Income:Sales
    2026-01-02 * "Paid" ^B
      Assets:Receivable:C1  -1 EUR
        invoice: "A"
      Assets:Receivable:C1  -2 EUR
      Assets:Bank
    """
    assert applied(tell().at()) == ["2026-01-02 A 1 named", "2026-01-02 A 2 oldest-due?!"]


def test_a_document_of_another_customer_or_currency_is_not_named(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-02 * "Paid" ^INV-1
      Assets:Receivable:C2  -100 EUR
      Assets:Bank
    2026-01-02 * "Paid" ^INV-1
      Assets:Receivable:C1  -100 USD
      Assets:Bank
    """
    story = tell()
    assert opened(story.at()) == {"INV-1": "100"}
    assert credit(story.at()) == {"C1 USD": "100", "C2 EUR": "100"}
    assert story.codes() == ["unknown-document:5", "unknown-document:8"]
