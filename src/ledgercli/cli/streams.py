"""Standard output and standard error, which may be full, closed, or have nobody who listens."""

from __future__ import annotations

import errno
import os
import sys
from typing import BinaryIO, Literal, TextIO

from ledgercli import __version__
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class StandardOutputError(LedgercliError):
    """Standard output takes no more: a full disk, a closed descriptor."""

    message = N_("cannot write to standard output: {reason}")


class TerminalError(LedgercliError):
    """The format asked for is no text, and standard output is a terminal."""

    message = N_("a terminal cannot show the format `{format}`")
    hint = N_("give `--output FILE.{format}`, or send it through a pipe")


def standard_output() -> TextIO:
    """Return standard output; raise :class:`StandardOutputError` where it is closed."""
    # None where the descriptor was closed before the start; typing says it never is.
    stdout: TextIO | None = sys.stdout
    if stdout is None:
        raise StandardOutputError(reason=os.strerror(9))
    return stdout


def is_terminal() -> bool:
    """Return whether standard output is a terminal; a closed one is none."""
    stdout: TextIO | None = sys.stdout
    return stdout is not None and stdout.isatty()


def write_stdout(text: str, *, utf8: bool = False) -> None:
    """Write ``text`` to standard output, as UTF-8 or in the encoding of the terminal.

    Characters that the terminal lacks become escapes. A reader that has gone is no error: what the
    command found still decides the exit code. Raise :class:`StandardOutputError` for a full disk.
    """
    stdout = standard_output()
    try:
        buffer = getattr(stdout, "buffer", None)
        if buffer is None:
            stdout.write(text)
        else:
            stdout.flush()
            encoding = "utf-8" if utf8 else stdout.encoding or "utf-8"
            _write_whole(buffer, text.encode(encoding, "backslashreplace"))
        stdout.flush()
    except BrokenPipeError:
        mute_stdout()
    except (OSError, ValueError) as error:
        mute_stdout()
        raise StandardOutputError(reason=getattr(error, "strerror", None) or error) from error


def write_stdout_bytes(content: bytes) -> None:
    """Write a file as it is to standard output; raise as :func:`write_stdout`."""
    stdout = standard_output()
    try:
        buffer = getattr(stdout, "buffer", None)
        if buffer is None:
            stdout.write(content.decode("utf-8", "backslashreplace"))
        else:
            stdout.flush()
            _write_whole(buffer, content)
        stdout.flush()
    except BrokenPipeError:
        mute_stdout()
    except (OSError, ValueError) as error:
        mute_stdout()
        raise StandardOutputError(reason=getattr(error, "strerror", None) or error) from error


def _write_whole(buffer: BinaryIO, content: bytes) -> None:
    """Write all of ``content``; raise OSError where not all of it can be written."""
    # Without a buffer (PYTHONUNBUFFERED) a pipe takes what it has room for: it is not said that
    # there was more, as after a process was stopped and goes on.
    with memoryview(content) as rest:
        written = 0
        while written < len(rest):
            count = buffer.write(rest[written:])
            if count is None:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            written += count


def write_version() -> None:
    """Write name and version to standard output."""
    write_stdout(f"ledgercli {__version__}\n")


def write_stderr(text: str) -> None:
    """Write ``text`` to standard error if anybody still listens there."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        mute_stderr()


def mute_stdout() -> None:
    """Lead standard output into nothing: its reader has gone, or its disk is full.

    Otherwise the interpreter fails once more when it flushes on exit.
    """
    _mute("stdout")


def mute_stderr() -> None:
    """Lead standard error into nothing, likewise."""
    _mute("stderr")


def _mute(name: Literal["stdout", "stderr"]) -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, getattr(sys, name).fileno())
    except (OSError, ValueError, AttributeError):
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    finally:
        os.close(sink)
