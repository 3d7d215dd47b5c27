"""Letters about contracts that end, or that can be given notice of: files and mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

from ledgercli.desk.agenda.mailing import Mailed, Mailing, mail_out, not_sent
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.single_letters import DatedFolder, Means, Written, kinds_of
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration
from ledgercli.reminders.contract_letter import (
    SUBJECT,
    TEMPLATE,
    contract_context,
    day_to_write_about,
)
from ledgercli.reminders.letters import LetterKind, render
from ledgercli.reminders.recipient import email_of

FOLDER = "letters/contracts"


@dataclass(frozen=True, slots=True)
class _Matter:
    """A contract to write about, whose it is, and the day that the customer should know of."""

    customer: Customer
    contract: Contract
    day: dt.date


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a letter: its files, and the mail where there was one."""

    maker: _Maker
    written: Written
    mail: Mailed | None = None


def write_contract_letters(
    books: OpenBooks,
    query: Query,
    options: SendOptions | None,
    *,
    within: Duration,
    types: tuple[str, ...],
    dry_run: bool,
) -> Answer:
    """Write to customers whose contracts end, or can be given notice of, up to ``within`` from now.

    The letters go to ``letters/contracts/DATE/`` in each of ``types`` (txt if none); with
    ``options`` they are sent by e-mail as well, each once for that day of the contract. Raise
    NoBooksError, LetterTypeError, the errors of writing, and what
    :func:`~ledgercli.desk.agenda.mailing.mail_out` raises.
    """
    from ledgercli.books.files import books_lock

    if books.location.bare:
        raise NoBooksError
    kinds = kinds_of(types)
    as_of = books.as_of(query)
    matters = list(_matters(books, query, within.after(as_of)))
    with nullcontext() if dry_run else books_lock(books.root):
        done, findings = _write(books, matters, kinds, as_of, dry_run=dry_run)
    if options:
        done, unsent = _send(books, done, options, as_of, dry_run=dry_run)
        findings = [*findings, *unsent]
    answer = _answer(done, as_of, within, dry_run=dry_run)
    return replace(with_circumstances(books, answer, query), task_findings=tuple(findings))


def _matters(books: OpenBooks, query: Query, until: dt.date) -> Iterator[_Matter]:
    """Yield the contracts of active customers with a day up to ``until``, earliest first."""
    as_of, chosen = books.as_of(query), books.chosen(query)
    found = [
        _Matter(customer, contract, day)
        for customer in books.customers
        if customer.status != "closed" and (chosen is None or customer.id in chosen)
        for contract in customer.contracts
        if (day := day_to_write_about(contract, as_of)) and day <= until
    ]
    yield from sorted(found, key=lambda row: (row.day, row.customer.id, row.contract.id))


class _Maker:
    """Makes the letter about one matter, and its subject."""

    def __init__(self, books: OpenBooks, matter: _Matter, as_of: dt.date, means: Means) -> None:
        self.matter = matter
        self._settings, self._as_of, self._means = books.settings, as_of, means
        own = books.settings.language
        self._languages = [matter.customer.language or own, own]

    def wording(self, kind: LetterKind) -> str:
        """Return the language that the letter is in."""
        return self._means.wording(TEMPLATE, self._languages, kind)

    def make(
        self, kind: LetterKind, number: int = 0, revision: str = "", *, template: str = TEMPLATE
    ) -> tuple[str | bytes, tuple[Finding, ...]]:
        """Return the letter, or its subject, and what is wrong with the templates."""
        context = contract_context(
            self.matter.contract,
            self.matter.customer,
            self._settings,
            self._as_of,
            language=self.wording(kind),
        )
        context = replace(context, template=template, sequence=number, revision=revision)
        means = self._means
        text, _, findings = render(context, self._languages, kind, means.texts, means.press)
        return text, findings


