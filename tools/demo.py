"""The demonstration behind ``make demo``: check, aging, limits, the plan, and one letter.

``python tools/demo.py LEDGERCLI BOOKS AS_OF`` runs the program on example books. Letters are
written into a copy that is thrown away, so that the repository stays as it is.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

#: Wide enough for the aging of the example books in one line a customer.
COLUMNS = "112"
REPORTS = (("check",), ("aging",), ("limits",), ("remind", "plan"))


class Demo:
    """The program, the books it is shown on, and the day it is shown as of."""

    def __init__(self, program: str, books: Path, as_of: str) -> None:
        """Keep what every command needs; output goes to the terminal as it comes."""
        self._program = program
        self._books = books
        self._as_of = as_of
        self._environment = {**os.environ, "COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8"}

    def show(self, command: Sequence[str]) -> None:
        """Print the command line and run it; end the demo where it could not run (exit code 2)."""
        line = ["ledgercli", "--books", str(self._books), *command, "--as-of", self._as_of]
        print(f"\n$ {shlex.join(line)}", flush=True)
        ended = subprocess.run(  # noqa: S603
            [self._program, *line[1:]], check=False, env=self._environment
        ).returncode
        if ended not in {0, 1}:
            sys.exit(ended)

    def letter(self) -> None:
        """Write the letter of the highest level in a copy of the books, and print it."""
        customer = self._customer_to_write_to()
        if customer is None:
            print("\nNo letter is due.")
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self._books.name
            shutil.copytree(self._books, copy)
            options = ["--customer", customer, "--as-of", self._as_of]
            print(f"\n$ {shlex.join(['ledgercli', 'remind', 'write', *options])}", flush=True)
            run = [self._program, "--books", str(copy), "remind", "write", *options]
            ended = subprocess.run(run, check=False, env=self._environment).returncode  # noqa: S603
            if ended not in {0, 1}:
                sys.exit(ended)
            for path in sorted((copy / "letters").rglob("*.txt")):
                print(f"\n$ cat {shlex.quote(path.relative_to(copy).as_posix())}")
                print(path.read_text(encoding="utf-8"))

    def _customer_to_write_to(self) -> str | None:
        """Return the customer of the letter that shows most, None where no letter is due."""
        line = [self._program, "--books", str(self._books), "remind", "plan"]
        answer = subprocess.run(  # noqa: S603
            [*line, "--as-of", self._as_of, "--format", "json"],
            check=False,
            env=self._environment,
            stdout=subprocess.PIPE,
        )
        if answer.returncode not in {0, 1}:
            sys.exit(answer.returncode)
        letters = json.loads(answer.stdout)["letters"]
        # One with a fee and much interest shows most of what a letter can say.
        best = max(
            letters,
            key=lambda row: (float(row["fee"]) > 0, float(row["interest"])),
            default=None,
        )
        return None if best is None else str(best["customer"])


def main(arguments: Sequence[str]) -> int:
    """Run the demonstration; return the exit code."""
    if len(arguments) != 3:
        print("usage: python tools/demo.py LEDGERCLI BOOKS AS_OF", file=sys.stderr)
        return 2
    program, books, as_of = arguments
    demo = Demo(program, Path(books), as_of)
    for command in REPORTS:
        demo.show(command)
    demo.letter()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
