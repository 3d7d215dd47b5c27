"""Which accounts are of sales taxes, by their names."""

from __future__ import annotations

import re

#: Words that name a sales tax in account names, each a component or a part of one in capitals.
_TAX_WORDS = frozenset(
    [
        "vat",
        "tax",
        "taxes",
        "tva",
        "mwst",
        "ust",
        "iva",
        "gst",
        "hst",
        "pst",
        "qst",
        "btw",
        "moms",
        "umsatzsteuer",
    ]
)
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")


def is_tax_account(account: str) -> bool:
    """Return whether the name of ``account`` speaks of a sales tax."""
    words = {word.lower() for word in _WORD.findall(account)}
    return "税" in account or bool(words & _TAX_WORDS)
