"""Which documents, letters and entries a fact is about: from what the user typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ledgercli.desk.activity.activity_errors import (
    AmbiguousDocumentError,
    AmbiguousEntryError,
    CustomerForDocumentError,
    DocumentNotFoundError,
    EntryNotFoundError,
    LetterNotFoundError,
    NothingOpenError,
    OtherOwnerError,
)
from ledgercli.desk.errors import CustomerNotFoundError, SubjectNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import DocumentChoice
from ledgercli.model.event import Event
from ledgercli.receivables.position import Item

#: Fewer characters of an id are no id, but perhaps a slip.
_ID_LENGTH_MIN = 4


def documents(books: OpenBooks, choice: DocumentChoice, as_of: dt.date) -> tuple[Item, ...]:
    """Return the document that ``choice`` names at the end of ``as_of``, or its instalments.

    Raise DocumentNotFoundError, CustomerForDocumentError, OtherOwnerError, AmbiguousDocumentError,
    CustomerNotFoundError.
    """
    customer = books.customer_id(choice.customer) if choice.customer else ""
    items = [item for item in books.position(as_of).items if item.document.numbered]
    within = [
        item
        for item in items
        if (not customer or item.document.customer == customer)
        and (not choice.currency or item.document.currency == choice.currency)
    ]
    found = _named(choice.number, within)
    if not found:
        if elsewhere := _named(choice.number, items):
            raise OtherOwnerError(number=choice.number, owners=_owners(elsewhere))
        if _is_customer(books, choice.number):
            raise CustomerForDocumentError(number=choice.number)
        raise DocumentNotFoundError(choice.number, as_of, _nearest(choice.number, items))
    if len({item.document.key for item in found}) > 1:
        raise AmbiguousDocumentError(number=choice.number, owners=_owners(found))
    return tuple(found)


def _is_customer(books: OpenBooks, text: str) -> bool:
    try:
        return bool(books.customer_id(text))
    except CustomerNotFoundError:
        return False


def _named(number: str, items: Sequence[Item]) -> list[Item]:
    """Return the documents of a number, else those that have it as their base.

    A base is that of instalments, or of a number used twice: then the first has it for its own.
    """
    found = [item for item in items if item.document.number == number]
    return found or [item for item in items if item.document.base == number]


def _owners(items: Sequence[Item]) -> str:
    keys = sorted({item.document.key for item in items})
    return ", ".join(f"{owner} ({currency})" for owner, currency in keys)


def open_documents(books: OpenBooks, choice: DocumentChoice, as_of: dt.date) -> tuple[Item, ...]:
    """Return what is open of :func:`documents`; raise NothingOpenError too."""
    found = tuple(item for item in documents(books, choice, as_of) if item.open > 0)
    if not found:
        raise NothingOpenError(number=choice.number, date=as_of)
    return found


def names_document(books: OpenBooks, choice: DocumentChoice, as_of: dt.date) -> bool:
    """Return whether a document, and not a customer, is what ``choice.number`` names."""
    if choice.customer or choice.currency:
        return True
    numbers = {
        number
        for item in books.position(as_of).items
        if item.document.numbered
        for number in (item.document.number, item.document.base)
    }
    return choice.number in numbers


def customer(books: OpenBooks, choice: DocumentChoice, as_of: dt.date) -> str:
    """Return the id of the customer that ``choice.number`` names, since it names no document.

    Raise SubjectNotFoundError with the nearest number or id.
    """
    try:
        return books.customer_id(choice.number)
    except CustomerNotFoundError as error:
        items = [item for item in books.position(as_of).items if item.document.numbered]
        near = _nearest(choice.number, items) or error.values["suggestion"]
        raise SubjectNotFoundError(choice.number, as_of, near) from None


def _nearest(number: str, items: Sequence[Item]) -> str:
    import difflib

    folded = {item.document.number.casefold(): item.document.number for item in items}
    near = difflib.get_close_matches(number.casefold(), folded, n=1)
    return folded[near[0]] if near else ""


def letter_events(books: OpenBooks, letter: str, as_of: dt.date) -> tuple[Event, ...]:
    """Return the entries of a letter that was sent by ``as_of``, one for each document.

    ``letter`` is its file (path or name, also without language and format), its number or id, its
    message id with or without angle brackets, or how the id of an entry begins. Of several letters
    of that name the last one sent counts. Raise LetterNotFoundError.
    """
    sent = [
        event
        for event in books.events
        if event.kind == "reminder"
        and event.details.get("status") == "sent"
        and event.in_force(as_of)
    ]
    wanted = letter.strip().removeprefix("<").removesuffix(">")
    begins = len(wanted) >= _ID_LENGTH_MIN
    named = [
        event
        for event in sent
        if (wanted and wanted in _names(event)) or (begins and event.id.startswith(wanted))
    ]
    if not named:
        raise LetterNotFoundError(letter=letter, date=as_of)
    last = max(named, key=lambda event: (event.date, *event.order))
    same = [event for event in sent if _identity(event) == _identity(last)]
    return tuple(sorted(same, key=lambda event: event.number))


def _names(event: Event) -> set[str]:
    details = event.details
    path = str(details.get("letter") or "")
    file = path.rpartition("/")[2]
    message = str(details.get("message_id") or "").removeprefix("<").removesuffix(">")
    stem = file.rsplit(".", 2)[0] if file.count(".") > 1 else file.partition(".")[0]
    others = (str(details.get(key) or "") for key in ("letter_id", "reference"))
    # As the plan of sending and `remind show` name it.
    whole = f"{path.removesuffix(file)}{stem}"
    return {name for name in (path, whole, file, stem, message, event.id, *others) if name}


def _identity(event: Event) -> tuple[str, ...]:
    """Return what all entries of one letter share."""
    details = event.details
    shared = tuple(str(details.get(key) or "") for key in ("letter_id", "message_id", "letter"))
    return (event.customer, event.currency, event.date.isoformat(), *shared)


def entry(books: OpenBooks, typed: str) -> Event:
    """Return the entry of the log whose id is ``typed`` or begins so, whether in force or not.

    Raise EntryNotFoundError and AmbiguousEntryError.
    """
    exact = [event for event in books.events if event.id == typed]
    long_enough = len(typed) >= _ID_LENGTH_MIN
    begins = [event for event in books.events if long_enough and event.id.startswith(typed)]
    found = exact or begins
    if not found:
        raise EntryNotFoundError(id=typed)
    if len(found) > 1:
        raise AmbiguousEntryError(id=typed, found=", ".join(event.id for event in found))
    return found[0]
