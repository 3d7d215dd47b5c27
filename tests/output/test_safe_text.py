"""Hostile characters never reach a terminal, a cell or a file name as they are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.output.cells import Strip
from ledgercli.output.safe_text import (
    UNSAFE,
    display_width,
    escape_json,
    pad,
    shorten,
    visible,
    widths_of,
    wrap,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme GmbH", "Acme GmbH"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\r\nBcc: b", "a␍␊Bcc: b"),
        ("nul\x00 del\x7f", "nul␀ del␡"),
        ("\x9b31m", "<U+009B>31m"),
        ("gpj\u202e.exe", "gpj<U+202E>.exe"),
        ("\u2066x\u2069", "<U+2066>x<U+2069>"),
        ("\ufeffid", "<U+FEFF>id"),
        ("\udcff", "<U+DCFF>"),
        ("line\u2028break", "line<U+2028>break"),
        ("می‌خواهم", "می‌خواهم"),  # the joiner belongs to Persian words
    ],
)
def test_unsafe_characters_become_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_kept_characters_stay() -> None:
    assert visible("a\n\tb\x1b", keep="\n\t") == "a\n\tb␛"


def test_nothing_that_the_interpreter_calls_printable_is_unsafe() -> None:
    unsafe = [chr(code) for code in range(0x110000) if UNSAFE.match(chr(code))]
    assert len(unsafe) > 2000
    assert not any(map(str.isprintable, unsafe))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], None),
        (["", "1,234.56", "–", "Müller"], None),
        (["a", "客户", ""], [1, 4, 0]),
        (["cafe\u0301"], [4]),
        (["客\n", "\n"], [display_width("客\n"), display_width("\n")]),
    ],
)
def test_the_widths_of_many(texts: list[str], expected: list[int] | None) -> None:
    assert widths_of(texts) == expected


@given(st.lists(st.text(alphabet="aé客。\u0301\u200d\n ")))
def test_the_widths_of_many_are_those_of_each(texts: list[str]) -> None:
    assert (widths_of(texts) or [len(text) for text in texts]) == list(map(display_width, texts))


@given(st.lists(st.text(alphabet="aé客户。\u0301 ", max_size=9)), st.integers(2, 9), st.booleans())
def test_filled_cells_are_shortened_and_padded_each(
    texts: list[str],
    width: int,
    right: bool,  # noqa: FBT001
) -> None:
    strip = Strip("", "", right=right, flexible=True, cells=texts)
    expected = [pad(shorten(text, width), width, right=right) for text in texts]
    assert strip.filled(0, len(texts), width, "…") == expected


@given(st.text())
def test_visible_text_is_safe_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in shown)


@given(st.dictionaries(st.text(), st.text()))
def test_escaped_json_means_the_same(document: dict[str, str]) -> None:
    written = json.dumps(document, ensure_ascii=False, indent=2)
    escaped = escape_json(written)
    assert json.loads(escaped) == document
    assert visible(escaped, keep="\n") == escaped


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("客户A", 5), ("Ｆｕｌｌ", 8), ("e\u0301", 1), ("–…█", 3), ("한국", 4), ("", 0)],
)
def test_display_width_counts_columns(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("Acme", 4, "Acme"),
        ("Acme GmbH", 8, "Acme Gm…"),
        ("Acme GmbH", 6, "Acme…"),
        ("上海华联商贸", 12, "上海华联商贸"),
        ("上海华联商贸", 11, "上海华联商…"),
        ("上海华联商贸", 10, "上海华联…"),
    ],
)
def test_shortened_text_fits(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])), st.integers(2, 30))
def test_shortened_and_padded_text_has_the_width(text: str, width: int) -> None:
    assert display_width(pad(shorten(text, width), width)) == width


def test_wrapped_text_breaks_at_spaces_and_between_wide_characters() -> None:
    assert wrap("one two three four", 9, "  ") == ["one two", "  three", "  four"]
    assert wrap("截至日终，账龄按到期日计算。", 10) == ["截至日终，", "账龄按到期", "日计算。"]
    assert wrap("averyverylongword", 5) == ["averyverylongword"]
