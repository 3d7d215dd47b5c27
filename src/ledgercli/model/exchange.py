"""Exchange with other systems: profiles of their files, and the rows that are read from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import FILLED, dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed, text_of

Subject = Literal["customers", "items"]
FileKind = Literal["csv", "xlsx", "iif", "vcard", "jsonl"]
Decimals = Literal[".", ","]
Countries = Literal["code", "name"]
#: Whose value counts where both have changed it.
Side = Literal["ours", "theirs"]

#: Where a cell goes: keys of a customer record, steps joined by points; people count from 1.
#: ``person.…`` and ``organization`` are for address books, where a row is a person of a company or
#: a person alone; ``item.…`` are the parts of an open item.
_FIELD = re.compile(
    r"id|name|kind|debtor|status|tier|tags|parent|owner|language|currency|accounts|aliases|terms"
    r"|notes|organization|person\.(?:full|given|family)"
    r"|(?:segments|ids|fields)\.[^.\s][^.]*"
    r"|contacts\.[1-9]\.(?:name|given|family|role|email|phone|notes)"
    r"|addresses\.[\w-]+\.(?:line[1-5]|street|postcode|city|region|country)"
    r"|bank\.[1-9]\.(?:holder|iban|bic|bank|account)"
    r"|credit\.limit(?:\.amount)?|reminders\.(?:policy|channel|never)"
    r"|item\.(?:customer|name|number|date|due|currency|amount|open|balance|debit|credit|side|text"
    r"|retention|retention-until)"
)


@dataclass(frozen=True, slots=True)
class FieldName(Parsed):
    """The name of a part of a record that a column of a foreign file carries."""

    name: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the field that ``raw`` names; raise ``WrongValueError`` for none."""
        text = text_of(raw)
        if not _FIELD.fullmatch(text):
            wrong = N_("`{text}` is no part of a record such as `name` or `contacts.1.email`")
            raise WrongValueError(wrong, text=text[:60])
        return cls(text)

    def __str__(self) -> str:
        """Return the name as it is written."""
        return self.name


@dataclass(frozen=True, slots=True)
class Profile:
    """How files of another system map to records. ``name`` and ``file`` say which profile it is.

    ``columns`` are the columns of the file, in its order, and the fields they carry; of two columns
    for one field the first that is filled counts, and the first is written. ``also`` are other
    headings of a column. ``match`` are the fields that tell which customer a row is, tried in
    order. ``values`` are, by field, their words and ours (empty: not taken). ``defaults`` are for
    new records only. ``verified`` says that the columns were compared with the vendor's
    documentation, ``source`` where. ``encoding``, ``delimiter``, ``countries`` and ``separator``
    (of lists in one cell) are what is written, ``encoding`` also what is tried first on reading.
    ``decimal`` is the decimal sign of amounts; ``dates`` are further forms of dates, as
    ``strptime`` has them. ``keyword`` is the kind of line in an IIF file, ``sheet`` the sheet of a
    workbook that is written. With ``paths`` headings that are names of fields are columns too.
    """

    columns: Mapping[str, FieldName]
    title: str = ""
    subject: Subject = "customers"
    format: FileKind = "csv"
    verified: bool = False
    source: str = ""
    notes: str = ""
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    match: tuple[FieldName, ...] = (FieldName("id"), FieldName("name"))
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    separator: str = "; "
    decimal: Decimals = "."
    dates: tuple[str, ...] = ()
    countries: Countries = "name"
    keyword: str = ""
    sheet: str = ""
    paths: bool = False
    name: str = field(default="", metadata=FILLED)
    file: str = field(default="", metadata=FILLED)

    def field_of(self, column: str) -> FieldName:
        """Return the field that a column of a file carries."""
        return self.columns.get(column) or FieldName(column)


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """A row of a foreign file. ``number`` counts from 1 as a spreadsheet does, headings included.

    ``cells`` are by the profile's columns, as typed but for white space at the ends. ``data`` is
    the record itself where the file holds records (JSON Lines); ``removed`` says that it is the
    mark of a record that is gone. ``fault`` says why the row cannot be taken, where that shows
    before anybody asks what it means.
    """

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    removed: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A foreign file as it was read: ``columns`` of the profile that it has, and its rows.

    ``ignored`` are its columns that the profile does not know; ``encoding`` and ``delimiter`` what
    it was found to be written in, empty where that means nothing.
    """

    rows: tuple[ForeignRow, ...] = ()
    columns: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
