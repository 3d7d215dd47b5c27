import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.reminders import formats


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("en", "EUR", "EUR\u00a01,234.50"),
        ("de", "EUR", "1.234,50\u00a0EUR"),
        ("zh", "CNY", "¥1,234.50"),
        ("zh", "EUR", "EUR\u00a01,234.50"),
        ("fr", "EUR", "1\u202f234,50\u00a0EUR"),
        ("fr-CH", "CHF", "1\u202f234,50\u00a0CHF"),
        ("es", "EUR", "1.234,50\u00a0EUR"),
        ("ja", "JPY", "1,234.5円"),
        ("ja", "EUR", "EUR\u00a01,234.50"),
        ("xx", "EUR", "EUR\u00a01,234.50"),
        ("en", "JPY", "JPY\u00a01,234.5"),
    ],
)
def test_money(language: str, currency: str, expected: str) -> None:
    assert formats.money(Decimal("1234.50"), currency, language) == expected


def test_negative_money_has_a_minus_sign() -> None:
    assert formats.money(Decimal(-5), "EUR", "en") == "EUR\u00a0−5.00"
    assert formats.money(Decimal(-5), "CNY", "zh") == "−¥5.00"


def test_words_where_the_rule_has_them() -> None:
    assert formats.money_in_words(Decimal(10), "CNY", "zh") == "人民币壹拾元整（¥10.00）"
    assert formats.money_in_words(Decimal("0.005"), "CNY", "zh") == "¥0.005"
    assert formats.money_in_words(Decimal(10), "USD", "zh") == "USD\u00a010.00"


def test_dates() -> None:
    day = date(2026, 3, 1)
    spoken = [formats.long_date(day, language) for language in ("en", "de", "zh")]
    assert [text.replace("\u00a0", " ") for text in spoken] == [
        "1 March 2026",
        "1. März 2026",
        "2026年3月1日",
    ]
    assert formats.short_date(day, "de") == "01.03.2026"
    assert formats.short_date(day, "zh") == "2026-03-01"


def test_dates_of_other_languages() -> None:
    spoken = [formats.long_date(date(2026, 3, 1), language) for language in ("fr", "es", "ja")]
    assert [text.replace("\u00a0", " ") for text in spoken] == [
        "1er mars 2026",
        "1 de marzo de 2026",
        "2026年3月1日",
    ]
    assert formats.long_date(date(2026, 3, 11), "fr").replace("\u00a0", " ") == "11 mars 2026"
    short = [formats.short_date(date(2026, 3, 1), language) for language in ("fr", "es", "ja")]
    assert short == ["01/03/2026", "01/03/2026", "2026/03/01"]


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("8.00", "en", "8%"),
        ("2.15", "de", "2,15\u00a0%"),
        ("100", "zh", "100%"),
        ("2.15", "fr", "2,15\u00a0%"),
        ("8", "es", "8\u00a0%"),
        ("14.6", "ja", "14.6%"),
    ],
)
def test_percentages(value: str, language: str, expected: str) -> None:
    assert formats.percentage(Decimal(value), language) == expected


def test_chinese_lines_do_not_begin_with_closing_punctuation() -> None:
    text = "甲" * 36 + "。" + "乙" * 10
    assert formats.wrap(text) == "甲" * 35 + "\n甲。" + "乙" * 10


@given(
    st.text(
        st.sampled_from("abcd efgh  ij.-\u00a0\u202f\u00e9\u20ac\n\t\x0b\x00甲，"), max_size=60
    ),
    st.integers(8, 30),
)
def test_plain_words_are_wrapped_like_all_others(text: str, width: int) -> None:
    wrapped = formats.wrap.__wrapped__(text, width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "_SIMPLE", re.compile("(?!)"))
        assert formats.wrap.__wrapped__(text, width) == wrapped


@given(st.text(alphabet="ab ,。(甲乙丙 1\u0301", max_size=200), st.integers(10, 72))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    lines = formats.wrap(text, width).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(formats.text_width(line) <= width for line in lines)


@given(st.text(max_size=60))
def test_printable_is_one_line_without_controls(text: str) -> None:
    shown = formats.printable(text)
    assert "\n" not in shown
    assert formats.printable(shown) == shown
    assert not any(ord(c) < 32 or c in "\u202a\u202e\u2066\u200f\x7f" for c in shown)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. Hof GmbH", "1\\. Hof GmbH"),
        ("- Müller", "\\- Müller"),
        ("a*b_c", "a\\*b\\_c"),
        ("2026-01", "2026-01"),
        ("1234", "1234"),
        ("", ""),
    ],
)
def test_markdown_escapes(text: str, escaped: str) -> None:
    assert formats.escape_markdown(text) == escaped
