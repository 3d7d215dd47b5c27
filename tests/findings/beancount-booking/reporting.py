"""Beancount has this error, but never reports it; a plugin may report it all the same."""

from beancount.parser.booking import BookingError

__plugins__ = ["run"]


def run(entries, options):
    return entries, [BookingError(entries[0].meta, "Transaction has incomplete elements", entries[0])]
