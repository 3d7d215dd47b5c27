"""Which step of a policy a document takes next: from the activity log and the day alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.law import country_of
from ledgercli.model.record import dataclass
from ledgercli.model.settings import After, Level, Policy, Settings, When
from ledgercli.model.values import Duration, Money, MoneyList
from ledgercli.reminders.history import Sent

#: What books without any policy are reminded by: no fee and no interest, which need a decision.
BUILT_IN = Policy(
    levels=(
        Level("notice", After(-3), "due-soon"),
        Level("friendly", After(5), "reminder"),
        Level("firm", After(30, "end-of-month"), "reminder-firm"),
        Level("final", After(14, "since-previous"), "final-notice"),
    ),
    minimum=MoneyList((Money(Decimal(5), "EUR"), Money(Decimal(40), "CNY"))),
    wait=Duration(7),
    deadline=Duration(10),
)


def policy_of(settings: Settings, name: str | None) -> tuple[str, Policy | None]:
    """Return the name and the policy a customer is reminded by; None where no such policy is.

    Books that define no policy at all have :data:`BUILT_IN` under the default's name.
    """
    reminders = settings.reminders
    wanted = name or reminders.default_policy
    if not reminders.policies and wanted == reminders.default_policy:
        return wanted, BUILT_IN
    return wanted, reminders.policies.get(wanted)


def policy_for(settings: Settings, customer: Customer | None) -> tuple[str, Policy | None]:
    """Return the name and the policy that ``customer`` is reminded by.

    It is the one that the record names, else the first whose ``when`` fits, else the default.
    The policy is None where the record names one that is not there.
    """
    if customer is None:
        return policy_of(settings, None)
    if customer.reminders.policy:
        return policy_of(settings, customer.reminders.policy)
    for name, policy in settings.reminders.policies.items():
        if policy.when is not None and is_meant_for(policy.when, customer):
            return name, policy
    return policy_of(settings, None)


def is_meant_for(when: When, customer: Customer) -> bool:
    """Return whether all that ``when`` says fits the customer; an empty one fits everybody."""
    return (
        (when.country is None or when.country.fits(country_of(customer)))
        and (when.debtor is None or when.debtor == customer.debtor)
        and (when.tier is None or when.tier.fits(customer.tier))
        and (when.tag is None or when.tag.fits(*customer.tags))
        and all(words.fits(customer.segments.get(key, "")) for key, words in when.segment.items())
    )


@dataclass(frozen=True, slots=True)
class Step:
    """The step a document could take. ``number`` is the dunning level, 0 for a notice.

    ``state`` is ``due`` when a letter of ``level`` is due by the calendar, ``final`` after the last
    level, ``changed`` when the log names a level that the policy no longer has, ``unknown`` where
    it is not known when the document is due, else ``none``.
    """

    state: str
    number: int = 0
    level: Level | None = None

    @property
    def name(self) -> str:
        """Return the name of the level, empty where there is none."""
        return self.level.name if self.level else ""


NOTHING = Step("none")
UNKNOWN = Step("unknown")


def next_step(
    policy: Policy, due: date | None, as_of: date, reached: Sent | None, sent: tuple[Sent, ...]
) -> Step:
    """Return the step that a document due on ``due`` takes at the end of ``as_of``.

    The next level is due when its ``after`` has come and the document is overdue and, for all but
    the first, the deadline printed in the last letter has passed by more than ``grace``. A letter
    without a deadline holds nothing up. Levels are never skipped. Once a dunning level was sent no
    notice follows. Without a due date the step is :data:`UNKNOWN`.
    """
    if due is None:
        return UNKNOWN
    return _step(policy, due, as_of, reached, sent)


class Steps:
    """The steps of documents at the end of ``as_of``.

    Before the first letter they depend on policy and due date alone, which thousands share.
    """

    def __init__(self, as_of: date) -> None:
        """Know nothing yet."""
        self._as_of = as_of
        self._first: dict[tuple[int, date | None], Step] = {}
        self._policies: dict[int, Policy] = {}

    def next(
        self, policy: Policy, due: date | None, reached: Sent | None, sent: tuple[Sent, ...]
    ) -> Step:
        """Return what :func:`next_step` does."""
        if reached or sent:
            return next_step(policy, due, self._as_of, reached, sent)
        key = (id(policy), due)
        found = self._first.get(key)
        if found is None:
            self._policies[key[0]] = policy  # as long as it is kept nothing else has its id
            found = self._first[key] = next_step(policy, due, self._as_of, None, ())
        return found


def _step(
    policy: Policy, due: date, as_of: date, reached: Sent | None, sent: tuple[Sent, ...]
) -> Step:
    done = reached.level if reached else 0
    if reached and not still_there(policy, reached):
        return Step("changed", done)
    if done == 0:
        notice = _notice(policy, due, as_of, sent)
        if notice:
            return Step("due", 0, notice)
    dunning = policy.dunning
    if done >= len(dunning):
        return Step("final", done, dunning[done - 1]) if done else NOTHING
    level = dunning[done]
    fires = level.after.fires_on(due, reached.date if reached else None)
    # Who pays on the due date pays in time: not even `0 days` duns before that day is over.
    if fires is None or as_of < fires or as_of <= due:
        return NOTHING
    if reached and reached.deadline and as_of <= policy.grace.after(reached.deadline):
        return NOTHING
    return Step("due", done + 1, level)


def still_there(policy: Policy, reached: Sent) -> bool:
    """Return whether the policy still has the level of the log, by number and name."""
    if reached.level > len(policy.dunning):
        return False
    return reached.level_name in {"", policy.dunning[reached.level - 1].name}


def _notice(policy: Policy, due: date, as_of: date, sent: tuple[Sent, ...]) -> Level | None:
    """Return the notice that is due: the latest whose day has come, unless it was sent.

    A notice speaks only until the due date. One that was missed is not sent after a later one.
    """
    if as_of > due:
        return None
    come = [
        level
        for level in policy.notices
        if (day := level.after.fires_on(due, None)) is not None and day <= as_of
    ]
    if not come:
        return None
    latest = max(come, key=lambda level: level.after.days)
    names = {entry.level_name for entry in sent if entry.level == 0}
    return None if latest.name in names else latest
