"""The program's reports by name, with the options that own reports and digests may give them.

Names and options are those of the command line; values are texts, as they stand in YAML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from importlib import import_module
from typing import Any

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.interval import INTERVALS
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration, Money

_MONTHS_MOST = 120
#: As many days as the most months have.
_DAYS_MOST = 3660


@dataclass(frozen=True, slots=True)
class Option:
    """An option: the parameter it becomes, its value where it is left out, and how it is read.

    ``read`` raises ValueError for a text that is no value; ``expected`` says what is one.
    """

    parameter: str
    default: Any
    read: Callable[[str], Any]
    expected: str


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A report of the program: ``module:function`` at the desk, its options by name.

    The function takes the open books (with activity and orders), the query, and the parameters.
    One that is not ``by_customer`` is of the ledger as a whole: no filter of customers reaches it.
    ``explains`` is whether the query may ask how its figures came about.
    """

    target: str
    options: Mapping[str, Option] = field(default_factory=dict)
    by_customer: bool = True
    explains: bool = True

    def run(self, books: OpenBooks, query: Query, options: Mapping[str, str]) -> Answer:
        """Return the answer; ``options`` have been found to be right."""
        given = {one.parameter: one.default for one in self.options.values()}
        for name, text in options.items():
            given[self.options[name].parameter] = self.options[name].read(text)
        module, _colon, function = self.target.partition(":")
        found = getattr(import_module(f"ledgercli.desk.{module}"), function)
        answer: Answer = found(books, query, **given)
        if query.filters_customers and not self.by_customer:
            words = N_("the report is of the whole ledger: no filter of customers reaches it")
            answer = replace(answer, warnings=(*answer.warnings, words))
        return answer


def _whole(parameter: str, default: int, most: int = _MONTHS_MOST, least: int = 1) -> Option:
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return Option(parameter, default, read, f"{least} … {most}")


def _days(parameter: str) -> Option:
    return replace(_whole(parameter, 1, _DAYS_MOST), default=None)


def _choice(parameter: str, default: object, *words: str) -> Option:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Option(parameter, default, read, ", ".join(words))


def _text(parameter: str, default: str | None = "", expected: str = "") -> Option:
    return Option(parameter, default, str, expected)


def _flag(parameter: str) -> Option:
    words = {"yes": True, "true": True, "no": False, "false": False}
    return Option(parameter, False, lambda text: _known(words, text), "yes, no")


def _by_order() -> Option:
    words = {"order": True, "contract": False}
    return Option("by_order", False, lambda text: _known(words, text), "contract, order")


def _known(words: Mapping[str, bool], text: str) -> bool:
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


def _duration(parameter: str, default: Duration | None = None) -> Option:
    return Option(parameter, default, Duration.parse, "90 days, 6 months")


def _day(parameter: str) -> Option:
    return Option(parameter, None, dt.date.fromisoformat, "YYYY-MM-DD")


def _buckets(text: str) -> tuple[Duration, ...]:
    return tuple(Duration.parse(part) for part in text.split(","))


_MONTHS = {"months": _whole("months", 12)}
_BY = {"by": _text("by", "customer")}
_AGING = {
    "basis": _choice("basis", None, "due", "date"),
    "buckets": Option("buckets", None, _buckets, "30,60,90"),
}
_GROUPS = {"group-by": _text("group_by", None)}
_PERIOD = {"from": _day("first")}
_COMPARED = {"compare": _choice("compare", "year", "year", "period", "none")}
_SPREAD = {"by": _choice("by", "none", "none", "month", "quarter", "year")}
_LEVELS_MOST = 20
_DEPTH = {"depth": _whole("depth", 2, _LEVELS_MOST, 0)}
_TESTS = {"test-months": _whole("tests", 12, 60, 0)}
_OWNER = {"owner": _text("owner")}

