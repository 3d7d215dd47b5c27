"""What is proven again by the files that changed is what is proven anew by all of them."""

from __future__ import annotations

import random
from pathlib import Path

import fuzz_again
import pytest

from ledgercli.books.proof.ledger import KeptFiles, ProvenLedger, prove_ledger
from ledgercli.books.proof.tally import unpacked_tally
from ledgercli.model.receivables_settings import ReceivablesSettings


@pytest.mark.parametrize("seed", range(1, 7))
def test_random_edits_are_proven_alike_again_and_anew(seed: int, tmp_path: Path) -> None:
    count = fuzz_again.run(random.Random(seed), tmp_path / "books", 60)  # noqa: S311
    assert count["again"]  # else the test shows nothing


def test_a_damaged_tally_is_none(tmp_path: Path) -> None:
    top = fuzz_again.placed(fuzz_again.begun(random.Random(7)), tmp_path / "books")  # noqa: S311
    proven = prove_ledger(top, top.parent, ReceivablesSettings(), KeptFiles())
    assert isinstance(proven, ProvenLedger)
    packed = proven.packed_tally()
    tally = unpacked_tally(packed)
    assert tally is not None
    assert unpacked_tally(tally.packed()) == tally
    place = packed.index(b"Assets:Cash")
    assert unpacked_tally(packed.replace(b"Assets:Cash", b"Assets:Cush")) is None
    assert unpacked_tally(packed[:place]) is None
    assert unpacked_tally(b"") is None
