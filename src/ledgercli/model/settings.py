"""The books' settings, ``ledgercli.yaml``. Every key is optional; the defaults stand here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import BankAccount, Debtor
from ledgercli.model.mail_values import Pace, Seconds, Words
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.terms import Terms
from ledgercli.model.values import (
    Duration,
    MoneyList,
    Parsed,
    Percent,
    add_days,
    month_end,
    parse_date,
    text_of,
)

AllocationMode = Literal["oldest-due", "explicit", "legal"]
Basis = Literal["due", "date"]
AfterBase = Literal["days", "end-of-month", "since-previous"]
#: The ground that letters name for fees and interest; ``agreed`` means the contract alone.
Law = Literal["eu", "de", "cn", "agreed"]

_AFTER = re.compile(r"([+-]?\d{1,4}) days?( end of month| since previous)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Company:
    """Who writes the letters."""

    name: str = ""
    lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    bank: BankAccount | None = None


@dataclass(frozen=True, slots=True)
class ReceivablesSettings:
    """Which accounts are receivables and how settlements find their documents.

    Empty ``accounts`` and ``deposits`` stand for the default names under the books' own roots.
    ``banks`` are the accounts whose newest entry says how fresh the books are; empty: every asset
    account that has stood opposite to a receivable. ``tax`` likewise: empty means accounts whose
    components speak of VAT, sales tax and the like.
    """

    accounts: tuple[str, ...] = ()
    deposits: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    tax: tuple[str, ...] = ()
    invoice_links: tuple[str, ...] = ("INT-*", "FEE-*", "INV-*")
    allocation: AllocationMode = "oldest-due"
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class AgingSettings:
    """How open items are aged. Upper bounds are inclusive; after the last one it is open."""

    basis: Basis = "due"
    buckets: tuple[Duration, ...] = (Duration(30), Duration(60), Duration(90))


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """How exposure is compared with credit limits."""

    warn_at: Percent = field(default_factory=lambda: Percent(Decimal(80)))
    count_orders: bool = True


@dataclass(frozen=True, slots=True)
class After(Parsed):
    """When a level fires: ``days`` overdue, at a month end, or since the previous letter."""

    days: int
    base: AfterBase = "days"

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the timing of ``N days``, ``N days end of month`` or ``N days since previous``."""
        text = " ".join(text_of(raw).lower().split())
        found = _AFTER.fullmatch(text)
        if not found:
            wrong = N_("`{text}` is not a timing such as `5 days` or `14 days since previous`")
            raise WrongValueError(wrong, text=text[:40])
        words = (found[2] or "").strip()
        bases: dict[str, AfterBase] = {
            "": "days",
            "end of month": "end-of-month",
            "since previous": "since-previous",
        }
        return cls(int(found[1]), bases[words])

    @property
    def is_notice(self) -> bool:
        """Return whether the level speaks before anything is overdue."""
        return self.base == "days" and self.days < 0

    def fires_on(self, due: date, previous_sent: date | None) -> date | None:
        """Return the first day the level may fire, None if it counts from a letter never sent."""
        match self.base:
            case "days":
                return add_days(due, self.days)
            case "end-of-month":
                return month_end(add_days(due, self.days))
            case "since-previous":
                return add_days(previous_sent, self.days) if previous_sent else None


