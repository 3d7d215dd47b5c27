"""The command line: parse, call the desk, print, exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def command() -> None:
    """Run ``ledgercli`` as a process of its own, and end it.

    Such a process ends soon: collecting garbage costs more than it frees, and what it holds is
    given back by the system at once, where the interpreter would take it apart piece by piece.
    """
    gc.disable()
    try:
        _end_with(main())
    except KeyboardInterrupt:
        # There was nothing left to do but to end.
        os._exit(130)


def _end_with(code: int) -> NoReturn:
    """End this process with the exit ``code``, after what others asked to be done at the end."""
    threading = sys.modules.get("threading")
    if threading and threading.active_count() > 1:
        sys.exit(code)
    import atexit

    # What is to be done at the end, for a plugin perhaps, is done.
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way
    try:
        for stream in (sys.stdout, sys.stderr):
            # None where whoever started the program closed it.
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        # The interpreter says it as it always does.
        sys.exit(code)
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``ledgercli`` with ``argv`` (``sys.argv`` by default); return the exit code.

    0 is fine, 1 findings, 2 could not run, 130 interrupted.
    """
    argv = sys.argv[1:] if argv is None else argv
    if list(argv) in (["--version"], ["-V"]):
        return _say_version()
    try:
        # To load it takes a while, in which somebody may think better of it.
        from ledgercli.cli.app import run

        return run(argv)
    except KeyboardInterrupt:
        return 130


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
