"""Surveys by e-mail: who is asked, and what became of it. Answers are recorded as feedback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from ledgercli.desk.agenda.mailing import Mailing, answer_of, mail_out
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.reminders.recipient import email_of


def send_surveys(
    books: OpenBooks, query: Query, options: SendOptions, *, template: str, dry_run: bool
) -> Answer:
    """Ask the customers that ``query`` leaves, by the template (empty: that of the settings).

    Left out are closed customers, those without an e-mail address, and those asked less than
    ``surveys.wait`` ago. Raise what :func:`~ledgercli.desk.agenda.mailing.mail_out` raises.
    """
    from ledgercli.books.templates import template_texts
    from ledgercli.reminders.letters import render
    from ledgercli.reminders.survey_letter import subject_and_text, survey_context

    as_of, chosen = books.as_of(query), books.chosen(query)
    settings = books.settings
    name = template or settings.surveys.template
    texts, broken = template_texts(books.root)
    findings: list[Finding] = list(broken)
    left_out = {"asked": 0, "unreachable": 0}

    def mailings(fresh: OpenBooks) -> Iterator[Mailing]:
        asked = _last_asked(fresh, as_of)
        for record in sorted(books.customers, key=lambda one: one.id):
            if record.status == "closed" or (chosen is not None and record.id not in chosen):
                continue
            if _too_soon(record, asked, books, as_of):
                left_out["asked"] += 1
                continue
            address = email_of(record)
            if not address:
                left_out["unreachable"] += 1
                continue
            context = survey_context(record, settings, as_of, name)
            languages = (record.language, settings.language)
            letter, choice, wrong = render(context, languages, "txt", texts)
            if wrong or choice is None:
                findings.extend(wrong)
                return  # the same template would be as wrong for everybody
            subject, text = subject_and_text(str(letter))
            yield Mailing(
                "survey",
                address,
                name,
                as_of.isoformat(),
                subject,
                text,
                customer=record.id,
                name=record.label,
                language=choice.wording,
            )

    results = mail_out(books, mailings, as_of, options, dry_run=dry_run)
    empty = N_("Nobody is to be asked.")
    answer = answer_of(results, as_of, schema="surveys/1", empty=empty, dry_run=dry_run)
    notes = list(answer.notes)
    if left_out["asked"]:
        values = {"wait": settings.surveys.wait}
        one = N_("{count} customer was asked less than {wait} ago.")
        many = N_("{count} customers were asked less than {wait} ago.")
        notes.append(Text(one, values, many, left_out["asked"]))
    if left_out["unreachable"]:
        one = N_("{count} customer has no e-mail address.")
        many = N_("{count} customers have no e-mail address.")
        notes.append(Text(one, {}, many, left_out["unreachable"]))
    return replace(answer, notes=tuple(notes), task_findings=(*answer.task_findings, *findings))


def _last_asked(books: OpenBooks, as_of: dt.date) -> dict[str, dt.date]:
    """Return the day on which each customer was sent a survey last."""
    days: dict[str, dt.date] = {}
    for event in books.events:
        sent = event.kind == "survey" and event.details.get("status") == "sent"
        if sent and event.in_force(as_of):
            days[event.customer] = max(event.date, days.get(event.customer, event.date))
    return days


def _too_soon(
    record: Customer, asked: dict[str, dt.date], books: OpenBooks, as_of: dt.date
) -> bool:
    last = asked.get(record.id)
    # Of the same day is the same survey: the mail itself is known, and not sent again.
    return last is not None and last != as_of and books.settings.surveys.wait.after(last) > as_of
