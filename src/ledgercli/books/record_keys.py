"""Keys of a customer record as people type them, and values as texts, by the model's annotations.

``credit.limit``, ``contacts.1.email`` (counted from 1, as findings do) or ``contacts[0].email``.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, Union, get_args, get_origin, get_type_hints

from ledgercli.books.record_editing import KEYS
from ledgercli.books.source import Data, Path
from ledgercli.books.source_reading import read_source
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.errors import LedgercliError

_KEY = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[\d{1,6}\])*")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
#: An entry of a list without its number, or with that of programmers.
_UNCOUNTED = re.compile(r"^(contacts|bank|contracts)\.(?:0\.)?(?=[a-z])")
_INDEX = re.compile(r"[1-9]\d{0,5}")


#: Parts of a record that people look for at its top, by what they call them.
_ELSEWHERE = {
    "email": "contacts.1.email",
    "phone": "contacts.1.phone",
    "contact": "contacts.1.name",
    "limit": "credit.limit",
    "warn_at": "credit.warn_at",
    "policy": "reminders.policy",
    "channel": "reminders.channel",
    "never": "reminders.never",
    "vat": "ids.vat",
    "uscc": "ids.uscc",
    "iban": "bank.1.iban",
    "street": "addresses.billing.lines",
    "address": "addresses.billing.lines",
    "postcode": "addresses.billing.postcode",
    "city": "addresses.billing.city",
    "country": "addresses.billing.country",
    "region": "segments.region",
    "industry": "segments.industry",
    "group": "parent",
}


class UnknownKeyError(LedgercliError):
    """A record has no such key."""

    message = N_("a customer has no key `{key}`")
    hint = N_("known here: {known}")

    def __init__(self, key: str, known: tuple[str, ...]) -> None:
        """Keep the key as typed, and name what it may have been."""
        last = key.rpartition(".")[2].lower()
        near = get_close_matches(last, known, n=1)
        if key.lower() in _ELSEWHERE:
            near = [_ELSEWHERE[key.lower()]]
        elif _UNCOUNTED.match(key):
            near = [_UNCOUNTED.sub(r"\1.1.", key)]
        if near:
            self.hint = N_("did you mean `{near}`?")
        elif not known:
            self.hint = N_("`ledgercli customer show ID -f json` shows what a record has")
        super().__init__(key=key, known=", ".join(known), near=near[0] if near else "")


class ValueNotReadableError(LedgercliError):
    """A value in brackets is no YAML."""

    message = N_("the value `{value}` of `{key}` is not a list or mapping in YAML")
    hint = N_("write a list in square brackets, a mapping in curly ones, as in YAML")


def parse_key(text: str) -> Path:
    """Return the path of a key in a record; raise :class:`UnknownKeyError`."""
    if not _KEY.fullmatch(text):
        raise UnknownKeyError(text, KEYS if not text.strip(".[] ") else ())
    path: list[str | int] = []
    kind: Any = Customer
    for word, bracketed in _STEP.findall(text):
        step: str | int = int(bracketed) if bracketed else word.strip()
        if isinstance(step, str) and get_origin(kind) is tuple and _INDEX.fullmatch(step):
            step = int(step) - 1
        kind = _below(kind, step, text)
        path.append(step)
    return tuple(path)


def _below(kind: Any, step: str | int, text: str) -> Any:  # noqa: ANN401 - annotations
    """Return the annotation of what stands under ``step``; raise :class:`UnknownKeyError`."""
    if kind is Any:
        return Any
    origin = get_origin(kind)
    if origin is tuple and isinstance(step, int):
        return _plain(get_args(kind)[0])
    if isinstance(step, str) and origin is not None and issubclass(origin, Mapping):
        return _plain(get_args(kind)[1])
    if isinstance(step, str) and kind is CreditLimit:
        return str  # a dated table
    if isinstance(step, str) and is_dataclass(kind) and not hasattr(kind, "parse"):
        known = KEYS if kind is Customer else tuple(item.name for item in fields(kind))
        if step in known:
            return _plain(get_type_hints(kind)[step])
        raise UnknownKeyError(text, known)
    raise UnknownKeyError(text, ())


def _plain(kind: Any) -> Any:  # noqa: ANN401 - annotations
    """Return an annotation without its ``| None``."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def kind_at(path: Path) -> Any:  # noqa: ANN401 - annotations
    """Return the annotation of what stands at a path that :func:`parse_key` returned."""
    kind: Any = Customer
    for step in path:
        kind = _below(kind, step, "")
    return kind


def is_list(path: Path) -> bool:
    """Return whether a list of texts stands at ``path``: tags, aliases, accounts, lines."""
    kind = kind_at(path)
    return get_origin(kind) is tuple and get_args(kind)[0] is str


def parse_value(path: Path, text: str) -> Data:
    """Return what a typed value means at ``path``, as plain data.

    Where a list or mapping may stand, ``[a, b]`` and ``{key: value}`` are read as YAML; one text
    is a list of one, and tags may be given as ``a, b``. All else is the text itself. Raises
    :class:`ValueNotReadableError`.
    """
    kind = kind_at(path)
    structured = kind is Any or kind is CreditLimit or get_origin(kind) is not None
    structured = structured or (is_dataclass(kind) and not hasattr(kind, "parse"))
    if structured and text[:1] in {"[", "{"}:
        source = read_source(text.encode(), "")
        errors = [finding for finding in source.findings if finding.severity == "error"]
        if errors or isinstance(source.data, str) or source.data is None:
            key = ".".join(str(step) for step in path)
            raise ValueNotReadableError(key=key, value=text[:60])
        return source.data
    if is_list(path):
        if path == ("tags",):
            return [tag for part in text.split(",") if (tag := part.strip())]
        return [text]
    return text
