"""Why a reminder task cannot be done."""

from __future__ import annotations

from collections.abc import Sequence

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.catalogue.records import UNKNOWN_KEY
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding
from ledgercli.model.sentence import Sentence


class LetterTypeError(LedgercliError):
    """A letter was asked for in a format that does not exist."""

    message = N_("letters are written as txt, md, html, pdf or eml, not as `{kind}`")
    hint = N_("name one of them with `--type`; it may be repeated")


class RunInThePastError(LedgercliError):
    """A run is dated before a reminder that was already sent."""

    message = N_("the last reminder was sent on {last}, after {day}")
    hint = N_("a run must not be dated before it; `remind plan --as-of` looks back")


class RunInTheFutureError(LedgercliError):
    """Letters are to be sent as of a day that has not come: who pays until then would get one."""

    message = N_("{day} is after today, {today}: letters are not sent before their day")
    hint = N_("`remind plan --as-of {day}` and `--dry-run` look ahead")


class PlanUnusableError(LedgercliError):
    """The plan of a folder of letters cannot be read, so nobody knows what a person decided."""

    message = N_("{place}: the plan cannot be used: {reason}")
    hint = N_("mend it, or remove it and have the letters written again")

    @classmethod
    def refuse(cls, findings: Sequence[Finding]) -> None:
        """Raise the error for the first finding that stops sending."""
        for finding in findings:
            if stops_sending(finding):
                place = f"{finding.place.file}:{finding.place.line}:{finding.place.column}"
                raise cls(place=place, reason=Sentence(finding.kind.message, **finding.values))


def stops_sending(finding: Finding) -> bool:
    """Return whether a plan with this finding is not carried out: it is an error, or unknown key.

    A mistyped `skip` would send the letter that a person wanted to leave out.
    """
    return finding.severity == "error" or finding.code == UNKNOWN_KEY.code


class PlanMissingError(LedgercliError):
    """There is no plan of letters to send."""

    message = N_("there are no written letters in `{folder}`")
    hint = N_("`ledgercli remind write` writes those that are due")


class BehindError(LedgercliError):
    """The branch of the books lacks commits that others pushed: letters may have been sent."""

    message = N_("the books are behind `{upstream}`, commits they lack: {count}")
    hint = N_("letters may have been sent from there: `git pull` first")


class LetterFileMissingError(LedgercliError):
    """The file of a letter is gone, and no commit has it as it was sent."""

    message = N_("`{path}` is gone")
    hint = N_("get it back from a backup; the log has its hash")


class UnknownLetterError(LedgercliError):
    """No letter that was written has that name."""

    message = N_("no letter `{letter}` was written")
    hint = N_("name it as `letters/DATE/NAME`, or by its customer for the newest")

    def __init__(self, letter: str, suggestion: str = "") -> None:
        """Keep the text that names nothing, and what comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`?")
        super().__init__(letter=letter, suggestion=suggestion)


class NoBooksError(LedgercliError):
    """A bare ledger has no place for letters and for the activity log."""

    message = N_("there are no books to write to, only a ledger")
    hint = N_("`ledgercli init --from-ledger` makes books from it")


class LevelNotFoundError(LedgercliError):
    """No policy of the customers concerned has a level of that name or number."""

    message = N_("no reminder policy has a level `{level}`")
    hint = N_("levels have names and, from the first that is no notice, numbers from 1")


class SentInFutureError(LedgercliError):
    """A level is to be recorded as sent, or a letter as approved, on a day that has not come."""

    message = N_("{date} is after {today}: only what has happened is recorded")
    hint = N_("correct `--sent` or `--as-of`")
