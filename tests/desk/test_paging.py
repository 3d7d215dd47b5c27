"""Pages of a list: none left out, none twice, no page of a few rows at the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledgercli.desk.paging import part_of, table_part
from ledgercli.model.answer import Answer, Column, Table


def test_a_page_says_which_rows_it_has() -> None:
    part = part_of(range(45), 2, 20)
    assert (list(part.rows), part.first, part.last) == (list(range(20, 40)), 21, 40)
    assert (part.count, part.number, part.pages) == (45, 2, 3)


def test_a_few_rows_more_need_no_page_of_their_own() -> None:
    assert part_of(range(22), 1, 20).pages == 1
    assert part_of(range(23), 1, 20).pages == 2
    assert part_of(range(20), 1, 20).pages == 1
    last = part_of(range(42), 2, 20)
    assert (last.first, last.last) == (21, 42)


def test_the_nearest_page_stands_in_for_one_that_is_not_there() -> None:
    assert part_of(range(45), 0, 20).number == 1
    assert part_of(range(45), 9, 20).last == 45
    empty = part_of((), 3, 20)
    assert (empty.first, empty.last, empty.count, empty.pages) == (0, 0, 0, 1)


@given(st.integers(0, 300), st.integers(1, 60))
def test_all_pages_together_are_the_list(count: int, size: int) -> None:
    pages = part_of(range(count), 1, size).pages
    parts = [part_of(range(count), number, size) for number in range(1, pages + 1)]
    assert [row for part in parts for row in part.rows] == list(range(count))
    assert all(len(part.rows) <= size + size // 10 for part in parts)


def test_totals_are_those_of_all_rows() -> None:
    columns = (Column("amount", "amount", "number"),)
    rows = [{"amount": number} for number in range(30)]
    totals = Table("totals", columns, [{"amount": 435}], role="totals")
    answer, part = table_part(
        Answer("x/1", tables=(Table("rows", columns, rows), totals)), "rows", 3, 10
    )
    assert [row["amount"] for row in answer.table("rows").rows] == list(range(20, 30))
    assert (answer.table("totals").rows, part.pages) == ([{"amount": 435}], 3)
