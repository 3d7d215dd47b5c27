"""Digests: the page of the morning to each owner, reports to whom the settings name."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ledgercli.customers.digests import period_of
from ledgercli.desk import reports
from ledgercli.desk.agenda.agenda import agenda, scope
from ledgercli.desk.agenda.mailing import (
    Mailing,
    NobodyToMailError,
    Renderer,
    answer_of,
    mail_out,
)
from ledgercli.desk.agenda.today import today
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.agenda_settings import Digest, DigestReport
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.reminders.delivery.message import Attachment

_REPORTS: Mapping[DigestReport, Callable[[OpenBooks, Query], Answer]] = {
    "aging": lambda books, query: reports.aging(books, query, basis=None, buckets=None),
    "limits": lambda books, query: reports.limits(books, query, extra=None, group="customer"),
    "items": lambda books, query: reports.items(books, query, settled=False),
    "balances": reports.balances,
    "payments": lambda books, query: reports.payments(books, query, unallocated_only=True),
}


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
    books: OpenBooks, query: Query, options: SendOptions, render: Renderer, *, dry_run: bool
) -> Answer:
    """Send the digests of the settings that were not sent in their period yet.

    Raise NobodyToMailError and what :func:`~ledgercli.desk.agenda.mailing.mail_out` raises.
    """
    as_of = books.as_of(query)
    digests = books.settings.digests
    if not digests:
        example = "`digests: [{to: you@example.com, every: week, reports: [aging]}]`"
        raise NobodyToMailError(key="digests", example=example)

    def mailings(fresh: OpenBooks) -> Iterator[Mailing]:
        for digest in digests:
            answers = [(name, _report(fresh, query, name, digest)) for name in digest.reports]
            what = "-".join(filter(None, (digest.every, *digest.reports, digest.owner)))
            period = period_of(digest.every, as_of)
            yield _mailing(digest.to, what, period, digest.owner, answers, render)

    results = mail_out(books, mailings, as_of, options, dry_run=dry_run)
    empty = N_("The settings name no digest.")
    return answer_of(results, as_of, schema="digests/1", empty=empty, dry_run=dry_run)


def _report(books: OpenBooks, query: Query, name: DigestReport, digest: Digest) -> Answer:
    """Return a report of a digest, of its owner's customers alone where it names one."""
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
    return _REPORTS[name](books, query)


def _mailing(
    to: str,
    what: str,
    period: str,
    name: str,
    answers: Sequence[tuple[str, Answer]],
    render: Renderer,
) -> Mailing:
    """Return the mail of reports: their tables as text, and each as CSV beside it."""
    blocks = [render(answer, "table") for _name, answer in answers]
    text = "\n\n".join(blocks)
    attachments = tuple(
        Attachment(f"{report}-{period}.csv", "text/csv", render(answer, "csv").encode())
        for report, answer in answers
        if report != "today" and render(answer, "csv")
    )
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
