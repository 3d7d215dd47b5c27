"""What changed between two revisions of the books."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, printing, selection
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "What changed in the receivables between two git revisions, and which commit did it.\n\n"
        "New, paid, re-dated and re-allocated documents, credit limits, and what is unallocated:"
        " a line for each figure that changed. Without a second revision, the files as they are."
    ),
    examples=(
        "ledgercli diff HEAD~1",
        "ledgercli diff v2026-10 v2026-11 --customer C001",
        "ledgercli diff HEAD --no-commits -f json",
    ),
    asked=selection,
    output=printing,
)
def diff(
    session: Session,
    *,
    first: Annotated[str, typer.Argument(metavar="REV1", help=N_("A commit, a tag or a branch."))],
    second: Annotated[
        str | None, typer.Argument(metavar="[REV2]", help=N_("Another one; else the files."))
    ] = None,
    commits: Annotated[
        bool,
        typer.Option(
            "--commits/--no-commits", help=N_("Look for the commit of each change, or do not.")
        ),
    ] = True,
    asked: Asked,
    output: Printing,
) -> int:
    """Print what changed."""
    from ledgercli.desk import comparing

    request = session.request()
    session.open()
    answer = comparing.compare(request, asked.query, first, second, commits=commits)
    return give(session, answer, output)
