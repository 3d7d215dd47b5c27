"""Why a fact cannot be recorded in the activity log."""

from __future__ import annotations

import datetime as dt

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class DocumentNotFoundError(LedgercliError):
    """No document has the number that the user typed."""

    message = N_("no document `{number}` as of {date}")
    hint = N_("`ledgercli items --all` shows the numbers")

    def __init__(self, number: str, date: dt.date, suggestion: str = "") -> None:
        """Keep the number that names nothing, and the one that comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`?")
        super().__init__(number=number, date=date, suggestion=suggestion)


class CustomerForDocumentError(LedgercliError):
    """A customer was named where a document is asked for."""

    message = N_("`{number}` is a customer, not a document")
    hint = N_("give the number of a document; `ledgercli items --customer {number}` lists them")


class AmbiguousDocumentError(LedgercliError):
    """Several customers, or several currencies, have a document of this number."""

    message = N_("`{number}` is a document of {owners}")
    hint = N_("say which one with `--customer` or `--currency`")


class OtherOwnerError(LedgercliError):
    """There is a document of this number, but not of this customer or in this currency."""

    message = N_("`{number}` is a document of {owners}")
    hint = N_("correct the number, the customer or the currency")


class InstalmentsError(LedgercliError):
    """An amount was given for an invoice in instalments."""

    message = N_("`{number}` is in instalments: {parts}")
    hint = N_("name the instalment that the amount is about")


class NothingOpenError(LedgercliError):
    """A promise or a dispute is about a document that is settled."""

    message = N_("nothing is open on `{number}` as of {date}")
    hint = N_("`ledgercli explain {number}` shows what settled it")


class AmountAboveOpenError(LedgercliError):
    """More was promised or disputed than is open."""

    message = N_("{amount} is more than is open on `{number}`, {open}")
    hint = N_("leave the amount out where all of it is meant")


class AmountNotPositiveError(LedgercliError):
    """An amount is negative, or is zero where that means nothing."""

    message = N_("`{amount}` is no amount above zero")
    hint = N_("give an amount above zero, or leave it out where all that is open is meant")


class AmountTooFineError(LedgercliError):
    """An amount has more decimals than its currency and its document have."""

    message = N_("`{amount}` has more decimals than {currency} is paid in")
    hint = N_("write it rounded, such as `{rounded}`")


class OtherCurrencyError(LedgercliError):
    """The amount is in another currency than the document."""

    message = N_("`{number}` is in {currency}, the amount is in {given}")
    hint = N_("give the amount in {currency}, or without a currency")


class CurrencyMissingError(LedgercliError):
    """An amount that no document gives a currency to."""

    message = N_("in which currency is `{amount}`?")
    hint = N_("write it with its currency, such as `500 EUR`")


class DayBeforeFactError(LedgercliError):
    """A promise or hold ends before it begins."""

    message = N_("{until} is before {date}, the day of the fact")
    hint = N_("correct the day, or give the day of the fact with `--date`")


class ConfirmedBeforeBalanceError(LedgercliError):
    """A reply slip is dated before the balance that it confirms."""

    message = N_("the slip is of {date}, before {balance_date}, the day of the balance")
    hint = N_("correct the day of the balance, or give the day of the slip with `--date`")


class FactInFutureError(LedgercliError):
    """A fact is dated after the day it is recorded on."""

    message = N_("{date} is after {today}: only what has happened is recorded")
    hint = N_("correct `--date`")


class LetterNotFoundError(LedgercliError):
    """No letter in the log has the name that the user typed."""

    message = N_("no letter `{letter}` was sent by {date}")
    hint = N_("name its file or its message id; `ledgercli remind history` shows the letters")


class EntryNotFoundError(LedgercliError):
    """No entry of the activity log has the id that the user typed."""

    message = N_("no entry `{id}` in the activity log")
    hint = N_("`ledgercli activity list` shows the ids; their first four characters are enough")


class AmbiguousEntryError(LedgercliError):
    """Several entries of the activity log begin with the id that the user typed."""

    message = N_("several entries of the activity log begin with `{id}`: {found}")
    hint = N_("give more of the id")


class AlreadyRetractedError(LedgercliError):
    """The entry was taken back before."""

    message = N_("the entry `{id}` was taken back on {date} already")
    hint = N_("nothing is left to take back; `ledgercli activity list --all` shows both entries")


class RetractBeforeEntryError(LedgercliError):
    """A retraction is dated before what it takes back."""

    message = N_("the entry `{id}` is of {fact}, after {date}")
    hint = N_("a retraction counts from its `--date` on, at the earliest that of the entry")


class NothingToCloseError(LedgercliError):
    """What shall be closed is another customer's, of another kind, or closed already."""

    message = N_("`{id}` is nothing of `{customer}` that this entry could close")
    hint = N_("`ledgercli agenda` and `ledgercli report service` show what is open")


class NothingSaidError(LedgercliError):
    """An entry would say nothing."""

    message = N_("what shall the entry say?")
    hint = N_("add a text; for feedback a `--score` is enough")