BUILT_IN: Mapping[str, BuiltIn] = {
    "aging": BuiltIn("reports:aging", {**_AGING, **_GROUPS}, explains=False),
    "balances": BuiltIn("reports:balances", _GROUPS, explains=False),
    "items": BuiltIn("reports:items", {"all": _flag("settled")}, explains=False),
    "payments": BuiltIn(
        "reports:payments", {"unallocated": _flag("unallocated_only")}, explains=False
    ),
    "limits": BuiltIn(
        "reports:limits",
        {
            "with": Option("extra", None, Money.parse, "500 EUR"),
            "group": _choice("group", "customer", "customer", "parent"),
            **_GROUPS,
        },
        explains=False,
    ),
    "today": BuiltIn("agenda.today:today", _OWNER, explains=False),
    "agenda": BuiltIn("agenda.agenda:agenda", {"until": _day("until"), **_OWNER}, explains=False),
    "dashboard": BuiltIn("dashboard:dashboard", _MONTHS),
    "service": BuiltIn(
        "relation_reports:service", {"from": _day("first"), "open": _flag("open_only")}
    ),
    "nps": BuiltIn("relation_reports:nps", {"from": _day("first"), "by": _text("by", "month")}),
    "pipeline": BuiltIn("relation_reports:pipeline", _OWNER),
    "aging-history": BuiltIn(
        "metric_reports:aging_history",
        {
            **_MONTHS,
            **_AGING,
            "interval": _choice("interval", "month", *INTERVALS),
        },
    ),
    "dso": BuiltIn(
        "metric_reports:sales_outstanding",
        {**_MONTHS, "over": _whole("over", 3), "days": _days("days")},
    ),
    "collection": BuiltIn("metric_reports:collection", {**_MONTHS, "over": _whole("over", 1)}),
    "roll-forward": BuiltIn("metric_reports:roll_forward", _MONTHS),
    "days-to-pay": BuiltIn("metric_reports:days_to_pay", {**_MONTHS, **_BY}),
    "bad-debt": BuiltIn("metric_reports:bad_debt", {**_MONTHS, **_BY}),
    "concentration": BuiltIn(
        "metric_reports:concentration", {**_MONTHS, "of": _choice("of", "sales", "sales", "open")}
    ),
    "retention": BuiltIn(
        "metric_reports:retention", {**_MONTHS, "lost-after": _whole("lost_after", 6)}
    ),
    "cohorts": BuiltIn(
        "metric_reports:cohorts",
        {
            "months": _whole("months", 24),
            "by": _choice("by", "quarter", "month", "quarter", "year"),
        },
    ),
    "contribution": BuiltIn("sales_reports:contribution", {**_MONTHS, **_BY}),
    "products": BuiltIn(
        "sales_reports:products", {**_MONTHS, "by": _choice("by", "product", "product", "customer")}
    ),
    "bought-together": BuiltIn(
        "sales_reports:bought_together", {**_MONTHS, "least": _whole("least", 2)}
    ),
    "promises": BuiltIn("metric_reports:promises", _MONTHS),
    "limits-review": BuiltIn("customers.credit:limits_review", {"all": _flag("everything")}),
    "rfm": BuiltIn(
        "customers.tiering:rfm", {"within": _duration("within", Duration(12, "months"))}
    ),
    "targets": BuiltIn("customers.tiering:targets"),
    "limitation": BuiltIn("named_reports:limitation", {"within": _duration("within")}),
    "receipts-forecast": BuiltIn(
        "forecast_reports:receipts", {"weeks": _whole("weeks", 13, 104), **_TESTS}
    ),
    "revenue-forecast": BuiltIn(
        "forecast_reports:revenue", {"months": _whole("months", 12, 60), **_TESTS}
    ),
    "income": BuiltIn(
        "statement_reports:income", {**_PERIOD, **_COMPARED, **_DEPTH}, by_customer=False
    ),
    "balance-sheet": BuiltIn(
        "statement_reports:balance_sheet",
        {**_COMPARED, "depth": _whole("depth", 1, _LEVELS_MOST, 0)},
        by_customer=False,
    ),
    "cash-flow": BuiltIn(
        "statement_reports:cash_flow", {**_PERIOD, **_COMPARED, **_DEPTH}, by_customer=False
    ),
    "ratios": BuiltIn("statement_reports:ratios", {**_PERIOD, **_COMPARED}, by_customer=False),
    "taxes": BuiltIn("statement_reports:taxes", {**_PERIOD, **_SPREAD}, by_customer=False),
    "budget": BuiltIn("statement_reports:budget", {**_PERIOD, **_SPREAD}, by_customer=False),
    "limit-use": BuiltIn("use_reports:limit_use", _MONTHS),
    "frequency": BuiltIn("use_reports:frequency", _MONTHS),
    "anomalies": BuiltIn("anomaly_reports:anomalies", _MONTHS),
    "contracts": BuiltIn("named_reports:contracts", {"by": _by_order()}),
}
#: Options that digests give: they are about what nobody has dealt with yet.
DIGEST_OPTIONS: Mapping[str, Mapping[str, str]] = {"payments": {"unallocated": "yes"}}
