"""What the commands that write and send letters share: options, progress, and the last line."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledgercli.cli.printing import chosen_format, exit_code, give, render, warn
from ledgercli.cli.printing import send as write_out
from ledgercli.cli.streams import write_stderr, write_stdout, write_stdout_bytes
from ledgercli.output import wording
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible
from ledgercli.output.words import word

if TYPE_CHECKING:
    from ledgercli.cli.options import Printing
    from ledgercli.cli.session import Session
    from ledgercli.desk.reminders.send_options import SendOptions
    from ledgercli.model.answer import Answer
    from ledgercli.model.finding import Finding


def sending_options(session: Session, *, commit: bool = False) -> SendOptions:
    """Return what sending needs to know of this run."""
    from ledgercli.desk.reminders.send_options import send_options

    return send_options(
        session.environment,
        trusted=not session.options.safe,
        commit=commit,
        progress=_progress(),
    )


def conclude(session: Session, answer: Answer, printing: Printing, *, quiet: bool) -> int:
    """Print what became of the letters, and one line about it to standard error.

    ``quiet`` leaves the table out, and is silent where nothing was due and nothing is wrong. Return
    the exit code.
    """
    rows = answer.tables[0].rows
    if not quiet:
        code = give(session, answer, printing)
        if chosen_format(printing) == "table" and printing.path is None:
            _show_messages(answer)
    else:
        if printing.path is not None:
            output_format = chosen_format(printing)
            text = render(session, answer, output_format, printing.path)
            write_out(session, text, output_format, printing)
        code = exit_code(answer, printing.fail_on or "error")
        if rows or code:
            warn(answer, verbose=printing.verbose)
    if rows and (quiet or _is_sending(answer)):
        write_stderr(f"{summary(answer)}\n")
    return code


def _is_sending(answer: Answer) -> bool:
    """Return whether letters were sent, or were to be; where they were only written, not."""
    return "letters_sent" in answer.closing_facts


def _show_messages(answer: Answer) -> None:
    """Print the messages of a trial in full, as they would go out."""
    for row in answer.tables[0].rows:
        if message := row.get("message"):
            lines = "\n".join(visible(line) for line in str(message).splitlines())
            write_stdout(f"\n{'─' * 72}\n{lines}\n")


def give_file(session: Session, content: bytes, path: str, output: Path | None) -> None:
    """Write a letter to ``output``, else to standard output; of a PDF there only its path."""
    if output is not None and output != Path("-"):
        from ledgercli.desk.output_file import write_output

        write_output(session.start / output, content)
    elif content.startswith(b"%PDF"):
        write_stdout(f"{path}\n")
    elif sys.stdout is not None and sys.stdout.isatty():
        write_stdout(visible(content.decode("utf-8", "replace"), keep="\n"))
    else:
        write_stdout_bytes(content)


def tell(findings: Sequence[Finding]) -> int:
    """Tell standard error what is wrong, and return 1 if anything is, else 0."""
    write_stderr(wording.listed(tuple(findings), verbose=True))
    return int(bool(findings))


def summary(answer: Answer) -> str:
    """Return one line: how many letters were written, or sent, held and so on."""
    counts = {
        key.removeprefix("letters_"): value
        for key, value in answer.closing_facts.items()
        if key.startswith("letters_")
    }
    if not _is_sending(answer):
        counts = Counter(row["state"] for row in answer.tables[0].rows)
    words = "send-state" if _is_sending(answer) else "letter-state"
    said = [
        f"{count} {word(words, state.replace('_', '-'))}"
        for state, count in counts.items()
        if count
    ]
    return _("reminders of {date}: {what}").format(
        date=answer.facts.get("as_of"), what=", ".join(said)
    )


def _progress() -> Callable[[int, int], None] | None:
    """Return what tells a terminal how far sending is; None where nobody looks."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        end = "\r" if done < total else "\r\x1b[K"
        write_stderr(_("{done} of {total} letters").format(done=done, total=total) + end)

    return tell
