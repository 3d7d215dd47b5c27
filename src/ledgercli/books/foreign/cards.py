"""vCard files, 3.0 and 4.0, as rows: one card a row, its properties under fixed column names.

The columns are ``UID``, ``FN``, ``FAMILY``, ``GIVEN``, ``ORG``, ``ROLE``, ``EMAIL``, ``TEL``,
``STREET``, ``CITY``, ``REGION``, ``CODE``, ``COUNTRY``, ``CATEGORIES`` and ``NOTE``; of several
mails, numbers and addresses the preferred one counts, else the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledgercli.books.foreign.decoding import decoded_foreign
from ledgercli.books.foreign.errors import CardLibraryMissingError, ForeignFileError
from ledgercli.model.exchange import ForeignRow, ForeignTable, Profile

_ADDRESS = {
    "STREET": "street",
    "CITY": "city",
    "REGION": "region",
    "CODE": "code",
    "COUNTRY": "country",
}


def read_vcard(
    content: bytes,
    profile: Profile,
    file: str,
    encoding: str | None = None,
    delimiter: str | None = None,  # noqa: ARG001 - cards have none
) -> ForeignTable:
    """Return a row for each card, by the columns of this module's description.

    ``number`` counts the cards. Raise the errors of ``books/foreign/errors.py``.
    """
    try:
        import vobject
    except ImportError as error:
        raise CardLibraryMissingError from error

    text, found = decoded_foreign(content, profile, file, encoding)
    rows = []
    try:
        for number, card in enumerate(vobject.readComponents(text, allowQP=True), start=1):
            if card.name.upper() == "VCARD":
                cells = {name: cell for name, cell in _cells(card).items() if cell.strip()}
                rows.append(ForeignRow(number, cells))
    except Exception as error:  # noqa: BLE001 - the library raises many kinds
        raise ForeignFileError(file=file, kind="vCard", reason=error) from None
    if not rows and text.strip():
        raise ForeignFileError(file=file, kind="vCard", reason="BEGIN:VCARD")
    return replace(ForeignTable(tuple(rows), tuple(profile.columns)), encoding=found)


def write_vcard(rows: Sequence[Mapping[str, str]], profile: Profile) -> bytes:  # noqa: ARG001
    """Return a vCard 3.0 file in UTF-8, with a card for each row."""
    try:
        import vobject
    except ImportError as error:
        raise CardLibraryMissingError from error

    return "".join(_card(vobject, row) for row in rows).encode()


def _card(vobject: Any, row: Mapping[str, str]) -> str:  # noqa: ANN401 - the library
    card = vobject.vCard()
    given, family = row.get("GIVEN", ""), row.get("FAMILY", "")
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    card.add("fn").value = row.get("FN", "") or f"{given} {family}".strip()
    for column, name in (("UID", "uid"), ("ROLE", "role"), ("NOTE", "note"), ("TEL", "tel")):
        if row.get(column):
            card.add(name).value = row[column]
    if row.get("ORG"):
        card.add("org").value = [row["ORG"]]
    if row.get("EMAIL"):
        card.add("email").value = row["EMAIL"]
    if row.get("CATEGORIES"):
        card.add("categories").value = [part.strip() for part in row["CATEGORIES"].split(";")]
    if any(row.get(column) for column in _ADDRESS):
        parts = {part: row.get(column, "") for column, part in _ADDRESS.items()}
        card.add("adr").value = vobject.vcard.Address(**parts)
    return str(card.serialize())


def _cells(card: Any) -> dict[str, str]:  # noqa: ANN401 - a card of vobject
    name = _first(card, "n")
    organisation = _first(card, "org")
    address = _first(card, "adr")
    categories = [
        str(part)
        for line in card.contents.get("categories", [])
        for part in (line.value if isinstance(line.value, list) else [line.value])
    ]
    cells = {
        "FN": _plain(_first(card, "fn")),
        "FAMILY": _plain(getattr(name, "family", "")),
        "GIVEN": _plain(getattr(name, "given", "")),
        "ORG": _plain(organisation[0] if isinstance(organisation, list) else organisation),
        "CATEGORIES": "; ".join(part.strip() for part in categories if part.strip()),
    }
    for column in ("UID", "ROLE", "NOTE", "EMAIL", "TEL"):
        cells[column] = _plain(_first(card, column.lower()))
    # In 4.0 a number may be a link.
    cells["TEL"] = cells["TEL"].removeprefix("tel:")
    for column, part in _ADDRESS.items():
        cells[column] = _plain(getattr(address, part, ""))
    return cells


def _first(card: Any, name: str) -> Any:  # noqa: ANN401 - what vobject makes of a property
    lines = card.contents.get(name, [])
    preferred = [line for line in lines if _is_preferred(line)]
    return (preferred or lines)[0].value if lines else ""


def _is_preferred(line: Any) -> bool:  # noqa: ANN401 - a line of vobject
    types = {str(value).lower() for value in line.params.get("TYPE", [])}
    return "pref" in types or line.params.get("PREF", [""])[0] == "1"


def _plain(value: Any) -> str:  # noqa: ANN401 - text, or a list of texts
    if isinstance(value, list):
        return "\n".join(str(part) for part in value if part)
    return str(value or "")
