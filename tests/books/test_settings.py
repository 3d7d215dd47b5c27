from __future__ import annotations

from pathlib import Path

import pytest

from ledgercli.books.settings import read_settings
from ledgercli.model.settings import Settings

FULL = """
ledger: main.beancount
language: en
timezone: Europe/Berlin
company:
  name: Example Trading Ltd
  lines: ["1 High Street", "London"]
  email: books@example.com
  bank: {holder: Example Trading Ltd, iban: GB29NWBK60161331926819, bic: NWBKGB2L}
receivables:
  accounts: [Assets:Receivable]
  deposits: [Liabilities:CustomerDeposits]
  invoice_links: ["INT-*", "FEE-*", "INV-*"]
  allocation: oldest-due
  terms: net 30
aging: {basis: due, buckets: [30, 60, 90]}
limits: {warn_at: 80%, count_orders: true}
reminders:
  default_policy: standard
  policies:
    standard:
      minimum: [5 EUR, 40 CNY]
      wait: 7 days
      deadline: 10 days
      grace: 3 days
      require_fresh: 3 days
      except_accounts: [Assets:Receivable:Staff]
      interest: {rate: 8%, above: ecb-refinancing, from_level: 2, debtor: business}
      levels:
        - {name: notice,   after: -3 days,                template: due-soon}
        - {name: friendly, after: 5 days,                 template: reminder}
        - {name: firm,     after: 30 days end of month,   template: reminder-firm, fee: {amount: 40 EUR, per: document, once: true, debtor: business}}
        - {name: final,    after: 14 days since previous, template: final-notice, channel: post, review: required}
rates:
  ecb-refinancing: {2025-06-11: 2.15%}
mail:
  from: "Example Trading <books@example.com>"
  smtp: {host: localhost, port: 587, security: starttls, user: books, password_env: LEDGERCLI_SMTP_PASSWORD}
"""


def read(folder: Path, text: str) -> tuple[Settings, list[str]]:
    file = folder / "ledgercli.yaml"
    file.write_text(text, encoding="utf-8")
    settings, findings = read_settings(file, "ledgercli.yaml")
    for finding in findings:  # every value that the words need is there
        finding.kind.message.format(**finding.values)
        finding.kind.hint.format(**finding.values)
    return settings, [f"{f.place.line}:{f.place.column} {f.code}" for f in findings]


def policy(levels: str) -> str:
    return f"reminders:\n  policies:\n    standard:\n      levels:\n{levels}"


def test_the_example_of_all_settings_has_no_findings(tmp_path: Path) -> None:
    settings, told = read(tmp_path, FULL)
    assert told == []
    assert settings.mail.sender == "Example Trading <books@example.com>"
    assert [level.name for level in settings.reminders.policies["standard"].dunning] == [
        "friendly",
        "firm",
        "final",
    ]
    assert settings.mail.smtp.port == 587


@pytest.mark.parametrize("text", ["", "# nothing\n", "ledger:\n", "mail: {}\n"])
def test_every_key_is_optional(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (Settings(), [])


def test_without_a_file_the_defaults_hold() -> None:
    assert read_settings(None, "") == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("legder: x\n", "1:1 unknown-key"),
        ("mail: {sender: x}\n", "1:8 unknown-key"),
        ('mail: {from: "a\\nb"}\n', "1:14 line-break"),
        ("mail: {smtp: {port: 58a}}\n", "1:21 expected-number"),
        ("timezone: Europe/Berln\n", "1:11 unknown-timezone"),
        ("timezone: Europe\n", "1:11 unknown-timezone"),
        ("timezone: ../../etc/passwd\n", "1:11 unknown-timezone"),
        ("language: e/n\n", "1:11 invalid-language"),
        ("aging: {buckets: [30, 30]}\n", "1:18 buckets-not-ascending"),
        ("aging: {buckets: [0, 30]}\n", "1:18 buckets-not-ascending"),
        ("aging: {buckets: [-30, 30]}\n", "1:18 buckets-not-ascending"),
        ("aging: {buckets: []}\n", "1:18 buckets-not-ascending"),
        ("aging: {basis: paid}\n", "1:16 unknown-value"),
        ("limits: {warn_at: 80}\n", "1:19 invalid-value"),
        ("limits: {warn_at: -1%}\n", "1:19 negative-setting"),
        ("rates: {ecb: [1]}\n", "1:14 invalid-value"),
        ("reminders: {default_policy: strict}\n", "1:29 unknown-policy"),
        ("reminders: {policies: {standard: {minimum: 5}}}\n", "1:44 amount-without-currency"),
        ("reminders: {policies: {standard: {minimum: -5 EUR}}}\n", "1:44 negative-setting"),
        ("reminders: {policies: {standard: {wait: -5 days}}}\n", "1:41 negative-setting"),
        (
            "reminders: {policies: {standard: {interest: {rate: 8%, above: ecb}}}}\n",
            "1:63 unknown-rate-table",
        ),
        (policy("      - {name: a, after: 5 days}\n"), "5:9 missing-key"),
        (policy("      - {name: a, after: soon, template: t}\n"), "5:26 invalid-value"),
        (
            policy("      - {name: a, after: 5 days, template: ../t}\n"),
            "5:44 invalid-template-name",
        ),
        (policy("      - {name: a, after: 5 days, template: a/t}\n"), "5:44 invalid-template-name"),
        (
            policy("      - {name: a, after: 5 days, template: t, fee: {amount: 4}}\n"),
            "5:61 amount-without-currency",
        ),
        (
            policy("      - {name: n, after: -3 days, template: t}\n")
            + "      - {name: a, after: 14 days since previous, template: t}\n",
            "6:26 first-since-previous",
        ),
        (
            policy("      - {name: a, after: 5 days, template: t}\n")
            + "      - {name: A, after: 9 days, template: t}\n",
            "6:16 level-name-twice",
        ),
        (
            policy("      - {name: a, after: 5 days, template: t}\n")
            + "      - {name: b, after: 5 days, template: t}\n",
            "6:26 levels-not-ascending",
        ),
        ("just words\n", "1:1 not-a-record"),
        ("- a\n", "1:1 not-a-record"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert read(tmp_path, text)[1] == [told]


def test_two_levels_that_both_count_from_the_previous_may_be_equal(tmp_path: Path) -> None:
    text = policy("      - {name: a, after: 5 days, template: t}\n")
    text += "".join(
        f"      - {{name: {name}, after: 14 days since previous, template: t}}\n" for name in "bc"
    )
    assert read(tmp_path, text)[1] == []


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "ledgercli.yaml"
    file.mkdir()
    settings, (finding,) = read_settings(file, "ledgercli.yaml")
    assert (settings, finding.code, finding.place.file) == (
        Settings(),
        "not-a-file",
        "ledgercli.yaml",
    )


def test_a_link_to_settings_elsewhere_is_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("ledger: other.beancount")
    file = tmp_path / "books" / "ledgercli.yaml"
    file.parent.mkdir()
    file.symlink_to(tmp_path / "mine.yaml")
    assert read_settings(file, "ledgercli.yaml")[0].ledger == "other.beancount"
