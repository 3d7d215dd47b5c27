"""What of a customer is personal and goes when they are forgotten, and what has to stay.

Ids, amounts, days and documents stay: the books must go on to add up, and tax law wants them kept.
What says who the customer is, or was written about them in words, goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledgercli.model.customer import Contract, Customer
from ledgercli.model.event import Event

#: The keys of a record that stay as they are; ``status`` and ``reminders`` are set.
KEPT_KEYS = (
    "id",
    "kind",
    "debtor",
    "status",
    "tier",
    "tags",
    "segments",
    "parent",
    "owner",
    "language",
    "currency",
    "accounts",
    "terms",
    "credit",
    "reminders",
    "contracts",
    "expected",
)
#: What of a contract is words.
_CONTRACT_WORDS = ("title", "text")
#: Parts of a record that say nothing about one person: no place, country or role is looked for.
_COMMON = frozenset(["role", "postcode", "city", "region", "country", "bic", "bank", "date"])
#: Details of an activity that are figures, days and references; all else is words.
KEPT_DETAILS = frozenset(
    [
        "adopted",
        "agreed",
        "amount",
        "arrived",
        "attempt",
        "balance_date",
        "channel",
        "claims",
        "closes",
        "deadline",
        "direction",
        "documents",
        "edited",
        "fee",
        "interest",
        "letter",
        "letter_id",
        "letter_number",
        "level",
        "level_name",
        "message_id",
        "next",
        "period",
        "policy",
        "redacted",
        "retracts",
        "returns",
        "score",
        "sha256",
        "source",
        "status",
        "template",
        "temporary",
        "theirs",
        "uncertain",
        "until",
    ]
)
#: Proofs that a letter arrived: that there was one counts, its words do not.
_PROOFS = frozenset(["tracking", "proof", "signed"])
_REFERENCES = ("retracts", "closes", "returns", "arrived")
_REDACTED = "redacted"
#: Shorter texts are looked for nowhere: they stand in words that are about somebody else.
_ASCII_MIN, _OTHER_MIN = 4, 2
#: A sentence has to be longer: `paid` is said about everybody.
_ASCII_WORDS_MIN = 10


def redacted_record(data: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """Return the record ``data`` without what is personal; it is closed and never reminded."""
    kept = {key: data[key] for key in KEPT_KEYS if data.get(key) is not None}
    kept["id"] = identifier
    kept["status"] = "closed"
    reminders = kept.get("reminders")
    kept["reminders"] = {**(reminders if isinstance(reminders, dict) else {}), "never": "true"}
    if isinstance(kept.get("contracts"), list):
        kept["contracts"] = [_without_words(contract) for contract in kept["contracts"]]
    return {key: kept[key] for key in KEPT_KEYS if key in kept}


def _without_words(contract: object) -> object:
    if not isinstance(contract, dict):
        return contract
    return {key: value for key, value in contract.items() if key not in _CONTRACT_WORDS}


def personal_texts(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the texts of a record that tell who the customer is, longest first, each once.

    Towns, countries and roles are left out, and what is too short to mean one person.
    """
    gone = {key: value for key, value in data.items() if key not in KEPT_KEYS}
    identifier = str(data.get("id", "")).casefold()
    found = {
        line.strip()
        for text in _texts(gone)
        for line in text.splitlines()
        if line.strip() and line.strip().casefold() != identifier
    }
    telling = [
        text for text in found if len(text) >= (_ASCII_MIN if text.isascii() else _OTHER_MIN)
    ]
    return tuple(sorted(telling, key=lambda text: (-len(text), text)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if key not in _COMMON:
                yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _texts(below)


def has_personal_data(customer: Customer) -> bool:
    """Return whether a record tells who the customer is."""
    return bool(
        customer.name
        or customer.aliases
        or customer.ids
        or customer.contacts
        or customer.addresses
        or customer.bank
        or customer.notes
        or customer.fields
        or customer.next_step
    )


def has_words(event: Event) -> bool:
    """Return whether an event holds words, which redaction would take away."""
    if event.kind == "redaction":
        return False
    return any(
        key not in KEPT_DETAILS and not (key in _PROOFS and value == _REDACTED)
        for key, value in event.details.items()
    )


def words_of(event: Event) -> tuple[str, ...]:
    """Return the texts that redaction takes out of an event, long enough to be told apart."""
    if not has_words(event):
        return ()
    gone = [value for key, value in event.details.items() if key not in KEPT_DETAILS]
    return tuple(
        text
        for text in _texts(gone)
        if text != _REDACTED and len(text) >= (_ASCII_WORDS_MIN if text.isascii() else _ASCII_MIN)
    )


def redacted_event(event: Event, *, whole: bool = True) -> Event:
    """Return an event without its words; one that has none stays as it is.

    Where an entry was imported from, says that it must not be imported again; the id of a mail
    there may name its sender, and goes too where the customer is forgotten as a ``whole``.
    """
    of_mail = whole and "@" in str(event.details.get("source") or "")
    if not has_words(event) and not of_mail:
        return event
    details = {key: value for key, value in event.details.items() if key in KEPT_DETAILS}
    if of_mail:
        del details["source"]
    details |= {key: _REDACTED for key in event.details if key in _PROOFS}
    return replace(event, details={**details, "redacted": True})


def with_references(event: Event, ids: Mapping[str, str]) -> Event:
    """Return an event whose references to other events follow their new ``ids``."""
    moved = {
        key: ids[str(event.details[key])]
        for key in _REFERENCES
        if str(event.details.get(key)) in ids
    }
    return replace(event, details={**event.details, **moved}) if moved else event


def is_running(contract: Contract, today: dt.date) -> bool:
    """Return whether a contract goes on after ``today``, as far as is known."""
    if contract.terminated and contract.terminated <= today:
        return bool(contract.end and contract.end >= today)
    return contract.end is None or contract.end >= today or contract.renews is not None
