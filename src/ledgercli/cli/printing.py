"""Where an answer goes: the figures to standard output or a file, the rest to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import typer

from ledgercli import __version__
from ledgercli.cli.session import mute_stderr, mute_stdout
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.output import formats, wording
from ledgercli.output.language import _
from ledgercli.output.paper import WIDTH
from ledgercli.output.values import sentence

if TYPE_CHECKING:
    from ledgercli.cli.options import Printing
    from ledgercli.cli.session import Session
    from ledgercli.model.answer import Answer
    from ledgercli.model.finding import Severity


class StandardOutputError(LedgercliError):
    """Standard output takes no more: a full disk, a closed descriptor."""

    message = N_("cannot write to standard output: {reason}")


def give(session: Session, answer: Answer, printing: Printing, default: Severity = "error") -> int:
    """Print ``answer`` and return the exit code.

    1 when a finding is as bad as ``--fail-on`` (``default`` without it), or when the figures do not
    tie; 0 otherwise.
    """
    output_format = chosen_format(printing)
    send(session, render(session, answer, output_format, printing.path), output_format, printing)
    warn(answer, verbose=printing.verbose)
    return exit_code(answer, printing.fail_on or default)


def exit_code(answer: Answer, fail_on: str) -> int:
    """Return 1 for findings from ``fail_on`` up and for figures that do not tie, else 0."""
    if not ties(answer):
        return 1
    if fail_on == "never":
        return 0
    findings = (*answer.findings, *answer.task_findings)
    return int(wording.at_least(findings, cast("Severity", fail_on)))


def ties(answer: Answer) -> bool:
    """Return whether the figures tie to the ledger, True where the answer has no such figure."""
    facts = {**answer.facts, **answer.closing_facts}
    return facts.get("tie_out", True) is not False


def chosen_format(printing: Printing, default: str = "table") -> str:
    """Return the format that option or suffix choose; raise ``typer.BadParameter`` for neither."""
    if printing.output_format:
        return printing.output_format
    if printing.path is None or not printing.path.suffix:
        return default
    by_suffix = formats.of_suffix(printing.path)
    if by_suffix is None:
        message = _("no format goes with the suffix `{suffix}`; give one with `--format`")
        raise typer.BadParameter(message.format(suffix=printing.path.suffix), param_hint="--output")
    return default if by_suffix == "table" else by_suffix


def render(session: Session, answer: Answer, output_format: str, path: Path | None) -> str:
    """Return the text of ``answer`` for standard output, or for the file ``path``."""
    if path is not None:
        return formats.render(answer, output_format)
    stdout = _stdout()
    terminal = stdout.isatty()
    return formats.render(
        answer,
        output_format,
        width=_width(session.environment, terminal=terminal),
        terminal=terminal,
        ascii_only=not (stdout.encoding or "").lower().replace("-", "").startswith("utf"),
    )


def send(session: Session, text: str, output_format: str, printing: Printing) -> None:
    """Write ``text`` to the file of ``--output``, else to standard output."""
    if printing.path is not None:
        from ledgercli.desk.output_file import write_output

        write_output(session.start / printing.path, text)
    else:
        write_stdout(text, utf8=output_format in formats.MACHINE_FORMATS)


def _stdout() -> TextIO:
    """Return standard output; raise :class:`StandardOutputError` where it is closed."""
    # None where the descriptor was closed before the start; typing says it never is.
    stdout: TextIO | None = sys.stdout
    if stdout is None:
        raise StandardOutputError(reason=os.strerror(9))
    return stdout


def write_stdout(text: str, *, utf8: bool = False) -> None:
    """Write ``text`` to standard output, as UTF-8 or in the encoding of the terminal.

    Characters that the terminal lacks become escapes. A reader that has gone is no error: what the
    command found still decides the exit code. Raise :class:`StandardOutputError` for a full disk.
    """
    stdout = _stdout()
    try:
        buffer = getattr(stdout, "buffer", None)
        if buffer is None:
            stdout.write(text)
        else:
            stdout.flush()
            encoding = "utf-8" if utf8 else stdout.encoding or "utf-8"
            buffer.write(text.encode(encoding, "backslashreplace"))
        stdout.flush()
    except BrokenPipeError:
        mute_stdout()
    except (OSError, ValueError) as error:
        mute_stdout()
        raise StandardOutputError(reason=getattr(error, "strerror", None) or error) from error


def write_stdout_bytes(content: bytes) -> None:
    """Write a file as it is to standard output; raise as :func:`write_stdout`."""
    stdout = _stdout()
    try:
        buffer = getattr(stdout, "buffer", None)
        if buffer is None:
            stdout.write(content.decode("utf-8", "backslashreplace"))
        else:
            stdout.flush()
            buffer.write(content)
        stdout.flush()
    except BrokenPipeError:
        mute_stdout()
    except (OSError, ValueError) as error:
        mute_stdout()
        raise StandardOutputError(reason=getattr(error, "strerror", None) or error) from error


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


def warn(answer: Answer, *, verbose: bool) -> None:
    """Tell standard error what people should know beside the figures."""
    lines = [f"{wording.warning(sentence(text))}\n" for text in answer.warnings]
    if answer.verbatim is not None:
        # A diff is for a program to read; what people should know about it goes here.
        lines += [f"{sentence(text)}\n" for text in answer.notes]
    lines.append(wording.listed(answer.task_findings, verbose=True))
    if verbose:
        lines.append(wording.listed(answer.findings, verbose=True))
    elif wording.at_least(answer.findings, "error"):
        counted = wording.count_line(
            [finding for finding in answer.findings if finding.severity != "info"], verbose=True
        )
        words = _("the books have {counted}; `ledgercli check` lists them")
        lines.append(f"{wording.warning(words.format(counted=counted))}\n")
    if not ties(answer):
        lines.append(
            wording.problem(
                _("open items and the ledger do not tie; this is a bug in ledgercli"),
                _("do not rely on these figures; please report it with the ledger lines"),
            )
        )
    write_stderr("".join(lines))


def _width(environment: Mapping[str, str], *, terminal: bool) -> int:
    """Return the columns of the terminal; elsewhere ``$COLUMNS``, else 80."""
    if terminal:
        return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40)
    columns = environment.get("COLUMNS", "")
    return (
        max(int(columns), 40)
        if columns.isascii() and columns.isdigit() and len(columns) < 5
        else WIDTH
    )
