"""What is taken out of text without a parser is what YAML's parser finds; all else is left to it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgercli.books import source_reading
from ledgercli.books.plain_yaml import Data, plain_yaml
from ledgercli.books.source import Source
from ledgercli.books.source_reading import read_source

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITTEN = sorted([*EXAMPLES.glob("*/ledgercli.yaml"), *EXAMPLES.glob("*/customers/*.yaml")])

RECORD = """\
# who it is
name: 上海恒信机械有限公司（中国）   # full name

tags: [trade, gov, Assets:Receivable:C1]
phone: "+49 30 1234-5"
terms: 2/10 net 30
notice: -3 days
credit:
  limit: 1,000 EUR
    # as agreed
  until: 2026-12-31

  by: {name: 'Jo "J" Doe', rates: [[1, 2.5%], []], since: null}
website: https://example.org/a?b=c
contacts:
- name: A
  role:
- {name: B}
- null
levels:
    - "C: #1"
    - [D,E]
owner:
"""


def plain(text: str) -> tuple[Data, list[int]] | None:
    return plain_yaml(text, source_reading.VALUES_MAX)


def by_parser(text: str) -> Source:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_reading, "plain_yaml", lambda *_: None)
        return read_source(text.encode("utf-8", "surrogatepass"), "x.yaml")


def seen(source: Source) -> tuple[object, ...]:
    """Return all that reading found, also in which order the keys stand."""
    return repr(source.data), list(source.lines), source.findings, source.text


def assert_as_by_parser(text: str) -> None:
    found = read_source(text.encode("utf-8", "surrogatepass"), "x.yaml")
    assert seen(found) == seen(by_parser(text)), text


def test_a_record_as_people_write_it() -> None:
    assert plain(RECORD) == (
        {
            "name": "上海恒信机械有限公司（中国）",
            "tags": ["trade", "gov", "Assets:Receivable:C1"],
            "phone": "+49 30 1234-5",
            "terms": "2/10 net 30",
            "notice": "-3 days",
            "credit": {
                "limit": "1,000 EUR",
                "until": "2026-12-31",
                "by": {"name": 'Jo "J" Doe', "rates": [["1", "2.5%"], []], "since": None},
            },
            "website": "https://example.org/a?b=c",
            "contacts": [{"name": "A", "role": None}, {"name": "B"}, None],
            "levels": ["C: #1", ["D", "E"]],
            "owner": None,
        },
        [2],
    )
    assert_as_by_parser(RECORD)


def test_a_list_of_records_has_the_line_of_each() -> None:
    text = '# all\n\n- id: A\n  tags:\n  - b\n# next\n\n- {id: C}\n- d\n-   "e"\n'
    assert plain(text) is None
    text = text.replace("-   ", "- ")
    expected = [{"id": "A", "tags": ["b"]}, {"id": "C"}, "d", "e"]
    assert plain(text) == (expected, [3, 8, 9, 10])
    assert_as_by_parser(text)


def test_thousands_of_records_are_read_in_parts() -> None:
    record = "- id: C\n  credit: {limit: 5 EUR}\n  contacts:\n  - {name: A, phone: '1'}\n\n"
    found = plain(record * 5_000 + "- id: last")
    assert found
    data, lines = found
    assert len(data) == 5_001
    assert lines == list(range(1, 25_002, 5))
    entry = {"id": "C", "credit": {"limit": "5 EUR"}, "contacts": [{"name": "A", "phone": "1"}]}
    assert all(record == entry for record in list(data)[:-1])


def test_more_values_than_may_be_are_left_to_the_parser() -> None:
    assert plain("- a:\n" * 400_000)
    assert plain("- a:\n" * 500_000) is None


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_every_example_is_taken(path: Path) -> None:
    text = path.read_text("utf-8")
    assert plain(text)
    assert_as_by_parser(text)


@pytest.mark.parametrize(
    "text",
    [
        "name: A",
        "name: A \n",
        "name: A # why\n",
        "name:\n",
        "name: null\n",
        "name: 'null'\n",
        'name: ""\n',
        "name: A [b] {c} d,e \"f\" 'g' & h * i\n",
        "2025-01-01: 2.27%\n",
        "  a: b\n  c: d\n",
        "a: {}\nb: []\nc: [ ]\nd: { }\n",
        "a: [1, 234]\n",
        "a: [b,c, 'd',\"e\",[f],{g: h} ]\n",
        "a: { b: -3 days, c: d:e }\n",
        "标签: [重点,框架协议]\n",
        "a:\n   b: c\n   d:\n        e: f\n",
        "a:\n- b\nc:\n- d:\n  - e\n  - f\n- g\n",
        "a:\n  b: c\n\n# d\n  e: f\n",
        "- a: b\n  c: d\n- e: f\n",
    ],
)
def test_what_is_taken(text: str) -> None:
    assert plain(text)
    assert_as_by_parser(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "A\n",
        "{a: b}\n",
        "name: A\n  of two lines\n",
        "name: a: b\n",
        "name: a:\n",
        "name: a #\n b\n",
        "name: ~\n",
        "name: 'A''s'\n",
        "name: 'A\n",
        "name: 'A' B\n",
        "name: 'A'#\n",
        'name: "A\\n"\n',
        "name: - A\n",
        "name: -\n",
        "name: ? A\n",
        "name: @A\n",
        "name: %A\n",
        "name : A\n",
        "name:A\n",
        "'name': A\n",
        "? name\n: A\n",
        "name: A\nname: B\n",
        "name:\tA\n",
        "name: A\t\n",
        "\tname: A\n",
        "name: A\r\n",
        "name: A\u0085\n",
        "-  name: A\n",
        "- - A\n",
        "-\n  name: A\n",
        "- A\n  B\n",
        "- A\nb: c\n",
        "a: b\n- c\n",
        "a: b\n  c: d\n",
        "a:\n  b: c\n d: e\n",
        "a:\n  b: c\n    d: e\n",
        "a:\n  - b\n   - c\n",
        "a:\n  - b\n - c\n",
        "a:\n  - b\n  c: d\n",
        "a:\n  b: c\n  b: d\n",
        "a: {b: c, b: d}\n",
        "a: {b}\n",
        "a: {b: , c: d}\n",
        'a: {"b": c}\n',
        'a: {b:"c"}\n',
        "a: {b: c: d}\n",
        "a: {b: c, }\n",
        "a: {b: c\n",
        "a: {b: c]\n",
        "a: {b: c}}\n",
        "a: {b: c} d\n",
        "a: {b: c}#\n",
        "a: {b: c}, {d: e}\n",
        "a: [b: c]\n",
        "a: [b:, c]\n",
        "a: [b, c:]\n",
        "a: [b, null]\n",
        "a: ['b''c']\n",
        "a: [b, , c]\n",
        "a: [, b]\n",
        "a: [b, c\n  d]\n",
        "a: [b #]\n",
        "a: [b?]\n",
        "a: [-]\n",
        "a: [1,000 EUR]\n",
        "a: [1,\uff10\uff10\uff10]\n",
        "a: {b: 1,000 EUR}\n",
        "a: 1\n000 EUR:\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !x b\n",
        "a: |\n  b\n",
        "a: >\n  b\n",
        "<<: a\n",
        "---\na: b\n",
        "a: b\n...\n",
        "%YAML 1.1\n",
        f"{'k' * 1025}: a\n",
        f"a: {'[' * 51}{']' * 51}\n",
        "".join(f"{' ' * depth}a:\n" for depth in range(51)),
    ],
)
def test_what_is_left_to_the_parser(text: str) -> None:
    assert plain(text) is None


keys = st.sampled_from(
    ["name", "id", "x-y", "null", "on", "a b", "2026-01-01", "000", "000 EUR", "名", "'q'", "<<"]
)
texts = st.one_of(
    st.sampled_from(
        ["A B", "no", "1", "1,000 EUR", "000", "-3 days", "2026-01-01", "a:b", "null", "~", "="]
    ),
    st.sampled_from(["https://a.b/c?d=e", "'a: b'", '"# c"', "''", "a #b", "a: b", "- a", ""]),
    st.text(
        st.one_of(
            st.sampled_from(" :,;#&*!|>'\"%@`{}[]?-+=/\\$^~.<()_\t\r\n\x85\u2028\ufeff\u0301"),
            st.characters(codec="utf-8"),
            st.sampled_from("abZ09é上（）"),
        ),
        max_size=4,
    ),
)


def in_brackets(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    commas = st.sampled_from([", ", ", ", ", ", ",", " , "])
    pairs = st.builds("{}: {}".format, keys, inner)
    return st.one_of(
        st.builds(
            lambda comma, parts: f"[{comma.join(parts)}]", commas, st.lists(inner, max_size=3)
        ),
        st.builds(
            lambda comma, parts: f"{{{comma.join(parts)}}}", commas, st.lists(pairs, max_size=3)
        ),
    )


values = st.recursive(texts, in_brackets, max_leaves=5)
leads = st.sampled_from(
    ["", "", "", "  ", "  ", "    ", " ", "- ", "  - ", "    - ", "- - ", "-  "]
)
ends = st.sampled_from(["", "", "", " ", " # c", "#c", "\n", "\n# d", "\n   # e"])
lines = st.one_of(
    st.builds("{}{}: {}{}".format, leads, keys, values, ends),
    st.builds("{}{}:{}".format, leads, keys, ends),
    st.builds("{}{}{}".format, leads, values, ends),
)


@given(st.lists(lines, max_size=6))
@example(["name: A", "credit:", "  limit: 5", "", "# x", "tags: [a, b]"])
@example(["null: [a]", "on: b"])
def test_whatever_is_taken_is_what_the_parser_finds(written: list[str]) -> None:
    assert_as_by_parser("".join(f"{line}\n" for line in written))


SCRAPS = [*" \n:,-#[]{}'\"?&*!|>%@~\t\u3000²", " #", ": ", "- ", ", ", ",000", "\n  ", "null", "[]"]


def test_examples_with_a_few_changes_are_read_as_by_the_parser() -> None:
    random = Random(1)  # noqa: S311 - no secret
    contents = [path.read_text("utf-8").splitlines(keepends=True) for path in WRITTEN]
    taken = 0
    for _ in range(1_500):
        written = random.choice(contents)
        start = random.randrange(len(written))
        changed = written[start : start + random.randrange(1, 8)]
        for _ in range(random.randrange(1, 4)):
            number = random.randrange(len(changed))
            line = changed[number]
            at = random.randrange(len(line) + 1)
            changed[number] = random.choice(
                [
                    line[:at] + random.choice(SCRAPS) + line[at:],
                    line[:at] + line[at + random.randrange(1, 3) :],
                    "  " + line,
                    line[2:],
                    random.choice(random.choice(contents)),
                ]
            )
        text = "".join(changed)
        taken += plain(text) is not None
        assert_as_by_parser(text)
    assert taken > 300
