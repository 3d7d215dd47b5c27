from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books.source import Source
from ledgercli.books.source_reading import ALIASED_MAX, DEPTH_MAX, read_source


def read(text: str | bytes) -> Source:
    return read_source(text.encode() if isinstance(text, str) else text, "f.yaml")


def told(source: Source) -> list[tuple[str, int, int]]:
    for finding in source.findings:  # every value that the words need is there
        finding.kind.message.format(**finding.values)
        finding.kind.hint.format(**finding.values)
    return [(f.code, f.place.line, f.place.column) for f in source.findings]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# only a comment\n", None),
        ("country: NO\nid: 012345\nyes: on", {"country": "NO", "id": "012345", "yes": "on"}),
        ("number: 1e3\nday: 2026-02-30", {"number": "1e3", "day": "2026-02-30"}),
        ("a: ~\nb:\nc: null\nd: 'null'\n", {"a": None, "b": None, "c": None, "d": "null"}),
        ('a: ""\n', {"a": ""}),
        ("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
        ('{"a":1,"b":["x\\/y",null]}', {"a": "1", "b": ["x/y", None]}),
        ('{"c":"\\ud83d\\ude00"}', {"c": "😀"}),
        ("\ufeffname: Zoë\n", {"name": "Zoë"}),
        ("base: &x [1, 2]\nsame: *x\n", {"base": ["1", "2"], "same": ["1", "2"]}),
        ("notes: |\n  one\n  two\n", {"notes": "one\ntwo\n"}),
    ],
)
def test_scalars_stay_the_text_that_was_typed(text: str, data: object) -> None:
    source = read(text)
    assert source.findings == []
    assert source.data == data


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "data"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1, {"a": "1", "b": "2"}),
        ("[a, b]: 1\nc: 2\n", "key-not-text", 1, 1, {"c": "2"}),
        ("? {a: 1}\n: x\nb: 1\n", "key-not-text", 1, 3, {"b": "1"}),
        ("a: &k v\n*k : 1\nb: 2\n", "key-not-text", 2, 1, {"a": "v", "b": "2"}),
        ("<<: {a: 1}\nb: 2\n", "merge-key", 1, 1, {"b": "2"}),
        ("a: !!python/object:os.system x\nb: 1", "explicit-tag", 1, 4, {"a": None, "b": "1"}),
        ("a: !!python/object {c: 1}\nb: 1", "explicit-tag", 1, 4, {"a": None, "b": "1"}),
        ("a: !mine [1]\n", "explicit-tag", 1, 4, {"a": None}),
        ("- !!int 3\n", "explicit-tag", 1, 3, [None]),
        ("{limit: 10,000 EUR}", "thousands-separator", 1, 12, {"limit": None}),
        ("{limit: 1,000,000 EUR, b: 2}", "thousands-separator", 1, 11, {"limit": None, "b": "2"}),
        ("a: [10,000 EUR, 5 USD]", "thousands-separator", 1, 8, {"a": [None, "5 USD"]}),
        ("{2026-01-01: 10,000.50}", "thousands-separator", 1, 17, {"2026-01-01": None}),
        ("a: &x [b, *x]", "alias-recursive", 1, 11, {"a": ["b", None]}),
        ("a: 1\n---\nb: 2\n", "several-documents", 2, 1, {"a": "1"}),
        ("a: b\x07c", "control-character", 1, 5, {"a": "b\ufffdc"}),
        ("x: y\na: b\x00c", "control-character", 2, 5, {"x": "y", "a": "b\ufffdc"}),
        ('a: "\\e[31m"', "control-character", 1, 4, {"a": "\ufffd[31m"}),
        ("a: \u202eb", "bidi-character", 1, 4, {"a": "\ufffdb"}),
        (b"x: y\na: caf\xe9\n", "not-utf8", 2, 7, {"x": "y", "a": "caf\ufffd"}),
        (b"\xef\xbb\xbfa: caf\xe9\n", "not-utf8", 1, 7, {"a": "caf\ufffd"}),
        ("a: 1".encode("utf-16"), "not-utf8", 1, 1, None),
        ("a: 1".encode("utf-16-le"), "not-utf8", 1, 1, None),
        ("a:\n\t- b\n", "yaml-tab", 2, 1, None),
        ("a: b: c\n", "yaml-syntax", 1, 5, None),
        ('a: "x\n', "yaml-syntax", 2, 1, None),
        ("a: *nothing\n", "yaml-syntax", 1, 4, None),
        ('a: "\\U99999999"', "yaml-syntax", 1, 7, None),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    text: str | bytes, code: str, line: int, column: int, data: object
) -> None:
    source = read(text)
    assert told(source) == [(code, line, column)]
    assert source.data == data


