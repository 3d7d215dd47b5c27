"""Which columns of a grid of cells are which columns of a profile."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from ledgercli.books.errors import BooksError
from ledgercli.books.foreign.errors import (
    EmptyForeignFileError,
    ForeignFileError,
    NoHeadingsError,
)
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import FieldName, ForeignRow, ForeignTable, Profile
from ledgercli.model.sentence import Sentence

#: Lines above the headings: a title, the name of the company, the day of printing.
_HEADINGS_WITHIN = 15
_EXPECTED_SHOWN = 8


def table_of(
    grid: Sequence[Sequence[str]], profile: Profile, file: str, *, first: int = 1
) -> ForeignTable:
    """Return the rows below the headings, empty ones left out; longer ones have a fault.

    ``first`` is the number of the first line of ``grid``. Raise NoHeadingsError,
    EmptyForeignFileError or ForeignFileError.
    """
    known = _known(profile)
    place = max(
        range(min(len(grid), _HEADINGS_WITHIN)),
        key=lambda index: (len({known.get(_plain(cell)) for cell in grid[index]} - {None}), -index),
        default=-1,
    )
    headings = grid[place] if place >= 0 else ()
    columns = [known.get(_plain(cell)) or _path(cell, profile) for cell in headings]
    if not any(columns):
        raise _without_headings(grid, headings, profile, file)
    rows = []
    for index, line in enumerate(grid[place + 1 :], start=first + place + 1):
        cells: dict[str, str] = {}
        for column, cell in zip(columns, line, strict=False):
            if column and (text := cell.strip()):
                cells.setdefault(column, text)
        if cells:
            rows.append(ForeignRow(index, cells, fault=_surplus(line, len(columns))))
    ignored = [
        cell.strip()
        for cell, column in zip(headings, columns, strict=True)
        if not column and cell.strip()
    ]
    more = (column for column in columns if column and column not in profile.columns)
    present = (*(name for name in profile.columns if name in columns), *dict.fromkeys(more))
    return ForeignTable(tuple(rows), present, tuple(ignored))


def _without_headings(
    grid: Sequence[Sequence[str]], headings: Sequence[str], profile: Profile, file: str
) -> BooksError:
    """Return why a file has none of the columns."""
    names = [f"`{name}`" for name in profile.columns]
    expected = ", ".join([*names[:_EXPECTED_SHOWN], *(["…"] if names[_EXPECTED_SHOWN:] else [])])
    if not any(cell.strip() for line in grid for cell in line):
        return EmptyForeignFileError(file=file, expected=expected)
    if any(unicodedata.category(sign) == "Cc" for cell in headings for sign in cell.strip()):
        reason = Sentence(N_("it is neither text nor a workbook"))
        return ForeignFileError(file=file, kind="CSV", reason=reason)
    found = ", ".join(f"`{cell.strip()}`" for cell in headings if cell.strip()) or "-"
    return NoHeadingsError(file=file, profile=profile.name, expected=expected, found=found[:200])


def _surplus(line: Sequence[str], headings: int) -> str:
    """Return what is wrong with a row that goes on beyond the headings, else nothing.

    A delimiter in a cell without quotes (``1,234.56``) moves all cells behind it by one.
    """
    if not any(cell.strip() for cell in line[headings:]):
        return ""
    words = N_("it has {cells} cells below {headings} headings; is a sign in a cell not quoted?")
    return Sentence(words, cells=str(len(line)), headings=str(headings))


def _known(profile: Profile) -> Mapping[str, str]:
    """Return the columns of the profile by the headings that mean them, as they are compared."""
    known = {_plain(name): name for name in profile.columns}
    for name, others in profile.also.items():
        if name in profile.columns:
            for other in others:
                known.setdefault(_plain(other), name)
    return known


def _path(heading: str, profile: Profile) -> str:
    """Return a heading that is the name of a field itself, nothing where that does not count."""
    if not profile.paths:
        return ""
    try:
        return FieldName.parse(heading).name
    except ValueError:
        return ""


def _plain(heading: str) -> str:
    """Return a heading for comparison: width and case forgotten, marks of mandatory columns too."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return " ".join(text.replace("*", " ").split())
