"""One run of the program: where it started, what was asked of it, and where its output goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledgercli.cli.globals import GlobalOptions
from ledgercli.model.record import dataclass
from ledgercli.output import language

if TYPE_CHECKING:
    from ledgercli.desk.customers.record_books import RecordBooks
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.request import Request


@dataclass(slots=True)
class Session:
    """A run. ``language_said`` is whether option or locale chose the language of the program.

    ``later`` takes what is to be waited for before the program ends, see the desk's ``Request``.
    """

    environment: Mapping[str, str]
    start: Path
    now: dt.datetime
    language_said: bool = False
    options: GlobalOptions = field(default_factory=GlobalOptions)
    later: Callable[[Callable[[], object]], object] | None = None

    def request(self, known_at: str | None = None) -> Request:
        """Return the request for the desk, for the books as of revision ``known_at`` if given."""
        from ledgercli.desk.request import Request, cache_folder

        return Request(
            start=self.start,
            now=self.now,
            environment=self.environment,
            books=self.options.books,
            ledger=self.options.ledger,
            receivable=self.options.receivable,
            safe=self.options.safe,
            known_at=known_at,
            cache=cache_folder(self.environment),
            verify=self.options.verify,
            proof=self.environment.get("LEDGERCLI_PROOF") != "off",
            later=self.later,
        )

    def open(
        self,
        known_at: str | None = None,
        *,
        with_events: bool = False,
        with_orders: bool = False,
    ) -> OpenBooks:
        """Return the books, activity log and orders too where they are wanted.

        From now on the program speaks their language, unless the user said another.
        """
        from ledgercli.desk.opening import open_books

        books = open_books(self.request(known_at), with_events=with_events, with_orders=with_orders)
        if not self.language_said and books.language:
            language.install(books.language)
        return books

    def root(self) -> Path:
        """Return the folder of the books with records; raise the errors of finding it."""
        from ledgercli.desk.own_reports import root_of

        return root_of(self.request())

    def open_records(self) -> RecordBooks:
        """Return the books for their customer records alone, without the ledger.

        The language follows as in :meth:`open`.
        """
        from ledgercli.desk.customers.record_books import open_record_books

        books = open_record_books(self.request())
        if not self.language_said and books.language:
            language.install(books.language)
        return books


def begin(environment: Mapping[str, str], *, language_said: bool) -> Session:
    """Return the session of this process: here and now."""
    return Session(environment, _working_directory(), moment(), language_said)


def moment() -> dt.datetime:
    """Return the present moment in UTC: the one place that asks the clock which day it is."""
    return dt.datetime.now(dt.UTC)


def _working_directory() -> Path:
    """Return the working directory, ``.`` where it has been removed meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


def with_options(session: Session, options: GlobalOptions) -> None:
    """Set what the options of the program say."""
    session.options = replace(options)
