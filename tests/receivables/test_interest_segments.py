"""Interest over part payments, bounced payments, changes of the rate, and other conventions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from stories import Tell, day

from ledgercli.books.packaged import shipped_rates
from ledgercli.model.rates import DayCount, InterestRate, RateTable
from ledgercli.receivables.interest import (
    Accrual,
    Rate,
    accrue,
    counted_days,
    interest,
    item_interest,
    year_fraction,
)

# One thousandth of the principal a day.
THOUSANDTH = Rate(Decimal("36.5"))
DUE = dt.date(2026, 1, 31)


def told(found: Accrual) -> list[str]:
    """Return the segments in words: first and last day, days, principal, percent, interest."""
    return [
        f"{row.first} {row.last} {row.days} {row.principal.normalize():f} {row.percent} "
        f"{'?' if row.interest is None else round(row.interest, 4)}"
        for row in found.segments
    ]


# --- part payments and bounced payments, from ledgers ------------------------------------------


def test_a_part_payment_counts_from_the_day_after_it(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-10 * "Paid" ^INV-1
      Assets:Bank  400.00 EUR
      Assets:Receivable:C1
    """
    story = tell()
    (item,) = story.at("2026-02-10").items
    assert told(item_interest(item, day("2026-02-10"), THOUSANDTH)) == [
        "2026-02-01 2026-02-10 10 1000 36.5 10.0000"
    ]
    (item,) = story.at("2026-02-12").items
    found = item_interest(item, day("2026-02-12"), THOUSANDTH)
    assert told(found) == [
        "2026-02-01 2026-02-10 10 1000 36.5 10.0000",
        "2026-02-11 2026-02-12 2 600 36.5 1.2000",
    ]
    assert found.amount == Decimal("11.20")


def test_what_is_paid_in_time_bears_nothing(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-01-31 * "Paid on the day" ^INV-1
      Assets:Bank  1000.00 EUR
      Assets:Receivable:C1
    """
    (item,) = tell().at("2026-12-31").items
    assert item_interest(item, day("2026-12-31"), THOUSANDTH) == Accrual((), Decimal("0.00"))


def test_paid_in_full_a_day_late_bears_one_day(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-01 * "Paid" ^INV-1
      Assets:Bank  1000.00 EUR
      Assets:Receivable:C1
    """
    (item,) = tell().at("2026-12-31").items
    assert item_interest(item, day("2026-12-31"), THOUSANDTH).amount == Decimal("1.00")


BOUNCED = """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-05 * "Paid" ^INV-1
      Assets:Bank  300.00 EUR
      Assets:Receivable:C1
    2026-02-10 * "Paid" ^INV-1
      Assets:Bank  700.00 EUR
      Assets:Receivable:C1
    2026-02-15 * "Bounced"
      Assets:Receivable:C1  {amount} EUR
        invoice: "INV-1"
      Assets:Bank
"""


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        # The payment of that amount never was, whichever of the two it is.
        ("700.00", ["2026-02-01 2026-02-05 5 1000", "2026-02-06 2026-02-20 15 700"]),
        ("300.00", ["2026-02-01 2026-02-10 10 1000", "2026-02-11 2026-02-20 10 300"]),
        # Of no one payment: the latest first.
        (
            "500.00",
            [
                "2026-02-01 2026-02-05 5 1000",
                "2026-02-06 2026-02-10 5 700",
                "2026-02-11 2026-02-20 10 500",
            ],
        ),
        ("1000.00", ["2026-02-01 2026-02-20 20 1000"]),
    ],
)
def test_a_payment_that_bounced_counts_as_never_made(
    tell: Tell, amount: str, expected: list[str]
) -> None:
    story = tell(BOUNCED.format(amount=amount))
    (item,) = story.at("2026-02-20").items
    found = told(item_interest(item, day("2026-02-20"), THOUSANDTH))
    assert [row.rsplit(" ", 2)[0] for row in found] == expected
    # What was believed before it bounced stays what it was.
    (item,) = story.at("2026-02-14").items
    assert item_interest(item, day("2026-02-14"), THOUSANDTH).amount == Decimal("8.50")


