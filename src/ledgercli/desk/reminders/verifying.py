"""A letter as it was sent, and whether its figures follow from the books that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledgercli.books.files import inside
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.letter_facts import (
    context_of,
    facts_of,
    language_of,
    planned_document,
)
from ledgercli.desk.reminders.letter_files import digest
from ledgercli.desk.reminders.letter_names import Named, letter_named
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.reminders.reminder_errors import LetterFileMissingError
from ledgercli.desk.reminders.sendings import SendLog, letter_path, read_sendings
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding, Place
from ledgercli.model.values import Money
from ledgercli.reminders.planned import Letter

_AMOUNTS = ("total", "unallocated", "deposits", "fee", "interest", "carried", "claimed")


def show(books: OpenBooks, name: str) -> tuple[bytes, str, tuple[Finding, ...]]:
    """Return the first file of the letter ``name`` as it was sent, its path, and what is wrong.

    A file that was changed after it was sent is looked for in the history of git. Raise
    UnknownLetterError or LetterFileMissingError.
    """
    log = read_sendings(books.events)
    named = letter_named(books.root, name, log)
    sent = _sent_event(log, named.path)
    path = str(sent.details.get("letter")) if sent else ""
    path = path or f"{named.folder}/{named.letter.files[0]}" if named.letter.files else path
    wanted = str(sent.details.get("sha256") or "") if sent else ""
    file = inside(books.root, path)
    content = file.read_bytes() if file.is_file() else None
    if content is not None and wanted in {"", digest(content)}:
        return content, path, ()
    from ledgercli.books.repository import past_contents

    for before in past_contents(books.root, path):
        if wanted and digest(before) == wanted:
            return before, path, ()
    if content is None:
        raise LetterFileMissingError(path=path)
    changed = Finding(codes.LETTER_CHANGED, {"path": path}, Place(path), named.letter.customer)
    return content, path, (changed,)


def _sent_event(log: SendLog, path: str) -> Event | None:
    for sending in log.of_letter(path):
        if sending.sent:
            return next(iter(sending.sent.values()))
    return None


_COLUMNS = (
    Column("number", N_("number"), "code"),
    Column("figure", N_("figure"), "code", words="figure"),
    Column("written", N_("in the letter"), "code"),
    Column("computed", N_("from the books"), "code"),
    Column("same", N_("same"), "flag"),
)


def verify(books: OpenBooks, request: Request, name: str) -> Answer:
    """Return each figure of the letter ``name`` beside what its books' revision gives for it.

    Without git, or where the books had changes that were not committed, they are computed from the
    nearest there is, and a warning says so. Raise UnknownLetterError and the errors of revisions.
    """
    named = letter_named(books.root, name, read_sendings(books.events))
    revision = named.letter.revision.removesuffix("+")
    source = books
    if revision:
        source = open_books(replace(request, known_at=revision), with_events=True)
    letter = _letter(source, named)
    rows = list(_rows(named, letter))
    warnings: list[Text | str] = []
    if not revision:
        warnings.append(N_("the letter names no revision: computed from the books as they are"))
    elif named.letter.revision.endswith("+"):
        changed = N_(
            "the books had changes that were not committed when the letter was written: computed"
            " from revision {revision} without them"
        )
        warnings.append(Text(changed, {"revision": revision}))
    same = all(row["same"] for row in rows)
    words = letter is not None and named.letter.facts == facts_of(
        letter,
        context_of(letter, source.settings, named.plan.date, language_of(letter, source.settings)),
    )
    findings = []
    if not same:
        values = {"letter": named.path}
        findings.append(
            Finding(codes.FIGURES_DIFFER, values, Place(named.path), named.letter.customer)
        )
    elif not words:
        warnings.append(N_("the figures follow, but names, addresses or wording are others now"))
    verdict = N_("Every figure follows from the books.") if same else N_("Some figures do not.")
    return Answer(
        "remind-verify/1",
        facts={
            "letter": named.path,
            "as_of": named.plan.date,
            "revision": named.letter.revision,
            "verified": same,
            "wording_follows": words,
        },
        tables=(Table("figures", _COLUMNS, rows),),
        notes=(
            Text(N_("As of {date}, end of day."), {"date": named.plan.date}),
            Text(N_("Letter {letter}."), {"letter": named.path}),
            verdict,
        ),
        warnings=tuple(warnings),
        task_findings=tuple(findings),
    )


def _letter(source: OpenBooks, named: Named) -> Letter | None:
    """Return the letter as the books ``source`` give it for its day, None where they give none.

    What was sent with it, or from it, is left out: at that time it was planned, not sent.
    """
    events = [
        event
        for event in source.events
        if event.kind != "reminder"
        or letter_path(str(event.details.get("letter") or "")).rpartition("/")[0] != named.folder
    ]
    planned = plan_of(source, Query(as_of=named.plan.date), events)
    for letter in planned.letters:
        if (letter.customer.id, letter.currency) == named.letter.key:
            return letter
    return None


def _rows(named: Named, letter: Letter | None) -> Iterator[Mapping[str, Any]]:
    """Yield a row for each figure: those of each document, then those of the letter."""
    written = named.letter
    now = (
        {each.item.document.number: planned_document(each) for each in letter.documents}
        if letter
        else {}
    )
    for document in written.documents:
        computed = now.pop(document.number, None)
        for figure in ("due", "open", "days_overdue", "level", "fee", "interest"):
            value = getattr(computed, figure) if computed else None
            yield _row(document.number, figure, getattr(document, figure), value)
    for number, document in now.items():
        yield _row(number, "open", None, document.open)
    for figure in _AMOUNTS:
        value = None
        if letter:
            key = "carried_total" if figure == "carried" else figure
            value = Money(getattr(letter, key), letter.currency)
        yield _row("", figure, getattr(written, figure), value)
    yield _row("", "deadline", written.deadline, letter.deadline if letter else None)


def _row(number: str, figure: str, written: object, computed: object) -> Mapping[str, Any]:
    return {
        "number": number,
        "figure": figure,
        "written": _shown(written),
        "computed": _shown(computed),
        "same": written == computed,
    }


def _shown(figure: object) -> str:
    if isinstance(figure, Money):
        return f"{plain(figure.amount, figure.currency)} {figure.currency}"
    return "" if figure is None else str(figure)
