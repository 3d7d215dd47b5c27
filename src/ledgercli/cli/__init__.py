"""The command line: parse, call the desk, print, exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``ledgercli`` with ``argv`` (``sys.argv`` by default); return the exit code.

    0 is fine, 1 findings, 2 could not run, 130 interrupted.
    """
    if argv is not None:
        return _main(argv)
    # A process of its own ends soon: collecting garbage costs more than it frees. The interpreter
    # would collect once more on its way out, but what is frozen it leaves alone.
    gc.disable()
    code = _main(sys.argv[1:])
    gc.freeze()
    return code


def _main(argv: Sequence[str]) -> int:
    if list(argv) in (["--version"], ["-V"]):
        return _say_version()
    from ledgercli.cli.app import run

    return run(argv)


def _say_version() -> int:
    """Print the version without loading the program."""
    from ledgercli.cli.streams import StandardOutputError, write_stderr, write_version

    try:
        write_version()
    except StandardOutputError as error:
        from ledgercli.cli.problems import describe

        write_stderr(describe(error))
        return error.exit_code
    return 0
