"""The books' own reports as commands: each is made when its name is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.options import Asked, Printing, filters, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.output.language import language

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.own_reports import Queries, QueryFault
    from ledgercli.desk.request import Query
    from ledgercli.model.answer import Answer


def names(session: Session) -> tuple[str, ...]:
    """Return the names of the own reports of the books asked for, none where there are no books."""
    from ledgercli.desk import own_reports

    try:
        return own_reports.names(session.root())
    except LedgercliError:
        return ()


def descriptions(session: Session) -> dict[str, str]:
    """Return what the own reports of the books are about, by their names."""
    from ledgercli.desk import own_reports

    try:
        root = session.root()
    except LedgercliError:
        return {}
    found = own_reports.captions(root, language())
    return {name: found.get(name, "") for name in own_reports.names(root)}


def find(session: Session, name: str) -> Callable[..., int] | None:
    """Return the command for the own report ``name``, None where the books have none."""
    return _command_of(name) if name in names(session) else None


def _command_of(name: str) -> Callable[..., int]:
    @command(
        N_("A report of the books' own: a file in `reports/`."),
        examples=(f"ledgercli report {name}", f"ledgercli report {name} -o {name}.html"),
        asked=explained(filters),
        output=printing,
    )
    def own(session: Session, *, asked: Asked, output: Printing) -> int:
        """Print an own report."""
        from ledgercli.desk import own_reports

        books = session.open(asked.known_at, with_events=True, with_orders=True)
        file = own_reports.file_of(books, name)
        made = queries(session)
        answer = own_reports.run(books, asked.query, file, made, language=language())
        return give(session, answer, output)

    return own


def queries(session: Session) -> Queries:
    """Return what runs and looks at queries; the engine is loaded when one is asked for."""
    from ledgercli.desk.own_reports import Queries

    def run(books: OpenBooks, query: Query, text: str) -> Answer:
        from ledgercli import query as engine

        return engine.run(books, query, text, safe=session.options.safe)

    def columns(books: OpenBooks, query: Query, text: str) -> tuple[str, ...] | QueryFault:
        from ledgercli import query as engine

        return engine.columns_of(books, query, text)

    return Queries(run, columns)
