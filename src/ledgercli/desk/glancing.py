"""What can be told of books at a glance, before any of them are opened."""

from ledgercli.books.spoken import language_at_a_glance

__all__ = ["language_at_a_glance"]
