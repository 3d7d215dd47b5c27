"""The books' settings, ``ledgercli.yaml``, read with the same care as a customer record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.files import read_bytes
from ledgercli.books.source import Path
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import Problem, dotted, to_findings, validated
from ledgercli.model.catalogue import records as record_codes
from ledgercli.model.catalogue import settings as codes
from ledgercli.model.finding import Finding
from ledgercli.model.mail_values import is_channel, known_channels
from ledgercli.model.rates import SHIPPED_RATES
from ledgercli.model.settings import Level, Policy, ReminderSettings, Settings
from ledgercli.model.values import Duration, MoneyList

#: Who the letters are from in the settings that `init` writes, in each of its languages.
SAMPLE_COMPANIES = frozenset(["Your Company", "贵公司名称"])

#: Names of templates, which become file names: words with ``-``, ``.`` and ``_`` between.
PLAIN_WORD = re.compile(r"\w[\w-]*(?:\.[\w-]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")
#: One address, with or without a name: `Books <books@example.com>`.
_BARE = r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+"
ADDRESS = re.compile(rf"{_BARE}|[^<>@]*<{_BARE}>")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def read_settings(file: FilePath | None, shown: str) -> tuple[Settings, tuple[Finding, ...]]:
    """Return the settings in ``file`` and what is wrong with them; the defaults without a file.

    ``shown`` names the file in findings. What cannot be used is left at its default.
    """
    if file is None:
        return Settings(), ()
    # The user's own settings may be a link to anywhere, so the file's own folder bounds nothing.
    content, refused = read_bytes(file, FilePath(file.anchor))
    if content is None:
        return Settings(), tuple(
            replace(finding, place=replace(finding.place, file=shown)) for finding in refused
        )
    source = read_source(content, shown)
    if source.data is None:
        return Settings(), tuple(source.findings)
    settings, problems = validated(Settings, source.data)
    if settings is None:
        return Settings(), (*source.findings, *to_findings(problems, source))
    checked, more = _checked(settings)
    findings = source.findings + to_findings(problems + more, source)
    return checked, tuple(sorted(findings, key=lambda finding: finding.order))


def _checked(settings: Settings) -> tuple[Settings, list[Problem]]:
    """Return the settings without what cannot be meant, and what that was."""
    problems: list[Problem] = []
    settings = _with_known_names(settings, problems)
    settings = _with_sound_numbers(settings, problems)
    policies = {
        name: _checked_policy(name, policy, settings, problems)
        for name, policy in settings.reminders.policies.items()
    }
    reminders = replace(settings.reminders, policies=policies)
    if reminders.default_policy not in policies and (policies or _is_named(reminders)):
        known = ", ".join(f"`{name}`" for name in policies) or "-"
        values = {"policy": reminders.default_policy, "known": known}
        problems.append(Problem(codes.UNKNOWN_POLICY, ("reminders", "default_policy"), values))
    if settings.company.name in SAMPLE_COMPANIES:
        values = {"name": settings.company.name}
        problems.append(Problem(codes.PLACEHOLDER_COMPANY, ("company", "name"), values))
    problems.extend(_country_problems(reminders))
    problems.extend(_mail_problems(settings))
    return _with_shipped_rates(replace(settings, reminders=reminders)), problems


def _country_problems(reminders: ReminderSettings) -> Iterator[Problem]:
    """Yield the countries that policies and working days name and that are no ISO codes."""
    named: list[tuple[Path, str]] = [
        (("reminders", "policies", name, "when", "country"), word)
        for name, policy in reminders.policies.items()
        if policy.when and policy.when.country
        for word in policy.when.country.words
    ]
    if reminders.working_days and reminders.working_days.country:
        path: Path = ("reminders", "working_days", "country")
        named.append((path, reminders.working_days.country))
    for path, country in named:
        if not COUNTRY.fullmatch(country):
            yield Problem(record_codes.INVALID_COUNTRY, path, {"country": country[:40]})


def _is_named(reminders: object) -> bool:
    """Return whether the default policy was named, and is not merely the default of the setting."""
    return getattr(reminders, "default_policy", "") != Settings().reminders.default_policy


def _with_known_names(settings: Settings, problems: list[Problem]) -> Settings:
    if settings.timezone and not _is_timezone(settings.timezone):
        values = {"timezone": settings.timezone[:60]}
        problems.append(Problem(codes.UNKNOWN_TIMEZONE, ("timezone",), values))
        settings = replace(settings, timezone="")
    if settings.language and not LANGUAGE.fullmatch(settings.language):
        values = {"language": settings.language[:60]}
        problems.append(Problem(record_codes.INVALID_LANGUAGE, ("language",), values))
        settings = replace(settings, language="")
    for key, address in _addresses(settings):
        if address and "\n" not in address and not ADDRESS.fullmatch(address.strip()):
            values = {"email": address[:80]}
            problems.append(Problem(record_codes.INVALID_EMAIL, ("mail", key), values))
    if "\n" in settings.mail.sender:
        problems.append(Problem(record_codes.LINE_BREAK, ("mail", "from"), {"key": "mail.from"}))
        mail = replace(settings.mail, sender=" ".join(settings.mail.sender.split()))
        settings = replace(settings, mail=mail)
    return settings


def _addresses(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the addresses of e-mail by their keys."""
    mail = settings.mail
    return (
        ("from", mail.sender),
        ("reply_to", mail.reply_to),
        ("bcc", mail.bcc),
        ("bounces", mail.bounces),
    )


