"""JSON and CSV: whole documents, and that both say the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from answers import aging, money, statement
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.values import Money
from ledgercli.output import language
from ledgercli.output.formats import render
from ledgercli.output.safe_text import visible


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


def test_json_document() -> None:
    assert (
        render(statement(), "json")
        == """\
{
  "schema": "ledgercli/statement/1",
  "as_of": "2026-11-21",
  "statements": [
    {
      "currency": "EUR",
      "opening": "10.00",
      "rows": [
        {
          "date": "2026-11-01",
          "number": "INV-1",
          "text": "=Goods",
          "debit": "90.50",
          "balance": "100.50",
          "file": "main.beancount"
        }
      ],
      "closing": "100.50"
    },
    {
      "currency": "USD",
      "opening": "-3.00",
      "rows": [],
      "closing": "-3.00"
    }
  ]
}
"""
    )


def test_facts_stand_before_and_after_the_tables() -> None:
    document = json.loads(render(aging(), "json"))
    assert list(document) == ["schema", "as_of", "basis", "buckets", "rows", "totals", "tie_out"]
    assert document["rows"][0]["amounts"] == {
        "not_due": "100.00",
        "1-30": "0.00",
        "31-60": "25.50",
        "61-90": "0.00",
        "91+": "1234.56",
    }
    assert document["rows"][2]["amounts"]["not_due"] == "1100"
    assert "bar" not in document["rows"][0]


def test_json_speaks_every_script_and_hides_nothing() -> None:
    written = render(aging(), "json")
    assert "上海华联商贸有限责任公司" in written
    assert r"Evil\u001b[31m\u202eLtd" in written
    assert json.loads(written)["rows"][2]["name"] == "Evil\x1b[31m\u202eLtd"


def test_csv_of_the_main_table() -> None:
    assert (
        render(aging(), "csv")
        == """\
customer,name,currency,not_due,1-30,31-60,61-90,91+,unallocated,total,oldest_due,max_days_overdue
C001,Acme GmbH,EUR,100.00,0.00,25.50,0.00,1234.56,0.00,1360.06,2026-01-05,320
K-华联,上海华联商贸有限责任公司,CNY,1250.00,0.00,0.00,88.00,0.00,0.00,1338.00,2026-01-05,320
C003,Evil␛[31m<U+202E>Ltd,JPY,1100,5,0,0,0,0,1105,2026-01-05,320
"""
    )


def test_csv_opens_sections() -> None:
    assert (
        render(statement(), "csv")
        == """\
currency,opening,closing,date,number,text,debit,balance,file
EUR,10.00,100.50,2026-11-01,INV-1,'=Goods,90.50,100.50,main.beancount
"""
    )


def test_language_changes_neither() -> None:
    english = [render(aging(), name) for name in ("json", "csv")]
    language.install("zh")
    assert [render(aging(), name) for name in ("json", "csv")] == english


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
)
def test_text_is_never_a_formula(text: str) -> None:
    table = Table(
        "rows",
        (Column("name"), Column("amount", kind="money")),
        [{"name": text, "amount": money("-1")}],
    )
    assert render(Answer("x/1", tables=(table,)), "csv") == f"name,amount\n'{text},-1.00\n"


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1"])
def test_control_characters_hide_no_formula(text: str) -> None:
    table = Table("rows", (Column("name"),), [{"name": text}])
    cell = render(Answer("x/1", tables=(table,)), "csv").splitlines()[1]
    assert cell.lstrip("'")[0] in "␉␍␊"


@pytest.mark.parametrize(
    ("amount", "currency", "plain"),
    [
        ("1E+3", "EUR", "1000.00"),
        ("-0", "EUR", "0.00"),
        ("-0.001", "EUR", "-0.001"),
        ("1.5", "JPY", "1.5"),
        ("2", "JPY", "2"),
        ("0.1", "KWD", "0.100"),
        ("12345678901234567890.12", "EUR", "12345678901234567890.12"),
    ],
)
def test_amounts_are_plain(amount: str, currency: str, plain: str) -> None:
    table = Table("rows", (Column("amount", kind="money"),), [{"amount": money(amount, currency)}])
    assert json.loads(render(Answer("x/1", tables=(table,)), "json"))["rows"] == [{"amount": plain}]


# --- JSON = CSV -----------------------------------------------------------------------------

_CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CNY"])
_MONEY = st.builds(Money, st.decimals(-(10**12), 10**12, allow_nan=False, places=3), _CURRENCIES)
_CELLS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=12),
    "code": st.text(max_size=8),
    "date": st.dates(),
    "money": _MONEY,
    "number": st.integers(-(10**6), 10**6),
    "percent": st.decimals(-999, 999, allow_nan=False, places=2),
    "flag": st.booleans(),
    "strings": st.lists(st.text(st.characters(exclude_characters=";"), max_size=5), max_size=3),
}


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    kinds = draw(st.lists(st.sampled_from([*_CELLS, "group"]), min_size=1, max_size=6))
    columns = []
    for index, kind in enumerate(kinds):
        subs: tuple[Column, ...] = ()
        if kind == "group":
            subs = tuple(Column(f"g{index}-{n}", kind="money") for n in range(3))
        columns.append(Column(f"c{index}", kind=kind, columns=subs))  # type: ignore[arg-type]
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        row: dict[str, Any] = {}
        for column in columns:
            if column.kind == "group":
                row[column.key] = {sub.key: draw(_MONEY) for sub in column.columns}
            else:
                row[column.key] = draw(st.none() | _CELLS[column.kind])
        rows.append(row)
    return Answer("x/1", tables=(Table("rows", tuple(columns), rows),))


def _as_csv(cell: Any) -> str:  # noqa: ANN401
    """Return a JSON cell as CSV must write it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return visible("; ".join(cell))
    return visible(str(cell))


@given(answers())
def test_json_and_csv_agree(answer: Answer) -> None:
    document = json.loads(render(answer, "json"))
    table = answer.tables[0]
    header, *lines = csv.reader(io.StringIO(render(answer, "csv")))
    kinds = {sub.key: sub.kind for column in table.columns for sub in (column, *column.columns)}
    assert len(lines) == len(document["rows"])
    for line, row in zip(lines, document["rows"], strict=True):
        flat: dict[str, Any] = {}
        for key, cell in row.items():
            flat |= cell if isinstance(cell, dict) else {key: cell}
        assert list(flat) == header
        for key, cell in zip(header, line, strict=True):
            if kinds[key] in {"text", "code", "strings"}:
                assert cell.removeprefix("'") == _as_csv(flat[key]).removeprefix("'")
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            else:
                assert cell == _as_csv(flat[key])


@given(answers())
def test_rendering_is_stable_and_ends_in_a_line_feed(answer: Answer) -> None:
    for name in ("json", "csv", "table"):
        first = render(answer, name)
        assert first == render(answer, name)
        assert not first or first.endswith("\n")


def test_unknown_values_are_refused() -> None:
    with pytest.raises(TypeError):
        render(Answer("x/1", {"when": dt.timedelta(1)}), "json")


def test_percentages_are_plain_decimals() -> None:
    facts = {"a": Decimal("80.00"), "b": Decimal("0.5"), "c": Decimal("1E+2"), "d": Decimal("-0")}
    document = json.loads(render(Answer("x/1", facts), "json"))
    assert document == {"schema": "ledgercli/x/1", "a": "80", "b": "0.5", "c": "100", "d": "0"}
