"""What changed between two states of a ledger, figure by figure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Story, Tell

from ledgercli.model.values import Money
from ledgercli.output.values import say
from ledgercli.receivables.changes import changes, known

BEFORE = """
2026-03-01 * "One" "Goods" ^INV-1
  Assets:Receivable:C1  100.00 EUR
  Income:Sales
2026-03-02 * "One" "Goods" ^INV-2
  Assets:Receivable:C1  50.00 EUR
  Income:Sales
"""
PAID = """
2026-03-20 * "One" "Payment" ^INV-1
  Assets:Bank  40.00 EUR
  Assets:Receivable:C1
"""


def told(before: Story, after: Story, on: str = "2026-12-31") -> list[str]:
    """Return the changes as lines of text."""
    found = changes(known(before.at(on)), known(after.at(on)))
    return [
        f"{row.kind} {row.customer} {row.number} {say(row.before)} > {say(row.after)}"
        for row in found
    ]


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (BEFORE, []),
        (
            BEFORE.replace("INV-2", "INV-3"),
            ["gone C1 INV-2 50.00 EUR > ", "new C1 INV-3  > 50.00 EUR"],
        ),
        (BEFORE.replace("50.00", "60.00"), ["amount C1 INV-2 50.00 EUR > 60.00 EUR"]),
        (
            BEFORE.replace("2026-03-02", "2026-03-05"),
            [
                "re-dated C1 INV-2 2026-03-02 > 2026-03-05",
                "re-dated C1 INV-2 2026-04-01 > 2026-04-04",
            ],
        ),
        (BEFORE + PAID, ["paid C1 INV-1 100.00 EUR > 60.00 EUR"]),
        (BEFORE.replace(":C1  50", ":C2  50"), ["moved C2 INV-2 C1 > C2"]),
        # The order of entries and where they stand is no change.
        (f"; a remark\n{BEFORE}", []),
    ],
)
def test_each_kind_of_change(tell: Tell, after: str, lines: list[str]) -> None:
    assert told(tell(BEFORE), tell(after)) == lines


def test_a_payment_that_goes_elsewhere_leaves_one_open_again(tell: Tell) -> None:
    lines = told(tell(BEFORE + PAID), tell(BEFORE + PAID.replace("INV-1", "INV-2")))
    assert lines == [
        "open-again C1 INV-1 60.00 EUR > 100.00 EUR",
        "paid C1 INV-2 50.00 EUR > 10.00 EUR",
    ]


def test_another_settlement_of_the_same_amount_is_a_re_allocation(tell: Tell) -> None:
    other = PAID.replace("2026-03-20", "2026-03-21")
    assert told(tell(BEFORE + PAID), tell(BEFORE + other)) == [
        "re-allocated C1 INV-1 2026-03-20 40.00 INV-1 > 2026-03-21 40.00 INV-1"
    ]


def test_limits_and_what_is_unallocated(tell: Tell) -> None:
    dated = "[{id: C1, credit: {limit: {2026-01-01: 10 EUR, 2026-06-01: 20 EUR}}}, {id: C2}]"
    before, after = tell(BEFORE), tell(BEFORE + PAID.replace("INV-1", "INV-9"), customers=dated)
    assert told(before, after, "2026-05-31") == [
        "unallocated C1   > 40.00 EUR",
        "limit C1   > 10.00 EUR",
    ]
    assert told(before, after, "2026-06-01")[1] == "limit C1   > 20.00 EUR"


def test_nothing_dated_later_is_a_change(tell: Tell) -> None:
    before, after = tell(BEFORE), tell(BEFORE + PAID)
    assert told(before, after, "2026-03-19") == []
    assert len(told(before, after, "2026-03-20")) == 1


amounts = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.integers(1, 3), max_size=3)


@given(before=amounts, after=amounts)
@settings(max_examples=60)
def test_there_and_back(before: dict[str, int], after: dict[str, int]) -> None:
    """What is new one way is gone the other way, with the same figures."""
    from ledgercli.receivables.changes import Known

    def state(of: dict[str, int]) -> Known:
        figures = {
            (figure, "C1", "EUR", number): Money.parse(f"{value} EUR")
            for number, value in of.items()
            for figure in ("amount", "open")
        }
        return Known(figures, {})  # type: ignore[arg-type]

    there, back = changes(state(before), state(after)), changes(state(after), state(before))
    assert {(row.number, row.before, row.after) for row in there} == {
        (row.number, row.after, row.before) for row in back
    }
    assert {row.number for row in there} == {
        number for number in {*before, *after} if before.get(number) != after.get(number)
    }


def test_the_place_is_where_the_document_stands(tell: Tell) -> None:
    before, after = tell(BEFORE), tell(BEFORE.replace("INV-1", "INV-3"))
    found = changes(known(before.at()), known(after.at()))
    assert [(row.number, row.file, row.line) for row in found] == [
        ("INV-1", "main.beancount", 2),
        ("INV-3", "main.beancount", 2),
    ]
