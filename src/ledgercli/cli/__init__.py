"""The command line: parse, call the desk, print, exit code."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``ledgercli`` with ``argv`` (``sys.argv`` by default); return the exit code.

    0 is fine, 1 findings, 2 could not run, 130 interrupted.
    """
    from ledgercli.cli.app import run

    return run(argv)
