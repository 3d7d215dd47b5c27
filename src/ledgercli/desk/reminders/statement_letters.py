"""Statements as letters: written to ``letters/statements/DATE/``, with a slip to confirm by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.errors import CustomerMissingError, EmptyPeriodError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_files import read_entries
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.reminders.single_letters import DatedFolder, Means, Written, kinds_of
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.owed import OwedStatement, owed_statements
from ledgercli.reminders.letters import LetterKind, render
from ledgercli.reminders.statement_letter import TEMPLATE, statement_context

FOLDER = "letters/statements"


@dataclass(frozen=True, slots=True)
class _Done:
    """A statement, whose it is, and what became of it."""

    statement: OwedStatement
    customer: Customer
    written: Written


def write_statements(
    books: OpenBooks,
    query: Query,
    *,
    everyone: bool,
    start: dt.date | None,
    types: tuple[str, ...],
    dry_run: bool,
) -> Answer:
    """Write the statements of the customers asked for, in each of ``types`` (txt if none).

    Without ``start`` they begin with the year, or with the oldest document still to be paid. With
    ``everyone`` accounts without balance and movement are left out. They are numbered through the
    year. Raise CustomerMissingError, EmptyPeriodError, NoBooksError, LetterTypeError, and the
    errors of writing.
    """
    from ledgercli.books.files import books_lock

    as_of = books.as_of(query)
    if books.location.bare:
        raise NoBooksError
    if not (everyone or query.filters_customers):
        raise CustomerMissingError
    if start and start > as_of:
        raise EmptyPeriodError(start=start, date=as_of)
    kinds = kinds_of(types)
    position = books.selected(query)
    chosen = [
        (statement, position.customers[key[0]])
        for key, statement in sorted(owed_statements(position, start).items())
        if key[0] != UNKNOWN and (not everyone or statement.rows or statement.closing)
    ]
    with nullcontext() if dry_run else books_lock(books.root):
        done, findings = _write(books, chosen, kinds, as_of, dry_run=dry_run)
    answer = _answer(done, as_of, start, dry_run=dry_run)
    return replace(with_circumstances(books, answer, query), task_findings=tuple(findings))


def _write(
    books: OpenBooks,
    chosen: Sequence[tuple[OwedStatement, Customer]],
    kinds: Sequence[LetterKind],
    as_of: dt.date,
    *,
    dry_run: bool,
) -> tuple[list[_Done], list[Finding]]:
    from ledgercli.books.revision import books_revision

    means = Means.of(books, kinds)
    revision = books_revision(books.root) or ""
    sequence = last_number(books, as_of.year)
    done: list[_Done] = []
    findings = list(means.findings)
    with DatedFolder.at(books.root, FOLDER, as_of, dry_run=dry_run) as folder:
        for statement, customer in chosen:
            maker = StatementMaker(books, statement, customer, as_of, means)
            named = (customer.id, statement.currency, TEMPLATE)
            written, found = folder.write(maker, named, kinds, revision, sequence + 1)
            sequence = max(sequence, written.number)
            done.append(_Done(statement, customer, written))
            findings += found
        folder.save()
    return done, findings


class StatementMaker:
    """Makes one statement in the formats asked for; each text is made once."""

    def __init__(
        self,
        books: OpenBooks,
        statement: OwedStatement,
        customer: Customer,
        as_of: dt.date,
        means: Means,
    ) -> None:
        """Keep what the statement is made from."""
        self.statement, self.customer = statement, customer
        self.books, self.as_of, self.means = books, as_of, means
        own = customer.language or books.settings.language
        self.languages = [own, books.settings.language]
        self._made: dict[tuple[str, int, str], tuple[str | bytes, tuple[Finding, ...]]] = {}

    def wording(self, kind: LetterKind) -> str:
        """Return the language that the statement is in."""
        return self.means.wording(TEMPLATE, self.languages, kind)

    def make(
        self, kind: LetterKind, number: int, revision: str, *, confirmation: bool = True
    ) -> tuple[str | bytes, tuple[Finding, ...]]:
        """Return the statement and what is wrong; ``number`` 0 prints none."""
        key = (kind, number, revision)
        if key not in self._made:
            context = statement_context(
                self.statement,
                self.customer,
                self.books.settings,
                self.as_of,
                language=self.wording(kind),
                confirmation=confirmation,
            )
            context = replace(context, sequence=number, revision=revision)
            means = self.means
            text, _, findings = render(context, self.languages, kind, means.texts, means.press)
            self._made[key] = (text, findings)
        return self._made[key]


def last_number(books: OpenBooks, year: int) -> int:
    """Return the highest number of a statement written in ``year``, 0 before the first."""
    folders = sorted((books.root / FOLDER).glob(f"{year:04d}-*"))
    numbers = [
        entry.sequence
        for folder in folders
        for entry in read_entries(books.root, f"{FOLDER}/{folder.name}").values()
    ]
    return max(numbers, default=0)


def _answer(
    done: Sequence[_Done], as_of: dt.date, start: dt.date | None, *, dry_run: bool
) -> Answer:
    columns = (
        Column("customer", N_("customer"), "code"),
        Column("name", N_("name"), flexible=True, optional=1),
        Column("currency", N_("cur."), "code"),
        Column("from", N_("from"), "date", optional=2),
        Column("closing", N_("closing balance"), "money"),
        Column("written_off", N_("written off"), "money", sparse=True),
        Column("number", N_("letter no."), "number", optional=3),
        Column("state", N_("state"), "code", words="letter-state"),
        Column("files", N_("file"), "strings", flexible=True),
    )
    rows = [
        {
            "customer": one.customer.id,
            "name": one.customer.label,
            "currency": one.statement.currency,
            "from": one.statement.start,
            "closing": Money(one.statement.closing, one.statement.currency),
            "written_off": Money(one.statement.written_off, one.statement.currency),
            "number": one.written.number,
            "state": one.written.state,
            "files": list(one.written.files),
        }
        for one in done
    ]
    where = Text(N_("Statements are in {folder}."), {"folder": f"{FOLDER}/{as_of.isoformat()}"})
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": as_of})]
    notes += [N_("Dry run: nothing was written.")] if dry_run else [where]
    notes.append(N_("What was written off is still owed, and stands in them as owed."))
    return Answer(
        "statement-letters/1",
        facts={"as_of": as_of, "from": start, "dry_run": dry_run},
        tables=(Table("letters", columns, rows, empty=N_("No statement to write.")),),
        notes=tuple(notes),
    )
