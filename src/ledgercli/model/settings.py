"""The books' settings, ``ledgercli.yaml``. Every key is optional; the defaults stand here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.agenda_settings import AgendaSettings, Digest, SurveySettings
from ledgercli.model.aging_settings import AgingSettings
from ledgercli.model.anomaly_settings import AnomalySettings
from ledgercli.model.any_of import AnyOf
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Address, BankAccount, Debtor
from ledgercli.model.letter_values import EnvelopeWindow, Paper
from ledgercli.model.mail_values import Pace, Seconds, Words
from ledgercli.model.order_rules import OrderSettings
from ledgercli.model.privacy_settings import PrivacySettings
from ledgercli.model.rates import Interest, RateTable
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.score_settings import ScoreSettings
from ledgercli.model.segment_settings import Target, TierRule
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.statement_settings import StatementSettings
from ledgercli.model.values import (
    Duration,
    MoneyList,
    Parsed,
    Percent,
    add_days,
    month_end,
    text_of,
)

ClaimKind = Literal["fee", "interest"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
AfterBase = Literal["days", "end-of-month", "since-previous"]
#: The ground that letters name for fees and interest; ``agreed`` means the contract alone.
Law = Literal["eu", "de", "uk", "cn", "agreed"]

_AFTER = re.compile(r"([+-]?\d{1,4}) days?( end of month| since previous)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Company:
    """Who writes the letters. ``address`` is what payment slips need in parts; see ``lines``."""

    name: str = ""
    lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    bank: BankAccount | None = None
    address: Address | None = None


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
    """A fee: an amount per currency, or a percentage of a document's open amount.

    ``statutory`` stands for the lump sum for recovery costs of the law that applies.
    """

    amounts: MoneyList = field(default_factory=MoneyList)
    percent: Percent | None = None
    statutory: bool = False

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the fee of ``40 EUR``, a list of amounts, ``1%``, or ``statutory``."""
        if isinstance(raw, str) and raw.strip().casefold() == "statutory":
            return cls(statutory=True)
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
    """What a level claims for the reminder itself, from one kind of debtor where it says so.

    ``maximum`` caps it, in each currency that it names.
    """

    amount: FeeAmount
    per: Literal["letter", "document"] = "letter"
    once: bool = False
    debtor: Debtor | None = None
    maximum: MoneyList = field(default_factory=MoneyList)


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a reminder policy. Dunning levels are numbered from 1; notices have no number.

    ``attach`` names what goes with the letter: a statement of account, as PDF and CSV.
    """

    name: str
    after: After
    template: str
    fee: Fee | None = None
    channel: str | None = None
    deadline: Duration | None = None
    review: Literal["required", "none"] = "none"
    attach: tuple[Literal["statement"], ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """For which customers a policy is meant: all that is said must fit.

    ``country`` is that of the address for bills, as two letters.
    """

    country: AnyOf | None = None
    debtor: Debtor | None = None
    tier: AnyOf | None = None
    segment: Mapping[str, AnyOf] = field(default_factory=dict)
    tag: AnyOf | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How customers are reminded: from when on, how often, at what cost.

    ``when`` says for which customers the policy is meant; None: only for those that name it.

    ``law`` is the ground that letters name for fees and interest; None takes that of the
    customer's country. ``legal`` switches single sentences about the law on and off.
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
    legal: Mapping[str, bool] = field(default_factory=dict)
    when: When | None = None

    @property
    def notices(self) -> tuple[Level, ...]:
        """Return the levels before anything is overdue."""
        return tuple(level for level in self.levels if level.after.is_notice)

    @property
    def dunning(self) -> tuple[Level, ...]:
        """Return the numbered levels; the first one is level 1."""
        return tuple(level for level in self.levels if not level.after.is_notice)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are working days: a deadline that is printed falls on no other.

    ``country`` (two letters) and ``subdivision`` choose a table of public holidays; an empty
    ``weekend`` is that of the country, without a country Saturday and Sunday. ``closed`` and
    ``open`` are the books' own tables; they go before all others, ``open`` first.
    """

    country: str = ""
    subdivision: str = ""
    weekend: tuple[Weekday, ...] = ()
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """The policies, and which one applies to customers that none is meant for by its ``when``.

    Without ``working_days`` every day is one.
    """

    default_policy: str = "standard"
    policies: Mapping[str, Policy] = field(default_factory=dict)
    working_days: WorkingDays | None = None


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
class ClaimSettings:
    """How ``remind book`` writes fees and interest into the ledger.

    Accounts of income are to be named before anything is booked. ``tax`` is added to what
    ``taxed`` lists, and goes to ``tax_account``. ``file`` is relative to the books and has to be a
    part of the ledger; empty is the ledger's top file.
    """

    interest_account: str = ""
    fee_account: str = ""
    tax_account: str = ""
    tax: Percent | None = None
    taxed: tuple[ClaimKind, ...] = ("fee", "interest")
    file: str = ""


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """How letters are printed.

    ``logo`` is a PNG, JPEG or SVG file in the books. ``fonts`` go before the usual ones.
    """

    paper: Paper = "a4"
    envelope_window: EnvelopeWindow = field(
        default_factory=lambda: EnvelopeWindow.parse("din-5008-b")
    )
    logo: str = ""
    fonts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a set of books; ``owners`` are e-mail addresses by customers' owners."""

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
    letters: LetterSettings = field(default_factory=LetterSettings)
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    orders: OrderSettings = field(default_factory=OrderSettings)
    agenda: AgendaSettings = field(default_factory=AgendaSettings)
    owners: Mapping[str, str] = field(default_factory=dict)
    digests: tuple[Digest, ...] = ()
    surveys: SurveySettings = field(default_factory=SurveySettings)
    score: ScoreSettings = field(default_factory=ScoreSettings)
    anomalies: AnomalySettings = field(default_factory=AnomalySettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    statements: StatementSettings = field(default_factory=StatementSettings)
    tiers: tuple[TierRule, ...] = ()
    targets: tuple[Target, ...] = ()
