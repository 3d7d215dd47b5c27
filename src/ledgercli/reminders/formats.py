"""Dates, amounts and text of letters: by language, and in columns of 72 characters.

English 21 November 2026 and EUR 1,234.56; German 21. November 2026 and 1.234,56 EUR; Chinese
2026年11月21日 and ¥1,234.56 (¥ touches the figure, other currencies by code). Other languages are
written as the CLDR has it (by Babel), currencies by their codes, which cannot be mistaken; yen in
Japanese as 1,234円. What the CLDR does not know is written like English.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.model.currency import plain
from ledgercli.reminders.chinese_amount import chinese_amount

if TYPE_CHECKING:
    from babel import Locale

WIDTH = 72
#: What blanks and line feeds part; the wide blank of Chinese and Japanese is a character.
_WORDS = re.compile(r"[^ \t\r\n]+")

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
# Latin, Greek and Cyrillic letters and what stands between them: one column each.
_NARROW = re.compile(
    "[\x00-\u02ff\u0370-\u0482\u048a-\u0530\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2212]*"
)
# The same without what is or may be taken for a blank, but for those of a paragraph and U+00A0.
_SIMPLE = re.compile(
    "[\t\n\r -~\u00a0-\u02ff\u0370-\u0482\u048a-\u0530\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2212]*"
)
_PLAIN_WORD = re.compile("[!-~]*")
_NARROW_PIECES = re.compile("[^ ]+ *| +")
# What may not begin a line of Chinese, and what may not end one.
_CLOSING = frozenset(
    ",:;!?)\uff0c\u3002\uff1a\uff1b\uff01\uff1f\u3001\uff09\u300b\u300d\u300f\u3015\u3011\u201d\u2019%\u2030\u2026"
)
_OPENING = frozenset("(\uff08\u300a\u300c\u300e\u3014\u3010\u201c\u2018\u00a5")


@functools.lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    """Return what the CLDR knows of the language, None for those that are written here."""
    from babel import Locale, UnknownLocaleError

    if language.partition("-")[0] in {"en", "de", "zh"}:
        return None
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@functools.lru_cache(maxsize=1024, typed=True)
def long_date(day: date, language: str) -> str:
    """Return the date as a sentence of a letter has it, in one piece (U+00A0)."""
    if locale := _locale(language):
        from babel.dates import format_date

        # The first of the month is an ordinal in French.
        text = format_date(day, "long", locale=locale)
        text = f"1er{text[1:]}" if locale.language == "fr" and day.day == 1 else text
        return text.replace(" ", "\u00a0")
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    months = _MONTHS["de" if language == "de" else "en"].split()
    dot = "." if language == "de" else ""
    return f"{day.day}{dot}\u00a0{months[day.month - 1]}\u00a0{day.year}"


@functools.lru_cache(maxsize=1024, typed=True)
def short_date(day: date, language: str) -> str:
    """Return the date as a table has it: ISO, in German with dots, else as the CLDR has it."""
    if locale := _locale(language):
        from babel.dates import format_date

        pattern = str(locale.date_formats["short"].pattern)
        wide = re.sub("y+", "y", re.sub("M+", "MM", re.sub("d+", "dd", pattern)))
        return format_date(day, wide, locale=locale)
    return day.strftime("%d.%m.%Y") if language == "de" else day.isoformat()


@functools.lru_cache(maxsize=4096, typed=True)
def figures(amount: Decimal, currency: str, language: str) -> str:
    """Return the amount without its currency, with thousands marks and a minus sign U+2212."""
    text = plain(abs(amount), currency)
    whole, point, fraction = text.partition(".")
    if locale := _locale(language):
        from babel.numbers import format_decimal

        pattern = f"#,##0{point}{'0' * len(fraction)}"
        text = format_decimal(abs(amount), pattern, locale=locale, decimal_quantization=False)
        return f"−{text}" if amount < 0 else text
    text = f"{int(whole):,}{point}{fraction}"
    if language == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"−{text}" if amount < 0 else text


@functools.lru_cache(maxsize=4096, typed=True)
def money(amount: Decimal, currency: str, language: str) -> str:
    """Return the amount with its currency."""
    text = figures(amount, currency, language)
    if locale := _locale(language):
        if locale.language == "ja":
            return f"{text}円" if currency == "JPY" else f"{currency}\u00a0{text}"
        return f"{text}\u00a0{currency}"
    if language == "de":
        return f"{text}\u00a0{currency}"
    if language == "zh" and currency == "CNY":
        return f"¥{text}" if amount >= 0 else f"−¥{text[1:]}"
    return f"{currency}\u00a0{text}"


def money_in_words(amount: Decimal, currency: str, language: str) -> str:
    """Return yuan in capital numerals with the figures in brackets; other currencies as figures.

    What the numerals cannot express stands in figures alone.
    """
    text = money(amount, currency, language)
    if currency != "CNY" or language != "zh":
        return text
    try:
        return f"{chinese_amount(amount)}（{text}）"
    except ValueError:
        return text


@functools.lru_cache(maxsize=256, typed=True)
def percentage(value: Decimal, language: str) -> str:
    """Return a percentage without trailing zeros."""
    text = f"{value.normalize():f}"
    if locale := _locale(language):
        from babel.numbers import format_percent

        # Babel wants a share of one, and as many digits as the rate has.
        digits = max(-int(value.normalize().as_tuple().exponent), 0)
        pattern = re.sub(r"0(?=\D*$)", f"0{'.' if digits else ''}{'0' * digits}", "#,##0%")
        spaced = "\u00a0%" if "\u00a0" in str(locale.percent_formats[None].pattern) else "%"
        text = format_percent(value / 100, pattern, locale=locale, decimal_quantization=False)
        return text.replace("%", spaced)
    if language == "de":
        return f"{text.replace('.', ',')}\u00a0%"
    return f"{text}%"


def printable(text: str) -> str:
    """Return ``text`` on one line without control and bidi characters, which could disguise it."""
    # Most texts are: for whole runs of letters this is what the time goes into.
    if text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return text
    kept = (
        " " if character in "\t\n\r\u0085\u2028\u2029" else character
        for character in text
        if character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def escape_markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it stands, with no markup of its own."""
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~$^=&" else c for c in text)
    head = escaped[:1]
    if head == "-" or (head.isdigit() and escaped.lstrip("0123456789")[:1] in {".", ")"}):
        rest = escaped.lstrip("0123456789")
        digits = escaped[: len(escaped) - len(rest)]
        return f"{digits}\\{rest}"
    return escaped


