"""What templates of letters may call: formats of dates and amounts, and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgercli.reminders import formats
from ledgercli.reminders.letter_context import DocumentLine
from ledgercli.reminders.statement_letter import StatementContext


def filters_of(language: str, currency: str) -> dict[str, Any]:
    """Return the filters of letters, bound to the letter's language and currency."""

    def money(amount: Decimal) -> str:
        return formats.money(amount, currency, language)

    def amount(value: Decimal) -> str:
        return formats.figures(value, currency, language)

    def words(value: Decimal) -> str:
        return formats.money_in_words(value, currency, language)

    def long_date(day: date) -> str:
        return formats.long_date(day, language)

    def short_date(day: date) -> str:
        return formats.short_date(day, language)

    def percentage(value: Decimal) -> str:
        return formats.percentage(value, language)

    def flow(text: str) -> str:
        # Not str.split() alone: it would tear at the blanks that keep an amount in one piece.
        return " ".join(piece for piece in re.split("[ \t\r\n]+", str(text)) if piece)

    def groups(text: str) -> str:
        return " ".join(re.findall(".{1,4}", "".join(text.split())))

    return {
        "flow": flow,
        "groups": groups,
        "money": money,
        "amount": amount,
        "words": words,
        "date": long_date,
        "day": short_date,
        "percent": percentage,
        "wrap": _wrap,
    }


def _wrap(text: str, width: int = formats.WIDTH) -> str:
    if width is formats.WIDTH:
        return formats.wrap(text)
    return formats.wrap(text, min(max(int(width), 10), 1_000))


def document_table(
    language: str,
    currency: str,
    lines: Sequence[DocumentLine],
    labels: Mapping[str, str],
    *,
    notice: bool = False,
) -> str:
    """Return the documents as a text table; interest has a column only where any is claimed."""
    right, headings, rows = document_cells(language, currency, lines, labels, notice=notice)
    return formats.text_table(headings, rows, right)


def sum_rows(
    language: str,
    currency: str,
    rows: Sequence[tuple[str, Decimal]],
    labels: Mapping[str, str],
) -> tuple[tuple[str, str], ...]:
    """Return the sums of a letter to print, with their labels."""
    return tuple((labels[key], formats.money(sum_, currency, language)) for key, sum_ in rows)


_NUMBERS = frozenset({"days", "open", "interest"})


def document_cells(
    language: str,
    currency: str,
    lines: Sequence[DocumentLine],
    labels: Mapping[str, str],
    *,
    notice: bool = False,
    told: bool = False,
) -> tuple[Sequence[bool], Sequence[str], Sequence[Sequence[str]]]:
    """Return the documents as a table: which columns are aligned right, headings, rows.

    With ``told`` a column says what each was for, where the wording has a label for it.
    """
    interest = any(line.interest for line in lines)
    told = told and "text" in labels and any(line.text for line in lines)
    keys = [
        "number",
        *(["text"] if told else []),
        "date",
        "due",
        *([] if notice else ["days"]),
        "open",
    ]
    keys += ["interest"] if interest else []
    rows = []
    for line in lines:
        row = [line.number]
        row += [line.text] if told else []
        row += [formats.short_date(line.date, language), formats.short_date(line.due, language)]
        row += [] if notice else [str(line.days_overdue)]
        row.append(formats.figures(line.open, currency, language))
        row += [formats.figures(line.interest, currency, language)] if interest else []
        rows.append(row)
    right = [key in _NUMBERS for key in keys]
    headings = [str(labels[key]).replace("{currency}", currency) for key in keys]
    return right, headings, rows


def account_cells(
    language: str, context: StatementContext, labels: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[Sequence[bool], Sequence[str], Sequence[Sequence[str]]]:
    """Return the account as a table: which columns are aligned right, headings, rows.

    The first row is the opening balance, the last but one the sums, the last the closing balance.
    """

    def figures(amount: Decimal) -> str:
        return formats.figures(amount, context.currency, language) if amount else ""

    def balance(amount: Decimal) -> str:
        return formats.figures(amount, context.currency, language)

    def day(value: date) -> str:
        return formats.short_date(value, language)

    rows: list[tuple[str, ...]] = [
        (day(context.start), labels["opening"], "", "", "", balance(context.opening))
    ]
    rows += [
        (
            day(line.date),
            kinds.get(line.kind, line.kind),
            line.number,
            figures(line.debit),
            figures(line.credit),
            balance(line.balance),
        )
        for line in context.lines
    ]
    rows.append(("", labels["sums"], "", balance(context.debits), balance(context.credits), ""))
    rows.append((day(context.as_of), labels["closing"], "", "", "", balance(context.closing)))
    keys = ("date", "kind", "number", "debit", "credit", "balance")
    headings = [str(labels[key]).replace("{currency}", context.currency) for key in keys]
    return (False, False, False, True, True, True), headings, rows


def account_table(
    language: str, context: StatementContext, labels: Mapping[str, str], kinds: Mapping[str, str]
) -> str:
    """Return the account as a text table, kind and number in one column that gives way."""
    right, headings, rows = account_cells(language, context, labels, kinds)
    joined = [(row[0], " ".join(filter(None, row[1:3])), *row[3:]) for row in (headings, *rows)]
    joined[0] = (headings[0], headings[1], *headings[3:])
    return formats.text_table(joined[0], joined[1:], (*right[:2], *right[3:]), flexible=1)


def sum_table(
    language: str,
    currency: str,
    rows: Sequence[tuple[str, Decimal]],
    labels: Mapping[str, str],
) -> str:
    """Return the sums of a letter under each other, aligned right."""
    texts = [(key, formats.money(amount, currency, language)) for key, amount in rows]
    return formats.text_totals(labels, texts)
