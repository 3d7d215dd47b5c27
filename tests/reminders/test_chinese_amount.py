from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.reminders.chinese_amount import chinese_amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # printed in the rule itself
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # small
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10.00", "壹拾元整"),
        ("10.50", "壹拾元零伍角"),
        ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
        # groups of four
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("11000", "壹万壹仟元整"),
        ("10100", "壹万零壹佰元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1000010000.01", "壹拾亿零壹万元零壹分"),
        ("1000000000000", "壹万亿元整"),
        ("1000000000001", "壹万亿零壹元整"),
        ("1000100000000", "壹万零壹亿元整"),
        (
            "9999999999999999.99",
            "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_words(amount: str, words: str) -> None:
    assert chinese_amount(Decimal(amount)) == f"人民币{words}"


@pytest.mark.parametrize(
    "amount", ["-0.01", "0.005", "1.001", "10000000000000000", "NaN", "Infinity", "-Infinity"]
)
def test_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        chinese_amount(Decimal(amount))


def read_back(words: str) -> Decimal:
    """Read capital numerals by their own grammar: a value is its parts times their units."""
    digits = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    cents = 0
    for character in words.removeprefix("人民币").removesuffix("整"):
        if character in digits:
            digit = digits[character]
        elif character in units:
            section += digit * units[character]
            digit = 0
        elif character == "万":
            total += (section + digit) * 10_000
            section = digit = 0
        elif character == "亿":
            total = (total + section + digit) * 100_000_000
            section = digit = 0
        elif character == "元":
            total += section + digit
            section = digit = 0
        else:
            cents += digit * {"角": 10, "分": 1}[character]
            digit = 0
    return Decimal(total) + Decimal(cents) / 100


@given(st.integers(0, 10**18 - 1))
def test_reads_back(fen: int) -> None:
    amount = Decimal(fen) / 100
    words = chinese_amount(amount)
    assert read_back(words) == amount
    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)


@given(st.lists(st.sampled_from([0, 0, 0, 1, 9]), min_size=1, max_size=18))
def test_reads_back_with_many_zeros(figures: list[int]) -> None:
    amount = Decimal("".join(map(str, figures))) / 100
    assert read_back(chinese_amount(amount)) == amount
    assert "零零" not in chinese_amount(amount)
