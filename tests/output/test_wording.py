"""Findings and errors in words, for people and for GitHub."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from ledgercli.model.answer import Text
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding, FindingCode, Place
from ledgercli.model.values import Duration
from ledgercli.output import language, values, wording, words
from ledgercli.output.github import workflow_commands


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


UNKNOWN_CUSTOMER = FindingCode(
    "unknown-customer",
    "error",
    "no customer fits the posting on `{account}` ({named})",
    "add a customer with this account, id or alias, or `customer:` to the posting",
)
UNKNOWN_KEY = FindingCode(
    "unknown-key", "warning", "unknown key `{key}`", "did you mean `{suggestion}`?"
)
CUSTOMER = Finding(
    UNKNOWN_CUSTOMER,
    {"account": "Assets:Receivable\x1b:X", "named": "{oops}"},
    Place("main.beancount", 12, 3),
    "?",
)
KEY = Finding(UNKNOWN_KEY, {"key": "limt", "suggestion": "limit"}, Place("customers/a.yaml", 4))
INFO = Finding(FindingCode("assumed", "info", "assumed for {number}", ""), {"number": "INV-1"})
HOSTILE = Finding(
    FindingCode("a:b,c", "error", "100% of {what}", ""),
    {"what": "it\r\n::error::forged"},
    Place("a,b:c%.yaml", 1),
)


def test_findings_have_place_code_message_and_hint() -> None:
    assert (
        wording.listed([CUSTOMER, KEY, INFO], verbose=False)
        == """\
main.beancount:12:3: error[unknown-customer]: no customer fits the posting on `Assets:Receivable␛:X` ({oops})
  hint: add a customer with this account, id or alias, or `customer:` to the posting
customers/a.yaml:4: warning[unknown-key]: unknown key `limt`
  hint: did you mean `limit`?
"""
    )


def test_info_shows_when_asked_for() -> None:
    assert wording.listed([INFO], verbose=False) == ""
    assert wording.listed([INFO], verbose=True) == "info[assumed]: assumed for INV-1\n"


def test_counts() -> None:
    findings = [CUSTOMER, CUSTOMER, KEY, INFO]
    assert wording.count_line(findings, verbose=True) == "2 errors, 1 warning, 1 info"
    assert wording.count_line([INFO], verbose=False) == "1 info (shown with `-v`)"
    assert wording.count_line([], verbose=False) == ""
    language.install("zh")
    assert wording.count_line(findings, verbose=True) == "2 个错误、1 个警告、1 个提示"


def test_chinese_findings() -> None:
    language.install("zh")
    assert (
        wording.listed([KEY], verbose=False)
        == """\
customers/a.yaml:4: 警告[unknown-key]: 未知的键 `limt`
  建议：是否想写 `limit`？
"""
    )


def test_a_value_that_is_missing_does_not_hide_the_finding() -> None:
    lame = Finding(UNKNOWN_KEY, {"key": "x"})
    assert "did you mean `{suggestion}`?" in wording.listed([lame], verbose=False)


def test_thresholds() -> None:
    assert wording.at_least([KEY], "warning")
    assert not wording.at_least([KEY], "error")
    assert wording.at_least([CUSTOMER], "info")
    assert not wording.at_least([], "info")


class _LockedError(LedgercliError):
    message = "the books are in use by {holder}"
    hint = "wait"


def test_errors_are_one_line_and_a_hint() -> None:
    assert wording.error_lines(_LockedError(holder="x\ny")) == (
        "error: the books are in use by x␊y\n  hint: wait\n"
    )


def test_every_enumeration_of_the_model_has_words() -> None:
    from ledgercli.model import aging_settings, customer, event, finding, position
    from ledgercli.reminders import held

    tables = {
        "settlement": position.SettlementKind,
        "document-kind": position.DocumentKind,
        "rule": position.Rule,
        "hold-reason": held.Reason,
        "severity": finding.Severity,
        "debtor": customer.Debtor,
        "kind": customer.Kind,
        "customer-status": customer.Status,
        "event": event.EventKind,
        "basis": aging_settings.Basis,
    }
    for name, kinds in tables.items():
        assert set(kinds.__args__) <= set(words.table(name)), name  # type: ignore[attr-defined]


def test_every_table_of_words_has_one_subject() -> None:
    subjects = [found.name for found in pkgutil.iter_modules(words.__path__)]
    assert sorted(subjects) == sorted(words.SUBJECTS)
    modules = [importlib.import_module(f"{words.__name__}.{name}") for name in subjects]
    names = [name for module in modules for name in module.WORDS]
    assert len(names) == len(set(names))
    assert all(words.table(name) for name in names)
    assert words.word("no-such-table", "code") == "code"


def test_annotations_cannot_be_forged() -> None:
    assert workflow_commands([KEY, INFO, HOSTILE], "books") == (
        "::warning file=books/customers/a.yaml,line=4,title=unknown-key"
        "::unknown key `limt`%0Adid you mean `limit`?\n"
        "::notice title=assumed::assumed for INV-1\n"
        "::error file=books/a%2Cb%3Ac%25.yaml,line=1,title=a%3Ab%2Cc"
        "::100%25 of it␍␊::error::forged\n"
    )


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Duration(1), "1 day"),
        (Duration(60), "60 days"),
        (Duration(2, "months"), "2 months"),
        (Duration(1, "years"), "1 year"),
    ],
)
def test_lengths_of_time_are_words(length: Duration, words: str) -> None:
    assert values.sentence(Text("{within}", {"within": length})) == words