@dataclass(frozen=True, slots=True)
class FeeAmount(Parsed):
    """A fee: an amount per currency, or a percentage of a document's open amount."""

    amounts: MoneyList = field(default_factory=MoneyList)
    percent: Percent | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the fee of ``40 EUR``, a list of amounts, or ``1%``."""
        if isinstance(raw, str) and raw.strip().endswith("%"):
            fee = cls(percent=Percent.parse(raw))
            if fee.percent and fee.percent.value < 0:
                raise WrongValueError(N_("a fee cannot be negative"))
            return fee
        amounts = MoneyList.parse(raw)
        if any(money.amount < 0 for money in amounts.amounts):
            raise WrongValueError(N_("a fee cannot be negative"))
        return cls(amounts)


@dataclass(frozen=True, slots=True)
class Fee:
    """What a level claims for the reminder itself, from one kind of debtor where it says so."""

    amount: FeeAmount
    per: Literal["letter", "document"] = "letter"
    once: bool = False
    debtor: Debtor | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """A yearly rate, on top of the dated table ``above`` where one is named."""

    rate: Percent
    above: str = ""
    from_level: int = 1
    debtor: Debtor | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a reminder policy. Dunning levels are numbered from 1; notices have no number."""

    name: str
    after: After
    template: str
    fee: Fee | None = None
    channel: str | None = None
    deadline: Duration | None = None
    review: Literal["required", "none"] = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """How customers are reminded: from when on, how often, at what cost.

    ``law`` is the ground that letters name for fees and interest; None takes that of the letter's
    language.
    """

    levels: tuple[Level, ...] = ()
    minimum: MoneyList = field(default_factory=MoneyList)
    wait: Duration | None = None
    deadline: Duration | None = None
    grace: Duration = field(default_factory=lambda: Duration(3))
    require_fresh: Duration | None = None
    accounts: tuple[str, ...] = ()
    except_accounts: tuple[str, ...] = ()
    interest: Interest | None = None
    channel: str = "post"
    law: Law | None = None

    @property
    def notices(self) -> tuple[Level, ...]:
        """Return the levels before anything is overdue."""
        return tuple(level for level in self.levels if level.after.is_notice)

    @property
    def dunning(self) -> tuple[Level, ...]:
        """Return the numbered levels; the first one is level 1."""
        return tuple(level for level in self.levels if not level.after.is_notice)


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """The policies, and which one applies to customers that name none."""

    default_policy: str = "standard"
    policies: Mapping[str, Policy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RateTable(Parsed):
    """Yearly rates in percent by their first day, earliest first."""

    rates: tuple[tuple[date, Decimal], ...]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the table of a mapping from dates to percentages."""
        if not isinstance(raw, dict):
            wrong = N_("expected dates with percentages, such as `{example}`")
            raise WrongValueError(wrong, example="{2025-06-11: 2.15%}")
        return cls(tuple(sorted((parse_date(d), Percent.parse(p).value) for d, p in raw.items())))

    def at(self, day: date) -> Decimal | None:
        """Return the rate in force on ``day``, None before the first."""
        return max((row for row in self.rates if row[0] <= day), default=(day, None))[1]


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where e-mail is handed in. The password is never here, only where it comes from.

    ``password_env`` names a variable, ``password_command`` a program that prints it.
    ``ca_file`` (a path from the books) adds authorities to those of the system; without ``verify``
    any certificate is taken. ``ehlo`` is how we name ourselves; empty: the domain of the sender.
    """

    host: str = "localhost"
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_env: str = ""
    password_command: Words | None = None
    verify: bool = True
    ca_file: str = ""
    ehlo: str = ""
    timeout: Seconds = field(default_factory=lambda: Seconds(30))


@dataclass(frozen=True, slots=True)
class Post:
    """Settings of letters that are printed. ``duplex``: each starts on the front of a sheet."""

    duplex: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """Settings of delivery, of e-mail above all.

    ``bounces`` is the address that failures are reported to, the sender's where it is empty;
    ``bcc`` gets a copy of every letter. ``timeout`` is that of ``command:`` channels.
    """

    sender: str = ""
    reply_to: str = ""
    bcc: str = ""
    bounces: str = ""
    rate: Pace | None = None
    timeout: Seconds = field(default_factory=lambda: Seconds(60))
    smtp: Smtp = field(default_factory=Smtp)
    post: Post = field(default_factory=Post)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a set of books."""

    ledger: str = "main.beancount"
    language: str = ""
    timezone: str = ""
    company: Company = field(default_factory=Company)
    receivables: ReceivablesSettings = field(default_factory=ReceivablesSettings)
    aging: AgingSettings = field(default_factory=AgingSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    reminders: ReminderSettings = field(default_factory=ReminderSettings)
    rates: Mapping[str, RateTable] = field(default_factory=dict)
    mail: Mail = field(default_factory=Mail)