def test_paid_again_after_it_bounced(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-05 * "Paid" ^INV-1
      Assets:Bank  1000.00 EUR
      Assets:Receivable:C1
    2026-02-07 * "Bounced"
      Assets:Receivable:C1  1000.00 EUR
        invoice: "INV-1"
      Assets:Bank
    2026-02-11 * "Paid again" ^INV-1
      Assets:Bank  1000.00 EUR
      Assets:Receivable:C1
    """
    (item,) = tell().at("2026-12-31").items
    assert item_interest(item, day("2026-12-31"), THOUSANDTH).amount == Decimal("11.00")


def test_what_was_credited_was_never_owed(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-05 * "Paid" ^INV-1
      Assets:Bank  300.00 EUR
      Assets:Receivable:C1
    2026-02-10 * "Returned" ^INV-1 ^CN-1
      Income:Sales  600.00 EUR
      Assets:Receivable:C1
    """
    story = tell()
    (item,) = story.at("2026-02-09").items
    assert item_interest(item, day("2026-02-09"), THOUSANDTH).amount == Decimal("7.80")
    (item,) = story.at("2026-02-10").items
    assert told(item_interest(item, day("2026-02-10"), THOUSANDTH)) == [
        "2026-02-01 2026-02-05 5 400 36.5 2.0000",
        "2026-02-06 2026-02-10 5 100 36.5 0.5000",
    ]


def test_what_is_disputed_bears_nothing(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    """
    (item,) = tell().at("2026-02-10").items
    found = item_interest(item, day("2026-02-10"), THOUSANDTH, disputed=Decimal(250))
    assert found.amount == Decimal("7.50")


# --- rates -------------------------------------------------------------------------------------

TABLE = RateTable.parse(
    {
        "2026-01-01": {"rate": "2%", "source": "gazette 1"},
        "2026-02-11": "3%",
        "until": "2026-02-20",
    }
)


def test_each_segment_knows_its_row_and_source() -> None:
    found = accrue(
        [(DUE, Decimal(36500))], "EUR", DUE, dt.date(2026, 2, 20), Rate(Decimal(9), TABLE)
    )
    assert told(found) == [
        "2026-02-01 2026-02-10 10 36500 11 110.0000",
        "2026-02-11 2026-02-20 10 36500 12 120.0000",
    ]
    rows = [(row.row, row.source) for row in found.segments]
    assert rows == [(dt.date(2026, 1, 1), "gazette 1"), (dt.date(2026, 2, 11), "")]
    assert found.amount == Decimal("230.00")


def test_past_the_end_of_a_table_the_rate_is_unknown() -> None:
    def amount(as_of: str) -> Decimal | None:
        return interest(Decimal(36500), "EUR", DUE, day(as_of), Rate(Decimal(9), TABLE))

    assert amount("2026-02-20") == Decimal("230.00")
    assert amount("2026-02-21") is None
    later = accrue([(DUE, Decimal(100))], "EUR", DUE, day("2026-02-25"), Rate(Decimal(9), TABLE))
    assert told(later)[-1] == "2026-02-21 2026-02-25 5 100 None ?"


def test_a_row_of_the_books_extends_a_table_that_ended() -> None:
    own = RateTable.parse({"2026-02-21": "4%"})
    merged = own.over(TABLE)
    rate = Rate(Decimal(9), merged)
    assert rate.at(day("2026-02-20")) == Decimal(12)
    assert rate.at(day("2026-02-21")) == Decimal(13)
    assert rate.at(day("2030-01-01")) == Decimal(13)
    # A later row leaves a gap, which stays unknown.
    gap = RateTable.parse({"2026-03-01": "4%"}).over(TABLE)
    assert [gap.at(day(text)) for text in ("2026-02-28", "2026-03-01")] == [None, Decimal(4)]
    # Its own word for a day goes before the packaged one, and takes its end along.
    replaced = RateTable.parse({"2026-02-11": "5%"}).over(TABLE)
    assert replaced.at(day("2027-01-01")) == Decimal(5)


def test_the_rate_of_a_fixed_table_stays_that_of_the_first_day() -> None:
    fixed = RateTable.parse({"2026-01-01": "4%", "2026-07-01": "5%", "fixed": "yes"})
    rate = Rate(Decimal(8), fixed)
    before = accrue(
        [(day("2026-06-29"), Decimal(36500))], "GBP", day("2026-06-29"), day("2026-07-09"), rate
    )
    assert told(before) == ["2026-06-30 2026-07-09 10 36500 12 120.0000"]
    after = accrue(
        [(day("2026-06-30"), Decimal(36500))], "GBP", day("2026-06-30"), day("2026-07-10"), rate
    )
    assert told(after) == ["2026-07-01 2026-07-10 10 36500 13 130.0000"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8%", ("8", "", None, False)),
        ("8 % a year", ("8", "", None, False)),
        ("0.05% per day", ("0.05", "", None, True)),
        ("9% above base-rate-bgb", ("9", "base-rate-bgb", None, False)),
        ("lpr-1y × 1.5", ("0", "lpr-1y", "1.5", False)),
        ("lpr-1y x 1.5", ("0", "lpr-1y", "1.5", False)),
        ("lpr-1y * 1.5", ("0", "lpr-1y", "1.5", False)),
        ("lpr-1y×1.5", ("0", "lpr-1y", "1.5", False)),
        ("8", None),
        ("0.05% a week", None),
        ("lpr-1y ×", None),
        ("lpr-1y × -1", None),
        ("8% above", None),
    ],
)
def test_rates_as_words(text: str, expected: tuple[str, str, str | None, bool] | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="is not a rate"):
            InterestRate.parse(text)
        return
    rate = InterestRate.parse(text)
    factor = None if rate.factor is None else str(rate.factor)
    assert (str(rate.value), rate.table, factor, rate.per_day) == expected
    assert InterestRate.parse(str(rate)) == rate


def test_a_rate_by_the_day_counts_days_alone() -> None:
    rate = Rate(Decimal("0.05"), per_day=True)
    for day_count in ("act/365", "act/act", "30/360"):
        found = accrue([(DUE, Decimal(2000))], "CNY", DUE, day("2026-03-03"), rate, day_count)
        assert (found.amount, found.segments[0].days) == (Decimal("31.00"), 31)


def test_a_factor_multiplies_the_rate_of_each_day() -> None:
    rate = Rate(Decimal(0), shipped_rates("lpr-1y"), Decimal("1.5"))
    assert rate.at(day("2025-05-19")) == Decimal("4.65")
    assert rate.at(day("2025-05-20")) == Decimal("4.50")


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-02-01", "2026-02-28", 30),  # a whole month, whatever its length
        ("2028-02-01", "2028-02-29", 30),
        ("2026-02-01", "2026-02-27", 27),
        ("2026-01-01", "2026-01-30", 30),
        ("2026-01-01", "2026-01-31", 30),
        ("2026-01-31", "2026-01-31", 0),
        ("2026-01-01", "2026-12-31", 360),
    ],
)
def test_months_of_thirty_days(first: str, last: str, days: int) -> None:
    assert counted_days(day(first), day(last), "30/360") == days


def test_a_year_is_as_long_as_it_is() -> None:
    whole = (day("2028-01-01"), day("2028-12-31"))
    assert year_fraction(*whole, "act/act") == 1
    assert str(year_fraction(*whole, "act/365")) == "366/365"
    # 31 December of one year and 1 January of the next.
    assert str(year_fraction(day("2027-12-31"), day("2028-01-01"), "act/act")) == "731/133590"


# --- examples that others have published -------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "days", "percent", "expected"),
    [
        # anleiter.de, „Wie berechnet man Verzugszinsen": 1000 euro, 25 days at 5.12 %.
        ("1000.00", "EUR", 25, "5.12", "3.51"),
        # danielssilverman.co.uk, Statutory interest calculator: 1,000 pounds, 30 days at 12 %.
        ("1000.00", "GBP", 30, "12", "9.86"),
        # garfield.law, late payment interest calculator: 5,000 pounds, 90 days at 12 %.
        ("5000.00", "GBP", 90, "12", "147.95"),
        # statutory-interest.pages.dev: 1,000 pounds at 8.5 % are 85 a year.
        ("1000.00", "GBP", 365, "8.5", "85.00"),
        # ycalculator.net, late payment interest calculator: 5,000 pounds, 30 days at 12.5 %.
        ("5000.00", "GBP", 30, "12.5", "51.37"),
        # invoify-web.pages.dev, "How to Calculate Late Payment Interest in the UK": 30 and 90 days.
        ("1000.00", "GBP", 30, "12.5", "10.27"),
        ("1000.00", "GBP", 90, "12.5", "30.82"),
        # tools.gera.services, late payment interest calculator: 12,000 pounds, roughly 384.
        ("12000.00", "GBP", 90, "13", "384.66"),
        # fiscavo.com, "Late-Payment Interest in the EU & UK": 4,500 euro, 30 days at 3 + 8 %.
        ("4500.00", "EUR", 30, "11", "40.68"),
        # agenceipro.com, « Zoom sur les pénalités de retard »: 15,000 euro, 30 days at 15 %.
        ("15000.00", "EUR", 30, "15", "184.93"),
        # jurablogs.com, „Verzug: Rechenbeispiele zum Verzugszins": 10,000 euro at 8.12 %.
        ("10000.00", "EUR", 365, "8.12", "812.00"),
        ("10000.00", "EUR", 1, "8.12", "2.22"),
    ],
)
def test_published_examples(
    amount: str, currency: str, days: int, percent: str, expected: str
) -> None:
    as_of = DUE + dt.timedelta(days=days)
    found = interest(Decimal(amount), currency, DUE, as_of, Rate(Decimal(percent)))
    assert str(found) == expected


def test_a_published_example_above_the_base_rate() -> None:
    # The test of an invoicing program, „Verzugszinsen und -pauschale in Mahnungen": 12,000 euro due
    # on 1 October 2026, nine points above 1.27 %, 30 days on 31 October. The packaged table does
    # not say the rate of that half-year, so the books have to.
    assert Rate(Decimal(9), shipped_rates("base-rate-bgb")).at(day("2026-10-02")) is None
    table = RateTable.parse({"2026-07-01": "1.27%"}).over(shipped_rates("base-rate-bgb"))
    due, as_of = day("2026-10-01"), day("2026-10-31")
    assert interest(Decimal(12000), "EUR", due, as_of, Rate(Decimal(9), table)) == Decimal("101.29")


def test_a_published_example_of_part_payments() -> None:
    # verzugszins.ch, „Berechnung Verzugszinstage": late from 1 January, a part on the 20th, the
    # rest on the 30th: 19 days of the whole, 10 of the rest.
    due = day("2026-01-01")
    steps = [(due, Decimal(1000)), (day("2026-01-20"), Decimal(400))]
    found = accrue(steps, "CHF", due, day("2026-01-30"), Rate(Decimal(5)))
    assert [segment.days for segment in found.segments] == [19, 10]
    # paymentcheck.co.uk, "How to Calculate Interest on Overdue Invoices": due on 1 April, paid on
    # 16 May, the days from 2 April to 16 May.
    found = accrue(
        [(day("2026-04-01"), Decimal(1000))],
        "GBP",
        day("2026-04-01"),
        day("2026-05-16"),
        Rate(Decimal(8)),
    )
    (segment,) = found.segments
    assert (segment.first, segment.last, segment.days) == (day("2026-04-02"), day("2026-05-16"), 45)


def test_published_rates_of_statutory_interest() -> None:
    # payontime.co.uk, table of reference rates: the half-year in which the debt became late.
    pounds = Rate(Decimal(8), shipped_rates("boe-statutory"))
    published = {"2024-06-30": "13.25", "2023-07-01": "13", "2023-06-30": "11.5", "2022-12-31": "9.25", "2020-07-01": "8.1"}  # fmt: skip
    for start, percent in published.items():
        assert pounds.at(day(start)) == Decimal(percent)
    # enterprise.gov.ie: 12.25 % with effect from 1 July 2024; getinvoicepdf.com: 10.15 % in 2026.
    euros = Rate(Decimal(8), shipped_rates("ecb-refinancing"))
    assert euros.at(day("2024-07-01")) == Decimal("12.25")
    assert euros.at(day("2026-01-01")) == Decimal("10.15")
    # steadynews.de: 6.62 % for consumers and 10.62 % for businesses from 1 January 2023.
    base = shipped_rates("base-rate-bgb")
    assert Rate(Decimal(5), base).at(day("2023-01-01")) == Decimal("6.62")
    assert Rate(Decimal(9), base).at(day("2023-06-30")) == Decimal("10.62")


def test_five_ten_thousandths_a_day() -> None:
    # 税收征收管理法 (law on tax collection), article 32: 0.05 % of the amount for each day, also
    # agreed among merchants: amount × days × 0.0005.
    rate = Rate(Decimal("0.05"), per_day=True)
    found = interest(Decimal(100_000), "CNY", DUE, DUE + dt.timedelta(days=40), rate)
    assert found == Decimal("2000.00")


def test_a_published_example_of_months_of_thirty_days() -> None:
    # p-konto.de, „Zinsformel": 10,000 euro at 6 % from 1 January to 30 July 2016, 210 days.
    due = day("2015-12-31")
    found = accrue(
        [(due, Decimal(10000))], "EUR", due, day("2016-07-30"), Rate(Decimal(6)), "30/360"
    )
    assert (found.amount, found.segments[0].days) == (Decimal("350.00"), 210)


def test_conventions_differ_in_a_leap_year() -> None:
    due, as_of = day("2027-12-31"), day("2028-12-31")
    amounts: dict[DayCount, str] = {"act/365": "1002.74", "act/act": "1000.00", "30/360": "1000.00"}
    for day_count, expected in amounts.items():
        found = accrue([(due, Decimal(10000))], "EUR", due, as_of, Rate(Decimal(10)), day_count)
        assert str(found.amount) == expected
