"""Cells that a spreadsheet would compute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.books.foreign.formulas import guarded, unguarded


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd()", "'=cmd()"),
        ("+1-1", "+1-1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("@A1", "'@A1"),
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'quoted'", "'quoted'"),
        ("+49 30 1234-5", "+49 30 1234-5"),
        ("+49 (0)30 12.34", "+49 (0)30 12.34"),
        ("+49|cmd", "'+49|cmd"),
        ("'+49", "''+49"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_formulas_get_an_apostrophe(cell: str, written: str) -> None:
    assert guarded(cell) == written
    assert unguarded(written) == cell


@given(st.text("'=+-@\t\r 0aü=", max_size=8))
def test_nothing_is_lost(cell: str) -> None:
    plain = cell.lstrip() if cell[:1] == " " else cell
    assert unguarded(guarded(plain)) == plain


def test_excel_marks_text_the_same_way() -> None:
    assert unguarded("'+49 30 1234") == "+49 30 1234"
