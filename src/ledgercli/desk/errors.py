"""Why a task at the desk cannot be done: what was asked for does not exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class CustomerNotFoundError(LedgercliError):
    """No customer has the id or alias that the user typed."""

    message = N_("no customer `{customer}`")
    hint = N_("`ledgercli customer list` shows them all")

    def __init__(self, customer: str, suggestion: str = "") -> None:
        """Keep the text that names nobody, and the id that comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`? `ledgercli customer list` shows them all")
        super().__init__(customer=customer, suggestion=suggestion)


class SubjectNotFoundError(LedgercliError):
    """Neither a document nor a customer has the name that the user typed."""

    message = N_("no document and no customer `{subject}` as of {date}")
    hint = N_("`ledgercli items --all` shows the numbers, `ledgercli customer list` the customers")

    def __init__(self, subject: str, date: dt.date, suggestion: str = "") -> None:
        """Keep the text that names nothing, and what comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`?")
        super().__init__(subject=subject, date=date, suggestion=suggestion)


class EmptyPeriodError(LedgercliError):
    """A statement shall begin after the day that it is of."""

    message = N_("the statement would begin on {start}, after its last day, {date}")
    hint = N_("correct `--from` or `--as-of`")


class CustomerMissingError(LedgercliError):
    """A statement was asked for without saying whose."""

    message = N_("whose statement?")
    hint = N_("name a customer, or use `--all`")


class UnknownGroupingError(LedgercliError):
    """Customers cannot be grouped by what the user typed."""

    message = N_("customers cannot be grouped by `{by}`")
    hint = N_("known are: {known}")

    def __init__(self, by: str, known: Iterable[str]) -> None:
        """Keep what was typed, and what there is."""
        super().__init__(by=by[:40], known=", ".join(f"`{name}`" for name in known))


class NotExplainedError(LedgercliError):
    """A report does not tell how its figures came about."""

    message = N_("`report {report}` does not explain its figures")
    hint = N_("`ledgercli explain DOCUMENT` and `ledgercli explain CUSTOMER` explain what is open")


class RowNotFoundError(LedgercliError):
    """No row of a report has the word that its explanation was asked for by."""

    message = N_("no row of the report has `{word}`")
    hint = N_("give what stands in a cell, such as a month, a day, a customer or a currency")
