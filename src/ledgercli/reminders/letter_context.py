"""What a letter's template sees: plain records, made from a planned letter and the settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import field
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.rates import Interest
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.reminders.formats import printable
from ledgercli.reminders.letter_page import Page, Slip
from ledgercli.reminders.letter_parties import (
    Bank,
    Recipient,
    Sender,
    Standing,
    recipient_of,
    standing_of,
)
from ledgercli.reminders.payment_codes import SwissBill, epc_code, swiss_bill, swiss_party
from ledgercli.reminders.planned import Letter, LetterDocument
from ledgercli.reminders.record_texts import changed, map_texts


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of a letter; ``open`` is what is asked for, without what is disputed.

    ``text`` is what the ledger says it was for, such as what was delivered.
    """

    number: str
    date: dt.date
    due: dt.date
    amount: Decimal
    open: Decimal
    disputed: Decimal
    days_overdue: int
    level: int
    level_name: str
    fee: Decimal
    interest: Decimal
    text: str = ""


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract with the customer that is in force on the day of the letter."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A fee, or interest on a document that was paid late, that an earlier letter claimed."""

    kind: str
    number: str
    amount: Decimal
    since: dt.date
    settled: bool


@dataclasses.dataclass(frozen=True)  # without slots, for `changed`
class LetterContext:
    """Everything a template may use, under the name ``letter``.

    ``documents`` is the first table (at the letter's own level), ``also_overdue`` the second.
    ``total`` = ``total_main`` + ``total_also``; ``requested`` = total − ``unallocated`` −
    ``deposits``; ``claimed`` = requested + ``fee`` + ``interest``, all in ``currency``.
    ``law`` names the ground of claims: ``eu``, ``de``, ``cn`` or ``agreed``. ``rate`` is in percent
    a year, on top of the table called ``rate_above`` where that is not empty. ``wording`` is the
    language of the packaged texts, ``person`` whether the recipient is a human being, ``channel``
    how the letter goes out (``email`` or ``post``), ``sequence`` counts the letters of ``date``'s
    year from 1. ``legal`` are the sentences on the grounds of claims, in the letter's language.
    ``epc_code`` is what the code of a SEPA transfer says, empty where there can be none; ``slip``
    the payment part of a Swiss QR-bill.
    """

    template: str
    kind: str
    language: str
    wording: str
    notice: bool
    level: int
    level_name: str
    sequence: int
    date: dt.date
    as_of: dt.date
    deadline: dt.date | None
    sender: Sender
    recipient: Recipient
    bank: Bank
    customer: str
    debtor: str
    person: bool
    channel: str
    law: str
    currency: str
    documents: tuple[DocumentLine, ...]
    also_overdue: tuple[DocumentLine, ...]
    total: Decimal
    total_main: Decimal
    total_also: Decimal
    unallocated: Decimal
    deposits: Decimal
    requested: Decimal
    fee: Decimal
    interest: Decimal
    rate: Decimal | None
    rate_above: str
    claimed: Decimal
    last_letter: dt.date | None
    days_overdue: int
    revision: str
    legal: tuple[str, ...] = ()
    carried: tuple[CarriedLine, ...] = ()
    contracts: tuple[ContractLine, ...] = ()
    page: Page = field(default_factory=Page, repr=False)
    epc_code: str = ""
    slip: Slip | None = None

    @property
    def totals(self) -> tuple[tuple[str, Decimal], ...]:
        """Return what leads from the documents to the sum claimed, by the key of its label."""
        steps = (
            ("unallocated", -self.unallocated),
            ("deposits", -self.deposits),
            ("fee", self.fee),
            ("interest", self.interest),
            ("carried", sum((row.amount for row in self.carried), Decimal(0))),
        )
        shown = tuple((key, amount) for key, amount in steps if amount)
        if not shown:
            return (("claimed", self.claimed),)
        return (("total", self.total), *shown, ("claimed", self.claimed))