def _write(
    books: OpenBooks,
    matters: Sequence[_Matter],
    kinds: Sequence[LetterKind],
    as_of: dt.date,
    *,
    dry_run: bool,
) -> tuple[list[_Done], list[Finding]]:
    from ledgercli.books.revision import books_revision

    means = Means.of(books, kinds)
    revision = books_revision(books.root) or ""
    done: list[_Done] = []
    findings = list(means.findings)
    with DatedFolder.at(books.root, FOLDER, as_of, dry_run=dry_run) as folder:
        for matter in matters:
            maker = _Maker(books, matter, as_of, means)
            named = (matter.customer.id, matter.contract.id, TEMPLATE)
            written, found = folder.write(maker, named, kinds, revision)
            done.append(_Done(maker, written))
            findings += found
        folder.save()
    return done, findings


def _send(
    books: OpenBooks,
    done: Sequence[_Done],
    options: SendOptions,
    as_of: dt.date,
    *,
    dry_run: bool,
) -> tuple[list[_Done], tuple[Finding, ...]]:
    """Return what became of the letters that have an e-mail address, and what was not sent."""
    sendable = [
        one for one in done if one.written.state != "failed" and email_of(one.maker.matter.customer)
    ]

    def mailings(_fresh: OpenBooks) -> Iterator[Mailing]:
        for one in sendable:
            yield _mailing(one.maker)

    results = mail_out(books, mailings, as_of, options, dry_run=dry_run)
    mailed = dict(zip((id(one) for one in sendable), results, strict=True))
    return [replace(one, mail=mailed.get(id(one))) for one in done], not_sent(results)


def _mailing(maker: _Maker) -> Mailing:
    """Return the mail of a letter: its text and page, and the contract's day that it is about."""
    matter = maker.matter
    customer, contract = matter.customer, matter.contract
    subject, _ = maker.make("txt", template=SUBJECT)
    text, _ = maker.make("txt")
    page, _ = maker.make("html")
    return Mailing(
        "notice",
        email_of(customer),
        contract.id,
        matter.day.isoformat(),
        " ".join(str(subject).split()),
        str(text),
        html=str(page),
        customer=customer.id,
        name=customer.label,
        language=maker.wording("txt"),
    )


def _answer(done: Sequence[_Done], as_of: dt.date, within: Duration, *, dry_run: bool) -> Answer:
    columns = (
        Column("day", N_("until"), "date"),
        Column("customer", N_("customer"), "code"),
        Column("name", N_("name"), flexible=True, optional=1),
        Column("contract", N_("contract"), "code"),
        Column("title", N_("title"), flexible=True, optional=2),
        Column("state", N_("state"), "code", words="letter-state"),
        Column("sending", N_("sending"), "code", words="send-state", sparse=True),
        Column("reason", N_("reason"), flexible=True, wraps=True, sparse=True),
        Column("files", N_("file"), "strings", flexible=True),
    )
    rows = [
        {
            "day": one.maker.matter.day,
            "customer": one.maker.matter.customer.id,
            "name": one.maker.matter.customer.label,
            "contract": one.maker.matter.contract.id,
            "title": one.maker.matter.contract.title,
            "state": one.written.state,
            "sending": one.mail.state if one.mail else None,
            "reason": one.mail.reason if one.mail else "",
            "files": list(one.written.files),
        }
        for one in done
    ]
    where = Text(N_("Letters are in {folder}."), {"folder": f"{FOLDER}/{as_of.isoformat()}"})
    notes: list[Text | str] = [
        Text(
            N_("Contracts whose last day for notice, else whose end, is at most {within} away."),
            {"within": within},
        )
    ]
    notes += [N_("Dry run: nothing was written.")] if dry_run else [where] if rows else []
    return Answer(
        "contract-letters/1",
        facts={"as_of": as_of, "within": within, "dry_run": dry_run},
        tables=(Table("rows", columns, rows, empty=N_("No contract to write about.")),),
        notes=tuple(notes),
    )
