"""What is out of the ordinary, and at which value it begins to be."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Tell, day

from ledgercli.model.anomaly_settings import AnomalySettings
from ledgercli.model.values import Money, Percent
from ledgercli.receivables.anomalies.documents import (
    duplicates,
    patterns,
    silences,
    unusual_amounts,
)
from ledgercli.receivables.anomalies.found import Anomaly, bills
from ledgercli.receivables.anomalies.measures import Usual, binomial_tail
from ledgercli.receivables.anomalies.payments import other_payers, out_of_rhythm
from ledgercli.receivables.limitation import settlement_kinds

DEFAULTS = AnomalySettings()
FEW = replace(DEFAULTS, min_documents=5)
WEEKEND = frozenset({5, 6})


def decimals(*values: float) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


def invoice(number: int, made: dt.date, amount: str, customer: str = "C1") -> str:
    return (
        f'{made} * "Goods" ^INV-{number}\n  due: {made + dt.timedelta(10)}\n'
        f"  Assets:Receivable:{customer}  {amount} EUR\n  Income:Sales\n"
    )


def payment(number: int, paid: dt.date, amount: str, payee: str = "", customer: str = "C1") -> str:
    words = f'"{payee}" "Pays"' if payee else '"Pays"'
    return (
        f"{paid} * {words} ^INV-{number}\n  Assets:Bank  {amount} EUR\n"
        f"  Assets:Receivable:{customer}\n"
    )


def numbers(found: Iterable[Anomaly]) -> list[str]:
    return [one.number for one in found]


def test_modified_z_score_by_hand() -> None:
    # Median 3, deviations 2 1 0 1 97, MAD 1: 0.6745 × 97.
    usual = Usual.of(decimals(1, 2, 3, 4, 100))
    assert round(usual.score(Decimal(100)), 4) == Decimal("65.4265")
    assert usual.median == 3
    # More than half alike: the mean absolute deviation is 2, 10 ÷ (1.253314 × 2).
    assert round(Usual.of(decimals(5, 5, 5, 5, 15)).score(Decimal(15)), 4) == Decimal("3.9894")
    assert Usual.of(decimals(5, 5)).score(Decimal(9)) == 0
    assert round(Usual.of(decimals(5, 5), Decimal(1)).score(Decimal(9)), 4) == Decimal("2.6980")


@settings(max_examples=30)
@given(st.integers(0, 12), st.integers(1, 12), st.integers(1, 9))
def test_binomial_tail_is_the_sum_of_its_terms(count: int, of: int, tenths: int) -> None:
    chance = tenths / 10
    terms = (
        math.comb(of, hits) * chance**hits * (1 - chance) ** (of - hits)
        for hits in range(count, of + 1)
    )
    assert binomial_tail(count, of, chance) == pytest.approx(sum(terms))


def test_binomial_tail_at_its_ends() -> None:
    assert binomial_tail(0, 5, 0.5) == 1
    assert binomial_tail(1, 5, 0) == 0
    assert binomial_tail(5, 5, 1) == 1
    assert binomial_tail(2, 2, 0.5) == pytest.approx(0.25)


def amounts(last: str) -> str:
    made = day("2026-01-01")
    usual = ["100", "110", "90", "100", "105", "95", "100"]
    return "".join(
        invoice(number, made + dt.timedelta(30 * number), amount)
        for number, amount in enumerate([*usual, last])
    )


@pytest.mark.parametrize(
    ("last", "told"),
    [("125.00", []), ("126.00", ["INV-7"]), ("75.00", []), ("74.00", ["INV-7"])],
)
def test_amounts_far_from_the_usual(tell: Tell, last: str, told: list[str]) -> None:
    # Median 100, MAD 5: 3.5 is reached at 25.94 from it, and a quarter at 25.
    found = list(unusual_amounts(bills(tell(amounts(last)).at()), DEFAULTS))
    assert numbers(found) == told
    if told:
        assert found[0].values["usual"] == Money(Decimal(100), "EUR")
        assert (found[0].file, found[0].line) == ("main.beancount", 31)


def test_few_documents_have_no_usual_amount(tell: Tell) -> None:
    found = bills(tell(amounts("900.00")).at())
    assert numbers(unusual_amounts(found, DEFAULTS)) == ["INV-7"]
    assert not list(unusual_amounts(found, replace(DEFAULTS, min_documents=9)))


@pytest.mark.parametrize(("days", "told"), [(0, ["INV-2"]), (7, ["INV-2"]), (8, [])])
def test_doubles_within_a_week(tell: Tell, days: int, told: list[str]) -> None:
    made = day("2026-01-05")
    text = invoice(1, made, "119.00") + invoice(2, made + dt.timedelta(days), "119.00")
    text += invoice(3, made, "119.00", "C2") + invoice(4, made, "118.00")
    position = tell(text).at()
    (*found,) = duplicates(bills(position), settlement_kinds(position), DEFAULTS)
    assert numbers(found) == told
    assert all(one.grave and one.values == {"other": "INV-1", "days": days} for one in found)


def test_what_recurs_or_was_credited_is_no_double(tell: Tell) -> None:
    made = day("2026-01-05")
    weekly = "".join(invoice(n, made + dt.timedelta(7 * n), "50.00") for n in range(4))
    credited = invoice(11, made, "80.00", "C2") + invoice(12, made, "80.00", "C2")
    credited += (
        '2026-01-08 * "Twice" ^INV-12 #credit-note\n'
        "  Income:Sales  80.00 EUR\n  Assets:Receivable:C2\n"
    )
    position = tell(weekly + credited).at()
    assert not list(duplicates(bills(position), settlement_kinds(position), DEFAULTS))


def test_instalments_are_one_invoice(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      Assets:Receivable:C1  50 EUR
        due: 2026-02-01
      Assets:Receivable:C1  50 EUR
        due: 2026-03-01
      Income:Sales
    """
    position = tell().at()
    ((bill,),) = bills(position).values()
    assert (bill.amount, len(bill.items)) == (Decimal(100), 2)
    assert not list(duplicates(bills(position), settlement_kinds(position), DEFAULTS))


