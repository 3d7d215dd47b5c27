"""Beancount has this error, but never reports it; a plugin may report it all the same."""

from beancount.plugins.implicit_prices import ImplicitPriceError

__plugins__ = ["run"]


def run(entries, options):
    return entries, [ImplicitPriceError(entries[0].meta, "Duplicate prices for EUR", entries[0])]
