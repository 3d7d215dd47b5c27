"""Surveys: a short mail to a customer that asks for a score from 0 to 10.

They are made of templates like letters: ``survey.LANG.txt.j2``. The first line is the subject.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import field

from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.reminders.formats import printable
from ledgercli.reminders.letter_page import Page
from ledgercli.reminders.recipient import billing_contact


@dataclass(frozen=True, slots=True)
class SurveyContext:
    """Everything a template of surveys may use, under the name ``letter``.

    ``contact`` is the person written to, empty where the record names none; ``link`` is that of the
    settings, with ``{customer}`` replaced by the id, empty where there is none.
    """

    template: str
    kind: str
    language: str
    wording: str
    date: dt.date
    customer: str
    currency: str
    name: str
    contact: str
    company: str
    link: str
    page: Page = field(default_factory=Page, repr=False)


def survey_context(
    customer: Customer, settings: Settings, day: dt.date, template: str
) -> SurveyContext:
    """Return the context of a survey of ``day``; no text in it has a control character."""
    contact = billing_contact(customer, with_email=True)
    return SurveyContext(
        template=template,
        kind="",
        language=customer.language or settings.language or "en",
        wording="",
        date=day,
        customer=customer.id,
        currency=customer.currency,
        name=printable(customer.label),
        contact=printable(contact.name) if contact else "",
        company=printable(settings.company.name),
        link=settings.surveys.link.replace("{customer}", customer.id),
    )


def subject_and_text(letter: str) -> tuple[str, str]:
    """Return the subject, the first line of a survey, and the text below it."""
    subject, _, text = letter.lstrip("\n").partition("\n")
    return subject.strip(), text.lstrip("\n")
