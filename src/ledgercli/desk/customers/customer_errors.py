"""Why a customer record cannot be written as asked."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class CustomerInUseError(LedgercliError):
    """A record with documents, orders or customers below it is to be removed."""

    message = N_("`{customer}` cannot be removed: {reason}")
    hint = N_("`ledgercli customer close {customer}` keeps the record and its history")


class IdChangedError(LedgercliError):
    """The id of a record is to be set like any other value."""

    message = N_("the id of `{customer}` is not set like other values: much is filed under it")
    hint = N_("`ledgercli customer rename {customer} NEW` takes along what names the customer")


class NoSuchPolicyError(LedgercliError):
    """A customer is to be reminded by a policy that the settings do not have."""

    message = N_("the settings have no reminder policy `{policy}`")
    hint = N_("the policies are: {policies}; add it to `ledgercli.yaml` first")


class SameCustomerError(LedgercliError):
    """A record is to be merged into itself."""

    message = N_("`{customer}` cannot be merged into itself")
    hint = N_("name two customers: the one that goes, then the one that stays")


class NoSuchColumnError(LedgercliError):
    """A file of changes has no column that names the customers."""

    message = N_("`{file}` has no column `id`")
    hint = N_("the first line names the columns: `id`, then keys such as `credit.limit`")


class BadChangesFileError(LedgercliError):
    """A line of a file of changes means nothing."""

    message = N_("`{file}`, line {line}: {reason}")
    hint = N_("nothing was written; correct the line, then try again")


class FileNotReadableError(LedgercliError):
    """A file of changes cannot be read."""

    message = N_("cannot read `{file}`: {reason}")