def _mail_problems(settings: Settings) -> Iterator[Problem]:
    """Yield the addresses and channels of digests that are none."""
    named: list[tuple[Path, str]] = [
        (("owners", name), address) for name, address in settings.owners.items()
    ]
    named += [(("digests", index, "to"), one.to) for index, one in enumerate(settings.digests)]
    for path, address in named:
        if not ADDRESS.fullmatch(address.strip()) or "\n" in address:
            yield Problem(record_codes.INVALID_EMAIL, path, {"email": address[:80]})
    channel = settings.agenda.channel
    if not is_channel(channel):
        values = {"channel": channel[:60], "known": known_channels()}
        yield Problem(codes.UNKNOWN_CHANNEL, ("agenda", "channel"), values)


def _is_timezone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _with_sound_numbers(settings: Settings, problems: list[Problem]) -> Settings:
    buckets = settings.aging.buckets
    rough = [bucket.rough_days for bucket in buckets]
    if not buckets or rough[0] <= 0 or sorted(set(rough)) != rough:
        text = ", ".join(str(bucket) for bucket in buckets)
        problems.append(
            Problem(codes.BUCKETS_NOT_ASCENDING, ("aging", "buckets"), {"buckets": text})
        )
        aging = replace(settings.aging, buckets=Settings().aging.buckets)
        settings = replace(settings, aging=aging)
    if settings.limits.warn_at.value < 0:
        path: Path = ("limits", "warn_at")
        problems.append(Problem(codes.NEGATIVE_SETTING, path, {"key": dotted(path)}))
        limits = replace(settings.limits, warn_at=Settings().limits.warn_at)
        settings = replace(settings, limits=limits)
    if settings.orders.auto_up_to:
        amounts = _with_currency(settings.orders.auto_up_to, ("orders", "auto_up_to"), problems)
        settings = replace(settings, orders=replace(settings.orders, auto_up_to=amounts))
    if settings.claims.tax and settings.claims.tax.value < 0:
        path = ("claims", "tax")
        problems.append(Problem(codes.NEGATIVE_SETTING, path, {"key": dotted(path)}))
        settings = replace(settings, claims=replace(settings.claims, tax=None))
    return settings


def _checked_policy(
    name: str, policy: Policy, settings: Settings, problems: list[Problem]
) -> Policy:
    path: Path = ("reminders", "policies", name)
    problems.extend(_level_problems(name, policy, path))
    problems.extend(_channel_problems(policy, path))
    problems.extend(_interest_problems(policy, settings, path))
    problems.extend(_legal_problems(policy, path))
    for key in ("wait", "deadline", "grace", "require_fresh"):
        duration: Duration | None = getattr(policy, key)
        if duration and duration.count < 0:
            where = (*path, key)
            problems.append(Problem(codes.NEGATIVE_SETTING, where, {"key": dotted(where)}))
            default: dict[str, Any] = {key: getattr(Policy(), key)}
            policy = replace(policy, **default)
    minimum = _with_currency(policy.minimum, (*path, "minimum"), problems)
    if any(money.amount < 0 for money in minimum.amounts):
        where = (*path, "minimum")
        problems.append(Problem(codes.NEGATIVE_SETTING, where, {"key": dotted(where)}))
        minimum = MoneyList()
    levels = tuple(
        _checked_level(level, (*path, "levels", index), problems)
        for index, level in enumerate(policy.levels)
    )
    return replace(policy, minimum=minimum, levels=levels)


