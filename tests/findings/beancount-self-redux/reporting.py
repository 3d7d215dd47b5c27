"""Beancount has this error, but never reports it; a plugin may report it all the same."""

from beancount.parser.booking_full import SelfReduxError

__plugins__ = ["run"]


def run(entries, options):
    return entries, [SelfReduxError(entries[0].meta, "Self-reduction is not allowed", entries[0])]
