"""A JSON document has the very text that the standard library gives it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.output.json_format import render
from ledgercli.output.safe_text import escape_json

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


def told(document: object) -> str:
    return escape_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=4), NESTED, max_size=4))
def test_any_document_is_written_as_the_standard_library_does(facts: dict[str, object]) -> None:
    answer = Answer("aging/1", facts=facts)
    assert render(answer) == told({"schema": "ledgercli/aging/1", **facts})


class Word(str):
    """A text of a class of its own, as enumerations have."""

    __slots__ = ()


@pytest.mark.parametrize("cell", [None, True, 0, 10**30, "a\nb\u2028", Word("c"), [], {}, [[]]])
def test_cells_of_any_kind_stand_as_they_are(cell: object) -> None:
    column = Column("cell", "cell", "code")
    answer = Answer("x/1", tables=(Table("rows", (column,), [{"cell": cell}]),))
    assert render(answer) == told({"schema": "ledgercli/x/1", "rows": [{"cell": cell}]})
