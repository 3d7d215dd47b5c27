"""What is taken out of plain lines is what YAML's parser finds; all else is left to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgercli.books import source_reading
from ledgercli.books.plain_mapping import plain_mapping
from ledgercli.books.source import Source
from ledgercli.books.source_reading import read_source

RECORD = """\
# who it is
name: 上海恒信机械有限公司（中国）

tags: [trade, gov, Assets:Receivable:C1]
phone: +49 30 1234-5
terms: 2/10 net 30
credit:
  limit: 1,000 EUR
  until: 2026-12-31
website: https://example.org/a?b=c
"""


def by_parser(text: str) -> Source:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_reading, "plain_mapping", lambda _: None)
        return read_source(text.encode("utf-8", "surrogatepass"), "x.yaml")


def test_a_record_of_plain_lines() -> None:
    assert plain_mapping(RECORD) == (
        {
            "name": "上海恒信机械有限公司（中国）",
            "tags": ["trade", "gov", "Assets:Receivable:C1"],
            "phone": "+49 30 1234-5",
            "terms": "2/10 net 30",
            "credit": {"limit": "1,000 EUR", "until": "2026-12-31"},
            "website": "https://example.org/a?b=c",
        },
        2,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "name: A",
        "name: A \n",
        "name: A # why\n",
        "name: A\n  of two lines\n",
        "name: a: b\n",
        "name: a:\n",
        "name:\n",
        "name: null\n",
        "name: ~\n",
        "name: 'A'\n",
        'name: "A"\n',
        "name: - A\n",
        "name: @A\n",
        "name: A\nname: B\n",
        "name:\tA\n",
        "name: A\r\n",
        "# a\u2028name: B\n",
        "name: A\u0085\n",
        "- name: A\n",
        "a: {b: c}\n",
        "a: [b, null]\n",
        "a: [1,000 EUR]\n",
        "a: [1, 234]\n",
        "a: []\n",
        "a: [b,c]\n",
        "a: [b: c]\n",
        "a:\n  b: c\n  b: d\n",
        "a:\n  b: null\n",
        "a:\n   b: c\n",
        "a:\n  b: c\n    d: e\n",
        "a:\n  b: c\n\n  d: e\n",
        "a:\n- b\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !x b\n",
        "a: |\n  b\n",
        "<<: a\n",
        "---\na: b\n",
        f"{'k' * 1025}: a\n",
        "".join(f"k{number}: b\n" for number in range(12_000)),
    ],
)
def test_what_is_left_to_the_parser(text: str) -> None:
    assert plain_mapping(text) is None


keys = st.sampled_from(["name", "id", "tags", "credit", "x-y", "null", "on", "Y", "limit"])
texts = st.one_of(
    st.sampled_from(
        ["A B", "no", "1,000 EUR", "1e3", "0x1F", "2026-01-01", "a:b", "null", "~", "="]
    ),
    st.text(
        st.one_of(
            st.sampled_from(" :,;#&*!|>'\"%@`{}[]?-+=/\\$^~.<()_\t\r\n\x85\u2028\ufeff\u0301"),
            st.characters(codec="utf-8"),
            st.sampled_from("abZ09é上海（）"),
        ),
        max_size=6,
    ),
)
lines = st.one_of(
    st.builds("{}: {}".format, keys, texts),
    st.builds("  {}: {}".format, keys, texts),
    st.builds("{}:".format, keys),
    st.builds("{}: [{}]".format, keys, st.lists(texts, max_size=3).map(", ".join)),
    st.builds("#{}".format, texts),
    st.just(""),
)


@given(st.lists(lines, max_size=6))
@example(["name: A", "credit:", "  limit: 5", "", "# x", "tags: [a, b]"])
@example(["null: [a]", "on: b"])
def test_whatever_is_taken_is_what_the_parser_finds(written: list[str]) -> None:
    text = "".join(f"{line}\n" for line in written)
    found, expected = read_source(text.encode(), "x.yaml"), by_parser(text)
    assert (found.data, list(found.lines), found.findings, found.text) == (
        expected.data,
        list(expected.lines),
        expected.findings,
        expected.text,
    )
