"""Why files of other systems cannot be exchanged with these books."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class NoRecordsHereError(LedgercliError):
    """There is a ledger only: nothing to keep records in."""

    message = N_("there are no books here to keep customer records in, only a ledger")
    hint = N_("`ledgercli init --from-ledger` makes them")


class EarlierRevisionError(LedgercliError):
    """What is to be written belongs into the books as they are now."""

    message = N_("an earlier revision of the books cannot be changed")


class LedgerRefusedError(LedgercliError):
    """Beancount does not accept what would be written; nothing has changed."""

    message = N_("Beancount does not accept the items: {reason}")
    hint = N_("nothing was written; name other accounts with `--account` and `--equity`")


class CutOverMissingError(LedgercliError):
    """A list of balances has no dates, and no day was told."""

    message = N_("the list has no dates; of which day are the balances?")
    hint = N_("say it with `--as-of DATE`")


class NotReceivableError(LedgercliError):
    """Items on this account would be owed by nobody."""

    message = N_("`{account}` is not a receivable account of these books")
    hint = N_(
        "name one at or below `{roots}`, or add the account to `receivables.accounts` of the"
        " settings"
    )


class NotAnAccountError(LedgercliError):
    """An account was named that the ledger cannot have."""

    message = N_("`{account}` is not an account name")
    hint = N_("name one that begins as those of the ledger do: `{roots}`")


class NotALedgerFileError(LedgercliError):
    """A file was named that the ledger could not include."""

    message = N_("`{path}` is not a ledger file")
    hint = N_("name one that ends in `.beancount`, or one that the ledger includes already")
