"""What is proven again by the files that changed is what is proven anew by all of them."""

from __future__ import annotations

import random
from pathlib import Path

import fuzz_again
import pytest


@pytest.mark.parametrize("seed", range(1, 7))
def test_random_edits_are_proven_alike_again_and_anew(seed: int, tmp_path: Path) -> None:
    count = fuzz_again.run(random.Random(seed), tmp_path / "books", 60)  # noqa: S311
    assert count["again"]  # else the test shows nothing
