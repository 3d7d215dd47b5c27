"""Values as people read them in the language spoken now: amounts, dates, sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Text
from ledgercli.model.currency import displayed
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Duration, Money, Percent
from ledgercli.output.language import _, language, ngettext
from ledgercli.output.safe_text import visible

#: What stands for an amount of zero in a table, so that the figures that matter stand out.
NOTHING = "–"


def figure(amount: Decimal, currency: str) -> str:
    """Return ``amount`` with thousands separators and the usual decimals, as 1,234.56.

    No digit is dropped. Below zero there is a minus sign, − in Chinese and - elsewhere.
    """
    figures = f"{displayed(amount, currency):,f}"
    if figures[0] != "-":
        return figures
    # Zero has no sign.
    minus = ("−" if language() == "zh" else "-") if amount else ""
    return minus + figures[1:]


def money(value: Money) -> str:
    """Return an amount with its currency, as ``1,234.56 EUR`` (``EUR 1,234.56`` in Chinese)."""
    amount = figure(value.amount, value.currency)
    words = (value.currency, amount) if language() == "zh" else (amount, value.currency)
    return " ".join(word for word in words if word)


def duration(value: Duration) -> str:
    """Return a length of time in words, as ``60 days``."""
    count = value.count
    words = {
        "days": ngettext("{count} day", "{count} days", count),
        "months": ngettext("{count} month", "{count} months", count),
        "years": ngettext("{count} year", "{count} years", count),
    }
    return words[value.unit].format(count=count)


def percentage(value: Decimal) -> str:
    """Return ``value`` (85.5 means 85.5 %) with its sign, without idle zeros."""
    return f"{plain_decimal(value)}%"


def plain_decimal(value: Decimal) -> str:
    """Return ``value`` in plain notation without idle zeros: 80, 85.5, 0."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def say(value: Any) -> str:  # noqa: ANN401, C901, PLR0911 - one line a type
    """Return ``value`` for a line of text; a :class:`Text` as a whole sentence."""
    # By far the most; a match would ask every class before. A sentence is a text, too.
    if type(value) is str:
        return visible(value)
    match value:
        case None:
            return ""
        case Text() | Sentence():
            return sentence(value)
        case bool():
            return _("yes") if value else _("no")
        case Money():
            return money(value)
        case Percent():
            return percentage(value.value)
        case Decimal():
            return plain_decimal(value)
        case Duration():
            return duration(value)
        case dt.date():
            return value.isoformat()
        case list() | tuple() | Mapping():
            return _say_each(value)
        case _:
            return visible(str(value))


def _say_each(values: Sequence[Any] | Mapping[str, Any]) -> str:
    """Return what stands in a list, or keys and values of a mapping."""
    if isinstance(values, Mapping):
        values = [f"{key}: {say(item)}" for key, item in values.items()]
    return enumeration(map(say, values))


def enumeration(texts: Iterable[str]) -> str:
    """Return texts that stand beside each other as one, as ``a, b`` (``a、b`` in Chinese)."""
    return ("、" if language() == "zh" else ", ").join(texts)


class _Values(dict[str, str]):
    """Values of a template; one that is missing shows as its own placeholder."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return ``template`` with ``{name}`` replaced by the values, each made safe to print."""
    if "{" not in template:
        return template
    return template.format_map(_Values((name, say(value)) for name, value in values.items()))


def sentence(text: Text | str) -> str:
    """Return a sentence in the language spoken now. Plain text is looked up as it is."""
    if isinstance(text, Sentence):
        return fill(_(text.message), text.values)
    if isinstance(text, str):
        return visible(_(text), keep="\n")
    if text.plural:
        template = ngettext(text.message, text.plural, text.count)
        return fill(template, {"count": text.count, **text.values})
    return fill(_(text.message), text.values)


_CALENDAR_BUCKET = re.compile(
    r"(?:(?P<low>\d+)(?P<low_unit>[my])?-)?(?P<high>\d+)(?P<unit>[my])(?P<open>\+)?"
)


_DAY_BUCKET = re.compile(r"(?P<low>\d+)(?:-(?P<high>\d+)|\+)")


def heading(label: str) -> str:
    """Return a column heading: the translation of ``label``, buckets of an aging in words.

    ``0-3m`` is everything up to three months, by due date ``1-3m`` from one day to three months;
    ``2y+`` is everything beyond two years. Days are ``1-30`` and ``91+``.
    """
    if found := _DAY_BUCKET.fullmatch(label):
        return _day_heading(int(found["low"]), found["high"])
    found = _CALENDAR_BUCKET.fullmatch(label)
    if not found:
        return visible(_(label))
    high = _period(found["high"], found["unit"])
    if found["open"]:
        return _("> {low}").format(low=high)
    if not found["low_unit"]:  # the first bucket: 0, or 1 day overdue
        words = _("overdue ≤ {high}") if found["low"] == "1" else _("≤ {high}")
        return words.format(high=high)
    same = found["low_unit"] == found["unit"]
    low = found["low"] if same else _period(found["low"], found["low_unit"])
    return _("{low} to {high}").format(low=low, high=high)


def _day_heading(low: int, high: str | None) -> str:
    """Return the heading of a bucket of days; by due date the first begins with day 1."""
    if high is None:
        # In Chinese the bucket is named by what it exceeds: more than 90 days, not 91 and more.
        return _("{count}+").format(count=low - 1 if language() == "zh" else low)
    # Translators: the first bucket of an aging by due date, so these are days overdue.
    words = _("1-{high}") if low == 1 else _("{low}-{high}")
    return words.format(low=low, high=high)


def _period(count: str, unit: str) -> str:
    return (_("{count}m") if unit == "m" else _("{count}y")).format(count=count)