def letter_context(
    letter: Letter,
    settings: Settings,
    as_of: dt.date,
    *,
    language: str,
    sequence: int,
    revision: str,
) -> LetterContext:
    """Return the context of ``letter``, dated ``as_of``. No text in it has a control character.

    ``wording`` and ``kind`` are set when the template is chosen.
    """
    rule, standing = letter.policy.interest, standing_of(settings, language)
    lines = [(_line(document), document.main) for document in letter.documents]
    main = tuple(line for line, first in lines if first)
    also = tuple(line for line, first in lines if not first)
    before = [document.previous.date for document in letter.documents if document.previous]
    context = LetterContext(
        template=printable(letter.definition.template),
        kind="",
        language=printable(language),
        wording="",
        notice=letter.level == 0,
        level=letter.level,
        level_name=printable(letter.definition.name),
        sequence=sequence,
        date=as_of,
        as_of=as_of,
        deadline=letter.deadline,
        sender=standing.sender,
        recipient=map_texts(recipient_of(letter.customer, settings, language), printable),
        bank=standing.bank,
        customer=printable(letter.customer.id),
        debtor=letter.customer.debtor,
        person=letter.customer.kind == "person",
        channel=printable(letter.channel),
        law=printable(letter.law),
        currency=printable(letter.currency),
        documents=main,
        also_overdue=also,
        total=letter.total,
        total_main=sum((line.open for line in main), Decimal(0)),
        total_also=sum((line.open for line in also), Decimal(0)),
        unallocated=letter.unallocated,
        deposits=letter.deposits,
        requested=letter.requested,
        fee=letter.fee,
        interest=letter.interest,
        rate=rule.rate.value if rule and letter.interest and rule.rate.is_yearly else None,
        rate_above=_table_name(rule, settings, language) if rule and rule.rate.is_yearly else "",
        claimed=letter.claimed,
        legal=tuple(printable(sentence.text(language)) for sentence in letter.legal),
        carried=tuple(
            CarriedLine(row.kind, printable(row.number), row.amount, row.since, row.settled)
            for row in letter.carried
            if row.amount
        ),
        contracts=_contracts(letter.customer, as_of),
        last_letter=max(before, default=None),
        days_overdue=max(document.days_overdue for document in letter.documents),
        revision=printable(revision),
        page=standing.page,
    )
    return with_payment(context, settings, standing, letter.customer)


def _table_name(rule: Interest, settings: Settings, language: str) -> str:
    """Return what the table of rates is called in the letter: by its key where it has no name."""
    table = settings.rates.get(rule.table)
    return printable((table.name(language) if table else "") or rule.table)


def with_payment(
    context: LetterContext, settings: Settings, standing: Standing, customer: Customer
) -> LetterContext:
    """Return the letter with the payment codes that the account, currency and sum allow."""
    bank = settings.company.bank
    if bank is None or not bank.iban or context.claimed <= 0:
        return context
    lines = (*context.documents, *context.also_overdue)
    quote = lines[0].number if len(lines) == 1 else context.customer
    if standing.creditor:
        address = customer.addresses.get("billing") or next(iter(customer.addresses.values()), None)
        bill = swiss_bill(
            creditor=standing.creditor,
            debtor=swiss_party(context.recipient.name, address),
            iban=bank.iban,
            amount=context.claimed,
            currency=context.currency,
            quote=quote,
        )
        if bill:
            return changed(context, slip=_slip(bill))
    code = epc_code(
        name=standing.holder,
        iban=bank.iban,
        bic=bank.bic,
        amount=context.claimed,
        currency=context.currency,
        text=quote,
    )
    return changed(context, epc_code=code)


def _slip(bill: SwissBill) -> Slip:
    return Slip(
        iban=bill.shown_iban,
        creditor=bill.creditor.lines,
        debtor=bill.debtor.lines if bill.debtor else (),
        reference=bill.shown_reference,
        message=bill.message,
        currency=bill.currency,
        amount=bill.shown_amount,
        payload=bill.payload,
    )


def _contracts(customer: Customer, day: dt.date) -> tuple[ContractLine, ...]:
    """Return the contracts in force on ``day``; one without a date has none of its limits."""
    return tuple(
        ContractLine(printable(contract.id), printable(contract.title))
        for contract in customer.contracts
        if (contract.start or dt.date.min) <= day <= (contract.end or dt.date.max)
    )


def _line(document: LetterDocument) -> DocumentLine:
    record = document.item.document
    return DocumentLine(
        number=printable(record.number),
        date=record.date,
        due=document.due,
        amount=record.amount,
        open=document.open,
        disputed=document.disputed,
        days_overdue=document.days_overdue,
        level=document.level,
        level_name=printable(document.level_name),
        fee=document.fee,
        interest=document.interest or Decimal(0),
        text=printable(record.posting.transaction.narration),
    )