@pytest.mark.parametrize(("as_of", "told"), [("2026-03-26", []), ("2026-03-27", ["INV-7"])])
def test_sudden_silence(tell: Tell, as_of: str, told: list[str]) -> None:
    # Every 10 days, last on 24 February 2026: after 30 days of silence, on the 31st.
    first = day("2025-12-16")
    text = "".join(invoice(n, first + dt.timedelta(10 * n), "50.00") for n in range(8))
    found = list(silences(bills(tell(text).at(as_of)), day(as_of), DEFAULTS))
    assert numbers(found) == told
    for one in found:
        assert one.date == day("2026-03-27")
        assert one.values == {"days": 31, "usual": 10, "last": day("2026-02-24")}


def test_who_has_no_rhythm_is_not_silent(tell: Tell) -> None:
    days = [0, 1, 30, 32, 90, 91, 93, 140]
    text = "".join(invoice(n, day("2026-01-01") + dt.timedelta(days[n]), "50.00") for n in range(8))
    assert not list(silences(bills(tell(text).at()), day("2026-12-31"), DEFAULTS))


def test_round_amounts_and_weekends_beyond_those_of_others(tell: Tell) -> None:
    monday, saturday = day("2026-01-05"), day("2026-01-03")
    text = "".join(invoice(n, monday + dt.timedelta(7 * n), "123.45") for n in range(40))
    text += "".join(
        invoice(100 + n, saturday + dt.timedelta(7 * n), f"{n + 1}00.00", "C2") for n in range(5)
    )
    found = list(patterns(bills(tell(text).at()), WEEKEND, FEW))
    assert [(one.kind, one.customer) for one in found] == [("round", "C2"), ("weekend", "C2")]
    # None of 40 others: 1 ÷ 41 is expected, five of five are a chance of 41⁻⁵, eight digits.
    assert str(found[0].score) == "8.1"
    values = {**found[0].values, "share": str(found[0].values["share"])}
    assert values == {"count": 5, "all": 5, "share": "100.0%", "expected": Percent(Decimal("2.4"))}
    never = replace(FEW, chance=Percent(Decimal("0.0000001")))
    assert not list(patterns(bills(tell(text).at()), WEEKEND, never))


def test_payments_out_of_rhythm(tell: Tell) -> None:
    made = day("2026-01-01")
    late = [2, 2, 2, 3, 1, 2, 9, 8]
    text = ""
    for number, days in enumerate(late):
        on = made + dt.timedelta(20 * number)
        text += invoice(number, on, "50.00")
        text += payment(number, on + dt.timedelta(10 + days), "50.00")
    text += invoice(50, day("2026-07-01"), "70.00")
    story = tell(text)
    # Median 2: seven days off is told, six is not. INV-50 is due on the 11th.
    (found,) = out_of_rhythm(story.at("2026-07-19"), DEFAULTS)
    assert (found.kind, found.number, found.values) == (
        "payment", "INV-6", {"days": 9, "usual": 2},
    )  # fmt: skip
    told = list(out_of_rhythm(story.at("2026-07-20"), DEFAULTS))
    assert [(one.kind, one.number) for one in told] == [("payment", "INV-6"), ("overdue", "INV-50")]
    assert told[1].amount == 70


def test_payments_by_somebody_else(tell: Tell) -> None:
    made = day("2026-01-01")
    payees = ["C1 GmbH", "C1 GmbH", "Acme", "C1 GmbH", "C1 GmbH", "Third Ltd", "Third Ltd", "ann"]
    text = ""
    for number, payee in enumerate(payees):
        on = made + dt.timedelta(20 * number)
        text += invoice(number, on, "50.00") + payment(number, on, "50.00", payee)
    customers = "[{id: C1, name: Ann}]"
    found = list(other_payers(tell(text, customers=customers).at(), FEW))
    # Acme came before there was a usual payer; Ann is the customer.
    assert [(one.date, one.values) for one in found] == [
        (made + dt.timedelta(100), {"payee": "Third Ltd", "count": 5})
    ]
