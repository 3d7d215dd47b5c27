"""Small curves on a terminal: blocks, or plain characters where the terminal has no blocks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Chart, Column, Table
from ledgercli.model.values import Money
from ledgercli.output import language
from ledgercli.output.formats import render
from ledgercli.output.safe_text import display_width
from ledgercli.output.sparks import sparkline

LOW_TO_HIGH = tuple(map(Decimal, range(8)))


def trend(role: str = "trend", count: int = 3) -> Answer:
    columns = (
        Column("currency", "cur.", "code"),
        Column("date", "end of", "date"),
        Column("total", "total", "money"),
        Column("dso", "DSO", "number"),
        Column("percent", "overdue %", "percent"),
    )
    rows = [
        {
            "currency": currency,
            "date": f"2026-{1 + number % 12:02}",
            "total": Money(Decimal(100 * number), currency),
            "dso": None if number == 1 else Decimal(number) + Decimal("0.5"),
            "percent": Decimal(number),
        }
        for currency in ("EUR", "CNY")
        for number in range(count)
    ]
    charts = (
        Chart("line", "Days", "rows", ("date",), ("dso",), split="currency"),
        Chart("line", "Share", "rows", ("date",), ("percent",), split="currency"),
        Chart("stacked-columns", "Open amounts", "rows", ("date",), ("total",), split="currency"),
        Chart("bullet", "No time", "rows", ("date",), ("percent",)),
    )
    table = Table("rows", columns, rows, role=role)  # type: ignore[arg-type]
    return Answer("x/1", tables=(table,), charts=charts)


def test_the_lowest_is_the_lowest_block_and_the_highest_the_highest() -> None:
    assert sparkline(LOW_TO_HIGH, ascii_only=False) == "▁▂▃▄▅▆▇█"
    assert sparkline(LOW_TO_HIGH, ascii_only=True) == "_.:-=+*#"
    assert sparkline([Decimal(5), Decimal(5)], ascii_only=False) == "▄▄"
    assert sparkline([Decimal(-1), None, Decimal(1)], ascii_only=False) == "▁ █"
    assert sparkline([None, None], ascii_only=False) == "  "


@given(st.lists(st.none() | st.decimals(-1000, 1000, places=2), max_size=40), st.booleans())
def test_every_figure_has_one_character(
    values: list[Decimal | None],
    ascii_only: bool,  # noqa: FBT001
) -> None:
    drawn = sparkline(values, ascii_only=ascii_only)
    assert len(drawn) == len(values)
    assert drawn.isascii() or not ascii_only


def test_a_trend_is_its_curves_with_what_they_span() -> None:
    assert render(trend(), "table").splitlines() == [
        "CNY  DSO           ▁ █  0.5 to 2.5, last 2.5",
        "CNY  overdue %     ▁▅█  0% to 2%, last 2%",
        "CNY  Open amounts  ▁▅█  0.00 to 200.00, last 200.00",
        "EUR  DSO           ▁ █  0.5 to 2.5, last 2.5",
        "EUR  overdue %     ▁▅█  0% to 2%, last 2%",
        "EUR  Open amounts  ▁▅█  0.00 to 200.00, last 200.00",
    ]


def test_curves_follow_a_table_on_a_terminal_alone() -> None:
    assert "▁" not in render(trend("main"), "table")
    assert "▁▅█" in render(trend("main"), "table", terminal=True)
    drawn = render(trend("main"), "table", terminal=True, ascii_only=True)
    assert "_=#" in drawn
    assert drawn.isascii()


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80])
def test_curves_of_many_points_keep_to_the_width(width: int, spoken: str) -> None:
    language.install(spoken)
    lines = render(trend(count=60), "table", width=width).splitlines()
    assert max(map(display_width, lines)) <= width
    assert "█" in lines[0]


def test_one_month_is_no_curve() -> None:
    assert render(trend(count=1), "table") == ""