@functools.lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """Return the columns that ``text`` takes: two for wide characters, none for combining ones."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` filled with blanks to ``width`` columns."""
    blanks = " " * max(width - text_width(text), 0)
    return blanks + text if right else text + blanks


@functools.lru_cache(maxsize=1024)
def wrap(text: str, width: int = WIDTH) -> str:
    """Return the paragraph in lines of at most ``width`` columns.

    Lines break at blanks and around wide characters, never before closing punctuation or after an
    opening bracket. A word that is longer than a line is cut.
    """
    if _SIMPLE.fullmatch(text):
        words = text.replace("\u00a0", "\u0000").split()
        if not words or max(map(len, words)) < width:
            return _broken(" ".join(words), width).replace("\u0000", "\u00a0")
    elif len(text) <= width and _NARROW.fullmatch(text):
        return " ".join(_WORDS.findall(text))
    lines: list[str] = []
    line, taken = "", 0
    for piece in _pieces(" ".join(_WORDS.findall(text.replace("\u00a0", "\u0000")))):
        if taken + text_width(piece.rstrip()) <= width:
            line += piece
            taken += text_width(piece)
            continue
        if line:
            lines.append(line.rstrip())
        line = piece.lstrip()
        while text_width(line) > width:
            cut = _cut(line, width)
            lines.append(line[:cut])
            line = line[cut:]
        taken = text_width(line)
    lines.append(line.rstrip())
    return "\n".join(lines).replace("\u0000", "\u00a0")


def _broken(line: str, width: int) -> str:
    """Return a line of words that are shorter than ``width`` broken at single blanks."""
    lines: list[str] = []
    start = 0
    while len(line) - start > width:
        blank = line.rindex(" ", start, start + width + 1)
        lines.append(line[start:blank])
        start = blank + 1
    return "\n".join([*lines, line[start:]])


def _pieces(text: str) -> list[str]:
    """Return what may not be torn apart: words with their blank, and single wide characters."""
    if _NARROW.fullmatch(text):
        return _NARROW_PIECES.findall(text)
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        last = pieces[-1][-1:] if pieces else " "
        glued = character in _CLOSING or last in _OPENING
        after_wide = unicodedata.east_asian_width(last) in "WF" and last not in _OPENING
        if pieces and (glued or character == " " or not (wide or after_wide or last == " ")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _cut(line: str, width: int) -> int:
    taken = 0
    for index, character in enumerate(line):
        taken += text_width(character)
        if taken > width:
            return max(index, 1)
    return len(line)


def text_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[bool],
    flexible: int = 0,
) -> str:
    """Return a table of plain text within :data:`WIDTH` columns, ruled under its headings.

    The column ``flexible`` gives way: what does not fit goes on in the next line. ``right`` says
    which columns are aligned right.
    """
    table = [headings, *rows]
    taken = [[text_width(cell) for cell in row] for row in table]
    widths = list(map(max, zip(*taken, strict=True)))
    gaps = len(widths) - 1
    gap = 2 if sum(widths) + 2 * gaps <= WIDTH else 1
    others = sum(widths) - widths[flexible]
    widths[flexible] = max(min(widths[flexible], WIDTH - others - gap * gaps), 8)
    indent = " " * (sum(widths[:flexible]) + gap * flexible)
    lines: list[str] = []
    between = " " * gap
    for number, (row, columns) in enumerate(zip(table, taken, strict=True)):
        shown, rest = list(row), []
        if columns[flexible] > widths[flexible] or not _PLAIN_WORD.fullmatch(row[flexible]):
            shown[flexible], *rest = wrap(row[flexible], widths[flexible]).split("\n")
            columns[flexible] = text_width(shown[flexible])
        for place, to_right in enumerate(right):
            blanks = " " * (widths[place] - columns[place])
            shown[place] = blanks + shown[place] if to_right else shown[place] + blanks
        lines.append(between.join(shown).rstrip())
        lines.extend(indent + line for line in rest)
        if number == 0:
            lines.append("-" * (sum(widths) + gap * gaps))
    return "\n".join(lines)


def text_totals(labels: Mapping[str, str], rows: Sequence[tuple[str, str]]) -> str:
    """Return labelled amounts, the last under a rule, aligned at :data:`WIDTH` columns."""
    widths = [text_width(amount) for _, amount in rows]
    widest = max(widths)
    lines = [
        f"{_label(labels[key], WIDTH - widest - 2)}  {' ' * (widest - width)}{amount}"
        for (key, amount), width in zip(rows, widths, strict=True)
    ]
    if len(lines) > 1:
        lines.insert(-1, " " * (WIDTH - widest) + "-" * widest)
    return "\n".join(lines)


#: A label before its amounts, which are of a few widths.
_label = functools.lru_cache(maxsize=256)(pad)
