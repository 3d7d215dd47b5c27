"""The cache: what is kept of the books to answer at once."""

from __future__ import annotations

from ledgercli.cli.command import command
from ledgercli.cli.options import Printing, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "Which books are in the cache, and how large it is.\n\n"
        "The cache only makes answers faster. `$LEDGERCLI_CACHE` names another folder, or `off`."
    ),
    examples=("ledgercli cache show",),
    output=printing,
)
def show(session: Session, *, output: Printing) -> int:
    """Print what is in the cache."""
    from ledgercli.desk import caching
    from ledgercli.desk.request import cache_folder

    return give(session, caching.kept(cache_folder(session.environment)), output)


@command(
    N_("Delete the cache; the next command reads everything anew."),
    examples=("ledgercli cache clear",),
    output=printing,
)
def clear(session: Session, *, output: Printing) -> int:
    """Delete the cache and print what was in it."""
    from ledgercli.desk import caching
    from ledgercli.desk.request import cache_folder

    return give(session, caching.forget(cache_folder(session.environment)), output)
