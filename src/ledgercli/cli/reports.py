"""Reports: who owes what since when, who is over the limit, and how a figure came about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, cast

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_buckets, parse_exact_day, parse_money
from ledgercli.cli.options import (
    Asked,
    DryRun,
    GroupBy,
    Printing,
    filters,
    printing,
    printing_limits,
)
from ledgercli.cli.parameters import argument, option, wrong_value
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration, Money
from ledgercli.output.language import _

if TYPE_CHECKING:
    from ledgercli.model.aging_settings import Basis
    from ledgercli.model.answer import Answer


@command(
    N_("What each customer owes in all: the ledger's balance on the receivable accounts."),
    examples=("ledgercli balances", "ledgercli balances --as-of 2026-06-30 -f csv"),
    asked=filters,
    output=printing,
)
def balances(session: Session, *, group_by: GroupBy = None, asked: Asked, output: Printing) -> int:
    """Print the balance of each customer and currency."""
    from ledgercli.desk import reports

    books = session.open(asked.known_at)
    return give(session, reports.balances(books, asked.query, group_by=group_by), output)


@command(
    N_("Open items: documents with something left to pay, with the allocations so far."),
    examples=("ledgercli items --customer C001", "ledgercli items --all -f json"),
    asked=filters,
    output=printing,
)
def items(
    session: Session,
    *,
    settled: Annotated[bool, option("--all", help=N_("Settled documents, too."))] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print documents, open ones alone or all."""
    from ledgercli.desk import reports

    books = session.open(asked.known_at)
    return give(session, reports.items(books, asked.query, settled=settled), output)


