"""How what a change of records came to is printed, and its exit code."""

from __future__ import annotations

from ledgercli.cli.options import Printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.answer import Answer


def give_change(session: Session, answer: Answer, output: Printing) -> int:
    """Print the answer and return the exit code: 1 where nothing was written for a finding.

    What was written with a warning ends with 0, unless ``--fail-on`` says otherwise.
    """
    return give(session, answer, output, "info" if answer.facts["refused"] else "error")
