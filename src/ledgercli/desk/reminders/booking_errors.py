"""Why claims cannot be written into the ledger."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class ClaimAccountError(LedgercliError):
    """The settings do not say on which account a claim is to be booked."""

    message = N_("there is no account for this claim: `claims.{key}` is not set")
    hint = N_("name an account of the ledger as `{key}:` under `claims:` in `ledgercli.yaml`")


class NoClaimsOfError(LedgercliError):
    """Neither a document nor a letter has the name that the user typed."""

    message = N_("no document and no letter `{subject}` as of {date}")
    hint = N_("`ledgercli items --all` shows the numbers; `--customer` takes all of a customer")


class NotInLedgerError(LedgercliError):
    """The file that claims are to be written to is no part of the ledger."""

    message = N_("`{path}` is no part of the ledger, so what is written there would not count")
    hint = N_('add `include "{path}"` to the ledger, or name another file as `claims.file`')


class LedgerNotCleanError(LedgercliError):
    """With claims or invoices in it the ledger would have errors that it has not without them."""

    message = N_("the ledger would have an error that it has not now: {finding}")
    hint = N_(
        "nothing was changed; check the accounts under `claims:` or `orders:` in `ledgercli.yaml`"
    )
