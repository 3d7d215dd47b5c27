"""What an account is to us: receivable, a customer's deposit, a bank, or nothing in particular."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ledgercli.model.receivables_settings import ReceivablesSettings

#: Beancount's title of a ledger that has none.
NO_TITLE = "Beancount"
#: What an account is; plain numbers because every posting of the ledger asks.
OTHER, BANK, RECEIVABLE, DEPOSIT = range(4)
_DEFAULT_NAMES = r"(?:Receivables?|AccountsReceivable|\d{4}应收账款)"
_DEFAULT_DEPOSITS = r"(?:CustomerDeposits|\d{4}预收账款)"


class AccountKinds(dict[str, int]):
    """What each account is, decided by name at the first posting and remembered."""

    def __init__(self, settings: ReceivablesSettings, options: Mapping[str, Any]) -> None:
        """Take the names of the settings, else the usual ones under the ledger's own roots."""
        super().__init__()
        assets = str(options["name_assets"])
        liabilities = str(options["name_liabilities"])
        self._receivable = _names(settings.accounts, assets, _DEFAULT_NAMES)
        self._deposit = _names(settings.deposits, liabilities, _DEFAULT_DEPOSITS)
        # Without names any asset account may turn out to be one.
        self._bank = _names(settings.banks, assets, ".+")
        self.roots: set[str] = set(settings.accounts)

    def __missing__(self, account: str) -> int:
        """Return what ``account`` is."""
        kind = OTHER
        if found := self._receivable.match(account):
            self.roots.add(found[1])
            kind = RECEIVABLE
        elif self._deposit.match(account):
            kind = DEPOSIT
        elif self._bank.match(account):
            kind = BANK
        self[account] = kind
        return kind


def _names(accounts: tuple[str, ...], root: str, defaults: str) -> re.Pattern[str]:
    """Return the pattern of ``accounts``, else of the default names, with their sub-accounts."""
    if accounts:
        # Longest first, so that the account named is the one that is found.
        names = "|".join(map(re.escape, sorted(accounts, key=len, reverse=True)))
    else:
        names = f"{re.escape(root)}:{defaults}"
    return re.compile(f"({names})(?::.*)?$", re.DOTALL)


def unmatched(accounts: Iterable[str], asked: tuple[str, ...]) -> dict[str, str]:
    """Return what of ``asked`` no account is or is below, each with the nearest account or "".

    An empty ledger says nothing about names.
    """
    if not asked:
        return {}
    known = {
        account[:end]
        for account in accounts
        for end in (*(found.start() for found in re.finditer(":", account)), None)
    }
    missing = [name for name in asked if known and name not in known]
    if not missing:
        return {}
    import difflib

    names = sorted(name for name in known if ":" in name)
    near = {name: difflib.get_close_matches(name, names, n=1, cutoff=0.8) for name in missing}
    return {name: found[0] if found else "" for name, found in near.items()}
