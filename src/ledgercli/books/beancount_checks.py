"""Run the validations of Beancount over the entries of a ledger.

Most transactions are known to be sound from their booking on: of these only the accounts are looked
at, in one walk. Beancount's own validations then see the other entries, or all of them where an
account was in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.interpolate import AUTOMATIC_RESIDUAL
from beancount.ops import validation

from ledgercli.books.beancount_errors import Sources
from ledgercli.books.beancount_loaded import Entry, Failure, Loaded, add_failures, failed
from ledgercli.model.finding import Place

_ACTIVE: Any = validation.validate_active_accounts
_CURRENCIES: Any = validation.validate_currency_constraints
_BALANCES: Any = validation.validate_check_transaction_balances
#: The validations that have nothing to say of sound transactions, once their accounts are known.
_OF_THE_REST = frozenset(
    [
        validation.validate_open_close,
        _ACTIVE,
        _CURRENCIES,
        validation.validate_duplicate_balances,
        validation.validate_duplicate_commodities,
        validation.validate_documents_paths,
        _BALANCES,
        validation.validate_data_types,
    ]
)


def validate(loaded: Loaded, sources: Sources, sound: Sequence[Entry]) -> None:
    """Run the validations of ``bean-check``, each once; ``sound`` is what booking found so.

    ``validation.validate`` is not called: it appends the extra validations to a list of its
    module, so that each further load in a process would run, and report, them again.
    """
    rest, doubtful = _without_sound(loaded.entries, sound)
    steps: dict[Any, None] = dict.fromkeys(
        [*validation.BASIC_VALIDATIONS, *validation.HARDCORE_VALIDATIONS]
    )
    for step in steps:
        entries = rest if step in _OF_THE_REST and step not in doubtful else loaded.entries
        try:
            if step is _BALANCES:
                errors, failures = unbalanced(entries, loaded.options)
                add_failures(loaded, sources, "balance", failures)
            else:
                errors = step(entries, loaded.options)
            loaded.errors.extend(errors)
        except Exception as error:  # noqa: BLE001 - entries that a plugin made can be anything
            loaded.findings.append(failed(step.__name__, error, Place()))


def _without_sound(
    entries: list[Entry], sound: Sequence[Entry]
) -> tuple[list[Entry], frozenset[Any]]:
    """Return the entries that are not sound, and the validations that have to see all of them.

    The entries are sorted. Those that are sound are known in the same order: where a plugin has
    taken one away, none after it is found, and they are validated like any other.
    """
    if not sound:
        return entries, frozenset()
    allowed = {
        entry.account: entry.currencies
        for entry in entries
        if type(entry) is data.Open and entry.currencies
    }
    active: dict[str, Sequence[str] | None] = {}
    rest = []
    doubtful = set()
    upcoming = iter(sound)
    awaited = next(upcoming)
    for entry in entries:
        if entry is awaited:
            awaited = next(upcoming, None)
            for account, units, _, _, _, _ in entry.postings:
                if account not in active:
                    doubtful.add(_ACTIVE)
                elif (currencies := active[account]) and units[1] not in currencies:
                    doubtful.add(_CURRENCIES)
            continue
        rest.append(entry)
        if type(entry) is data.Open:
            active[entry.account] = allowed.get(entry.account)
        elif type(entry) is data.Close:
            active.pop(entry.account, None)
    if _ACTIVE in doubtful:
        # Of an account that is not open nothing else was looked at.
        doubtful.add(_CURRENCIES)
    return rest, frozenset(doubtful)


def unbalanced(
    entries: Iterable[Entry], options: Mapping[str, Any]
) -> tuple[list[Any], list[Failure]]:
    """Return the errors of ``validate_check_transaction_balances``, and what it died of.

    Beancount is asked only where there is doubt.
    """
    errors: list[Any] = []
    failures: list[Failure] = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            try:
                if not _adds_up_to_nothing(entry):
                    errors += _BALANCES([entry], options)
            except Exception as error:  # noqa: BLE001 - the other entries are still looked at
                failures.append((entry, error))
    return errors, failures


def _adds_up_to_nothing(entry: Entry) -> bool:
    """Return whether the postings are of one currency, without cost or price, and sum up to 0."""
    currency = None
    total = Decimal()
    for posting in entry.postings:
        units = posting.units
        meta = posting.meta
        if (
            type(units) is not Amount
            or type(units.number) is not Decimal
            or posting.cost is not None
            or posting.price is not None
            or (meta and AUTOMATIC_RESIDUAL in meta)
        ):
            return False
        if currency is None:
            currency = units.currency
        elif units.currency != currency:
            return False
        # Beancount forgets a sum that comes to nothing: what is added next is not rounded.
        total = total + units.number if total else units.number
    return not total
