"""Time `ledgercli aging` beside `bean-check --no-cache`, as whole processes on generated books.

The two run in turns, so that a busy machine slows both. Printed are the median of the wall time,
the largest resident memory of one run, and the ratio of the medians; and, measured within a process
of its own, how long loading and the report took without the start of the program.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import generate

REPEATS = {1_000: 7, 10_000: 5, 100_000: 3}
TARGET = 1.15


class Run(NamedTuple):
    """One run of a command."""

    seconds: float
    peak_mebibytes: float


def books_of(transactions: int, cache: Path) -> Path:
    """Return the folder of generated books, made anew when the generator has changed."""
    source = Path(generate.__file__).read_bytes()
    folder = cache / f"{transactions}-{hashlib.sha256(source).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        generate.generate(folder, transactions)
        (folder / "complete").touch()
    return folder


def run(command: list[str]) -> Run:
    """Run ``command`` to its end; raise SystemExit where it does not end with 0."""
    # Both are measured as installed: with their bytecode, which the uncounted first run writes.
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    with subprocess.Popen(
        command,
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
        text = f"`{' '.join(command)}` ended with {process.returncode}"
        raise SystemExit(text)
    # Linux counts in KiB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(seconds, usage.ru_maxrss / unit)


def measure(books: Path, repeats: int) -> dict[str, list[Run]]:
    """Return the runs of both programs on ``books``, after one of each that does not count."""
    scripts = Path(sys.executable).parent
    commands = {
        "bean-check": [str(scripts / "bean-check"), "--no-cache", str(books / "main.beancount")],
        "ledgercli aging": [str(scripts / "ledgercli"), "--books", str(books), "aging"],
    }
    for command in commands.values():
        run(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            runs[name].append(run(command))
    return runs


def phases(books: Path, repeats: int) -> tuple[float, float]:
    """Return the median seconds of loading ``books`` and of their aging."""
    script = Path(__file__).with_name("phases.py")
    rows = []
    for _ in range(repeats):
        command = [sys.executable, str(script), str(books)]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        rows.append([float(word) for word in said.split()])
    load, report = (statistics.median(column) for column in zip(*rows, strict=True))
    return load, report


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(REPEATS), metavar="N")
    parser.add_argument("--repeat", type=int, help="runs of each program; default 7, 5, 3 by size")
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "ledgercli-bench"
    )
    arguments = parser.parse_args()
    print(f"{'transactions':>12}  {'program':<16} {'median s':>9} {'peak MiB':>9} {'ratio':>6}")
    for size in arguments.sizes:
        repeats = arguments.repeat or REPEATS.get(size, 3)
        runs = measure(books_of(size, arguments.cache), repeats)
        medians = {name: statistics.median(r.seconds for r in rs) for name, rs in runs.items()}
        base = medians["bean-check"]
        for name, median in medians.items():
            peak = max(one.peak_mebibytes for one in runs[name])
            ratio = median / base
            print(f"{size:>12,}  {name:<16} {median:>9.3f} {peak:>9.0f} {ratio:>6.2f}", flush=True)
        load, report = phases(books_of(size, arguments.cache), repeats)
        print(f"{'':>12}  {'  of it: load':<16} {load:>9.3f}")
        print(f"{'':>12}  {'  and report':<16} {report:>9.3f}", flush=True)
    print(f"target: ledgercli aging at most {TARGET} × bean-check")


if __name__ == "__main__":
    main()
