"""What the summary of one file depends on besides its bytes: account names and tolerances."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ledgercli.books.account_kinds import AccountKinds
from ledgercli.model.receivables_settings import ReceivablesSettings

#: What Beancount assumes where the top file says nothing.
_ROOTS = {"name_assets": "Assets", "name_liabilities": "Liabilities"}
_MULTIPLIER = "0.5"


class Rules(NamedTuple):
    """The settings and the options of the top file that decide what a summary holds.

    Summaries that were made under equal rules can be merged; as text they are the key of a store.
    ``tolerances`` are (currency, tolerance) of `inferred_tolerance_default`.
    """

    accounts: tuple[str, ...] = ()
    deposits: tuple[str, ...] = ()
    assets: str = "Assets"
    liabilities: str = "Liabilities"
    multiplier: str = _MULTIPLIER
    tolerances: tuple[tuple[str, str], ...] = ()
    from_cost: bool = False
    precise: bool = False

    @property
    def fingerprint(self) -> str:
        """Return a text that is equal for equal rules only."""
        return repr(tuple(self))

    def kinds(self, banks: tuple[str, ...] = ()) -> AccountKinds:
        """Return what each account is, by its name."""
        settings = ReceivablesSettings(accounts=self.accounts, deposits=self.deposits, banks=banks)
        names = {"name_assets": self.assets, "name_liabilities": self.liabilities}
        return AccountKinds(settings, names)


class Tolerances(NamedTuple):
    """The options of :class:`Rules` about tolerances, as numbers."""

    multiplier: Decimal
    defaults: tuple[tuple[str, Decimal], ...]
    from_cost: bool
    precise: bool


def tolerances_of(rules: Rules) -> Tolerances:
    """Return what the rules say about tolerances, as numbers."""
    defaults = tuple((currency, Decimal(number)) for currency, number in rules.tolerances)
    return Tolerances(Decimal(rules.multiplier), defaults, rules.from_cost, rules.precise)


def rules_of(settings: ReceivablesSettings, options: Iterable[tuple[str, str]]) -> Rules:
    """Return the rules under ``settings`` and the ``options`` of the top file, in their order."""
    said = dict(options)
    tolerances = {}
    for key, value in options:
        if key == "inferred_tolerance_default":
            currency, _, number = value.rpartition(":")
            tolerances[currency] = number
    return Rules(
        accounts=settings.accounts,
        deposits=settings.deposits,
        assets=said.get("name_assets", _ROOTS["name_assets"]),
        liabilities=said.get("name_liabilities", _ROOTS["name_liabilities"]),
        multiplier=said.get("tolerance_multiplier", _MULTIPLIER),
        tolerances=tuple(tolerances.items()),
        # Beancount has no converter for the first of the two, so that `yes` is not true there.
        from_cost=said.get("infer_tolerance_from_cost", "").lower() in {"true", "on", "1"},
        precise=said.get("use_precise_interpolation", "").lower() in {"1", "true", "yes"},
    )
