"""Several processes take numbered things in turns; here one plays two of them."""

from __future__ import annotations

from copy import copy
from itertools import islice

from ledgercli.books.turns import Turns


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
