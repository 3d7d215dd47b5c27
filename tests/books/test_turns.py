"""Several processes take numbered things in turns; here one plays two of them."""

from __future__ import annotations

from copy import copy

from ledgercli.books.turns import Turns


def test_each_thing_is_taken_once_by_whoever_comes_first() -> None:
    turns = Turns()
    other = copy(turns)
    turns.give(3, 2)
    taken = [*other.of("abc")]
    assert taken == [(0, "a"), (1, "b"), (2, "c")]
    assert [*turns.of("abc")] == []
    turns.close()


def test_who_takes_no_more_than_a_part_leaves_the_rest_to_others_in_every_round() -> None:
    turns = Turns()
    other = copy(turns)
    for things, most in (("abcde", 2), ("xyz", 1), ("xyz", 3)):
        turns.give(len(things), 2)
        own = [*turns.of(things, most)]
        assert own == [*enumerate(things)][:most]
        assert [*other.of(things)] == [*enumerate(things)][most:]
    turns.close()


def test_what_there_is_less_of_than_one_may_take() -> None:
    turns = Turns()
    other = copy(turns)
    for _ in range(2):
        turns.give(1, 2)
        assert [*turns.of("a", 5)] == [(0, "a")]
        assert [*other.of("a")] == []
    turns.close()
