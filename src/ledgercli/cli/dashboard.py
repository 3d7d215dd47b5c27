"""The state of the receivables on one page, once or as long as one watches."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.metric_reports import Months
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import chosen_format, give, render, send
from ledgercli.cli.session import Session
from ledgercli.cli.streams import standard_output, write_stdout
from ledgercli.cli.watching import INTERVAL_SECONDS, Page, Watching, watch
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _, ngettext

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.watching import State
    from ledgercli.model.answer import Answer

#: Home, and clear what is below: no screen of another program is lost.
_CLEAR = "\x1b[H\x1b[2J"
#: Findings that are told beside a page which is kept in sight.
_TOLD_MAX = 3


@command(
    N_(
        "The state of the receivables on one page: age, overdue share, days sales outstanding,"
        " what there is to do, limits, and what falls due next.\n\n"
        "With `--watch` it stays, and is drawn again whenever a file of the books changes, until"
        " Ctrl-C. With `--output` it is the file that is written again."
    ),
    examples=(
        "ledgercli report dashboard",
        "ledgercli report dashboard -o dashboard.html",
        "ledgercli report dashboard --watch",
    ),
    asked=explained(history),
    output=printing,
)
def dashboard(
    session: Session,
    *,
    months: Months = 12,
    watching: Annotated[
        bool, typer.Option("--watch", help=N_("Draw it again whenever the books change."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the dashboard, or watch the books."""
    if not watching:
        _books, answer = _answer(session, asked, months)
        return give(session, answer, output)
    if asked.known_at:
        message = _("an earlier revision does not change")
        raise typer.BadParameter(message, param_hint="--known-at")
    if output.path is None and chosen_format(output) != "table":
        message = _("give `--output FILE` for other formats than table")
        raise typer.BadParameter(message, param_hint="--watch")
    watch(_watching(session, asked, output, months))
    return 0


def _answer(session: Session, asked: Asked, months: int) -> tuple[OpenBooks, Answer]:
    from ledgercli.desk.dashboard import dashboard as page

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    return books, page(books, asked.query, months=months)


def _watching(session: Session, asked: Asked, output: Printing, months: int) -> Watching:
    """Return how the books of this run are watched."""
    from ledgercli.cli.problems import describe
    from ledgercli.desk.watching import state_of, watched_files
    from ledgercli.output import wording

    known: list[OpenBooks] = []

    def draw() -> Page:
        # Today may be another day by now.
        session.now = dt.datetime.now(dt.UTC)
        books, answer = _answer(session, asked, months)
        known[:] = [books]
        errors = [row for row in answer.findings if row.severity == "error"]
        trouble = wording.listed(errors[:_TOLD_MAX], verbose=True) if errors else ""
        if errors[_TOLD_MAX:]:
            more = len(errors) - _TOLD_MAX
            words = ngettext("{count} more error", "{count} more errors", more)
            trouble += f"{words.format(count=more)}\n"
        content = render(session, answer, chosen_format(output), output.path)
        if output.path is not None:
            if not trouble:
                send(session, content, chosen_format(output), output)
            return Page(_("Written to {file}.").format(file=output.path), trouble)
        return Page(str(content), trouble)

    def state() -> State:
        books = known[0]
        day = replace(books, now=dt.datetime.now(dt.UTC)).today
        return (day, _size(), *state_of(books.root, watched_files(books)))

    return Watching(draw, state, describe, _show, lambda: time.sleep(INTERVAL_SECONDS))


def _size() -> tuple[int, int]:
    """Return columns and lines of the terminal."""
    return tuple(shutil.get_terminal_size((80, 24)))  # type: ignore[return-value]


def _show(page: str, trouble: str) -> None:
    """Show a page and what is wrong below it; on a terminal in place of the one before."""
    below = f"\n{trouble}" if trouble else ""
    told = _("Watching the books; Ctrl-C ends it.")
    below += f"\n{told}\n"
    if not standard_output().isatty():
        write_stdout(page + below)
        return
    lines = page.splitlines()
    room = max(_size()[1] - below.count("\n") - 1, 5)
    if len(lines) > room:
        left = len(lines) - room + 1
        words = ngettext("{count} more line", "{count} more lines", left).format(count=left)
        lines = [*lines[: room - 1], f"… {words}"]
    write_stdout(_CLEAR + "\n".join(lines) + "\n" + below)
