"""Several processes take numbered things in turns; here one plays two of them."""

from __future__ import annotations

import os
import sys
from copy import copy
from itertools import islice

import pytest

from ledgercli.books.turns import PROCESSES_MAX, Turns


def test_each_thing_is_taken_once_by_whoever_comes_first() -> None:
    turns = Turns()
    other = copy(turns)
    turns.give(3, 2)
    taken = [*other.of("abc")]
    assert taken == [(0, "a"), (1, "b"), (2, "c")]
    assert [*turns.of("abc")] == []
    turns.close()


def test_what_is_given_again_is_taken_again() -> None:
    turns = Turns()
    other = copy(turns)
    for things in ("abcde", "x", "", "yz"):
        turns.give(len(things), 2)
        first, second = turns.of(things), other.of(things)
        taken = [*islice(first, 2), *second, *first]
        assert sorted(taken) == [*enumerate(things)]
    turns.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a pipe cannot be made small")
@pytest.mark.parametrize("count", [1499, 1500, 1501, 10_000, 1_000_000])
def test_the_smallest_pipe_takes_all_turns_before_anybody_reads(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pipe = os.pipe

    def small_pipe() -> tuple[int, int]:
        import fcntl

        ends = make_pipe()
        assert fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 1) == 4096
        for end in ends:
            # To wait for somebody is an error.
            os.set_blocking(end, False)
        return ends

    monkeypatch.setattr(os, "pipe", small_pipe)
    turns, things = Turns(), range(count)
    for _ in range(2):
        turns.give(count, PROCESSES_MAX)
        taken = sum(1 for number, thing in turns.of(things) if number == thing)
        assert taken == count
        for _other in range(PROCESSES_MAX - 1):
            assert [*turns.of(things)] == []
    turns.close()
