"""Why an order cannot be written, approved, delivered or invoiced."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import AmountError, LedgercliError


class OrderNotFoundError(LedgercliError):
    """There is no order with this number."""

    message = N_("no order `{order}`")
    hint = N_("`ledgercli order list` shows them all")

    def __init__(self, order: str, suggestion: str = "") -> None:
        """Keep the number that is none, and the one that comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`? `ledgercli order list` shows them all")
        super().__init__(order=order, suggestion=suggestion)


class OrderFilesError(LedgercliError):
    """Orders cannot be read, so that what is open is not known."""

    message = N_("`{file}` has an error: {finding}")
    hint = N_("correct it; without all orders the exposure is not known")


class BadOrderError(LedgercliError):
    """What is to be ordered does not read as an order."""

    message = N_("this is no order: {reason}")
    hint = N_('a line is written `"10 x 12.50 EUR Bolts +19%"`; nothing was written')


class OrderClosedError(LedgercliError):
    """The order is closed or cancelled."""

    message = N_("the order `{order}` is closed or cancelled")
    hint = N_("`ledgercli order reopen {order}` opens it again")


class OrderOpenError(LedgercliError):
    """An open order is to be opened again."""

    message = N_("the order `{order}` is open")


class NotApproverError(LedgercliError):
    """Whoever runs the program may approve nothing."""

    message = N_("`{identity}` is not among those who may approve orders")
    hint = N_("they are named under `orders.approvers` in `ledgercli.yaml`")


class CapExceededError(AmountError):
    """The exposure is further above the limit than this person may go."""

    message = N_(
        "with `{order}` the exposure is {exposure}, {over} above the limit of {limit};"
        " `{who}` may go {cap} above it"
    )
    hint = N_("somebody with a higher cap has to approve it; nothing was written")


class ExposureUnknownError(LedgercliError):
    """There is no price by which the exposure could be compared with the limit."""

    message = N_("the exposure of `{customer}` is not known: there is no price of {currency}")
    hint = N_("add a `price` directive to the ledger")


class NotApprovedError(LedgercliError):
    """The order has no approval that holds now."""

    message = N_("the order `{order}` cannot go on: {reason}")
    hint = N_("`ledgercli order approve {order}` asks for a decision; nothing was written")


class BadQuantityError(LedgercliError):
    """More is to be delivered, invoiced or split off than is left, or of no line at all."""

    message = N_("line {line} of `{order}`: {quantity} asked for, {left} left")
    hint = N_("`ledgercli order show {order}` shows what is left; nothing was written")


class NothingLeftError(LedgercliError):
    """There is nothing left to deliver, to invoice or to split off."""

    message = N_("nothing is left to do for `{order}`")
    hint = N_("`ledgercli order show {order}` shows what was delivered and invoiced")


class OrderBegunError(LedgercliError):
    """An order that was delivered or invoiced in part is to be cancelled."""

    message = N_("a part of `{order}` was delivered or invoiced: it cannot be cancelled")
    hint = N_("`ledgercli order close {order}` gives up what is left of it")


class FutureDayError(LedgercliError):
    """A delivery or an invoice is dated after today."""

    message = N_("{date} is after today, {today}")
    hint = N_("what has not happened yet would be left out of the exposure")


class OrderAccountError(LedgercliError):
    """No account is known on which a part of the invoice is to be booked."""

    message = N_("there is no account for this invoice: `orders.accounts.{key}` is not set")
    hint = N_("name an account of the ledger as `{key}:` there in `ledgercli.yaml`")


class InvoiceMissingError(LedgercliError):
    """The order names an invoice that the ledger has not."""

    message = N_("invoice `{number}` of order `{order}` is not in the ledger")
    hint = N_("put the transaction back, or take the entry out of `invoices:` of the order")
