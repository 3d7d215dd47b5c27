"""What differs between two versions of a file, and whose it is."""

from __future__ import annotations

from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.receivables.row_owners import RowOwners, file_diff


def row(
    line: int, amount: str, *more: tuple[str, str], day: int = 1, own: str = "", shared: str = ""
) -> TransactionRow:
    """Return a transaction of C1 for ``amount``, with ``more`` amounts and currencies."""
    said = {"customer": own} if own else None
    postings = tuple(
        (f"Assets:Receivable:C{number}", money, currency, said, line + number, True)
        for number, (money, currency) in enumerate([(amount, "EUR"), *more], 1)
    )
    texts = ("*", "", "", (), (), {"customer": shared} if shared else None, (), False)
    return (day, *texts, "a.beancount", line, postings)


def told(before: list[TransactionRow], after: list[TransactionRow]) -> tuple[list[int], list[int]]:
    """Return the lines of what differs, and of what has moved."""
    diff = file_diff(before, after)
    assert all(one[10] != line for line, one in diff.moved.items())
    return [one[10] for one in diff.rows], sorted(diff.moved)


def test_nothing_differs() -> None:
    assert told([], []) == ([], [])
    assert told([row(1, "5"), row(4, "6")], [row(1, "5"), row(4, "6")]) == ([], [])


def test_what_stands_behind_an_insertion_has_moved() -> None:
    before = [row(1, "5"), row(4, "6"), row(7, "7")]
    assert told(before, [row(1, "5"), row(4, "9"), row(7, "6"), row(10, "7")]) == ([4], [4, 7])
    # A line before all others moves them all.
    assert told(before, [row(2, "5"), row(5, "6"), row(8, "7")]) == ([], [1, 4, 7])


def test_a_changed_amount_is_no_move() -> None:
    before = [row(1, "5"), row(4, "6"), row(7, "7")]
    assert told(before, [row(1, "5"), row(4, "6.5"), row(7, "7")]) == ([4, 4], [])
    assert told(before, [row(2, "5"), row(5, "6.5"), row(8, "7")]) == ([4, 5], [1, 7])
    assert told([row(1, "5")], [row(2, "5", ("1", "EUR"))]) == ([1, 2], [])
    assert told([row(1, "5")], [row(2, "5", own="C2")]) == ([1, 2], [])
    assert told([row(1, "5")], [row(1, "5", day=2)]) == ([1, 1], [])


def test_whose_a_row_is() -> None:
    owners = RowOwners(lambda own, shared, account, _: own or shared or account[-2:])
    assert owners.keys(row(1, "5")) == {("C1", "EUR")}
    assert owners.keys(row(1, "5", ("1", "USD"))) == {("C1", "EUR"), ("C2", "USD")}
    assert owners.keys(row(1, "5", ("1", "EUR"), shared="X")) == {("X", "EUR")}
    assert owners.keys(row(1, "5", own="Y", shared="X")) == {("Y", "EUR")}
