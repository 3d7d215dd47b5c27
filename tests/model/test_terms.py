"""Payment terms: every form, at month ends and in leap years."""

from __future__ import annotations

import datetime as dt

import pytest

from ledgercli.model.sentence import WrongValueError
from ledgercli.model.terms import Terms
from ledgercli.model.values import Duration, add_months, month_end


def due(words: str, start: str) -> str:
    (part,) = Terms.parse(words).parts
    return part.due(dt.date.fromisoformat(start)).isoformat()


@pytest.mark.parametrize(
    ("words", "start", "expected"),
    [
        ("net 0", "2026-01-31", "2026-01-31"),
        ("net 30", "2026-01-31", "2026-03-02"),
        ("net 30", "2028-01-31", "2028-03-01"),
        ("NET  30  days", "2026-12-15", "2027-01-14"),
        ("n/10", "2026-02-20", "2026-03-02"),
        ("14 days", "2028-02-15", "2028-02-29"),
        ("1 day", "2026-02-28", "2026-03-01"),
        ("0 days end of month", "2026-02-01", "2026-02-28"),
        ("30 days end of month", "2026-01-01", "2026-01-31"),
        ("30 days end of month", "2026-01-02", "2026-02-28"),
        ("30 days end of month", "2028-01-02", "2028-02-29"),
        ("net 30 days end of month", "2026-01-02", "2026-02-28"),
        ("end of month", "2026-02-28", "2026-02-28"),
        ("end of month", "2028-02-28", "2028-02-29"),
        ("end of month + 10 days", "2026-02-01", "2026-03-10"),
        ("end of month + 10 days", "2028-02-29", "2028-03-10"),
        ("end of month + 1 day", "2026-12-31", "2027-01-01"),
        ("end of next month", "2026-01-31", "2026-02-28"),
        ("end of next month", "2028-01-31", "2028-02-29"),
        ("end of next month", "2026-12-01", "2027-01-31"),
        ("0 days then the 15th", "2026-01-14", "2026-01-15"),
        ("0 days then the 15th", "2026-01-15", "2026-01-15"),
        ("0 days then the 15th", "2026-01-16", "2026-02-15"),
        ("30 days then the 1st", "2026-01-02", "2026-02-01"),
        ("30 days then the 1st", "2026-01-03", "2026-03-01"),
        ("10 days then the 31st", "2026-01-21", "2026-01-31"),
        ("10 days then the 31st", "2026-01-22", "2026-03-31"),
        ("0 days then the 30", "2026-02-01", "2026-03-30"),
        ("0 days then the 29th", "2028-02-01", "2028-02-29"),
        ("0 days then the 29th", "2026-02-01", "2026-03-29"),
        ("1 days then the 3rd", "2026-12-31", "2027-01-03"),
        ("net 9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_due_dates(words: str, start: str, expected: str) -> None:
    assert due(words, start) == expected


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("30天", "net 30"),
        ("账期 30 天", "net 30"),
        ("月结30天", "30 days end of month"),
        ("月结 60 天", "60 days end of month"),
        ("月结", "end of month"),
        ("现结", "net 0"),
        ("货到7天内", "net 7 from delivery"),
        ("货到付款", "net 0 from delivery"),
        ("票到30天", "net 30 from tax-invoice"),
        ("验收后30天", "net 30 from acceptance"),
        ("2/10 30天", "2/10 net 30"),
        ("30％货到付款，70%验收60天", "30% net 0 from delivery, 70% net 60 from acceptance"),
        ("30%现结，70%60天", "30% net 0, 70% net 60"),
    ],
)
def test_chinese_words_mean_the_same(chinese: str, english: str) -> None:
    terms = Terms.parse(chinese)
    assert terms.parts == Terms.parse(english).parts
    assert str(terms) == chinese


@pytest.mark.parametrize("words", ["月结30", "周结30天", "30%现结，60%60天", "预付30天"])
def test_other_chinese_words_mean_nothing(words: str) -> None:
    with pytest.raises(WrongValueError):
        Terms.parse(words)


@pytest.mark.parametrize("words", ["2/10 net 30", "2/10, net 30", "2%/10 n/30", "2/10  30 days"])
def test_discounts(words: str) -> None:
    (part,) = Terms.parse(words).parts
    assert (str(part.discount), part.discount_days, part.days) == ("2%", 10, 30)
    assert part.discount_until(dt.date(2026, 2, 20)) == dt.date(2026, 3, 2)


def test_without_a_discount_there_is_no_last_day_for_it() -> None:
    (part,) = Terms.parse("net 30").parts
    assert part.discount_until(dt.date(2026, 1, 1)) is None


def test_instalments_have_shares_and_terms_of_their_own() -> None:
    terms = Terms.parse("30% net 0,  20.5% 2/10 net 30, 49.5% end of month + 10 days")
    assert [(str(part.share), part.base, part.days) for part in terms.parts] == [
        ("30", "net", 0),
        ("20.5", "net", 30),
        ("49.5", "end-of-month", 10),
    ]
    assert [str(part.discount) for part in terms.parts] == ["None", "2%", "None"]
    assert str(terms) == "30% net 0, 20.5% 2/10 net 30, 49.5% end of month + 10 days"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "net",
        "30",
        "net -5",
        "net 30.5",
        "net 99999",
        "soon",
        "10 days then the 0",
        "10 days then the 32nd",
        "50% net 0",
        "50% net 0, 51% net 30",
        "50% net 0, net 30",
        "0% net 0, 100% net 30",
        "2/10",
        "end of year",
        "net 30 net 30",
    ],
)
def test_what_are_no_terms(words: str) -> None:
    with pytest.raises(ValueError, match=r"terms|share|day of a month"):
        Terms.parse(words)


def test_months_end_where_the_month_ends() -> None:
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2028, 1, 31), 1) == dt.date(2028, 2, 29)
    assert add_months(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)
    assert add_months(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 12, 31), 2) == dt.date(2027, 2, 28)
    assert add_months(dt.date(9999, 12, 1), 1) == dt.date.max
    assert add_months(dt.date(1, 1, 1), -1) == dt.date.min
    assert month_end(dt.date(9999, 12, 1)) == dt.date.max
    assert Duration.parse("1 year").after(dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)
    assert Duration.parse("3 months").after(dt.date(2026, 11, 30)) == dt.date(2027, 2, 28)
    assert Duration.parse("-3").after(dt.date(2026, 1, 1)) == dt.date(2025, 12, 29)
