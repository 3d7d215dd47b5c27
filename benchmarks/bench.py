"""Time `ledgercli aging` beside other readers of the same books, as whole processes.

The books are generated, the same on every machine. All programs run in turns, so that a busy
machine slows each of them; printed are the median of the wall time, the least processor time of
all its processes, the largest resident memory of one, and how the first two stand to each other.
`ledger`, `hledger` and `uro` (uromyces) run where they are installed; the first two read the same
transactions in their own format.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import generate

REPEATS = {1_000: 9, 10_000: 5, 100_000: 5}
_SCRIPTS = Path(sys.executable).parent
#: Clocks of file systems tick every few milliseconds.
_TICK_SECONDS = 0.02
#: What changes a file: somebody pays, in part and without saying what for.
_PAYMENT = b"""
2025-12-30 * "Customer 17 GmbH" "Payment"
  Assets:Bank  12.00 EUR
  Assets:Receivable:C00017  -12.00 EUR
"""


class Run(NamedTuple):
    """One run of a command."""

    seconds: float
    processor_seconds: float
    peak_mebibytes: float


@dataclass(frozen=True)
class Case:
    """A command and what is done, unmeasured, before each of its runs."""

    name: str
    command: list[str]
    prepare: Callable[[], object] = lambda: None
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """At most so many times as long as another case takes; ``size`` None is any size."""

    name: str
    ratio: float
    of: str
    size: int | None = None


#: What answers at once means.
TARGETS = (
    Target("aging, unchanged", 0.15, "ledger bal", 100_000),
    Target("aging, unchanged", 0.055, "bean-check", 100_000),
    Target("aging, a file changed", 0.25, "ledger bal", 100_000),
    Target("aging, a file changed", 0.025, "bean-check --no-cache", 100_000),
    Target("aging, cold", 0.9, "ledger bal", 100_000),
    Target("aging, cold", 0.11, "bean-check --no-cache", 100_000),
    Target("aging, cold", 0.55, "uro check", 100_000),
    Target("aging of a past day", 2.0, "aging, unchanged", 100_000),
    Target("aging of it again", 2.0, "aging, unchanged", 100_000),
    Target("aging, by Beancount", 0.4, "bean-check --no-cache", 100_000),
    Target("aging, cold", 1.3, "bean-check --no-cache", 1_000),
    Target("--version", 0.8, "bean-check --version"),
    Target("--help", 1.0, "bean-check --help"),
)


#: Larger books, with nothing changed, beside those of 100,000 transactions and 2,000 customers:
#: transactions, customers (None: one in fifty transactions), and at most so many times as long.
GROWN = ((500_000, 2_000, 1.3), (500_000, None, None))


def books_of(transactions: int, folder: Path, customers: int | None = None) -> Path:
    """Return the folder of generated books, made anew when the generator has changed.

    They have so many ``customers``, one in fifty transactions unless given.
    """
    source = Path(generate.__file__).read_bytes()
    size = f"{transactions}-{customers}" if customers else str(transactions)
    books = folder / f"{size}-{hashlib.sha256(source).hexdigest()[:12]}"
    if not (books / "complete").exists():
        # In a process of its own: what is run later is measured from the memory of this one on.
        command = [sys.executable, generate.__file__, str(books), f"--transactions={transactions}"]
        command += [f"--customers={customers}"] if customers else []
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (books / "complete").touch()
    return books


def run(case: Case) -> Run:
    """Run the command of ``case`` to its end; raise SystemExit where it does not end with 0."""
    # All are measured as installed: with their bytecode, which the uncounted first run writes.
    environment = {**os.environ, **case.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    case.prepare()
    start = time.perf_counter()
    with subprocess.Popen(
        case.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stderr is not None  # noqa: S101 - asked for above
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.write(said.decode("utf-8", "replace"))
        text = f"`{' '.join(case.command)}` ended with {process.returncode}"
        raise SystemExit(text)
    # Linux counts in KiB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def cases(books: Path, cache: Path) -> Iterator[Case]:
    """Yield what is measured on ``books``; ``cache`` is a folder for our cache."""
    ledger = str(books / "main.beancount")
    yield Case(
        "bean-check --no-cache",
        [str(_SCRIPTS / "bean-check"), "--no-cache", ledger],
    )
    cached = [str(_SCRIPTS / "bean-check"), ledger]
    # The other cases change a file of the books: its cache has to be made again first.
    yield Case("bean-check", cached, lambda: run(Case("", cached)))
    for program in ("ledger", "hledger"):
        if found := shutil.which(program):
            yield Case(f"{program} bal", [found, "-f", str(books / "main.ledger"), "bal"])
    if found := shutil.which("uro"):
        yield Case("uro check", [found, "check", ledger])
    yield from _own_cases(books, cache)


def _own_cases(books: Path, cache: Path) -> Iterator[Case]:
    own = {"LEDGERCLI_CACHE": str(cache)}
    aging = [str(_SCRIPTS / "ledgercli"), "--books", str(books), "aging"]
    changing = max((books / "ledger").glob("*.beancount"))
    text = changing.read_bytes()

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def change() -> None:
        plain = changing.read_bytes() == text
        changing.write_bytes(text + _PAYMENT if plain else text)
        time.sleep(_TICK_SECONDS)

    def restore() -> None:
        if changing.read_bytes() != text:
            changing.write_bytes(text)
        time.sleep(_TICK_SECONDS)
        run(Case("", aging, environment=own))

    yield Case("aging, cold", aging, forget, own)
    yield Case("aging, a file changed", aging, change, own)
    yield Case("aging, unchanged", aging, restore, own)
    yield Case("aging of a past day", [*aging, "--as-of", "2024-06-30"], restore, own)
    yield Case("aging of it again", [*aging, "--as-of", "2024-06-30"], restore, own)
    off = {"LEDGERCLI_CACHE": "off", "LEDGERCLI_PROOF": "off"}
    yield Case("aging, by Beancount", aging, lambda: None, off)


def start_cases() -> Iterator[Case]:
    """Yield how long the programs take to start."""
    for program in ("bean-check", "ledgercli"):
        for option in ("--version", "--help"):
            name = option if program == "ledgercli" else f"{program} {option}"
            yield Case(name, [str(_SCRIPTS / program), option])


def measure(measured: list[Case], repeats: int) -> dict[str, list[Run]]:
    """Return the runs of all cases, taken in turns, after one of each that does not count."""
    runs: dict[str, list[Run]] = {case.name: [] for case in measured}
    for number in range(repeats + 1):
        for case in measured:
            done = run(case)
            if number:
                runs[case.name].append(done)
    return runs


def report(size: int, runs: dict[str, list[Run]]) -> dict[str, tuple[float, float]]:
    """Print the rows of one size; return medians of wall and least processor time in seconds."""
    times = {
        name: (
            statistics.median(one.seconds for one in rows),
            min(one.processor_seconds for one in rows),
        )
        for name, rows in runs.items()
    }
    for name, (median, least) in times.items():
        peak = max(one.peak_mebibytes for one in runs[name])
        print(f"{size or '':>12}  {name:<24} {median:>9.3f} {least:>9.3f} {peak:>9.0f}", flush=True)
    return times


def phases(books: Path, cache: Path, repeats: int) -> None:
    """Print the median seconds of loading ``books`` and of their aging: cold, and unchanged."""
    script = Path(__file__).with_name("phases.py")
    for name in ("cold", "unchanged"):
        rows = []
        for _ in range(repeats):
            if name == "cold":
                shutil.rmtree(cache, ignore_errors=True)
            command = [sys.executable, str(script), str(books)]
            environment = {**os.environ, "LEDGERCLI_CACHE": str(cache)}
            done = subprocess.run(
                command, capture_output=True, check=True, text=True, env=environment
            )
            rows.append([float(word) for word in done.stdout.split()])
        load, made = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{'':>12}  {f'  {name}: load':<24} {load:>9.3f}")
        print(f"{'':>12}  {'  and report':<24} {made:>9.3f}", flush=True)


def judge(size: int, times: dict[str, tuple[float, float]]) -> None:
    """Print how the times of :func:`report` stand to the targets, which are about wall time."""
    for target in TARGETS:
        if target.size not in {None, size} or not {target.name, target.of} <= set(times):
            continue
        pairs = zip(times[target.name], times[target.of], strict=True)
        ratio, of_processor = (own / other for own, other in pairs)
        met = "met" if ratio <= target.ratio else "NOT met"
        print(
            f"{'':>12}  {target.name} / {target.of}: {ratio:.3f}, {met} (at most {target.ratio});"
            f" {of_processor:.3f} of its processor time"
        )


def grown(folder: Path, repeats: int) -> None:
    """Print how long larger books take with nothing changed, in turns with those of 100,000."""

    def case(transactions: int, customers: int | None) -> Case:
        count = customers or transactions // generate.TRANSACTIONS_PER_CUSTOMER
        books = books_of(transactions, folder, customers)
        command = [str(_SCRIPTS / "ledgercli"), "--books", str(books), "aging"]
        name = f"{transactions:,} of {count:,}"
        return Case(name, command, environment={"LEDGERCLI_CACHE": str(folder / "cache-grown")})

    smaller = case(100_000, None)
    cases = [smaller, *(case(transactions, customers) for transactions, customers, _ in GROWN)]
    # The first run of each, which does not count, keeps what the others read.
    times = report(0, measure(cases, repeats))
    for found, (_, _, most) in zip(cases[1:], GROWN, strict=True):
        pairs = zip(times[found.name], times[smaller.name], strict=True)
        ratio, of_processor = (own / other for own, other in pairs)
        aim = (
            "no aim"
            if most is None
            else f"{'met' if ratio <= most else 'NOT met'} (at most {most})"
        )
        print(
            f"{'':>12}  unchanged, {found.name} customers / {smaller.name}: {ratio:.3f}, {aim};"
            f" {of_processor:.3f} of its processor time"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(REPEATS), metavar="N")
    parser.add_argument("--repeat", type=int, help="runs of each program; default 9, 5, 5 by size")
    parser.add_argument(
        "--no-larger", action="store_true", help="leave out books of 500,000 transactions"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "ledgercli-bench"
    )
    arguments = parser.parse_args()
    head = f"{'median s':>9} {'cpu s':>9} {'peak MiB':>9}"
    print(f"{'transactions':>12}  {'program':<24} {head}")
    judge(0, report(0, measure(list(start_cases()), arguments.repeat or 15)))
    for size in arguments.sizes:
        repeats = arguments.repeat or REPEATS.get(size, 3)
        cache = arguments.folder / "cache"
        books = books_of(size, arguments.folder)
        times = report(size, measure(list(cases(books, cache)), repeats))
        phases(books, cache, min(repeats, 3))
        judge(size, times)
    if not arguments.no_larger:
        grown(arguments.folder, arguments.repeat or 5)


if __name__ == "__main__":
    main()
