"""Which document a settlement pays: rules a to d, the three modes, exact subsets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import Tell, applied, credit, opened, short

EXPLICIT = "receivables: {terms: net 30, allocation: explicit}"
LEGAL = "receivables: {terms: net 30, allocation: legal}"


def invoices(*amounts: str, prefix: str = "INV-") -> str:
    """Return a ledger with an invoice a day, numbered from 1."""
    return "".join(
        f'2026-01-{index:02} * "Goods" ^{prefix}{index}\n'
        f"  Assets:Receivable:C1  {amount} EUR\n  Income:Sales\n"
        for index, amount in enumerate(amounts, start=1)
    )


def paid(amount: str, links: str = "", day: str = "2026-02-01") -> str:
    return f'{day} * "Paid" {links}\n  Assets:Receivable:C1  -{amount} EUR\n  Assets:Bank\n'


def applied_to(story_text: str, tell: Tell, settings: str | None = None) -> list[str]:
    story = tell(story_text, **({"settings": settings} if settings else {}))
    return [row.partition(" ")[2] for row in applied(story.at())]


@pytest.mark.parametrize(("amount", "left"), [("99.99", "0.01"), ("100", None), ("100.01", None)])
def test_one_document_named(tell: Tell, amount: str, left: str | None) -> None:
    story = tell(invoices("50", "100", "30") + paid(amount, "^INV-2"))
    position = story.at()
    assert opened(position).get("INV-2") == left
    assert set(opened(position)) >= {"INV-1", "INV-3"}
    if amount == "100.01":
        assert credit(position) == {"C1 EUR": "0.01"}
        (finding,) = story.findings()
        assert (finding.code, finding.place.line) == ("over-payment", 11)
        assert finding.values == {
            "kind": "payment",
            "names": "INV-2",
            "customer": "C1",
            "currency": "EUR",
            "amount": "0.01 EUR",
        }
    else:
        assert story.codes() == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("180", ["INV-1 50 exact-sum", "INV-2 100 exact-sum", "INV-3 30 exact-sum"]),
        ("80", ["INV-1 50 exact-subset", "INV-3 30 exact-subset"]),
        ("100", ["INV-2 100 exact-subset"]),
        ("60", ["INV-1 50 oldest-due?!", "INV-2 10 oldest-due?!"]),
        ("181", ["INV-1 50 oldest-due?", "INV-2 100 oldest-due?", "INV-3 30 oldest-due?"]),
    ],
)
def test_several_documents_named(tell: Tell, amount: str, expected: list[str]) -> None:
    text = invoices("50", "100", "30", "5") + paid(amount, "^INV-1 ^INV-2 ^INV-3")
    assert applied_to(text, tell) == expected


def test_the_sum_of_the_transaction_counts_for_several(tell: Tell) -> None:
    text = invoices("50", "100") + (
        '2026-02-01 * "Paid, 2 % off" ^INV-1 ^INV-2\n'
        "  Assets:Receivable:C1  -147 EUR\n"
        "  Assets:Receivable:C1  -3 EUR\n"
        "  Assets:Bank\n"
    )
    assert applied_to(text, tell) == [
        "INV-1 50 exact-sum",
        "INV-2 97 exact-sum",
        "INV-2 3 exact-sum",
    ]


def test_two_subsets_that_fit_are_none(tell: Tell) -> None:
    text = invoices("60", "40", "60") + paid("100", "^INV-1 ^INV-2 ^INV-3")
    assert applied_to(text, tell) == ["INV-1 60 oldest-due?!", "INV-2 40 oldest-due?!"]


def test_one_named_goes_before_several_named_goes_before_none(tell: Tell) -> None:
    text = invoices("100", "100", "100")
    text += paid("100", day="2026-01-10")
    text += paid("150", "^INV-1 ^INV-2", day="2026-01-11")
    text += paid("70", "^INV-1", day="2026-01-12")
    assert applied_to(text, tell) == [
        "INV-1 70 named",
        "INV-1 30 oldest-due?",
        "INV-2 100 oldest-due?",
        "INV-3 100 equal-amount?",
    ]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("100", ["INV-2 100 equal-amount?"]),
        ("30", ["INV-3 30 equal-amount?!"]),
        ("150", ["INV-1 50 exact-subset?", "INV-2 100 exact-subset?"]),
        ("1", ["INV-1 1 oldest-due?!"]),
        ("51", ["INV-1 50 oldest-due?!", "INV-2 1 oldest-due?!"]),
        (
            "211",
            [
                "INV-1 50 oldest-due?",
                "INV-2 100 oldest-due?",
                "INV-3 30 oldest-due?",
                "INV-4 30 oldest-due?",
            ],
        ),
    ],
)
def test_nothing_named(tell: Tell, amount: str, expected: list[str]) -> None:
    assert applied_to(invoices("50", "100", "30", "30") + paid(amount), tell) == expected


def test_the_only_open_document_is_no_ambiguous_guess(tell: Tell) -> None:
    assert applied_to(invoices("50") + paid("20"), tell) == ["INV-1 20 oldest-due?"]


def test_explicit_leaves_it_unallocated(tell: Tell) -> None:
    story = tell(invoices("50") + paid("50") + paid("20", "^INV-1"), settings=EXPLICIT)
    assert opened(story.at()) == {"INV-1": "30"}
    assert credit(story.at()) == {"C1 EUR": "50"}


def test_several_named_are_guessed_in_every_mode(tell: Tell) -> None:
    text = invoices("50", "100") + paid("60", "^INV-1 ^INV-2")
    expected = ["INV-1 50 oldest-due?!", "INV-2 10 oldest-due?!"]
    assert applied_to(text, tell, EXPLICIT) == expected


def test_legal_pays_costs_then_interest_then_principal_by_due_date(tell: Tell) -> None:
    text = """
