"""Every command in every format prints what it printed: whole outputs, compared as text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from snapshots import COMMANDS, EXPECTED, books_in_a_copy, cases, output_of, path_of

from ledgercli.cli.tree import COMMANDS as TREE
from ledgercli.cli.tree import Branch


@pytest.fixture(scope="module", autouse=True)
def books() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setenv("LC_ALL", "C.UTF-8")
        with books_in_a_copy():
            yield


@pytest.mark.parametrize(("book", "name", "output_format"), cases())
def test_output(book: str, name: str, output_format: str) -> None:
    expected = path_of(book, name, output_format).read_bytes().decode("utf-8")
    assert output_of(book, name, output_format) == expected


def test_no_snapshot_is_left_over() -> None:
    assert set(EXPECTED.rglob("*.txt")) == {path_of(*case) for case in cases()}


#: What changes something, sends something, or answers of files that the example books do not have:
#: whole outputs of these stand in tests of their own.
ELSEWHERE = frozenset(
    """
    init, schema, completion, diff, cache show, cache clear, opening import, opening compare,
    remind send, remind approve, remind show, remind verify, digest send,
    activity add, activity promise, activity dispute, activity hold, activity insolvency,
    activity handed-over, activity bounced, activity delivered, activity confirm, activity waive,
    activity import, activity survey, activity retract, activity occurrence,
    order add, order show, order approve, order reject, order deliver, order accept,
    order invoice, order cancel, order close, order reopen, order split, order recover,
    customer add, customer edit, customer set, customer tag, customer untag, customer rename,
    customer merge, customer close, customer reopen, customer remove, customer forget,
    customer export-data, customer import, customer export, customer profiles
    """.replace("\n", " ")
    .replace("  ", "")
    .strip()
    .split(", ")
)


def test_every_command_has_a_snapshot() -> None:
    told = {name.partition(" -")[0] for lines in COMMANDS.values() for name in lines.values()}
    missing = [
        name
        for name in _names(TREE)
        if name not in ELSEWHERE and not any(line.startswith(name) for line in told)
    ]
    assert missing == []


def _names(branch: Branch, lead: str = "") -> Iterator[str]:
    for name, entry in branch.commands.items():
        if isinstance(entry, Branch):
            yield from _names(entry, f"{lead}{name} ")
        else:
            yield f"{lead}{name}"
