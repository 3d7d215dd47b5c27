"""Heat maps: every figure is written in its cell, the darker the more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ledgercli.model.answer import Answer, Chart, Column, Table
from ledgercli.output.formats import render


def page(*rows: Sequence[int | None]) -> str:
    """Return the page of cohorts with these percentages."""
    keys = [str(number) for number in range(max(map(len, rows)))]
    group = tuple(Column(key, key, "percent") for key in keys)
    columns = (
        Column("cohort", "cohort", "code"),
        Column("retained", "kept", "group", columns=group),
    )
    listed = [
        {
            "cohort": f"2026-{number:02}",
            "retained": {
                key: None if cell is None else Decimal(cell)
                for key, cell in zip(keys, row, strict=True)
            },
        }
        for number, row in enumerate(rows, 1)
    ]
    chart = Chart("heat-map", "Kept", "rows", ("cohort",), ("retained",))
    return render(Answer("x/1", tables=(Table("rows", columns, listed),), charts=(chart,)), "html")


def cells(text: str) -> list[tuple[str, str]]:
    """Return shade and figure of each cell."""
    return re.findall(r'<rect class="(heat-\d)"[^>]*><title>[^<]*: ([^<]*)</title>', text)


def test_shades_follow_the_percentages() -> None:
    text = page([100, 50, 0], [100, 9, None])
    assert cells(text) == [
        ("heat-5", "100%"),
        ("heat-3", "50%"),
        ("heat-0", "0%"),
        ("heat-5", "100%"),
        ("heat-0", "9%"),
    ]
    assert text.count('<text class="cell"') == 5
    assert "2026-02, 1: 9%" in text
    assert re.findall(r"</svg> (\d+%)</li>", text) == ["0%", "100%"]


def test_a_picture_of_many_cells_is_scrolled_and_told_what_it_is() -> None:
    text = page([100, *range(24)])
    assert 'style="min-width: 1140px"' in text
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Kept">' in text


def test_more_than_a_hundred_is_the_darkest() -> None:
    assert cells(page([100, 200])) == [("heat-3", "100%"), ("heat-5", "200%")]


def test_tables_of_one_name_are_told_apart() -> None:
    columns = (Column("name", "name"),)
    tables = tuple(
        Table(key, columns, [{"name": "Acme"}], role="extra") for key in ("one", "two", "three")
    )
    text = render(Answer("x/1", tables=tables, title="Page"), "html")
    captions = re.findall(r'class="unseen">([^<]*)</caption>', text)
    assert captions == ["Page", "Page (2)", "Page (3)"]
