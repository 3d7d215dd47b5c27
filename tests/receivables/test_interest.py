from datetime import date
from decimal import Decimal

import pytest

from ledgercli.model.rates import RateTable
from ledgercli.receivables.interest import Rate, interest

DUE = date(2026, 1, 31)


def of(amount: str, as_of: date, rate: Rate, currency: str = "EUR") -> str:
    return str(interest(Decimal(amount), currency, DUE, as_of, rate))


def test_nothing_on_the_due_date_one_day_on_the_next() -> None:
    rate = Rate(Decimal("36.5"))
    assert of("1000.00", date(2026, 1, 30), rate) == "0.00"
    assert of("1000.00", DUE, rate) == "0.00"
    assert of("1000.00", date(2026, 2, 1), rate) == "1.00"


def test_a_year_of_365_days_bears_the_yearly_rate() -> None:
    assert of("1000.00", date(2027, 1, 31), Rate(Decimal(8))) == "80.00"


def test_a_leap_day_counts_like_any_other_day() -> None:
    due = date(2028, 2, 28)
    assert interest(Decimal(36500), "EUR", due, date(2028, 3, 1), Rate(Decimal(1))) == 2


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("4.99", "0.00"), ("5.00", "0.01"), ("14.99", "0.01"), ("15.00", "0.02")],
)
def test_half_a_cent_rounds_up(amount: str, expected: str) -> None:
    # 36.5 % a year is one thousandth a day.
    assert of(amount, date(2026, 2, 1), Rate(Decimal("36.5"))) == expected


def test_decimals_of_the_currency() -> None:
    assert of("500", date(2026, 2, 1), Rate(Decimal("36.5")), "JPY") == "1"
    assert of("1.000", date(2026, 2, 1), Rate(Decimal("36.5")), "KWD") == "0.001"


TABLE = RateTable(((date(2025, 7, 1), Decimal("1.27")), (date(2026, 2, 11), Decimal("2.27"))))


def test_each_day_bears_the_rate_in_force_on_it() -> None:
    # 1 to 10 February: 10 days of 1.27 + 9; 11 to 20 February: 10 days of 2.27 + 9.
    rate = Rate(Decimal(9), TABLE)
    assert of("36500.00", date(2026, 2, 10), rate) == "102.70"
    assert of("36500.00", date(2026, 2, 11), rate) == "113.97"
    assert of("36500.00", date(2026, 2, 20), rate) == "215.40"


def test_rounded_once_not_once_a_segment() -> None:
    # Two halves of 0.004 each are 0.008, which rounds to one cent.
    table = RateTable(((date(2026, 1, 1), Decimal(0)), (date(2026, 2, 2), Decimal("0.0"))))
    assert of("4.00", date(2026, 2, 2), Rate(Decimal("36.5"), table)) == "0.01"


def test_a_day_before_the_table_begins_has_no_known_rate() -> None:
    late = RateTable(((date(2026, 2, 2), Decimal(1)),))
    assert interest(Decimal(100), "EUR", DUE, date(2026, 3, 1), Rate(Decimal(9), late)) is None
    on_time = RateTable(((date(2026, 2, 1), Decimal(1)),))
    assert (
        interest(Decimal(100), "EUR", DUE, date(2026, 3, 1), Rate(Decimal(9), on_time)) is not None
    )


def test_a_negative_base_lowers_the_rate_but_not_below_zero() -> None:
    table = RateTable(((date(2026, 1, 1), Decimal("-0.88")),))
    assert Rate(Decimal(9), table).at(DUE) == Decimal("8.12")
    assert Rate(Decimal("0.5"), table).at(DUE) == 0
