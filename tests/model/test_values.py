"""Small values as users write them, and prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ledgercli.model.currency import half_unit, plain, round_money
from ledgercli.model.customer import CreditLimit, fold
from ledgercli.model.ledger import Prices
from ledgercli.model.values import Duration, Money, MoneyList, Percent, parse_date


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        ("10000 EUR", "10000", "EUR"),
        ("EUR 99.50", "99.50", "EUR"),
        ("  7  ", "7", ""),
        ("-3.5 X", "-3.5", "X"),
        ("1 A.B-C'D_E", "1", "A.B-C'D_E"),
    ],
)
def test_money(raw: str, amount: str, currency: str) -> None:
    assert Money.parse(raw) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "raw",
    ["", "EUR", "10,000 EUR", "1e3 EUR", "NaN EUR", "10 eur", "1 2", "1 EUR x", "١ EUR ٢", 5, None],
)
def test_no_money(raw: object) -> None:
    with pytest.raises(ValueError, match=r"amount|number|currency|text|comma"):
        Money.parse(raw)


def test_two_amounts_of_one_currency_are_none() -> None:
    assert MoneyList.parse(["5 EUR", "40 CNY"]).of("CNY") == 40
    assert MoneyList.parse("5 EUR").of("CNY") is None
    with pytest.raises(ValueError, match="same currency"):
        MoneyList.parse(["5 EUR", "4 EUR"])


def test_percentages_need_their_sign() -> None:
    assert Percent.parse("2.15 %").of(Decimal(200)) == Decimal("4.3")
    with pytest.raises(ValueError, match="percentage"):
        Percent.parse("80")


def test_durations() -> None:
    assert [str(Duration.parse(raw)) for raw in ("30", "1 day", "3m", "1 year", "-2 years")] == [
        "30 days",
        "1 day",
        "3 months",
        "1 year",
        "-2 years",
    ]
    with pytest.raises(ValueError, match="duration"):
        Duration.parse("soon")


def test_days_that_exist() -> None:
    assert parse_date("2028-02-29") == dt.date(2028, 2, 29)
    assert parse_date("2026/1/2") == dt.date(2026, 1, 2)
    for raw in ("2026-02-29", "0000-01-01", "2026-13-01"):
        with pytest.raises(ValueError, match="does not exist"):
            parse_date(raw)
    for raw in ("26-01-01", "2026-01-01T00:00", ""):
        with pytest.raises(ValueError, match="not a date"):
            parse_date(raw)


def test_decimals_of_currencies() -> None:
    assert [str(half_unit(currency)) for currency in ("EUR", "JPY", "KWD", "XYZ")] == [
        "0.005",
        "0.5",
        "0.0005",
        "0.005",
    ]
    assert [str(round_money(Decimal(text), "EUR")) for text in ("0.005", "-0.005", "2.675")] == [
        "0.01",
        "-0.01",
        "2.68",
    ]
    assert plain(Decimal(5), "EUR") == "5.00"
    assert plain(Decimal("5.1200"), "EUR") == "5.12"
    assert plain(Decimal("5.1234"), "EUR") == "5.1234"
    assert plain(Decimal("-0.00"), "EUR") == "0.00"
    assert plain(Decimal("1E+3"), "JPY") == "1000"
    assert plain(Decimal("0.5"), "JPY") == "0.5"
    assert plain(Decimal("123456789012345678901234.567"), "EUR") == "123456789012345678901234.567"


def test_names_are_compared_without_case_form_and_spaces() -> None:
    assert fold("  A\u0308  b\tSTRASSE ") == fold("ä B straße")


def test_dated_limits() -> None:
    limit = CreditLimit.parse({"2026-03-01": "", "2026-01-01": ["10 EUR", "5 USD"]})
    assert limit.at(dt.date(2025, 12, 31)) == ()
    assert [str(money) for money in limit.at(dt.date(2026, 1, 1))] == ["10 EUR", "5 USD"]
    assert limit.at(dt.date(2026, 3, 1)) == ()
    with pytest.raises(ValueError, match="negative"):
        CreditLimit.parse("-1 EUR")


def test_the_last_price_on_or_before_the_day() -> None:
    day = dt.date(2026, 1, 10)
    earlier, later = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
    prices = Prices(
        {
            ("USD", "EUR"): ((day, Decimal("0.8")), (day, Decimal("0.9"))),
            ("EUR", "USD"): ((earlier, Decimal(2)), (later, Decimal(4))),
            ("X", "Y"): ((day, Decimal(0)),),
        }
    )
    assert prices.rate("USD", "EUR", earlier - dt.timedelta(days=1)) is None
    assert prices.rate("USD", "EUR", earlier) == (Decimal("0.5"), earlier)
    assert prices.rate("USD", "EUR", day) == (Decimal("0.9"), day)
    assert prices.rate("USD", "EUR", later) == (Decimal("0.25"), later)
    # Of two as new the one stated this way round counts; a turned round one has 28 digits.
    both = Prices({("A", "B"): ((day, Decimal(3)),), ("B", "A"): ((day, Decimal(3)),)})
    assert both.rate("A", "B", day) == (Decimal(3), day)
    turned = Prices({("B", "A"): ((day, Decimal(3)),)})
    assert turned.rate("A", "B", day) == (Decimal("0." + 28 * "3"), day)
    assert prices.rate("EUR", "EUR", day) == (Decimal(1), day)
    # A price of nothing cannot be turned round.
    assert prices.rate("Y", "X", day) is None
    assert prices.rate("X", "Y", day) == (Decimal(0), day)
