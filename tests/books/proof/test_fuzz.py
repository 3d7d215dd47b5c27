"""A few hundred mutated ledgers; ``fuzz.py`` runs as many as there is time for."""

from __future__ import annotations

import random
from pathlib import Path

import fuzz
import pytest

from ledgercli.books.proof.merge import Proven

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("base", range(3))
def test_ordinary_ledgers_are_proven(base: int, tmp_path: Path) -> None:
    wrong, proof = fuzz.difference(fuzz.write(fuzz.ordinary()[base], tmp_path))
    assert wrong == ""
    assert isinstance(proof, Proven)


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_example_books_are_proven(name: str) -> None:
    wrong, proof = fuzz.difference(EXAMPLES / name / "main.beancount")
    assert wrong == ""
    assert isinstance(proof, Proven)


@pytest.mark.parametrize("seed", range(8))
def test_no_mutated_ledger_is_wrongly_accepted(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    accepted = 0
    for number in range(30):
        files = fuzz.mutated(chance.choice(fuzz.ordinary()), chance)
        top = fuzz.write(files, tmp_path / str(number))
        wrong, proof = fuzz.difference(top, chance.choice(fuzz.CHOICES))
        assert wrong == "", files
        accepted += isinstance(proof, Proven)
    assert accepted  # else the test shows nothing


@pytest.mark.parametrize("seed", range(4))
def test_odd_numbers_come_out_alike(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    accepted = 0
    for number in range(25):
        files = fuzz.generated(chance)
        wrong, proof = fuzz.difference(fuzz.write(files, tmp_path / str(number)))
        assert wrong == "", files
        accepted += isinstance(proof, Proven)
    assert accepted
