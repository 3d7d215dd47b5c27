"""All checks of the join: the findings of the position, and one function for each further code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledgercli.checks.accounts import mistyped_accounts, unopened_accounts
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
from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, FindingCode
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


Check = Callable[[Joined], Iterator[Finding]]

#: Each check with the code that it tells.
CHECKS: tuple[tuple[Check, FindingCode], ...] = (
    (
        lambda joined: shared_aliases(joined.customers, joined.view.opens),
        codes.AMBIGUOUS_ALIAS,
    ),
    (
        lambda joined: shared_accounts(joined.customers, joined.view.opens),
        codes.AMBIGUOUS_ACCOUNT,
    ),
    (
        lambda joined: unknown_receivable_accounts(joined.view.unmatched, joined.accounts_file),
        codes.UNKNOWN_RECEIVABLE_ACCOUNT,
    ),
    (
        lambda joined: mistyped_accounts(joined.customers, joined.view.opens),
        codes.MISTYPED_ACCOUNT,
    ),
    (
        lambda joined: unopened_accounts(joined.customers, joined.view.opens),
        codes.UNOPENED_ACCOUNT,
    ),
    (
        lambda joined: unknown_policies(joined.customers, joined.settings.reminders),
        codes.UNKNOWN_POLICY,
    ),
    (
        lambda joined: claims_about_nothing(joined.position),
        codes.CLAIM_ABOUT_NOTHING,
    ),
    (
        lambda joined: numbers_of_two_customers(joined.position),
        codes.NUMBER_OF_TWO_CUSTOMERS,
    ),
    (
        lambda joined: limits_without_price(
            joined.position, joined.settings.limits, joined.view.prices
        ),
        codes.NO_PRICE,
    ),
    (lambda joined: discounts_too_late(joined.position), codes.LATE_DISCOUNT),
    (lambda joined: discounts_too_high(joined.position), codes.HIGH_DISCOUNT),
    (
        lambda joined: settlements_without_tax(joined.position, joined.settings.receivables.tax),
        codes.NO_TAX_POSTING,
    ),
)

#: Codes that say nothing about a ledger whose customers were told by the ledger itself.
_OF_RECORDS = frozenset(
    {"customer-assumed", "mistyped-account", "unknown-customer-named", "unopened-account"}
)


def run_checks(joined: Joined, *, errors_alone: bool = False) -> list[Finding]:
    """Return the findings of the join, in no order; with ``errors_alone`` no others.

    The position should be that of the last day there is, so that nothing is overlooked.
    """
    found = list(joined.position.findings)
    for check, told in CHECKS:
        if not errors_alone or told.severity == "error":
            found.extend(check(joined))
    if errors_alone:
        found = [finding for finding in found if finding.severity == "error"]
    if joined.inferred:
        found = [finding for finding in found if finding.code not in _OF_RECORDS]
    return found