2026-01-01 * "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:C1  10 EUR
  Income:Sales
2026-01-02 * "Goods" ^INV-2
  due: 2026-02-01
  Assets:Receivable:C1  10 EUR
  Income:Sales
2026-01-03 * "Interest" ^INT-1
  Assets:Receivable:C1  10 EUR
  Income:Sales
2026-01-04 * "Reminder" ^FEE-1
  Assets:Receivable:C1  10 EUR
  Income:Sales
"""
    for amount, expected in {
        "10": ["FEE-1 10 legal"],
        "15": ["INT-1 5 legal", "FEE-1 10 legal"],
        "25": ["INV-2 5 legal", "INT-1 10 legal", "FEE-1 10 legal"],
        "35": ["INV-1 5 legal", "INV-2 10 legal", "INT-1 10 legal", "FEE-1 10 legal"],
    }.items():
        rows = applied_to(text + paid(amount), tell, LEGAL)
        assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize(
    ("count", "rule"), [(15, "exact-subset?"), (16, "exact-subset?"), (17, "oldest-due?!")]
)
def test_subsets_are_looked_for_among_16_documents(tell: Tell, count: int, rule: str) -> None:
    # Powers of two: every sum has one subset only.
    text = invoices(*(str(2**index) for index in range(count)))
    rows = applied_to(text + paid(str(1 + 2 ** (count - 1))), tell)
    if count == 17:
        assert {row.split()[2] for row in rows} == {rule}
        assert rows[:2] == [f"INV-1 1 {rule}", f"INV-2 2 {rule}"]
    else:
        assert rows == [f"INV-1 1 {rule}", f"INV-{count} {2 ** (count - 1)} {rule}"]


@pytest.mark.parametrize(
    ("count", "rule"), [(15, "exact-subset"), (16, "exact-subset"), (17, "oldest-due?!")]
)
def test_among_16_of_those_named_too(tell: Tell, count: int, rule: str) -> None:
    text = invoices(*(str(2**index) for index in range(count)))
    links = " ".join(f"^INV-{index}" for index in range(1, count + 1))
    rows = applied_to(text + paid(str(1 + 2 ** (count - 1)), links), tell)
    assert rows[0] == f"INV-1 1 {rule}"
    assert len(rows) == (count if count == 17 else 2)


def test_settled_documents_do_not_count_towards_the_16(tell: Tell) -> None:
    text = invoices(*(str(2**index) for index in range(17)))
    text += paid("4", "^INV-3", "2026-01-20") + paid(str(1 + 2**16))
    assert applied_to(text, tell) == [
        "INV-1 1 exact-subset?",
        "INV-3 4 named",
        f"INV-17 {2**16} exact-subset?",
    ]


def test_settlements_go_by_date_then_the_larger_then_the_number(tell: Tell) -> None:
    text = invoices("100", "7")
    text += paid("30", "^PAY-2", "2026-02-02") + paid("30", "^PAY-1", "2026-02-02")
    text += paid("50", "^PAY-3", "2026-02-02") + paid("1", "^PAY-4", "2026-02-01")
    position = tell(text).at()
    assert [(row.settlement.number, short(row.allocated)) for row in position.receipts] == [
        ("PAY-4", "1"),
        ("PAY-3", "50"),
        ("PAY-1", "30"),
        ("PAY-2", "26"),
    ]


def test_documents_go_by_due_then_date_then_number(tell: Tell) -> None:
    text = "".join(
        f'{date} * "Goods" ^{number}\n  due: {due}\n  Assets:Receivable:C1  10 EUR\n'
        "  Income:Sales\n"
        for date, number, due in [
            ("2026-01-01", "INV-9", "2026-02-02"),
            ("2026-01-02", "INV-8", "2026-02-01"),
            ("2026-01-01", "INV-7", "2026-02-01"),
            ("2026-01-01", "INV-6", "2026-02-01"),
        ]
    )
    position = tell(text + paid("25")).at()
    assert [(row.document.number, short(row.open)) for row in position.items] == [
        ("INV-6", "0"),
        ("INV-7", "0"),
        ("INV-8", "5"),
        ("INV-9", "10"),
    ]


def test_what_is_named_and_unknown_stays_unallocated(tell: Tell) -> None:
    story = tell(invoices("50") + paid("50", "^INV-7") + paid("9", "^INV-1 ^bank-import"))
    assert opened(story.at()) == {"INV-1": "41"}
    assert credit(story.at()) == {"C1 EUR": "50"}
    (finding,) = story.findings()
    assert (finding.code, finding.place.line, finding.customer) == ("unknown-document", 5, "C1")
    assert finding.values == {
        "kind": "payment",
        "names": "INV-7",
        "customer": "C1",
        "currency": "EUR",
    }


def test_customers_and_currencies_are_never_crossed(tell: Tell) -> None:
    text = invoices("50") + (
        '2026-02-01 * "Paid"\n  Assets:Receivable:C1  -50 USD\n  Assets:Bank\n'
        '2026-02-01 * "Paid"\n  Assets:Receivable:C2  -50 EUR\n  Assets:Bank\n'
    )
    position = tell(text).at()
    assert opened(position) == {"INV-1": "50"}
    assert credit(position) == {"C1 USD": "50", "C2 EUR": "50"}


def test_several_accounts_of_one_customer_are_one_account(tell: Tell) -> None:
    text = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:North  100 EUR
  Income:Sales
2026-02-01 * "Paid" ^INV-1
  Assets:AccountsReceivable:South  -100 EUR
  Assets:Bank
"""
    record = "{id: C1, accounts: [Assets:Receivable:North, Assets:AccountsReceivable:South]}"
    position = tell(text, customers=record).at()
    assert opened(position) == {}
    assert position.balances == {("C1", "EUR"): Decimal(0)}


