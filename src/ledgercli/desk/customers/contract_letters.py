"""Letters about contracts that end, or that can be given notice of: files and mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from ledgercli.desk.agenda.mailing import Mailed, Mailing, mail_out, not_sent
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.reminders.letter_files import (
    FileStatus,
    LetterFolder,
    file_name,
    letter_name,
    read_entries,
)
from ledgercli.desk.reminders.printing_press import press_of
from ledgercli.desk.reminders.reminder_errors import LetterTypeError, NoBooksError
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass
from ledgercli.model.template import TemplateText
from ledgercli.model.values import Duration
from ledgercli.reminders.contract_letter import (
    SUBJECT,
    TEMPLATE,
    ContractContext,
    contract_context,
    day_to_write_about,
)
from ledgercli.reminders.letters import KINDS, LetterKind, choose, render
from ledgercli.reminders.press import Press
from ledgercli.reminders.recipient import email_of

FOLDER = "letters/contracts"


class _ContractFolder(LetterFolder):
    """The letters of a day, and what was written there."""

    __slots__ = ()

    @property
    def relative(self) -> str:
        """Return the folder, relative to the books."""
        return f"{FOLDER}/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class _Matter:
    """A contract to write about, whose it is, and the day that the customer should know of."""

    customer: Customer
    contract: Contract
    day: dt.date


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a letter: its files and their state, and the mail where there was one."""

    matter: _Matter
    state: FileStatus | str
    files: tuple[str, ...] = ()
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
    for name in types:
        if name not in KINDS:
            raise LetterTypeError(kind=name)
    kinds = tuple(kind for kind in KINDS if kind in types) or ("txt",)
    as_of = books.as_of(query)
    matters = list(_matters(books, query, within.after(as_of)))
    with nullcontext() if dry_run else books_lock(books.root):
        maker = _Maker.of(books, as_of, pdf="pdf" in kinds)
        done, findings = _write(maker, matters, kinds, dry_run=dry_run)
    if options:
        done, unsent = _send(maker, done, options, dry_run=dry_run)
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


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the letters of a run from the templates as they are."""

    books: OpenBooks
    as_of: dt.date
    texts: Mapping[str, TemplateText]
    press: Press | None
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, books: OpenBooks, as_of: dt.date, *, pdf: bool) -> _Maker:
        """Return what the letters of ``as_of`` are made with."""
        from ledgercli.books.templates import template_texts

        texts, broken = template_texts(books.root)
        press, unusable = press_of(books) if pdf else (None, ())
        return cls(books, as_of, texts, press, (*broken, *unusable))

    def languages(self, matter: _Matter) -> list[str]:
        """Return the languages to try."""
        own = self.books.settings.language
        return [matter.customer.language or own, own]

    def wording(self, matter: _Matter, kind: LetterKind) -> str:
        """Return the language that a letter is in."""
        choice = choose(TEMPLATE, self.languages(matter), kind, self.texts)
        return choice.wording if choice else "en"

    def make(
        self, matter: _Matter, kind: LetterKind, revision: str = "", template: str = TEMPLATE
    ) -> tuple[str | bytes, tuple[Finding, ...]]:
        """Return a letter, or its subject, and what is wrong with the templates."""
        context = self._context(matter, kind)
        context = replace(context, template=template, revision=revision)
        text, _, findings = render(context, self.languages(matter), kind, self.texts, self.press)
        return text, findings

    def _context(self, matter: _Matter, kind: LetterKind) -> ContractContext:
        return contract_context(
            matter.contract,
            matter.customer,
            self.books.settings,
            self.as_of,
            language=self.wording(matter, kind),
        )


def _write(
    maker: _Maker, matters: Sequence[_Matter], kinds: Sequence[LetterKind], *, dry_run: bool
) -> tuple[list[_Done], list[Finding]]:
    from ledgercli.books.revision import books_revision

    books, day = maker.books, maker.as_of
    relative = f"{FOLDER}/{day.isoformat()}"
    folder = _ContractFolder(books.root, day, dry_run, read_entries(books.root, relative))
    revision = books_revision(books.root) or ""
    findings = list(maker.findings)
    done: list[_Done] = []
    for matter in matters:
        wrong = [row for kind in kinds for row in maker.make(matter, kind, revision)[1]]
        if wrong:
            findings += wrong
            done.append(_Done(matter, "failed"))
            continue
        stem = letter_name(matter.customer.id, matter.contract.id, TEMPLATE)
        states: list[FileStatus] = []
        files: list[str] = []
        for kind in kinds:
            name = file_name(stem, maker.wording(matter, kind), kind)

            def make(
                _number: int, named: str, matter: _Matter = matter, kind: LetterKind = kind
            ) -> str | bytes:
                return maker.make(matter, kind, named)[0]

            states.append(folder.put(name, 0, revision, make))
            files.append(f"{relative}/{name}")
            if states[-1] == "edited":
                place = Place(files[-1])
                values = {"path": files[-1]}
                findings.append(Finding(codes.LETTER_EDITED, values, place, matter.customer.id))
        order: tuple[FileStatus, ...] = ("edited", "written", "unchanged")
        state = next(each for each in order if each in states)
        done.append(_Done(matter, state, tuple(files)))
    folder.save()
    return done, findings


def _send(
    maker: _Maker, done: Sequence[_Done], options: SendOptions, *, dry_run: bool
) -> tuple[list[_Done], tuple[Finding, ...]]:
    """Return what became of the letters that have an e-mail address, and what was not sent."""
    sendable = [one for one in done if one.state != "failed" and email_of(one.matter.customer)]

    def mailings(_fresh: OpenBooks) -> Iterator[Mailing]:
        for one in sendable:
            yield _mailing(maker, one.matter)

    results = mail_out(maker.books, mailings, maker.as_of, options, dry_run=dry_run)
    mailed = dict(zip((id(one) for one in sendable), results, strict=True))
    return [replace(one, mail=mailed.get(id(one))) for one in done], not_sent(results)


def _mailing(maker: _Maker, matter: _Matter) -> Mailing:
    """Return the mail of a letter: its text and page, and the contract's day that it is about."""
    customer, contract = matter.customer, matter.contract
    subject, _ = maker.make(matter, "txt", template=SUBJECT)
    text, _ = maker.make(matter, "txt")
    page, _ = maker.make(matter, "html")
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
        language=maker.wording(matter, "txt"),
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
            "day": one.matter.day,
            "customer": one.matter.customer.id,
            "name": one.matter.customer.label,
            "contract": one.matter.contract.id,
            "title": one.matter.contract.title,
            "state": one.state,
            "sending": one.mail.state if one.mail else None,
            "reason": one.mail.reason if one.mail else "",
            "files": list(one.files),
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
