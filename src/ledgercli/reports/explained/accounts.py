"""How the figures of financial statements came about: the postings that each line is the sum of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby

from ledgercli.model.answer import Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import AccountKind, BookPosting, GeneralLedger
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.periods import Period, parts_of
from ledgercli.receivables.statements.balances import CLOSING_TAG, RESULT_KINDS, ZERO, told
from ledgercli.receivables.statements.balances import decimals as decimals_of
from ledgercli.receivables.statements.budget import amount_in
from ledgercli.receivables.statements.cash_flow import EXCHANGED, spread
from ledgercli.receivables.statements.classes import Classes
from ledgercli.receivables.statements.taxes import TaxLine, add_posting
from ledgercli.reports.explained.evidence import Evidence, words_of
from ledgercli.reports.explained.figures import Explainer, Figure, Input, values
from ledgercli.reports.metrics_customers import period_label


def posting_input(row: BookPosting, amount: Decimal) -> Input:
    """Return a posting as an input; ``amount`` is what it adds."""
    words = " ".join(part for part in (row.account, words_of(row)) if part)
    return Input("posting", amount, words, row.date, row.customer, "", row.file, row.line)


def is_below(account: str, parent: str) -> bool:
    """Return whether ``account`` is ``parent`` or a sub-account of it."""
    return account == parent or account.startswith(f"{parent}:")


def rounded_sum(inputs: Iterable[Input], value: Money, places: dict[str, int]) -> tuple[Input, ...]:
    """Return ``inputs`` in the decimals of the currency, with what that rounding leaves over."""
    listed = list(inputs)
    with localcontext(CONTEXT):
        whole = sum((one.amount for one in listed), ZERO)
        if not listed or told(whole, value.currency, places) != value.amount:
            return tuple(listed)
        listed = [replace(one, amount=told(one.amount, value.currency, places)) for one in listed]
        left = value.amount - sum((one.amount for one in listed), ZERO)
    if left:
        words = Text(N_("rounded to the decimals of the currency"))
        listed.append(Input("rounding", left, words))
    return tuple(listed)


def income(evidence: Evidence) -> Explainer:
    """Return what tells a line of the income statement."""
    ledger, facts = evidence.ledger(), evidence.facts
    places = decimals_of(ledger)
    start, end = facts["from"], facts["to"]

    def figures(row: Row) -> Iterator[Figure]:
        tell, section = evidence.teller(row), row["section"]
        kinds = {"income": ("income",), "expenses": ("expense",)}.get(section, RESULT_KINDS)
        sign = 1 if section == "expenses" else -1
        own = [
            posting_input(one, sign * one.amount)
            for one in ledger.postings
            if one.kind in kinds
            and start <= one.date <= end
            and one.currency == row["currency"]
            and CLOSING_TAG not in one.transaction.tags
            and (not row["account"] or is_below(one.account, row["account"]))
        ]
        words = Text(_POSTED[section], {"start": start, "end": end})
        yield tell("amount", words, rounded_sum(own, row["amount"], places))
        yield from compared(evidence, row)

    return figures


_POSTED = {
    "income": N_("credits less debits from {start} to {end}"),
    "expenses": N_("debits less credits from {start} to {end}"),
    "result": N_("income less expenses from {start} to {end}"),
}


def compared(evidence: Evidence, row: Row) -> Iterator[Figure]:
    """Yield change and change in percent of a line that is compared."""
    if "compared" not in row:
        return
    tell = evidence.teller(row)
    told_by = values(row, "amount", "compared", "change")
    yield tell("change", Text(N_("{amount} − {compared}"), told_by))
    if row["change_percent"] is not None:
        size = Money(abs(row["compared"].amount), row["currency"])
        words = Text(N_("{change} ÷ {size} × 100"), {**told_by, "size": size})
        yield tell("change_percent", words)


def balance_sheet(evidence: Evidence) -> Explainer:
    """Return what tells a line of the balance sheet."""
    ledger, end = evidence.ledger(), evidence.facts["as_of"]
    places = decimals_of(ledger)
    year = evidence.settings.statements.year_begins.of(end)

    def figures(row: Row) -> Iterator[Figure]:
        tell = evidence.teller(row)
        own = [one for one in _balance_rows(ledger, row, end, year) if one.amount]
        line = row["line"] if row["account"] is None else row["section"]
        words = Text(_STOOD.get(line, _STOOD["equity"]), {"date": end, "start": year})
        yield tell("amount", words, rounded_sum(own, row["amount"], places))
        yield from compared(evidence, row)

    return figures


_STOOD = {
    "assets": N_("debits less credits up to {date}"),
    "liabilities": N_("credits less debits up to {date}"),
    "equity": N_("credits less debits up to {date}, with results, conversions and rounding"),
    "retained-earnings": N_("income less expenses before {start}, less what was closed"),
    "current-result": N_("income less expenses from {start} to {date}, less what was closed"),
    "conversions": N_("what was exchanged at a price: as carried less as weighed"),
    "rounding": N_("what transactions leave unbalanced"),
    "liabilities-and-equity": N_("all that is not assets, up to {date}"),
}


def _balance_rows(ledger: GeneralLedger, row: Row, end: date, year: date) -> Iterator[Input]:
    for one in ledger.postings:
        if one.date <= end:
            yield posting_input(one, _of_line(one, row, year))


def _of_line(one: BookPosting, row: Row, year: date) -> Decimal:
    """Return what a posting adds to a line of the balance sheet."""
    line, currency = row["line"], row["currency"]
    if row["account"]:
        if one.currency != currency or not is_below(one.account, row["account"]):
            return ZERO
        return one.amount if row["section"] == "assets" else -one.amount
    if line == "conversions":
        return _converted(one, currency)
    if line == "rounding":
        return _weighed(one, currency)
    kinds = _KINDS.get(line, RESULT_KINDS)
    counts = one.currency == currency and one.kind in kinds
    if line in {"retained-earnings", "current-result"}:
        counts = counts and (one.date >= year) == (line == "current-result")
    amount = one.amount if counts else ZERO
    if line in {"assets", "liabilities"} or line not in _KINDS:
        return amount if line == "assets" else -amount
    return -amount + _converted(one, currency) + _weighed(one, currency)


_EQUITY: tuple[AccountKind, ...] = ("equity", *RESULT_KINDS)
_KINDS: Mapping[str, tuple[AccountKind, ...]] = {
    "assets": ("asset",),
    "liabilities": ("liability",),
    "equity": _EQUITY,
    "liabilities-and-equity": ("liability", *_EQUITY),
}


def _converted(one: BookPosting, currency: str) -> Decimal:
    """Return what a posting adds to the conversions of ``currency``."""
    if one.weight is None:
        return ZERO
    amount = one.amount if one.currency == currency else ZERO
    return amount - (one.weight.amount if one.weight.currency == currency else ZERO)


def _weighed(one: BookPosting, currency: str) -> Decimal:
    """Return what a posting weighs in ``currency``."""
    weight = one.weight or Money(one.amount, one.currency)
    return weight.amount if weight.currency == currency else ZERO


def cash_flow(evidence: Evidence) -> Explainer:
    """Return what tells a line of the cash flow statement."""
    ledger, facts = evidence.ledger(), evidence.facts
    places = decimals_of(ledger)
    classes = Classes(ledger, evidence.settings)
    cash = frozenset(facts["cash"])
    start, end = facts["from"], facts["to"]
    flows = list(_cash_flows(ledger, cash, start, end))

    def figures(row: Row) -> Iterator[Figure]:
        tell, section, currency = evidence.teller(row), row["section"], row["currency"]
        if section in {"cash", "change"}:
            own = [
                posting_input(one, one.amount)
                for one in ledger.postings
                if one.account in cash
                and one.currency == currency
                and one.date <= end
                and (one.date < start if row["line"] == "opening-cash" else True)
                and (one.date >= start if section == "change" else True)
            ]
            words = _CASH[str(row["line"])]
        else:
            own = [
                posting_input(one, amount.amount)
                for one, account, amount in flows
                if amount.currency == currency and _is_of(account, row, classes)
            ]
            words = _CASH["flow"]
        told_by = Text(words, {"start": start, "end": end})
        yield tell("amount", told_by, rounded_sum(own, row["amount"], places))
        yield from compared(evidence, row)

    return figures


_CASH = {
    "opening-cash": N_("what stood on the cash accounts before {start}"),
    "closing-cash": N_("what stands on the cash accounts at the end of {end}"),
    "change-in-cash": N_("what moved the cash accounts from {start} to {end}"),
    "flow": N_("what cash gained from {start} to {end}, by the accounts that stand against it"),
}


def _is_of(account: str, row: Row, classes: Classes) -> bool:
    if account == EXCHANGED:
        return bool(row["section"] == "exchanged")
    if row["section"] != classes.activity(account):
        return False
    return not row["account"] or is_below(account, row["account"])


def _cash_flows(
    ledger: GeneralLedger, cash: frozenset[str], start: date, end: date
) -> Iterator[tuple[BookPosting, str, Money]]:
    """Yield what cash gained, by account; the posting is one against it, else the cash posting."""
    with localcontext(CONTEXT):
        for _, group in groupby(ledger.postings, lambda one: one.transaction.number):
            rows = list(group)
            own = [one for one in rows if one.account in cash]
            if not own or not start <= rows[0].date <= end:
                continue
            for account, amount in spread(rows, cash):
                against = next((one for one in rows if one.account == account), own[0])
                yield against, account, amount


def taxes(evidence: Evidence) -> Explainer:
    """Return what tells the line of a tax account."""
    ledger, facts = evidence.ledger(), evidence.facts
    accounts = frozenset(facts["accounts"])
    classes = Classes(ledger, evidence.settings)
    places = decimals_of(ledger)
    groups = [list(own) for _, own in groupby(ledger.postings, lambda one: one.transaction.number)]

    def figures(row: Row) -> Iterator[Figure]:
        tell, key = evidence.teller(row), (row["account"], row["currency"])
        period = _period(evidence, row["period"])
        found: dict[str, list[Input]] = {name: [] for name in ("opening", *_TAXES)}
        for rows in groups:
            for one in rows:
                if (one.account, one.currency) != key or one.date > period.end:
                    continue
                if one.date < period.start:
                    found["opening"].append(posting_input(one, -one.amount))
                    continue
                line = TaxLine(*key, period)
                add_posting(line, one, rows, accounts, classes)
                for name in _TAXES:
                    if amount := getattr(line, name):
                        found[name].append(posting_input(one, amount))
        days = {"start": period.start, "end": period.end}
        for name, words in {"opening": _OPENING, **_TAXES}.items():
            listed = rounded_sum(found[name], row[name], places)
            yield tell(name, Text(words, days), listed)
        told_by = values(row, "opening", *_TAXES)
        words = N_("{opening} + {charged} − {deducted} − {paid} + {carried}")
        yield tell("closing", Text(words, told_by))

    return figures


_OPENING = N_("credits less debits before {start}")
_TAXES = {
    "charged": N_("credits of the tax account from {start} to {end}"),
    "deducted": N_("debits of the tax account from {start} to {end}"),
    "paid": N_("settled between tax and cash accounts alone"),
    "carried": N_("carried from one tax account to another"),
}


def _period(evidence: Evidence, label: str) -> Period:
    """Return the days that a period of the report stands for."""
    facts = evidence.facts
    whole = Period(facts["from"], facts["to"])
    if facts["by"] == "none":
        return whole
    return next(
        one for one in parts_of(whole, facts["by"]) if period_label(one.start, facts["by"]) == label
    )


def budget(evidence: Evidence) -> Explainer:
    """Return what tells actual and budget of an account."""
    ledger = evidence.ledger()
    places = decimals_of(ledger)
    credit = ("income", "liability", "equity")

    def figures(row: Row) -> Iterator[Figure]:
        tell, account, currency = evidence.teller(row), row["account"], row["currency"]
        period = _period(evidence, row["period"])
        sign = -1 if ledger.accounts.get(account, "expense") in credit else 1
        own = [
            posting_input(one, sign * one.amount)
            for one in ledger.postings
            if is_below(one.account, account)
            and one.currency == currency
            and period.start <= one.date <= period.end
            and not (one.kind in RESULT_KINDS and CLOSING_TAG in one.transaction.tags)
        ]
        days = {"start": period.start, "end": period.end}
        words = Text(N_("postings from {start} to {end}, with all accounts below"), days)
        yield tell("actual", words, rounded_sum(own, row["actual"], places))
        planned = list(_planned(ledger, account, currency, period, sign))
        words = Text(N_("budgets spread over the days of their interval"))
        yield tell("budget", words, rounded_sum(planned, row["budget"], places))
        told_by = values(row, "actual", "budget")
        yield tell("difference", Text(N_("{actual} − {budget}"), told_by))
        yield tell("used", Text(N_("actual {actual} ÷ budget {budget} × 100"), told_by))

    return figures


def _planned(
    ledger: GeneralLedger, account: str, currency: str, period: Period, sign: int
) -> Iterator[Input]:
    names = sorted({one.account for one in ledger.budgets if is_below(one.account, account)})
    for name in names:
        own = [one for one in ledger.budgets if (one.account, one.currency) == (name, currency)]
        own.sort(key=lambda one: one.date)
        amount = sign * amount_in(own, period)
        if amount:
            listed = [
                Text(
                    N_("{amount} every {interval} from {date}"),
                    {
                        "amount": Money(sign * one.amount, currency),
                        "interval": one.interval,
                        "date": one.date,
                    },
                )
                for one in own
                if one.date <= period.end
            ]
            words = Text("{account}: {budgets}", {"account": name, "budgets": listed})
            yield Input("budget", amount, words)