@pytest.mark.parametrize("text", ["[10, 500 EUR]", "{a: 10, b: 500}", "- 10\n- 500 EUR\n"])
def test_entries_apart_are_no_thousands(text: str) -> None:
    assert read(text).findings == []


def test_thousands_separator_is_explained_with_the_number_meant() -> None:
    (finding,) = read("{limit: 10,000 EUR}").findings
    assert finding.values == {"text": "10,000 EUR", "joined": "10000 EUR"}


def test_nesting_to_the_bound_passes_and_one_more_is_refused() -> None:
    assert read("[" * DEPTH_MAX + "]" * DEPTH_MAX).findings == []
    source = read("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1))
    assert told(source) == [("too-deep", 1, DEPTH_MAX + 1)]
    assert source.data is None


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "\n".join(" " * depth + "a:" for depth in range(2_000)),
    ],
    ids=["brackets", "closed", "braces", "dashes", "questions", "indentation"],
)
def test_hostile_nesting_is_refused_at_once(text: str) -> None:
    start = time.monotonic()
    source = read(text)
    assert time.monotonic() - start < 1
    assert source.findings[-1].code == "too-deep"


def test_alias_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    start = time.monotonic()
    source = read("\n".join(lines))
    assert time.monotonic() - start < 1
    assert [finding.code for finding in source.findings] == ["alias-bomb"]
    assert source.data is None


def test_aliases_up_to_the_bound_pass() -> None:
    hundred = f"a: &a [{', '.join('x' * 99)}]\n"
    fits = ALIASED_MAX // 100
    assert read(hundred + "b: [" + "*a, " * fits + "]").findings == []
    assert read(hundred + "b: [" + "*a, " * (fits + 1) + "]").data is None


def test_places_of_values_keys_and_what_is_missing() -> None:
    source = read("- id: A\n  credit: {limit: 5, warn_at: }\n-\n  id: B\n")
    assert list(source.lines) == [1, 4]
    place = source.place((0, "credit", "limit"))
    assert (place.file, place.line, place.column) == ("f.yaml", 2, 19)
    place = source.place((0, "credit", "limit"), of_key=True)
    assert (place.line, place.column) == (2, 12)
    place = source.place((0, "credit", "missing"))
    assert (place.line, place.column) == (2, 11)
    place = source.place((1, "id"))
    assert (place.line, place.column) == (4, 7)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    read_source(content, "f.yaml").place(("a", 0))


_INDICATORS = [*"abcx-?:,[]{}&*!|>'%@`#~ ", '"', "\\", "\n", "\t"]
_PIECES = st.sampled_from(
    [*_INDICATORS, "b: ", "- ", "? ", "&x ", "*x", "!!t ", "---\n", "...\n", "<<: ", "|\n", "\r\n"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_no_jumble_of_yaml_raises(text: str) -> None:
    source = read(text)
    source.place((0, "a"))
    assert source.data is not None or not source.lines


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_the_slower_parser_does_not_raise_either(text: str) -> None:
    import yaml

    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CBaseLoader")
        read(text).place((0, "a"))


def test_a_file_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgercli.books.source_reading.VALUES_MAX", 1000)
    assert read("- a\n" * 999).findings == []
    source = read("- a\n" * 1000)
    assert told(source) == [("too-many-values", 1000, 3)]
    assert source.data is None
