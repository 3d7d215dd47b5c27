"""The books' settings, ``ledgercli.yaml``. Every key is optional; the defaults stand here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Address, BankAccount, Debtor, fold
from ledgercli.model.letter_values import EnvelopeWindow, Paper
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
ClaimKind = Literal["fee", "interest"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
AfterBase = Literal["days", "end-of-month", "since-previous"]
#: The ground that letters name for fees and interest; ``agreed`` means the contract alone.
Law = Literal["eu", "de", "uk", "cn", "agreed"]
#: How days become years: actual days over 365, over the length of each year, or months of 30 days.
DayCount = Literal["act/365", "act/act", "30/360"]
#: Tables of rates that come with the program; the books' own ``rates:`` go before their rows.
SHIPPED_RATES = ("ecb-refinancing", "base-rate-bgb", "boe-statutory", "lpr-1y")

_PERCENT = r"[+-]?\d{1,6}(?:\.\d{1,9})?\s*%"
_RATE = re.compile(
    rf"(?P<percent>{_PERCENT})(?:\s*(?:(?P<day>per day|a day)|per year|a year))?"
    rf"|(?P<points>{_PERCENT})\s*above\s+(?P<above>\S+)"
    r"|(?P<table>\S+?)\s*(?:\s[x×*]|[×*])\s*(?P<factor>\d{1,4}(?:\.\d{1,9})?)",
    re.ASCII | re.IGNORECASE,
)
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
class InterestRate(Parsed):
    """A rate of interest: ``value`` percent a year, or a day; on top of ``table``, or times it.

    With a table and no ``factor``, ``value`` are points above it; with a factor the rate is that
    many times the table's, and ``value`` is zero.
    """

    value: Decimal
    table: str = ""
    factor: Decimal | None = None
    per_day: bool = False

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the rate of ``8%``, ``0.05% per day``, ``9% above TABLE`` or ``TABLE × 1.5``."""
        text = " ".join(text_of(raw).split())
        found = _RATE.fullmatch(text)
        if not found:
            wrong = N_(
                "`{text}` is not a rate such as `8%`, `0.05% per day`, `9% above base-rate-bgb` or"
                " `lpr-1y × 1.5`"
            )
            raise WrongValueError(wrong, text=text[:40])
        if found["table"]:
            return cls(Decimal(0), found["table"], Decimal(found["factor"]))
        percent = Percent.parse(found["percent"] or found["points"])
        return cls(percent.value, found["above"] or "", per_day=bool(found["day"]))

    @property
    def is_yearly(self) -> bool:
        """Return whether the rate is said in full by percent a year and the table below it."""
        return self.factor is None and not self.per_day

    def __str__(self) -> str:
        """Return the rate as a user writes it."""
        if self.factor is not None:
            return f"{self.table} × {self.factor:f}"
        words = f"{self.value:f}%"
        if self.table:
            return f"{words} above {self.table}"
        return f"{words} per day" if self.per_day else words


@dataclass(frozen=True, slots=True)
class Interest:
    """A rate of interest, on top of the dated table ``above`` where one is named.

    ``above`` may stand within the rate as well (``9% above TABLE``).
    """

    rate: InterestRate
    above: str = ""
    from_level: int = 1
    debtor: Debtor | None = None
    day_count: DayCount = "act/365"

    @property
    def table(self) -> str:
        """Return the name of the table that the rate is counted from, empty where there is none."""
        return self.rate.table or self.above

    @property
    def words(self) -> str:
        """Return the rate as a user writes it, with its table."""
        if self.above and not self.rate.table:
            return f"{self.rate} above {self.above}"
        return str(self.rate)


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
class AnyOf(Parsed):
    """One word or several, any of which fits; upper and lower case are the same."""

    words: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the words of a text, or of a list of texts."""
        words = raw if isinstance(raw, list) else [raw]
        return cls(tuple(text_of(word) for word in words))

    def fits(self, *texts: str) -> bool:
        """Return whether any of ``texts`` is one of the words."""
        known = {fold(word) for word in self.words}
        return any(fold(text) in known for text in texts)


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
class RateTable(Parsed):
    """Yearly rates in percent by their first day, earliest first.

    ``sources`` say where a rate was found, ``ends`` the last day of rates that are known no
    longer, both by the first day of the rate. With ``fixed`` the rate of the first day of arrears
    holds as long as they last.
    """

    rates: tuple[tuple[date, Decimal], ...]
    sources: Mapping[date, str] = field(default_factory=dict)
    ends: Mapping[date, date] = field(default_factory=dict)
    fixed: bool = False

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the table of a mapping from dates to percentages.

        A rate may carry its source, ``{rate: 2.15%, source: …}``. ``until: DATE`` is the last day
        on which the last rate is known to hold; without it, it holds until another one is written.
        """
        if not isinstance(raw, dict):
            wrong = N_("expected dates with percentages, such as `{example}`")
            raise WrongValueError(wrong, example="{2025-06-11: 2.15%}")
        rates: dict[date, Decimal] = {}
        sources: dict[date, str] = {}
        for day, value in raw.items():
            if day in {"until", "fixed"}:
                continue
            first, entry = parse_date(day), value
            if isinstance(value, dict):
                if unknown := value.keys() - {"rate", "source"}:
                    wrong = N_("a rate has `rate` and `source`, not `{key}`")
                    raise WrongValueError(wrong, key=str(min(unknown))[:40])
                entry = value.get("rate")
                if source := value.get("source"):
                    sources[first] = text_of(source)
            rates[first] = Percent.parse(entry).value
        ends: dict[date, date] = {}
        if rates and raw.get("until") is not None:
            ends[max(rates)] = parse_date(raw["until"])
        fixed = text_of(raw.get("fixed") or "no").casefold() in {"yes", "true", "on"}
        return cls(tuple(sorted(rates.items())), sources, ends, fixed)

    def over(self, base: RateTable) -> RateTable:
        """Return ``base`` with the rates of this table set over it."""
        rates = dict(base.rates) | dict(self.rates)
        kept = {day: source for day, source in base.sources.items() if day not in dict(self.rates)}
        ends = {day: last for day, last in base.ends.items() if day not in dict(self.rates)}
        return RateTable(
            tuple(sorted(rates.items())),
            kept | dict(self.sources),
            ends | dict(self.ends),
            self.fixed or base.fixed,
        )

    def row(self, day: date) -> tuple[date, Decimal] | None:
        """Return the first day and the rate of what is in force on ``day``, None if not known."""
        found = max((row for row in self.rates if row[0] <= day), default=None)
        if found is None or self.ends.get(found[0], day) < day:
            return None
        return found

    def at(self, day: date) -> Decimal | None:
        """Return the rate in force on ``day``, None before the first and where none is known."""
        found = self.row(day)
        return found[1] if found else None

    def changes(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days after ``first`` up to ``last`` on which another rate, or none, begins."""
        if self.fixed:
            return ()
        beyond = {add_days(end, 1) for end in self.ends.values()}
        days = {day for day, _ in self.rates} | beyond
        return tuple(sorted(day for day in days if first < day <= last))


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
    letters: LetterSettings = field(default_factory=LetterSettings)
    claims: ClaimSettings = field(default_factory=ClaimSettings)