def _checked_level(level: Level, path: Path, problems: list[Problem]) -> Level:
    if not PLAIN_WORD.fullmatch(level.template):
        values = {"template": level.template[:60]}
        problems.append(Problem(codes.INVALID_TEMPLATE_NAME, (*path, "template"), values))
    if level.deadline and level.deadline.count < 0:
        where = (*path, "deadline")
        problems.append(Problem(codes.NEGATIVE_SETTING, where, {"key": dotted(where)}))
        level = replace(level, deadline=None)
    if level.fee:
        amounts = _with_currency(level.fee.amount.amounts, (*path, "fee", "amount"), problems)
        maximum = _maximum(level.fee.maximum, (*path, "fee", "maximum"), problems)
        amount = replace(level.fee.amount, amounts=amounts)
        level = replace(level, fee=replace(level.fee, amount=amount, maximum=maximum))
    return level


def _maximum(amounts: MoneyList, path: Path, problems: list[Problem]) -> MoneyList:
    """Return a cap without what could not be one."""
    if any(money.amount < 0 for money in amounts.amounts):
        problems.append(Problem(codes.NEGATIVE_SETTING, path, {"key": dotted(path)}))
        return MoneyList()
    return _with_currency(amounts, path, problems)


def _legal_problems(policy: Policy, path: Path) -> Iterator[Problem]:
    """Yield the keys of sentences that no profile of a law has."""
    if not policy.legal:
        return
    from ledgercli.books.packaged import law_profiles

    profiles = law_profiles().values()
    known = {entry.key: None for profile in profiles for entry in profile.sentences}
    for key in policy.legal:
        if key not in known:
            values = {"key": key[:60], "known": ", ".join(f"`{name}`" for name in known)}
            yield Problem(record_codes.UNKNOWN_KEY, (*path, "legal", key), values, of_key=True)


def _with_currency(amounts: MoneyList, path: Path, problems: list[Problem]) -> MoneyList:
    """Return the amounts that name their currency; nothing in the settings could name it."""
    for money in amounts.amounts:
        if not money.currency:
            values = {"key": dotted(path), "amount": str(money)}
            problems.append(Problem(record_codes.AMOUNT_WITHOUT_CURRENCY, path, values))
    return MoneyList(tuple(money for money in amounts.amounts if money.currency))


def _level_problems(name: str, policy: Policy, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with the levels of a policy as a row."""
    seen: set[str] = set()
    previous: Level | None = None
    for index, level in enumerate(policy.levels):
        values = {"policy": name, "level": level.name}
        here = (*path, "levels", index)
        if level.name.casefold() in seen:
            yield Problem(codes.LEVEL_NAME_TWICE, (*here, "name"), values)
        seen.add(level.name.casefold())
        if level.after.is_notice:
            continue
        if level.after.base == "since-previous":
            if previous is None:
                yield Problem(codes.FIRST_SINCE_PREVIOUS, (*here, "after"), values)
        elif (
            previous
            and previous.after.base == level.after.base
            and level.after.days <= previous.after.days
        ):
            yield Problem(codes.LEVELS_NOT_ASCENDING, (*here, "after"), values)
        previous = level


def _channel_problems(policy: Policy, path: Path) -> Iterator[Problem]:
    """Yield the channels of a policy and its levels that do not exist."""
    named = [((*path, "channel"), policy.channel)]
    for index, level in enumerate(policy.levels):
        if level.channel is not None:
            named.append(((*path, "levels", index, "channel"), level.channel))
    for where, channel in named:
        if not is_channel(channel):
            yield Problem(
                codes.UNKNOWN_CHANNEL,
                where,
                {"channel": channel[:60], "known": known_channels()},
            )


def _interest_problems(policy: Policy, settings: Settings, path: Path) -> Iterator[Problem]:
    table = policy.interest.table if policy.interest else ""
    if policy.interest and table and table not in {*settings.rates, *SHIPPED_RATES}:
        known = ", ".join(f"`{name}`" for name in dict.fromkeys((*settings.rates, *SHIPPED_RATES)))
        key = "rate" if policy.interest.rate.table else "above"
        values = {"table": table, "known": known}
        yield Problem(codes.UNKNOWN_RATE_TABLE, (*path, "interest", key), values)


def _with_shipped_rates(settings: Settings) -> Settings:
    """Return the settings with the packaged tables that a policy names under the books' own.

    Others are not read, so that no command pays for a table that nobody asks for.
    """
    policies = settings.reminders.policies.values()
    named = {policy.interest.table for policy in policies if policy.interest}
    wanted = sorted(named.intersection(SHIPPED_RATES))
    if not wanted:
        return settings
    from ledgercli.books.packaged import shipped_rates

    tables = {name: shipped_rates(name) for name in wanted}
    own = settings.rates
    merged = {name: own[name].over(base) if name in own else base for name, base in tables.items()}
    return replace(settings, rates={**own, **merged})