@command(
    N_("Settlements (payments, credit notes, discounts, write-offs) and where they went."),
    examples=("ledgercli payments --unallocated",),
    asked=filters,
    output=printing,
)
def payments(
    session: Session,
    *,
    unallocated: Annotated[
        bool, option("--unallocated", help=N_("Only what no document took."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print settlements, all or those with something unallocated."""
    from ledgercli.desk import reports

    books = session.open(asked.known_at)
    answer = reports.payments(books, asked.query, unallocated_only=unallocated)
    return give(session, answer, output)


@command(
    N_(
        "How long open items have been due, in buckets of days.\n\n"
        "By due date, what is due today or later is not due. Unallocated settlements are shown"
        " apart, never hidden in a bucket."
    ),
    examples=(
        "ledgercli aging --as-of 2026-11-21",
        "ledgercli aging --basis date --buckets '3 months, 6 months, 1 year'",
    ),
    asked=filters,
    output=printing,
)
def aging(
    session: Session,
    *,
    basis: Annotated[
        str | None,
        option(
            metavar="BASIS",
            parser=one_of(("due", "date")),
            help=N_("Count from the due date (due) or the document's date (date)."),
        ),
    ] = None,
    buckets: Annotated[
        str | None,
        option(
            metavar="BOUNDS",
            parser=parse_buckets,
            help=N_("Upper bounds such as 30,60,90 or '3 months, 1 year'."),
        ),
    ] = None,
    group_by: GroupBy = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the aging of each customer and currency."""
    from ledgercli.desk import reports

    books = session.open(asked.known_at)
    answer = reports.aging(
        books,
        asked.query,
        basis=cast("Basis | None", basis),
        buckets=cast("tuple[Duration, ...] | None", buckets),
        group_by=group_by,
    )
    return give(session, answer, output)


@command(
    N_(
        "Exposure beside the credit limits.\n\n"
        "Exposure is the balance plus open orders less deposits. A customer is at warning from"
        " `warn_at` up to the limit, at breach above it."
    ),
    examples=("ledgercli limits --fail-on breach", "ledgercli limits --with '500 EUR'"),
    asked=filters,
    output=printing_limits,
)
def limits(
    session: Session,
    *,
    extra: Annotated[
        Money | None,
        option(
            "--with",
            metavar="AMOUNT",
            parser=parse_money,
            help=N_("As if that much more were ordered, such as '500 EUR'."),
        ),
    ] = None,
    group: Annotated[
        str | None,
        option(
            metavar="BY",
            parser=one_of(("customer", "parent")),
            help=N_("Compare each customer (default), or the family with the parent's limit."),
        ),
    ] = None,
    group_by: GroupBy = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print exposure and limits; ``--fail-on`` looks at the status of the rows."""
    from ledgercli.desk import reports

    if group == "parent" and group_by:
        message = _("give either `--group parent` or `--group-by`")
        raise wrong_value(message, param_hint="--group-by")
    books = session.open(asked.known_at, with_orders=True)
    by = cast("Literal['customer', 'parent']", group or "customer")
    answer = reports.limits(books, asked.query, extra=extra, group=by, group_by=group_by)
    plain = Printing(output.output_format, output.path, output.verbose)
    code = give(session, answer, plain)
    if output.fail_on == "never":
        return 0
    return max(code, int(_reached(answer, output.fail_on)))


def _reached(answer: Answer, status: str | None) -> bool:
    """Return whether a row is as bad as ``status``; an unknown exposure may be a warning."""
    grades = {"warning": {"warning", "breach", "unknown"}, "breach": {"breach"}}
    bad = grades.get(status or "", set())
    return any(row["status"] in bad for row in answer.table("rows").rows)


@dataclass(frozen=True, slots=True)
class LetterForm:
    """Whether a report is written as letters, in which kinds, or only tried."""

    letter: bool
    types: tuple[str, ...]
    dry_run: bool


def letter_form(
    *,
    letter: Annotated[
        bool, option("--letter", help=N_("Write it as a letter that asks for confirmation."))
    ] = False,
    types: Annotated[
        list[str] | None,
        option(
            "--type",
            metavar="TYPE",
            parser=one_of(("txt", "md", "html", "pdf")),
            help=N_("Kind of letter: txt (default), md, html or pdf; may be repeated."),
        ),
    ] = None,
    dry_run: DryRun = False,
) -> LetterForm:
    """Return how a report is written as letters."""
    return LetterForm(letter, tuple(dict.fromkeys(types or ())), dry_run)


@command(
    N_(
        "A customer's account, line by line, from the opening to the closing balance.\n\n"
        "With `--letter` it is written as a letter to `letters/statements/DATE/`, in the"
        " customer's language, with a slip to confirm the balance. There, what was written off is"
        " still owed."
    ),
    examples=(
        "ledgercli statement C001 --from 2026-01-01",
        "ledgercli statement --all -f json",
        "ledgercli statement C001 --letter --type pdf",
    ),
    asked=filters,
    output=printing,
    form=letter_form,
)
def statement(
    session: Session,
    *,
    customers: Annotated[
        list[str] | None,
        argument(metavar="ID", help=N_("The customer; several if you like.")),
    ] = None,
    everyone: Annotated[bool, option("--all", help=N_("All customers."))] = False,
    start: Annotated[
        dt.date | None,
        option(
            "--from",
            metavar="DATE",
            parser=parse_exact_day,
            help=N_("The first day; what came before is the opening balance."),
        ),
    ] = None,
    form: LetterForm,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the statements of the customers named, or of all, or write them as letters."""
    from dataclasses import replace

    from ledgercli.desk import reports

    named = (*(customers or ()), *asked.query.customers)
    filtered = named or asked.query.filters_customers
    if everyone and customers:
        raise wrong_value(_("give either customers or `--all`"), param_hint="ID")
    if not (filtered or everyone):
        raise wrong_value(_("name a customer, or take `--all`"), param_hint="ID")
    if not form.letter and (form.types or form.dry_run):
        option = "--type" if form.types else "--dry-run"
        raise wrong_value(_("is for letters; add `--letter`"), param_hint=option)
    if form.letter and (asked.known_at or asked.query.convert):
        option = "--known-at" if asked.known_at else "--convert"
        raise wrong_value(_("is not for letters"), param_hint=option)
    books = session.open(asked.known_at)
    query = replace(asked.query, customers=named)
    if form.letter:
        from ledgercli.desk.reminders.statement_letters import write_statements

        answer = write_statements(
            books,
            query,
            everyone=not named,
            start=start,
            types=form.types,
            dry_run=form.dry_run,
        )
        return give(session, answer, output)
    answer = reports.statement(books, query, everyone=not named, start=start)
    return give(session, answer, output)


@command(
    N_(
        "Which postings, allocations and rules made the figure of a document or customer, as a tree"
        " with file and line."
    ),
    examples=("ledgercli explain INV-2026-017", "ledgercli explain C001"),
    asked=filters,
    output=printing,
)
def explain(
    session: Session,
    *,
    subject: Annotated[
        str, argument(metavar="SUBJECT", help=N_("A document number or a customer."))
    ],
    asked: Asked,
    output: Printing,
) -> int:
    """Print the tree behind a document or a customer."""
    from ledgercli.desk import reports

    books = session.open(asked.known_at, with_events=True)
    return give(session, reports.explain(books, asked.query, subject=subject), output)


@command(
    N_(
        "Suggest allocations as a diff of the ledger that ends the guessing.\n\n"
        "The diff adds `invoice:` to every assumed settlement; `git apply` takes it. Ambiguous ones"
        " stay out and are listed on standard error."
    ),
    examples=("ledgercli allocate --suggest | git apply",),
    asked=filters,
    output=printing,
)
def allocate(
    session: Session,
    *,
    suggest: Annotated[
        bool, option("--suggest", help=N_("Print the diff; nothing is written."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print a unified diff that names the documents of assumed settlements."""
    from ledgercli.desk import reports

    if not suggest:
        message = _("is needed: this command only suggests, `git apply` writes")
        raise wrong_value(message, param_hint="--suggest")
    books = session.open(asked.known_at)
    return give(session, reports.allocate_suggest(books, asked.query), output)
