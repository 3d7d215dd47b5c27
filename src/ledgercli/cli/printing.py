"""Where an answer goes: the figures to standard output or a file, the rest to standard error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ledgercli.cli.parameters import wrong_value
from ledgercli.cli.streams import standard_output, write_stderr, write_stdout, write_stdout_bytes
from ledgercli.output import formats, wording
from ledgercli.output.language import _
from ledgercli.output.paper import WIDTH
from ledgercli.output.values import sentence

if TYPE_CHECKING:
    from ledgercli.cli.options import Printing
    from ledgercli.cli.session import Session
    from ledgercli.model.answer import Answer
    from ledgercli.model.finding import Severity


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
        raise wrong_value(message.format(suffix=printing.path.suffix), param_hint="--output")
    return default if by_suffix == "table" else by_suffix


def render(session: Session, answer: Answer, output_format: str, path: Path | None) -> str | bytes:
    """Return what ``answer`` is on standard output, or in the file ``path``."""
    if path is not None or output_format in formats.BINARY_FORMATS:
        return formats.file_content(answer, output_format)
    stdout = standard_output()
    terminal = stdout.isatty()
    return formats.render(
        answer,
        output_format,
        width=_width(session.environment, terminal=terminal),
        terminal=terminal,
        ascii_only=not (stdout.encoding or "").lower().replace("-", "").startswith("utf"),
    )


def send(session: Session, content: str | bytes, output_format: str, printing: Printing) -> None:
    """Write ``content`` to the file of ``--output``, else to standard output."""
    if printing.path is not None:
        from ledgercli.desk.output_file import write_output

        write_output(session.start / printing.path, content)
    elif isinstance(content, bytes):
        write_stdout_bytes(content)
    else:
        write_stdout(content, utf8=output_format in formats.MACHINE_FORMATS)


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
        # It loads what unpacks archives, too.
        import shutil

        return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40)
    columns = environment.get("COLUMNS", "")
    return (
        max(int(columns), 40)
        if columns.isascii() and columns.isdigit() and len(columns) < 5
        else WIDTH
    )
