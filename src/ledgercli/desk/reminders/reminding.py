"""Reminders: plan them, write the letters, approve and send them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders import reminder_answers as answers
from ledgercli.desk.reminders import send_answers
from ledgercli.desk.reminders.carrying_out import CarryingOut
from ledgercli.desk.reminders.holding_back import after, hold_back
from ledgercli.desk.reminders.letter_names import folder_named
from ledgercli.desk.reminders.letter_parts import FILE_KINDS, FileKind
from ledgercli.desk.reminders.letter_writing import write_letters
from ledgercli.desk.reminders.plan_views import summary_answer
from ledgercli.desk.reminders.planning import blocking_findings, is_whole, plan_of
from ledgercli.desk.reminders.reminder_errors import (
    LetterTypeError,
    NoBooksError,
    PlanMissingError,
    PlanUnusableError,
    SentInFutureError,
)
from ledgercli.desk.reminders.run_conditions import lock, read_again, refuse_to_send
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.reminders.planned import Plan


def plan(books: OpenBooks, query: Query, options: SendOptions | None = None) -> Answer:
    """Return who would be reminded as of the day, at which level, and who not and why.

    ``options`` say where the second record of what was sent is; without it nobody looks there.
    """
    answer = answers.plan_answer(planned(books, query, options), blocking_findings(books))
    return with_circumstances(books, answer, query)


def plan_summary(books: OpenBooks, query: Query, options: SendOptions | None = None) -> Answer:
    """Return the plan in figures: letters by level and channel, held documents by reason."""
    found = planned(books, query, options)
    return with_circumstances(books, summary_answer(found, blocking_findings(books)), query)


def planned(
    books: OpenBooks,
    query: Query,
    options: SendOptions | None = None,
    made: Plan | None = None,
    *,
    dry_run: bool = True,
) -> Plan:
    """Return the plan without the letters that have to wait for others; ``options`` as in a plan.

    ``made`` is what :func:`ledgercli.desk.reminders.planning.plan_of` says of these books and this
    query, where that is known. A run that is not dry completes the log about letters that went out.
    """
    found = made or plan_of(books, query, books.events)
    if books.location.bare or books.known_at is not None:
        return found
    work = CarryingOut(books, books.as_of(query), options or SendOptions(), dry_run=dry_run)
    on_the_way = work.carried_over(_today_folder(books, query), with_own=True)
    return hold_back(work, found, on_the_way.others, on_the_way.ready)


def write(
    books: OpenBooks,
    query: Query,
    *,
    types: tuple[str, ...],
    dry_run: bool,
    options: SendOptions | None = None,
) -> Answer:
    """Write the letters that are due, in each of ``types`` (txt if none); record nothing as sent.

    Beside them stands the plan of sending them, for people to look at and to edit. Raise
    LetterTypeError, NoBooksError, PlanUnusableError, and the errors of writing.
    """
    kinds = _kinds(books, types)
    options = options or SendOptions()
    with nullcontext() if dry_run else lock(books.root):
        fresh = read_again(books)
        due = planned(fresh, query, options, dry_run=dry_run)
        letters = write_letters(fresh, due, kinds, dry_run=dry_run, whole=is_whole(query))
        findings = [*letters.findings, *send_answers.stuck_in(due)]
        if options.commit and not dry_run:
            what = f"Reminders written as of {due.as_of}"
            findings += send_answers.committed(fresh, what, [letters.folder.relative])
    answer = answers.letters_answer(
        "remind-write", due, letters.outcomes, blocking_findings(fresh), dry_run=dry_run
    )
    return replace(answer, task_findings=tuple(findings))


def send(
    books: OpenBooks,
    query: Query,
    folder: str,
    *,
    dry_run: bool,
    options: SendOptions | None = None,
) -> Answer:
    """Send the letters that were written to ``folder`` (a date, a path; empty: the latest).

    Each is held that does not follow from the books any more, and says why. Raise
    PlanMissingError, PlanUnusableError, BehindError, RunInThePastError, RunInTheFutureError,
    NoBooksError, and the errors of writing.
    """
    from ledgercli.books.plan_file import read_plan

    options = options or SendOptions()
    if books.location.bare:
        raise NoBooksError
    as_of = books.as_of(query)
    with nullcontext() if dry_run else lock(books.root):
        fresh = read_again(books)
        refuse_to_send(fresh, as_of, dry_run=dry_run)
        named = folder_named(fresh.root, folder, as_of)
        found, wrong = read_plan(fresh.root, named)
        PlanUnusableError.refuse(wrong)
        if found is None:
            raise PlanMissingError(folder=named)
        work = CarryingOut(fresh, as_of, options, dry_run=dry_run)
        letters = [letter for letter in found.letters if _chosen(fresh, query, letter.key)]
        on_the_way = work.carried_over(named)
        checked = work.check(named, replace(found, letters=tuple(letters)))
        results = work.send(after(on_the_way, checked))
        findings = send_answers.findings_of(results)
        if options.commit and not dry_run:
            folders = sorted({named, _today_folder(books, query)})  # what is printed stands there
            findings += send_answers.committed(fresh, send_answers.subject(results, as_of), folders)
    answer = send_answers.send_answer(
        "remind-send", as_of, results, blocking_findings(fresh), dry_run=dry_run
    )
    return replace(answer, task_findings=tuple(findings))


def run(
    books: OpenBooks,
    query: Query,
    *,
    types: tuple[str, ...],
    dry_run: bool,
    options: SendOptions | None = None,
) -> Answer:
    """Do all of it in one go: first what is on its way, then plan, write and send what is due.

    The log is read again under the lock, so that two runs at once do not send a letter twice. Raise
    RunInThePastError, RunInTheFutureError and BehindError besides what :func:`write` raises.
    """
    kinds = _kinds(books, types)
    options = options or SendOptions()
    as_of = books.as_of(query)
    own = _today_folder(books, query)
    with nullcontext() if dry_run else lock(books.root):
        fresh = read_again(books)
        refuse_to_send(fresh, as_of, dry_run=dry_run)
        work = CarryingOut(fresh, as_of, options, dry_run=dry_run)
        on_the_way = work.carried_over(own, with_own=True).only(
            lambda key: _chosen(fresh, query, key)
        )
        on_the_way = work.settled(own, on_the_way)
        results = work.send(on_the_way)
        if results and not dry_run:
            fresh = read_again(fresh)
            work = CarryingOut(fresh, as_of, options, dry_run=dry_run)
        made = hold_back(work, plan_of(fresh, query, fresh.events), results, ())
        letters = write_letters(fresh, made, kinds, dry_run=dry_run, whole=is_whole(query))
        written = {outcome.planned.key for outcome in letters.outcomes if outcome.planned}
        due = tuple(letter for letter in letters.plan.letters if letter.key in written)
        checked = work.check(own, replace(letters.plan, letters=due), letters.folder)
        results = send_answers.joined(results, work.send(checked))
        findings = [*on_the_way.findings, *letters.findings, *send_answers.findings_of(results)]
        told = {finding.customer for finding in findings if finding.code == "letter-stuck"}
        findings += [each for each in send_answers.stuck_in(made) if each.customer not in told]
        if options.commit and not dry_run:
            folders = sorted({own, *(result.folder for result in results)})
            findings += send_answers.committed(fresh, send_answers.subject(results, as_of), folders)
    answer = send_answers.run_answer(
        made, letters.outcomes, results, blocking_findings(fresh), dry_run=dry_run
    )
    return replace(answer, task_findings=tuple(findings))


def approve(books: OpenBooks, query: Query, names: tuple[str, ...], *, dry_run: bool) -> Answer:
    """Record that who works here, as git knows them, approves letters; see ``approving``.

    Raise NoIdentityError, NoBooksError, UnknownLetterError, SentInFutureError and the errors of
    writing.
    """
    from ledgercli.books.repository import NoIdentityError
    from ledgercli.books.revision import git_identity
    from ledgercli.desk.reminders import approving

    if books.location.bare:
        raise NoBooksError
    by = git_identity(books.root)
    if not by:
        raise NoIdentityError
    if books.as_of(query) > books.today and not dry_run:
        raise SentInFutureError(date=books.as_of(query), today=books.today)
    with nullcontext() if dry_run else lock(books.root):
        fresh = read_again(books)
        return approving.approve(fresh, fresh.as_of(query), names, by=by, dry_run=dry_run)


def _today_folder(books: OpenBooks, query: Query) -> str:
    from ledgercli.books.plan_file import folder_of

    return folder_of(books.as_of(query))


def _chosen(books: OpenBooks, query: Query, key: tuple[str, str]) -> bool:
    """Return whether ``query`` asks about a customer and currency."""
    customers = books.chosen(query)
    return (customers is None or key[0] in customers) and (
        not query.currencies or key[1] in query.currencies
    )


def _kinds(books: OpenBooks, types: tuple[str, ...]) -> tuple[FileKind, ...]:
    if books.location.bare:
        raise NoBooksError
    for name in types:
        if name not in FILE_KINDS:
            raise LetterTypeError(kind=name)
    return tuple(kind for kind in FILE_KINDS if kind in types) or ("txt",)
