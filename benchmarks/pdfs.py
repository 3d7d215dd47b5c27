"""Time `ledgercli remind write` for many customers: letters as PDF, and as text beside it.

Each customer has one overdue document, and each letter an address, a table and a payment code. The
whole process is measured: loading the books, the plan, the letters, and writing them to the disk.
Printed beside the wall time is the processor time of both processes together, which a busy machine
changes less. The memory is that of the larger process.

The books are removed in the end. For minutes after that ext4 passes over what was removed, file by
file, for every file that is made, and 5,000 letters take a second more: whoever measures several
times has them left in a ``--folder``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

AS_OF = "2026-11-21"
TARGETS_PER_SECOND = {"txt": 1_500, "pdf": 100}
TARGET_MEBIBYTES = 200

SETTINGS = """\
language: en
company:
  name: Example Trading Ltd
  lines: ["1 High Street", "London"]
  bank: {holder: Example Trading Ltd, iban: DE33558073021573681930, bic: HAFBDEH1XXX}
reminders:
  policies:
    standard:
      deadline: 10 days
      interest: {rate: 8%}
      levels:
        - {name: friendly, after: 5 days, template: reminder}
"""


def generate(folder: Path, count: int, language: str) -> None:
    """Write books of ``count`` customers, each with one overdue document."""
    (folder / "customers").mkdir(parents=True)
    (folder / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    lines = ["2026-01-01 open Income:Sales"]
    records = []
    for index in range(count):
        number = f"{index:05d}"
        account = f"Assets:Receivable:C{number}"
        cents = 10_000 + index * 37 % 900_000
        lines += [
            f"2026-01-01 open {account}",
            f'2026-09-{index % 28 + 1:02d} * "Customer {number}" "Sale" ^INV-{number}',
            f"  {account}  {cents // 100}.{cents % 100:02d} EUR",
            "  Income:Sales",
        ]
        records.append(
            f"- {{id: C{number}, name: Customer {number} GmbH, language: {language},"
            f" addresses: {{billing: {{lines: [Street {index}], postcode: '10115', city: Berlin,"
            " country: DE}}}"
        )
    (folder / "main.beancount").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "customers" / "all.yaml").write_text("\n".join(records) + "\n", encoding="utf-8")


def write(folder: Path, kind: str) -> tuple[float, float, float]:
    """Return seconds, processor seconds and peak memory in MiB of writing letters as ``kind``."""
    program = str(Path(sys.executable).parent / "ledgercli")
    command = [program, "--books", str(folder), "remind", "write"]
    command += ["--as-of", AS_OF, "--type", kind, "-f", "json"]
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
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
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=5_000, metavar="N")
    parser.add_argument("--language", default="en")
    parser.add_argument("--kinds", nargs="+", default=["txt", "pdf"], metavar="KIND")
    parser.add_argument("--folder", type=Path, help="make the books there, and leave them")
    arguments = parser.parse_args()
    titles = ("seconds", "processor", "peak MiB", "a second")
    print(f"{'letters':>12}  {'kind':<8}" + "".join(f" {title:>9}" for title in titles))
    kept = nullcontext(arguments.folder) if arguments.folder else None
    with kept or tempfile.TemporaryDirectory(prefix="ledgercli-bench-") as name:
        for kind in arguments.kinds:
            # Books of their own: after many files were removed some file systems make new ones
            # ten times as slowly for a while.
            folder = Path(name) / kind
            generate(folder, arguments.letters, arguments.language)
            seconds, busy, peak = write(folder, kind)
            made = len(list(folder.glob(f"letters/*/*.{kind}")))
            row = f"{seconds:>9.2f} {busy:>9.2f} {peak:>9.0f} {made / seconds:>9.0f}"
            print(f"{made:>12,}  {kind:<8} {row}", flush=True)
    wanted = ", ".join(f"{rate:,} {kind}" for kind, rate in TARGETS_PER_SECOND.items())
    print(f"targets: {wanted} a second on two cores, below {TARGET_MEBIBYTES} MiB")


if __name__ == "__main__":
    main()
