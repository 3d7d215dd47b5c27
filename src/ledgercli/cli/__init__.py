"""The command line: parse, call the desk, print, exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``ledgercli`` with ``argv`` (``sys.argv`` by default); return the exit code.

    0 is fine, 1 findings, 2 could not run, 130 interrupted.
    """
    if list(sys.argv[1:] if argv is None else argv) in (["--version"], ["-V"]) and _say_version():
        return 0
    from ledgercli.cli.app import run

    return run(argv)


def _say_version() -> bool:
    """Print the version without loading the program; return whether it was taken."""
    from ledgercli.cli.streams import write_version
    from ledgercli.model.errors import LedgercliError

    try:
        write_version()
    except LedgercliError:
        return False
    return True
