"""An edit changes its own lines only, and the text reads back as exactly what was asked."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.books.data_edit import (
    Delete,
    Edit,
    Exclude,
    Include,
    NotEditableError,
    Put,
    changed_data,
    steps,
)
from ledgercli.books.source import Data
from ledgercli.books.source_reading import read_source
from ledgercli.books.yaml_edit import Dialect, edited_text

ORDER = ("id", "name", "tier", "tags", "segments", "contacts", "credit", "notes", "fields")


def edited(text: str, *edits: Edit, newline: str = "\n", json: bool = False) -> str:
    """Return the text after ``edits``, checked to say what was asked and nothing else."""
    source = read_source(text.encode(), "x.yaml")
    data = source.data
    for edit in edits:
        for step in steps(data, edit):
            text = edited_text(text, step, Dialect(newline, json, ORDER))
            data = changed_data(data, step)
            assert read_source(text.encode(), "x.yaml").data == data
    return text


RECORD = """\
# The record of a good customer.
id:   C001
name: 'Acme  GmbH'   # as registered
tags: [ retail,eu ]

segments:
    industry: retail      # four spaces here
    region:   east
contacts:
- name: Ute            # the list is not indented
  email: "ap@acme.example"

- {name: Max, email: max@acme.example}
credit:
  limit: 10000 EUR
  # reviewed every year
notes: |
  first line

  third line

