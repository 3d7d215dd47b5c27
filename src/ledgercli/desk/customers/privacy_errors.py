"""Why a customer cannot be forgotten."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class StillOpenError(LedgercliError):
    """Something is still to be done with the customer."""

    message = N_("`{customer}` cannot be forgotten: {reason}")
    hint = N_("settle, close or end that first; nothing was written")


class RetentionRunningError(LedgercliError):
    """The settings want what is personal to be kept for longer."""

    message = N_("what is personal of `{customer}` is to be kept until {date}")
    hint = N_("`--reason TEXT` forgets the customer all the same, and records why")


class LedgerNeedsIdError(LedgercliError):
    """The ledger tells whose some postings are by nothing but a name that would go."""

    message = N_("only a name tells that {count} postings are of `{customer}`")
    hint = N_("`--write-ledger` writes `customer:` beside them; nothing was written")


class FiguresWouldChangeError(LedgercliError):
    """The books do not add up to the same without the names."""

    message = N_("without the names the figures of the books would be others")
    hint = N_("everything was put back; write `customer:` in the ledger where a name tells it")
