"""Letters to customers about contracts: when they end, or until when notice can be given."""

from __future__ import annotations

import datetime as dt
from dataclasses import field, replace
from decimal import Decimal

from ledgercli.model.contract_values import recurring
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.receivables.contracts import final_day, last_day_of, notice_by
from ledgercli.reminders.formats import printable
from ledgercli.reminders.letter_page import Page, page_of
from ledgercli.reminders.letter_parties import (
    Bank,
    Recipient,
    Sender,
    bank_of,
    recipient_of,
    sender_of,
)
from ledgercli.reminders.record_texts import map_texts

TEMPLATE = "contract"
#: What the subject of the mail is made of.
SUBJECT = "contract-subject"


@dataclass(frozen=True, slots=True)
class ContractContext:
    """Everything a template of letters about contracts may use, under the name ``letter``.

    ``contract`` and ``title`` are those of the record. ``end`` is the next last day; where the
    contract then goes on, ``renewed_until`` is the last day after that, and ``notice_by`` the last
    day to prevent it; where it ends all the same, the day by which to say that it shall go on. None
    once that day is past. ``terminated`` is the day on which notice was given. ``value`` is the
    price as the record words it, ``price`` that for each period (``every_count`` of ``every_unit``:
    days, months, years) as of the letter, and ``next_price`` another one from ``next_from``, by the
    contract's table, else None. Amounts are in ``currency``, without tax.
    """

    template: str
    kind: str
    language: str
    wording: str
    sequence: int
    date: dt.date
    as_of: dt.date
    sender: Sender
    recipient: Recipient
    bank: Bank
    customer: str
    debtor: str
    person: bool
    currency: str
    contract: str
    title: str
    value: str
    end: dt.date
    notice_by: dt.date | None
    renewed_until: dt.date | None
    terminated: dt.date | None
    price: Decimal | None
    every_count: int
    every_unit: str
    next_price: Decimal | None
    next_from: dt.date | None
    revision: str
    page: Page = field(default_factory=Page, repr=False)


def day_to_write_about(contract: Contract, as_of: dt.date) -> dt.date | None:
    """Return the day that a customer should know of: the last one for notice, else the end.

    None where neither is to come: a contract has no end, or goes on whatever is done now.
    """
    days = (notice_by(contract, as_of), final_day(contract))
    return next((day for day in days if day is not None and day >= as_of), None)


def contract_context(
    contract: Contract, customer: Customer, settings: Settings, as_of: dt.date, *, language: str
) -> ContractContext:
    """Return the context of a letter about a contract that has an end; see the fields.

    No text in it has a control character. Number and revision are put in when it is written.
    """
    end = last_day_of(contract, as_of)
    if end is None:
        raise ValueError(contract.id)
    latest = notice_by(contract, as_of)
    goes_on = contract.renews is not None and final_day(contract) is None
    renewed = contract.renews.after(end) if contract.renews and goes_on else None
    rate = recurring(contract.value)
    now = rate.price if rate else None
    first = end + dt.timedelta(days=1)
    if rate and contract.index:
        now = contract.index.price(rate.price, as_of)
    later = contract.index.price(rate.price, first) if rate and contract.index else now
    differs = later is not None and now is not None and later != now
    context = ContractContext(
        template=TEMPLATE,
        kind="",
        language=language,
        wording="",
        sequence=0,
        date=as_of,
        as_of=as_of,
        sender=sender_of(settings, language),
        recipient=recipient_of(customer, settings, language),
        bank=bank_of(settings.company.bank),
        customer=customer.id,
        debtor=customer.debtor,
        person=customer.kind == "person",
        currency=now.currency if now else customer.currency,
        contract=contract.id,
        title=contract.title,
        value=contract.value,
        end=end,
        notice_by=latest if latest and latest >= as_of else None,
        renewed_until=renewed,
        terminated=contract.terminated,
        price=now.amount if now else None,
        every_count=rate.every.count if rate else 0,
        every_unit=rate.every.unit if rate else "",
        next_price=later.amount if later and differs else None,
        next_from=first if differs else None,
        revision="",
    )
    return replace(map_texts(context, printable), page=page_of(settings.letters))
