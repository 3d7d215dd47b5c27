"""Digests: the page of the morning to each owner, reports to whom the settings name."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledgercli.customers.digests import period_of
from ledgercli.desk.agenda.agenda import agenda, scope
from ledgercli.desk.agenda.mailing import Mailing, NobodyToMailError, Renderer, answer_of, mail_out
from ledgercli.desk.agenda.today import today
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.own_reports import Queries, all_of, by_name
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.agenda_settings import Attached, Digest
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.reminders.delivery.message import Attachment

_TYPES: dict[Attached, str] = {
    "csv": "text/csv",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Means:
    """What reports are told with: how answers are rendered, queries run, and the language."""

    render: Renderer
    queries: Queries
    language: str


def mail_today(
    books: OpenBooks,
    query: Query,
    options: SendOptions,
    render: Renderer,
    *,
    owner: str = "",
    dry_run: bool,
) -> Answer:
    """Send each owner of ``owners`` in the settings (or one of them) their page of the morning.

    Once a day, however often it is asked for. Raise NobodyToMailError and what
    :func:`~ledgercli.desk.agenda.mailing.mail_out` raises.
    """
    as_of = books.as_of(query)
    known = books.settings.owners.items()
    owners = {name: to for name, to in known if not owner or fold(name) == fold(owner)}
    if not owners:
        key = f"owners.{owner}" if owner else "owners"
        raise NobodyToMailError(key=key, example="`owners: {wang: wang@example.com}`")

    def mailings(fresh: OpenBooks) -> Iterator[Mailing]:
        for name, to in owners.items():
            answer = today(fresh, query, owner=name)
            yield _mailing(
                to, f"today-{name}", as_of.isoformat(), name, [("today", answer)], render
            )

    results = mail_out(books, mailings, as_of, options, dry_run=dry_run)
    empty = N_("Nobody is to get mail.")
    return answer_of(results, as_of, schema="today-mail/1", empty=empty, dry_run=dry_run)


def send(
    books: OpenBooks, query: Query, options: SendOptions, means: Means, *, dry_run: bool
) -> Answer:
    """Send the digests that were not sent in their period yet: of the settings, of own reports.

    A report that cannot be run is a finding of the answer; the others of its digest go out. Raise
    NobodyToMailError and what :func:`~ledgercli.desk.agenda.mailing.mail_out` raises.
    """
    as_of = books.as_of(query)
    own = (file.report for file in all_of(books))
    digests = (
        *books.settings.digests,
        *(
            Digest(report.to, report.every, (report.name,))
            for report in own
            if report.every and report.to
        ),
    )
    failed: list[Finding] = []
    if not digests:
        example = "`digests: [{to: you@example.com, every: week, reports: [aging]}]`"
        raise NobodyToMailError(key="digests", example=example)

    def mailings(fresh: OpenBooks) -> Iterator[Mailing]:
        for digest in digests:
            answers = []
            for name in digest.reports:
                answer = _report(fresh, query, name, digest, means)
                if isinstance(answer, Answer):
                    answers.append((name, answer))
                else:
                    failed.extend(answer)
            if not answers:
                continue
            what = "-".join(filter(None, (digest.every, *digest.reports, digest.owner)))
            period = period_of(digest.every, as_of)
            yield _mailing(
                digest.to, what, period, digest.owner, answers, means.render, digest.attach
            )

    results = mail_out(books, mailings, as_of, options, dry_run=dry_run)
    empty = N_("The settings name no digest.")
    answer = answer_of(results, as_of, schema="digests/1", empty=empty, dry_run=dry_run)
    unique = {(finding.code, finding.order): finding for finding in failed}
    return replace(answer, task_findings=(*answer.task_findings, *unique.values()))


def _report(
    books: OpenBooks, query: Query, name: str, digest: Digest, means: Means
) -> Answer | tuple[Finding, ...]:
    """Return a report of a digest, of its owner's customers alone where it names one.

    Or why there is none: findings about its name or its file.
    """
    if name == "today":
        return today(books, query, owner=digest.owner)
    if name == "agenda":
        return agenda(books, query, until=None, owner=digest.owner)
    if digest.owner:
        owned = scope(books, query, digest.owner) or frozenset()
        # Of nobody's customers there is nothing to report; no customer at all would mean everybody.
        if not owned:
            return Answer("empty/1", notes=(N_("No customers."),))
        query = replace(query, customers=tuple(sorted(owned)))
    return by_name(books, query, name, means.queries, language=means.language)


def _mailing(
    to: str,
    what: str,
    period: str,
    name: str,
    answers: Sequence[tuple[str, Answer]],
    render: Renderer,
    attach: Attached = "csv",
) -> Mailing:
    """Return the mail of reports: their tables as text, and each as a file beside it."""
    text = "\n\n".join(str(render(answer, "table")) for _name, answer in answers)
    attachments = () if attach == "none" else tuple(_attached(answers, period, render, attach))
    titles = ", ".join(report for report, _answer in answers)
    page = f'<html><body><pre style="font-family:monospace">{html.escape(text)}</pre></body></html>'
    return Mailing(
        "digest",
        to,
        what,
        period,
        f"ledgercli: {titles}, {period}",
        text,
        page,
        attachments,
        name=name,
    )


def _attached(
    answers: Sequence[tuple[str, Answer]], period: str, render: Renderer, attach: Attached
) -> Iterator[Attachment]:
    """Yield the files of reports; the page of the morning is one for people alone."""
    for report, answer in answers:
        content = render(answer, attach) if report != "today" or attach == "html" else b""
        if content:
            made = content if isinstance(content, bytes) else content.encode()
            yield Attachment(f"{report}-{period}.{attach}", _TYPES[attach], made)
