"""Random edits of a ledger in several files: proven again by what changed, and all anew.

Run by hand for longer: ``python tests/books/proof/fuzz_again.py --seconds 600``.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fuzz

from ledgercli.books.proof.again import KeptProof, ProvenAgain, prove_again
from ledgercli.books.proof.ledger import KeptFiles, ProvenLedger, prove_ledger
from ledgercli.books.proof.summary import FileSummary
from ledgercli.books.proof.tally import unpacked_tally
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.refusal import Refusal

Files = dict[str, str]
MAIN = """\
option "operating_currency" "EUR"
2025-12-01 open Assets:Receivable:Acme EUR,USD
2025-12-01 open Assets:Receivable
2025-12-01 open Assets:Receivable:Beta
2025-12-01 open Assets:Bank EUR
2025-12-01 open Assets:Bank:Second
2026-01-02 open Assets:Cash
2025-12-01 open Liabilities:CustomerDeposits:Acme
2025-12-01 open Income:Sales
2026-03-01 close Assets:Cash
2026-01-20 balance Assets:Bank  0 EUR
2026-01-20 balance Assets:Receivable  0 EUR
include "part*.beancount"
include "more/last.beancount"
"""
LAST = """\
2026-01-05 price USD 0.9 EUR
2026-01-06 commodity EUR
2026-01-07 note Assets:Bank "a note"
2026-01-08 document Assets:Bank "../paper.txt"
"""
ENTRIES = [
    '2026-{m}-{d} * "Acme" "Work" ^INV-{n}\n  Assets:Receivable:Acme  {a} EUR\n  Income:Sales\n',
    '2026-{m}-{d} * "Beta" "Work" ^INV-{n}\n  Assets:Receivable:Beta  {a} USD\n  Income:Sales\n',
    '2026-{m}-{d} * "Paid" ^INV-{n}\n  Assets:Bank  {a} EUR\n  Assets:Receivable:Acme\n',
    '2026-{m}-{d} * "Paid" ^INV-{n}\n  Assets:Bank:Second  {a} EUR\n  Assets:Receivable:Beta\n',
    '2026-{m}-{d} * "Paid"\n  Assets:Cash  {a} EUR\n  Assets:Receivable:Acme\n',
    '2026-{m}-{d} * "Moved"\n  Assets:Bank:Second  {a} EUR\n  Assets:Bank\n',
    '2026-{m}-{d} * "In advance"\n  Assets:Bank  {a} EUR\n  Liabilities:CustomerDeposits:Acme\n',
    '2026-{m}-{d} * "Nothing of ours"\n  Assets:Cash  {a} JPY\n  Income:Sales\n',
    "2026-{m}-{d} balance Assets:Bank:Second  {a} EUR\n",
    '2026-{m}-{d} * "In dollars"\n  Assets:Bank:Second  {a} USD\n  Income:Sales\n',
    '2026-{m}-{d} * "Not in dollars"\n  Assets:Bank  {a} USD\n  Income:Sales\n',
    "; nothing\n",
]


def entry(chance: random.Random, months: str = "1122223") -> str:
    return chance.choice(ENTRIES).format(
        m=f"0{chance.choice(months)}",
        d=chance.choice(["02", "10", "19", "20", "21"]),
        n=chance.randrange(9),
        a=chance.choice(["10", "10.00", "4.5", "0", "-3"]),
    )


def begun(chance: random.Random) -> Files:
    """Return a ledger in several files, with nothing before its balances are asserted."""
    parts = {
        f"part{number}.beancount": "\n".join(
            entry(chance, "2") for _ in range(chance.randrange(1, 4))
        )
        for number in range(1, 4)
    }
    return {"main.beancount": MAIN, **parts, "more/last.beancount": LAST, "paper.txt": ""}


def edited(files: Files, chance: random.Random) -> Files:
    """Return the files after an edit: mostly of one, rarely one more or less of them."""
    found = dict(files)
    kind = chance.random()
    if kind < 0.3:
        return fuzz.mutated(found, chance)
    if kind < 0.35:
        name = chance.choice(["paper.txt", *(f"part{number}.beancount" for number in range(1, 5))])
        if found.pop(name, None) is None:
            found[name] = entry(chance)
        return found
    name = chance.choice([name for name in found if "part" in name or kind > 0.95] or list(found))
    texts = found[name].split("\n\n")
    place = chance.choice([0, len(texts), chance.randrange(len(texts) + 1)])
    if chance.random() < 0.3 and texts:
        texts.pop(place - 1)
    else:
        texts.insert(place, entry(chance))
    found[name] = "\n\n".join(texts)
    return found


def placed(files: Files, folder: Path) -> Path:
    """Write the files and nothing else; return the first."""
    shutil.rmtree(folder, ignore_errors=True)
    return fuzz.write(files, folder)


class Kept:
    """What a store would keep of a ledger that was proven."""

    def __init__(self) -> None:
        self.facts: dict[str, bytes] = {}
        self.rows: dict[str, bytes] = {}
        self.digests: dict[str, bytes] = {}
        self.proof: KeptProof | None = None

    def take(self, proven: ProvenLedger | ProvenAgain, made: dict[str, FileSummary]) -> None:
        for path, summary in made.items():
            self.facts[path] = summary.packed()
            self.rows[path] = bytes(summary.packed_rows())
            self.digests[path] = summary.digest
        tally = unpacked_tally(proven.packed_tally())
        self.proof = None
        if tally:
            givers = (self.facts.__getitem__, self.rows.__getitem__)
            self.proof = KeptProof(tally, proven.facts, {}, *givers)

    def unchanged(self, changed: set[str]) -> KeptProof | None:
        """Return what is kept, with the digests of files that are none of ``changed``."""
        kept = self.proof
        same = {path: digest for path, digest in self.digests.items() if path not in changed}
        return replace(kept, digests=same) if kept else None


def compared(
    top: Path, settings: ReceivablesSettings, kept: KeptProof | None
) -> tuple[ProvenLedger | None, ProvenAgain | None]:
    """Return the ledger proven anew, and again; fail where they differ."""
    whole = prove_ledger(top, top.parent, settings, KeptFiles())
    again = prove_again(top, top.parent, settings, kept) if kept else {}
    if isinstance(again, ProvenAgain):
        assert not isinstance(whole, Refusal), whole
        assert unpacked_tally(whole.packed_tally()) == again.tally
        assert repr(whole.facts) == repr(again.facts)
        assert list(whole.ranks().items()) == list(again.ranks().items())
        assert whole.turning_days() == again.turning_days()
    else:
        # What was made meanwhile is as good as made anew.
        known = prove_ledger(top, top.parent, settings, KeptFiles(made=again))
        assert isinstance(known, Refusal) == isinstance(whole, Refusal)
    return (
        None if isinstance(whole, Refusal) else whole,
        again if isinstance(again, ProvenAgain) else None,
    )


def run(chance: random.Random, folder: Path, steps: int) -> Counter[str]:
    """Edit a ledger so many times; return how often what was said."""
    count: Counter[str] = Counter()
    settings = chance.choice([ReceivablesSettings(), ReceivablesSettings(banks=("Assets:Bank",))])
    files, kept = begun(chance), Kept()
    for _ in range(steps):
        before, files = files, edited(files, chance) if kept.proof else begun(chance)
        top = placed(files, folder)
        changed = {
            str(folder / name)
            for name in {*before, *files}
            if before.get(name) != files.get(name) or not kept.proof
        }
        whole, again = compared(top, settings, kept.unchanged(changed))
        count["again" if again else "anew" if whole else "refused"] += 1
        if again:
            kept.take(again, dict(again.files))
        elif whole:
            kept = Kept()
            kept.take(whole, dict(whole.files))
        else:
            files = before
            placed(files, folder)
    return count


def main(choose: Callable[[int], random.Random] = random.Random) -> None:
    """Run until time is over, and print what was said."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    end, seed, count = time.monotonic() + arguments.seconds, arguments.seed, Counter[str]()
    folder = Path(tempfile.mkdtemp(prefix="again-fuzz-"))
    while time.monotonic() < end:
        try:
            count += run(choose(seed), folder / "books", 60)
        except AssertionError:
            print(f"seed {seed}: {folder}")  # noqa: T201
            raise
        seed += 1
    shutil.rmtree(folder)
    print(f"up to seed {seed}: {dict(count)}")  # noqa: T201


if __name__ == "__main__":
    main()
