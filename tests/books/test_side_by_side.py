"""Thousands of records are read by two processes; what comes out is what one would read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgercli.books import customers as reading
from ledgercli.books import side_by_side
from ledgercli.books.customers import read_customers
from ledgercli.books.store.records import dump, load

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="other systems read alone")


def record(number: int, more: str = "") -> str:
    return f"- id: C{number}\n  name: N{number}   # c\n  contacts: [{{email: bad{number}}}]\n{more}"


WHOLE = "# head\n" + "".join(map(record, range(8)))
FILES = {
    "plain": WHOLE,
    "unknown parent in the second half": WHOLE + "- id: X\n\n  parent: nobody\n",
    "duplicate across the halves": WHOLE + "- id: c1\n",
    "syntax error in the second half": WHOLE + "- id: X\n  name: [\n",
    "syntax error in the first half": "- id: Y\n  name: [\n" + WHOLE,
    "duplicate key in the second half": WHOLE + "- id: X\n  id: Z\n",
    "not cut: anchors": WHOLE + "- &x {id: A}\n- {id: B}\n",
    "not cut: documents": WHOLE + "---\n- id: A\n",
    "not cut: line ends of Windows": WHOLE.replace("\n", "\r\n"),
    "not cut: in brackets": "[{id: A}, {id: B}]",
    "control character": WHOLE + '- id: X\n  name: "\x07"\n',
    "no utf-8": WHOLE + "- id: \udcff\n",
    "byte order mark": "\ufeff" + WHOLE,
    "empty": "",
}


@needs_fork
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_two_halves_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    folder = tmp_path / "customers"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    for number in range(5):
        (folder / f"f{number}.yaml").write_text(f"id: F{number}\nparent: F{number - 1}\n")
    alone = read_customers(tmp_path)
    monkeypatch.setattr(reading, "MANY_BYTES", 0)
    monkeypatch.setattr(reading, "can_fork", lambda: True)
    assert read_customers(tmp_path) == alone
    (folder / "a.yaml").rename(folder / "z.yaml")
    assert {one.id for one in read_customers(tmp_path)[0]} >= {"F0", "F4"}


@needs_fork
def test_a_half_that_fails_in_the_copy_is_done_here() -> None:
    here = os.getpid()

    def work(part: str) -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), 9) if part == "kill" else sys.exit(3)
        return part.upper()

    for second in ("kill", "exit"):
        assert side_by_side.both(work, "a", second, dump, load) == ("A", second.upper())


@needs_fork
def test_a_half_that_fails_here_leaves_no_copy_behind(
    no_process_is_left: Callable[[], bool],
) -> None:
    here = os.getpid()

    def work(part: str) -> str:
        if os.getpid() == here:
            raise KeyboardInterrupt
        return part * 1_000_000  # more than a pipe takes at once

    with pytest.raises(KeyboardInterrupt):
        side_by_side.both(work, "a", "b", dump, load)
    assert no_process_is_left()


@needs_fork
def test_much_comes_through_the_pipe() -> None:
    def work(part: str) -> str:
        return part * 1_000_000

    assert side_by_side.both(work, "a", "b", dump, load) == ("a" * 1_000_000, "b" * 1_000_000)
