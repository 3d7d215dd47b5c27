"""All checks of the join: the findings of the position, and one function for each further code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledgercli.checks.claims import claims_about_nothing
from ledgercli.checks.discounts import (
    discounts_too_high,
    discounts_too_late,
    settlements_without_tax,
)
from ledgercli.checks.identity import (
    shared_accounts,
    shared_aliases,
    unknown_policies,
    unknown_receivable_accounts,
)
from ledgercli.checks.limits import limits_without_price
from ledgercli.checks.numbers import numbers_of_two_customers
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.ledger import LedgerView
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.receivables.position import Position


@dataclass(frozen=True, slots=True)
class Joined:
    """What the checks look at. ``inferred`` says that the customers were told by the ledger.

    ``accounts_file`` is the file that names the receivable accounts, "" where an option does.
    """

    settings: Settings
    customers: tuple[Customer, ...]
    view: LedgerView
    position: Position
    inferred: bool = False
    accounts_file: str = ""


CHECKS: tuple[Callable[[Joined], Iterator[Finding]], ...] = (
    lambda joined: shared_aliases(joined.customers, joined.view.opens),
    lambda joined: shared_accounts(joined.customers, joined.view.opens),
    lambda joined: unknown_receivable_accounts(joined.view.unmatched, joined.accounts_file),
    lambda joined: unknown_policies(joined.customers, joined.settings.reminders),
    lambda joined: claims_about_nothing(joined.position),
    lambda joined: numbers_of_two_customers(joined.position),
    lambda joined: limits_without_price(
        joined.position, joined.settings.limits, joined.view.prices
    ),
    lambda joined: discounts_too_late(joined.position),
    lambda joined: discounts_too_high(joined.position),
    lambda joined: settlements_without_tax(joined.position, joined.settings.receivables.tax),
)

#: Codes that say nothing about a ledger whose customers were told by the ledger itself.
_OF_RECORDS = frozenset({"customer-assumed", "unknown-customer-named"})


def run_checks(joined: Joined) -> list[Finding]:
    """Return the findings of the join, in no order.

    The position should be that of the last day there is, so that nothing is overlooked.
    """
    found = list(joined.position.findings)
    for check in CHECKS:
        found.extend(check(joined))
    if joined.inferred:
        found = [finding for finding in found if finding.code not in _OF_RECORDS]
    return found
