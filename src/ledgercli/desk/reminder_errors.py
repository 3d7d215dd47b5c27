"""Why a reminder task cannot be done."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class LetterTypeError(LedgercliError):
    """A letter was asked for in a format that does not exist."""

    message = N_("letters are written as txt, md or html, not as `{kind}`")


class RunInThePastError(LedgercliError):
    """A run is dated before a reminder that was already sent."""

    message = N_("the last reminder was sent on {last}, after {day}")
    hint = N_("a run must not be dated before it; `remind plan --as-of` looks back")


class NoBooksError(LedgercliError):
    """A bare ledger has no place for letters and for the activity log."""

    message = N_("there are no books to write to, only a ledger")
    hint = N_("`ledgercli init --from-ledger` makes books from it")


class LevelNotFoundError(LedgercliError):
    """No policy of the customers concerned has a level of that name or number."""

    message = N_("no reminder policy has a level `{level}`")
    hint = N_("levels have names and, from the first that is no notice, numbers from 1")
