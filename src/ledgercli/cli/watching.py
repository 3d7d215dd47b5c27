"""Draws a page again whenever the files that it was made from have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass

if TYPE_CHECKING:
    from ledgercli.desk.watching import State

#: Seconds between two looks at the files.
INTERVAL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was drawn, and what is wrong with the books it was drawn from, if anything."""

    text: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Watching:
    """What watching needs: how to draw, what to look at, where it goes, how to wait.

    ``draw`` returns the page of the books as they are now, or raises LedgercliError; ``state``
    returns a value that differs once a file has changed. ``show`` is given the page to keep in
    sight and what is wrong, empty where nothing is. ``wait`` returns when it is time to look again.
    """

    draw: Callable[[], Page]
    state: Callable[[], State]
    describe: Callable[[LedgercliError], str]
    show: Callable[[str, str], None]
    wait: Callable[[], None]


def watch(watching: Watching) -> None:
    """Show the page, and again after every change, until ``wait`` is interrupted.

    Books that are broken in between leave the last good page where it is, with what is wrong. The
    first page is shown whatever is wrong with it; books that cannot be opened at the start are not
    watched: LedgercliError is raised.
    """
    good = watching.draw()
    faulty_from_start = bool(good.trouble)
    watching.show(good.text, good.trouble)
    # Of the state before the page was drawn nothing is known; a change while it was drawn shows in
    # the first look after it.
    seen = watching.state()
    while True:
        watching.wait()
        state = watching.state()
        if state == seen:
            continue
        seen = state
        try:
            page = watching.draw()
        except LedgercliError as error:
            watching.show(good.text, watching.describe(error))
            continue
        if page.trouble and not faulty_from_start:
            watching.show(good.text, page.trouble)
            continue
        good, faulty_from_start = page, bool(page.trouble)
        watching.show(page.text, page.trouble)