own: {x: 1}
# the end
"""


def test_a_value_keeps_its_quotation_marks_and_its_comment() -> None:
    assert edited(RECORD, Put(("name",), "Müller's")) == RECORD.replace(
        "'Acme  GmbH'", "'Müller''s'"
    )
    email = Put(("contacts", 0, "email"), 'a"b')
    assert edited(RECORD, email) == RECORD.replace('"ap@acme.example"', '"a\\"b"')
    assert edited(RECORD, Put(("credit", "limit"), "5 EUR")) == RECORD.replace(
        "limit: 10000 EUR", "limit: 5 EUR"
    )


def test_a_new_key_stands_where_it_belongs_with_the_indentation_of_its_neighbours() -> None:
    text = edited(RECORD, Put(("tier",), "A"), Put(("segments", "size"), "small"))
    assert text == RECORD.replace("as registered\n", "as registered\ntier: A\n").replace(
        "east\n", "east\n    size: small\n"
    )
    text = edited(RECORD, Put(("contacts", 0, "phone"), "+49 30"))
    assert text == RECORD.replace('"ap@acme.example"\n', '"ap@acme.example"\n  phone: "+49 30"\n')
    assert edited(RECORD, Put(("contacts", 1, "role"), "boss")) == RECORD.replace(
        "max@acme.example}", "max@acme.example, role: boss}"
    )


def test_entries_come_to_and_go_from_lists() -> None:
    assert edited(RECORD, Include(("tags",), ("vip", "EU"))) == RECORD.replace(
        "[ retail,eu ]", "[ retail,eu, vip ]"
    )
    assert edited(RECORD, Exclude(("tags",), ("Retail",))) == RECORD.replace(
        "[ retail,eu ]", "[ eu ]"
    )
    assert edited(RECORD, Exclude(("tags",), ("eu", "retail"))) == RECORD.replace(
        "tags: [ retail,eu ]\n", ""
    )
    assert edited(RECORD, Put(("contacts", 2, "name"), "Eva")) == RECORD.replace(
        "max@acme.example}\n", "max@acme.example}\n- {name: Eva}\n"
    )
    assert edited(RECORD, Delete(("contacts", 1))) == RECORD.replace(
        "- {name: Max, email: max@acme.example}\n", ""
    )
    assert edited(RECORD, Delete(("contacts", 0, "name"))) == RECORD.replace(
        "- name: Ute            # the list is not indented\n  email", "- email"
    )


def test_what_becomes_empty_goes_too() -> None:
    assert edited(RECORD, Delete(("credit", "limit"))) == RECORD.replace(
        "credit:\n  limit: 10000 EUR\n", ""
    )
    assert edited("- a: 1\n", Delete((0, "a"))) == "- {}\n"


def test_a_text_of_several_lines_stays_a_block() -> None:
    assert edited(RECORD, Put(("notes",), "one\n\ntwo\n")) == RECORD.replace(
        "  first line\n\n  third line\n", "  one\n\n  two\n"
    )
    assert edited(RECORD, Put(("notes",), "short")) == RECORD.replace(
        "|\n  first line\n\n  third line\n", "short\n"
    )


def test_line_ends_of_windows_and_a_missing_last_one_stay() -> None:
    text = "id: C1\r\ntags:\r\n  - a # x\r\nname: N"
    assert edited(text, Include(("tags",), ("b",)), newline="\r\n") == text.replace(
        "# x\r\n", "# x\r\n  - b\r\n"
    )
    assert edited(text, Put(("own",), "1"), newline="\r\n") == text + '\r\nown: "1"'
    assert edited(text, Delete(("name",)), newline="\r\n") == "id: C1\r\ntags:\r\n  - a # x"


def test_json_stays_json() -> None:
    text = '{\n  "id": "C1",\n  "tags": ["a"],\n  "x": "\\ud83d\\ude00"\n}\n'
    after = edited(
        text, Put(("name",), 'A "B"'), Include(("tags",), ("b",)), Put(("n", "m"), ["1"]), json=True
    )
    assert after == text.replace('["a"]', '["a", "b"]').replace(
        'de00"\n', 'de00",\n  "name": "A \\"B\\"",\n  "n": {"m": ["1"]}\n'
    )
    assert edited(text, Delete(("x",)), json=True) == '{\n  "id": "C1",\n  "tags": ["a"]\n}\n'


def test_nothing_is_written_over_an_alias_or_into_a_plain_value() -> None:
    for text, step in [
        ("a: &x {b: 1}\nc: *x\n", Put(("c", "b"), "2")),
        ("a: 1\n", Put(("a", "b"), "2")),
        ("a: [1]\n", Put(("a", 3), "2")),
    ]:
        with pytest.raises(NotEditableError):
            edited_text(text, step, Dialect())


# --- properties ----------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "A",
            "no",
            "12",
            "1e3",
            "# x",
            "a: b",
            "- a",
            "O'Brien",
            '"q"',
            "客户",
            "a, b",
            "x #y",
            "[a",
            "{b}",
            "&a",
            "*a",
            "!t",
            "%",
            "@",
            "`",
            "null",
            "~",
            " lead",
            "two\nlines",
            "t\tb",
            "😀",
            "?",
            "? a",
            ":",
            "a:",
            "---",
            "...",
            "<<",
            "|",
            ">",
            "=",
            "\\",
            "2026-01-01",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8),
)
KEYS = st.sampled_from(["id", "name", "tags", "credit", "limit", "x y", "客户", "own"])
DATA = st.recursive(
    TEXTS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


def written(data: Any, draw: Any, indent: str, *, flow: bool) -> str:  # noqa: ANN401
    """Return data in some style that YAML allows, with comments in between."""
    if isinstance(data, str):
        style = draw(st.sampled_from(["double", "double", "single", "plain"]))
        if style == "plain" and data.isalnum() and data != "null":
            return data
        if style == "single" and data.isprintable():
            return "'" + data.replace("'", "''") + "'"
        import json

        return json.dumps(data, ensure_ascii=draw(st.booleans()))
    flow = flow or not data or draw(st.integers(0, 3)) == 0
    comma = "," if draw(st.booleans()) else ", "
    if flow and isinstance(data, list):
        return "[" + comma.join(written(item, draw, "", flow=True) for item in data) + "]"
    if flow:
        pairs = [f"{key!r}: {written(value, draw, '', flow=True)}" for key, value in data.items()]
        return "{" + comma.join(pairs) + "}"
    inner = indent + " " * draw(st.integers(1, 4))
    lines = []
    entries = list(data.items()) if isinstance(data, dict) else [(None, item) for item in data]
    for key, value in entries:
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["", "# a comment", inner + "# more"])))
        head = f"{inner}-" if key is None else f"{inner}{key}:"
        text = written(value, draw, inner, flow=False)
        tail = draw(st.sampled_from(["", "", "  # here"]))
        lines.append(f"{head}{text}{tail}" if text.startswith("\n") else f"{head} {text}{tail}")
    return "\n" + "\n".join(lines)


@st.composite
def texts_and_edits(draw: Any) -> tuple[str, list[Edit]]:  # noqa: ANN401
    data = draw(st.dictionaries(KEYS, DATA, min_size=1, max_size=5))
    text = written(data, draw, "", flow=draw(st.integers(0, 5)) == 0).lstrip("\n")
    text += draw(st.sampled_from(["", "\n", "\n# end\n", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    edits: list[Edit] = []
    for _ in range(draw(st.integers(1, 4))):
        path = draw(paths(data))
        edits.append(
            draw(
                st.one_of(
                    st.builds(Put, st.just(path), DATA),
                    st.just(Delete(path)),
                    st.just(Include(path, (draw(TEXTS),))),
                    st.just(Exclude(path, (draw(TEXTS),))),
                )
            )
        )
    return text, edits


@st.composite
def paths(draw: Any, data: Any) -> tuple[str | int, ...]:  # noqa: ANN401
    path: list[str | int] = []
    while True:
        if isinstance(data, dict):
            step: str | int = draw(st.sampled_from([*data, "new"]))
            data = data.get(step)
        elif isinstance(data, list):
            step = draw(st.integers(0, len(data)))
            data = data[step] if isinstance(step, int) and step < len(data) else None
        else:
            return tuple(path)
        path.append(step)
        if draw(st.booleans()):
            return tuple(path)


def untouched(before: str, after: str) -> bool:
    """Return whether the lines that differ are one stretch: the place of one edit."""
    codes = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    return sum(tag != "equal" for tag, *_ in codes.get_opcodes()) <= 2


@given(texts_and_edits())
def test_every_edit_reads_back_as_asked_and_leaves_all_other_lines(
    case: tuple[str, list[Edit]],
) -> None:
    text, edits = case
    source = read_source(text.encode(), "x.yaml")
    if source.data is None or source.findings:
        return  # nothing that a person would call a record
    data: Data = source.data
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in edits:
        try:
            todo = steps(data, edit)
            after = text
            wanted: Data = data
            for step in todo:
                after = edited_text(after, step, Dialect(newline, order=ORDER))
                wanted = changed_data(wanted, step)
        except NotEditableError:
            continue
        assert read_source(after.encode(), "x.yaml").data == wanted, (text, edit, after)
        assert "\n" not in after.replace("\r\n", "") or newline == "\n", "line ends are kept"
        kept = {line.split("# ", 1)[1] for line in text.splitlines() if line.strip()[:2] == "# "}
        if isinstance(edit, Include):
            assert all(f"# {comment}" in after for comment in kept), "no comment is lost"
        if len(todo) == 1:
            assert untouched(text, after), (text, edit, after)
        text, data = after, wanted
