"""Reasons that readers and other programs give, in the language of the user."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator

import pytest

from ledgercli.model.catalogue import files as file_codes
from ledgercli.model.catalogue import records as codes
from ledgercli.model.finding import Finding
from ledgercli.model.sentence import Sentence, WrongValueError, reason_of
from ledgercli.model.terms import Terms
from ledgercli.model.values import Duration, Money, Percent, parse_date
from ledgercli.output import language, wording
from ledgercli.output.values import enumeration, heading


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


def reason(parse: Callable[[object], object], text: str) -> str:
    """Return why ``parse`` refuses ``text``."""
    with pytest.raises(ValueError, match=r".") as refused:
        parse(text)
    return reason_of(refused.value)


@pytest.mark.parametrize(
    ("parse", "text", "english", "chinese"),
    [
        (Money.parse, "10 eur", "currency `eur` must be written in capitals: `EUR`", "货币 `eur` 须用大写字母：`EUR`"),
        (Money.parse, "x", "`x` is not a number", "`x` 不是数字"),
        (Percent.parse, "80", "`80` is not a percentage such as `80%`", "`80` 不是百分比，写法如 `80%`"),
        (Duration.parse, "x", "`x` is not a duration such as `30 days` or `3 months`", "`x` 不是时长，写法如 `30 days` 或 `3 months`"),
        (parse_date, "2026-02-30", "`2026-02-30` is a day that does not exist", "`2026-02-30` 这一天不存在"),
        (Terms.parse, "30% net 3, 60% net 4", "the shares of `30% net 3, 60% net 4` do not add up to 100 %", "`30% net 3, 60% net 4` 各期比例合计不是 100%"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_both_languages(
    parse: Callable[[object], object], text: str, english: str, chinese: str
) -> None:
    why = reason(parse, text)
    finding = Finding(codes.INVALID_VALUE, {"key": "k", "reason": why})
    assert why == english
    assert wording.message(finding) == f"`k`: {english}"
    language.install("zh")
    assert wording.message(finding) == f"`k`\uff1a{chinese}"


def test_reasons_of_other_programs_are_translated_where_they_are_known() -> None:
    known = Finding(file_codes.FILE_UNREADABLE, {"reason": "Permission denied"})
    other = Finding(file_codes.FILE_UNREADABLE, {"reason": "no idea {x}"})
    language.install("zh")
    assert wording.message(known) == "无法读取文件：没有权限"
    assert wording.message(other) == "无法读取文件：no idea {x}"


def test_a_value_with_braces_is_not_filled_twice() -> None:
    said = reason_of(WrongValueError("`{text}` is not a number", text="{text}"))
    assert said == "`{text}` is not a number"
    assert (
        wording.message(Finding(codes.INVALID_VALUE, {"key": "k", "reason": said}))
        == f"`k`: {said}"
    )


def test_a_sentence_is_its_english_text() -> None:
    sentence = Sentence("{a} b", a="x")
    assert sentence == "x b"
    assert pickle.loads(pickle.dumps(sentence)).values == {"a": "x"}  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("label", "english", "chinese"),
    [
        ("1-30", "1-30", "逾期1–30天"),
        ("0-30", "0-30", "0–30天"),
        ("31-60", "31-60", "31–60天"),
        ("91+", "91+", "90天以上"),
        ("0-3m", "≤ 3m", "3个月以内"),
        ("1-3m", "overdue ≤ 3m", "逾期3个月以内"),
        ("1m-3m", "1 to 3m", "1至3个月"),
        ("6m-1y", "6m to 1y", "6个月至1年"),
        ("5y+", "> 5y", "5年以上"),
    ],
)
def test_headings_of_an_aging(label: str, english: str, chinese: str) -> None:
    assert heading(label) == english
    language.install("zh")
    assert heading(label) == chinese


def test_an_enumeration_follows_the_language() -> None:
    assert enumeration(["a", "b"]) == "a, b"
    language.install("zh")
    assert enumeration(["a", "b"]) == "a、b"