def test_equal_documents_make_no_single_subset(tell: Tell) -> None:
    """Which of the two documents of 10 was meant with 25 beside it is not known."""
    story = invoices("10", "10", "25", "40") + paid("35", "^INV-1 ^INV-2 ^INV-3 ^INV-4")
    expected = ["INV-1 10 oldest-due?!", "INV-2 10 oldest-due?!", "INV-3 15 oldest-due?!"]
    assert applied_to(story, tell) == expected


def test_what_covers_the_rest_is_no_ambiguous_guess(tell: Tell) -> None:
    """After 25 of 70, a payment of 50 pays all there is, whatever was meant."""
    story = invoices("30", "40") + paid("25") + paid("50", day="2026-02-02")
    expected = ["INV-1 25 oldest-due?!", "INV-1 5 oldest-due?", "INV-2 40 oldest-due?"]
    assert applied_to(story, tell) == expected


@pytest.mark.parametrize(("rest", "applied_to_it"), [("0.005", True), ("0.004", False)])
def test_half_a_unit_is_still_open_to_a_payment_that_names_nothing(
    tell: Tell, rest: str, *, applied_to_it: bool
) -> None:
    text = f"""
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  {Decimal(100) + Decimal(rest)} EUR
  Income:Sales
2026-01-02 * "Paid" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-01-03 * "The rest"
  Assets:Receivable:C1  -{rest} EUR
  Assets:Bank
"""
    position = tell(text).at()
    assert credit(position) == ({} if applied_to_it else {"C1 EUR": rest})
