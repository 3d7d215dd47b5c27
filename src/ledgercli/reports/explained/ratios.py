"""How ratios came about: the postings that dividend and divisor are the sums of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.general_ledger import BookPosting
from ledgercli.receivables.statements.balances import CLOSING_TAG, RESULT_KINDS, ZERO
from ledgercli.receivables.statements.balances import decimals as decimals_of
from ledgercli.receivables.statements.classes import CURRENT_ASSETS, Classes
from ledgercli.reports.explained.accounts import posting_input, rounded_sum
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import Explainer, Figure, Input


def ratios(evidence: Evidence) -> Explainer:
    """Return what tells a ratio; converted to one currency, by the sums alone."""
    ledger, facts = evidence.ledger(), evidence.facts
    classes, places = Classes(ledger, evidence.settings), decimals_of(ledger)
    days = (facts["to"] - facts["from"]).days + 1

    def figures(row: Row) -> Iterator[Figure]:
        tell, name = evidence.teller(row), str(row["ratio"])
        words = _RATIOS[name]
        for key, what in zip(("dividend", "divisor"), words, strict=True):
            if row[key] is None:
                continue
            own: list[Input] = []
            if evidence.convert is None:
                own = [
                    posting_input(one, amount)
                    for one in ledger.postings
                    if one.currency == row["currency"] and one.date <= facts["to"]
                    if (amount := _counted(what, one, classes, facts["from"]))
                ]
            yield tell(key, Text(what), rounded_sum(own, row[key], places))
        parts = {
            "dividend": Text(words[0]),
            "above": row["dividend"],
            "divisor": Text(words[1]),
            "below": row["divisor"],
            "days": days,
        }
        yield tell("value", Text(_UNITS[row["unit"]], parts))

    return figures


_UNITS = {
    "percent": N_("{dividend} {above} ÷ {divisor} {below} × 100"),
    "days": N_("{dividend} {above} ÷ {divisor} {below} × {days} days"),
    "times": N_("{dividend} {above} ÷ {divisor} {below}"),
}
_REVENUE = N_("revenue")
_GROSS = N_("revenue less cost of sales")
_RESULT = N_("income less expenses")
_CURRENT = N_("current assets")
_QUICK = N_("current assets less stock")
_OWED_SOON = N_("current liabilities")
_ASSETS = N_("assets")
_LIABILITIES = N_("liabilities")
_NET_ASSETS = N_("assets less liabilities")
_RECEIVABLES = N_("average receivables")
_RATIOS: Mapping[str, tuple[str, str]] = {
    "gross-margin": (_GROSS, _REVENUE),
    "net-margin": (_RESULT, _REVENUE),
    "current-ratio": (_CURRENT, _OWED_SOON),
    "quick-ratio": (_QUICK, _OWED_SOON),
    "debt-ratio": (_LIABILITIES, _ASSETS),
    "equity-ratio": (_NET_ASSETS, _ASSETS),
    "receivables-turnover": (_REVENUE, _RECEIVABLES),
    "receivables-days": (_RECEIVABLES, _REVENUE),
}
#: The classes of accounts that a sum is of, and its sign.
_CLASSES: Mapping[str, tuple[frozenset[str], int]] = {
    _REVENUE: (frozenset({"revenue"}), -1),
    _GROSS: (frozenset({"revenue", "cost-of-sales"}), -1),
    _CURRENT: (frozenset(CURRENT_ASSETS), 1),
    _QUICK: (frozenset(CURRENT_ASSETS) - {"inventory"}, 1),
    _OWED_SOON: (frozenset({"current-liability"}), -1),
    _RECEIVABLES: (frozenset({"receivable"}), 1),
}
#: The kinds of accounts that other sums are of.
_KINDS: Mapping[str, tuple[frozenset[str], int]] = {
    _RESULT: (frozenset(RESULT_KINDS), -1),
    _ASSETS: (frozenset({"asset"}), 1),
    _LIABILITIES: (frozenset({"liability"}), -1),
    _NET_ASSETS: (frozenset({"asset", "liability"}), 1),
}
_OF_PERIOD = frozenset({_REVENUE, _GROSS, _RESULT})


def _counted(what: str, one: BookPosting, classes: Classes, start: date) -> Decimal:
    """Return what a posting adds to a sum: of average receivables those of the period half."""
    if one.kind in RESULT_KINDS and CLOSING_TAG in one.transaction.tags:
        return ZERO
    if what in _KINDS:
        names, sign = _KINDS[what]
        counts = one.kind in names
    else:
        names, sign = _CLASSES[what]
        counts = classes.of(one.account) in names
    if not counts or (what in _OF_PERIOD and one.date < start):
        return ZERO
    whole = sign * one.amount
    return whole / 2 if what == _RECEIVABLES and one.date >= start else whole
