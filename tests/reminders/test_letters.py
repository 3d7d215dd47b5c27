"""Whole letters, what may not get into them, and what a template may not do."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import pytest
from reminder_books import (
    day,
    email_customer,
    item,
    position,
    sent,
    settings,
    with_fee,
    with_interest,
)

from ledgercli.books.packaged import law_profiles, shipped_rates
from ledgercli.model.customer import Address, BankAccount, Contact, Contract, Customer
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding
from ledgercli.model.rates import SHIPPED_RATES, RateTable
from ledgercli.model.settings import Company, Law
from ledgercli.model.template import TemplateText
from ledgercli.reminders import formats
from ledgercli.reminders.formats import text_width
from ledgercli.reminders.letter_context import LetterContext, letter_context
from ledgercli.reminders.letters import TEXT_KINDS, LetterKind, choose, render
from ledgercli.reminders.plan import plan
from ledgercli.reminders.recipient import address_lines
from ledgercli.reminders.record_texts import changed, map_texts

PACKAGED = {
    entry.name: TemplateText(entry.read_text(encoding="utf-8"), entry.name)
    for entry in (files("ledgercli") / "templates").iterdir()
    if entry.name.endswith(".j2")
}
COMPANY = Company(
    name="Example Trading Ltd",
    lines=("1 High Street", "London"),
    email="books@example.com",
    bank=BankAccount(holder="Example Trading Ltd", iban="GB29NWBK60161331926819", bic="NWBKGB2L"),
)
ADDRESS = Address(("Hauptstr. 1",), "10115", "Berlin", "", "DE")
OFFSETS = {"due-soon": -3, "reminder": 5, "reminder-firm": 30, "final-notice": 60}


def context(
    template: str = "reminder-firm",
    *,
    language: str = "en",
    customer: Customer | None = None,
    currency: str = "EUR",
    law: Law | None = None,
    rate_above: bool = False,
    names: Mapping[str, str] | None = None,
    number: str = "INV-2026-001",
    amount: str = "1234.56",
    credit: str = "0",
    company: Company = COMPANY,
) -> LetterContext:
    """Return the context of the usual letter: one document raised, another one also overdue."""
    customer = customer or email_customer(addresses={"billing": ADDRESS})
    standard = with_fee(
        ["40 EUR", "300 CNY"], per="document", base=with_interest("9%", from_level=2)
    )
    standard = replace(standard, law=law)
    if rate_above and standard.interest:
        standard = replace(standard, interest=replace(standard.interest, above="base"))
    books = position(
        item(number, amount, currency=currency),
        item("INV-2026-002", "50.00", currency=currency, due=day(10)),
        customers=[customer],
        unallocated={("C1", currency): credit},
    )
    as_of = day(OFFSETS[template])
    steps = {"due-soon": [], "reminder": [], "reminder-firm": [1], "final-notice": [1, 2]}[template]
    events: list[Event] = [
        sent(step, day(5 if step == 1 else 30), number, currency=currency) for step in steps
    ]
    rates = {"base": RateTable.parse({"2020-01-01": "0%", "names": dict(names or {})})}
    chosen = settings(standard, company=company, rates=rates)
    (letter,) = plan(books, chosen, events, as_of, laws=law_profiles()).letters
    return letter_context(
        letter,
        chosen,
        as_of,
        language=language,
        sequence=12,
        revision="abc1234",
    )


def written(
    letter: LetterContext,
    kind: LetterKind = "txt",
    texts: Mapping[str, TemplateText] = PACKAGED,
) -> str:
    text, _, findings = render(letter, [letter.language], kind, texts)
    assert findings == ()
    assert isinstance(text, str)
    return text


def test_an_english_letter_as_text() -> None:
    assert written(context(credit="20.00")) == (
        """\
Example Trading Ltd
1 High Street
London
books@example.com


Acme GmbH
Ute Maier
Hauptstr. 1
10115 Berlin
GERMANY


Our reference: 2026-012 / C1
Date: 31 March 2026

Second reminder: EUR 1,264.56 overdue

Dear Ute Maier,

We wrote to you on 6 March 2026 about the document below and have
received neither full payment nor a reply.

Document      Date        Due         Days  Open EUR  Interest
--------------------------------------------------------------
INV-2026-001  2026-01-30  2026-03-01    30  1,234.56      9.13

Also overdue, and included in the amount below:

Document      Date        Due         Days  Open EUR
----------------------------------------------------
INV-2026-002  2026-02-09  2026-03-11    20     50.00

Total of the documents                                      EUR 1,284.56
Less: payments and credits not yet allocated                  EUR −20.00
Fee for late payment                                           EUR 40.00
Interest                                                        EUR 9.13
                                                            ------------
Amount to pay                                               EUR 1,313.69

We must ask you to pay EUR 1,313.69 by 10 April 2026.

Interest on arrears of EUR 9.13 is counted at 9% a year from the day
after each due date up to 31 March 2026. It continues to run until the
day of payment.

The lump sum is claimed under section 288 (5) of the German Civil Code
(BGB).

Interest on arrears is claimed under sections 286 and 288 of the German
Civil Code (BGB).

If you cannot pay the whole amount at once, please contact us before
that date. Otherwise we shall have to take further steps.

Please pay to:
  Account holder: Example Trading Ltd
  IBAN: GB29NWBK60161331926819
  BIC: NWBKGB2L
  Please quote: C1

If you have paid in the meantime, please disregard this letter and
accept our thanks. If anything above does not agree with your records,
please let us know at books@example.com.

Yours sincerely,

Example Trading Ltd

--
Account as of 31 March 2026, books at revision abc1234. Customer C1.
"""
    )


@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("language", ["en", "de", "zh", "fr", "es", "ja"])
@pytest.mark.parametrize("template", list(OFFSETS))
def test_every_packaged_letter(template: str, language: str, kind: LetterKind) -> None:
    letter = context(template, language=language, currency="CNY" if language == "zh" else "EUR")
    text = written(letter, kind)
    for expected in ("INV-2026-001", "Example Trading Ltd", "Acme GmbH", "abc1234"):
        assert expected in text.replace("\\", "")
    assert "{{" not in text
    assert "{%" not in text
    figure = {"de": "1.234,56", "es": "1.234,56", "fr": "1 234,56"}.get(language, "1,234.56")
    assert figure in text
    assert "\n\n\n\n" not in text
    if kind == "txt":
        assert max(text_width(line) for line in text.split("\n")) <= 72
        assert all(line == line.rstrip() for line in text.split("\n"))


def test_a_chinese_letter_has_its_forms() -> None:
    text = written(context(language="zh", currency="CNY"))
    assert "编号：催字〔2026〕012号" in text
    assert "Acme GmbH：\n" in text
    paragraphs = text.replace("\n", "")
    assert (
        "请贵公司于2026年4月10日前将人民币壹仟伍佰玖拾叁元陆角玖分（¥1,593.69）支付至下列账户。"
        in paragraphs
    )
    # The law is that of the customer's country, whatever language the letter is in.
    assert "《德国民法典》第288条第5款" in paragraphs
    assert text.index("特此函告。") < text.rindex("2026年3月31日\n")
    dollars = written(context(language="zh", currency="USD")).replace("\n", "")
    assert "USD 1,284.56" in dollars
    assert "¥" not in dollars


def test_a_chinese_letter_names_its_kind_its_matter_and_its_delivery() -> None:
    letter = replace(context("final-notice", language="zh", currency="CNY"), channel="email")
    text = written(letter)
    assert "\n\n最后催款函\n\n事由：关于限期支付逾期货款的函\n\nAcme GmbH：\n" in text
    assert "（公章）\n" in text
    assert "送达方式" not in text
    by_post = written(replace(letter, channel="post")).replace("\n", "")
    assert "送达方式：邮政特快专递（EMS），单号：______________" in by_post
    assert "内件品名写明“催款函（催字〔2026〕012号）”。" in by_post
    assert "# 最后催款函\n\n事由：关于限期支付逾期货款的函\n\nAcme" in written(letter, "md")
    assert "<h1>最后催款函</h1>\n<p>事由：" in written(letter, "html")


def test_a_chinese_letter_addresses_persons_and_public_bodies_as_such() -> None:
    for template in OFFSETS:
        letter = context(template, language="zh", currency="CNY")
        person = written(replace(letter, person=True)).replace("\n", "")
        assert "尊敬的Acme GmbH：" in person
        assert "请您" in person
        school = written(replace(letter, debtor="public")).replace("\n", "")
        assert "请贵单位" in school
        assert "贵公司" not in person + school


def test_a_long_number_stays_in_one_piece() -> None:
    for language in ("en", "de", "zh"):
        number = "25312000000012345678"
        text = written(context(language=language, number=number, currency="CNY"))
        assert f"\n{number} " in text


@pytest.mark.parametrize(
    ("language", "law", "country", "debtor", "expected", "absent"),
    [
        ("de", None, "DE", "business", "§ 288 Abs. 5 BGB", "§ 288 Abs. 1"),
        ("de", None, "DE", "public", "§ 288 Abs. 2 BGB", "§ 288 Abs. 1"),
        ("de", None, "DE", "consumer", "§ 288 Abs. 1 BGB", "§ 288 Abs. 5"),
        ("de", None, "DE", "consumer", "nach §§ 280, 286 BGB", "§ 288 Abs. 2"),
        ("en", None, "NL", "business", "Article 6 of Directive 2011/7/EU", "BGB"),
        ("en", None, "NL", "business", "Article 3 of Directive 2011/7/EU", "BGB"),
        ("en", None, "NL", "public", "Article 4 of Directive 2011/7/EU", "Article 3"),
        ("de", "eu", "DE", "public", "Artikel 4 der Richtlinie 2011/7/EU", "BGB"),
        ("zh", "eu", "NL", "public", "第2011/7/EU号指令第4条", "第3条"),
        ("en", None, "US", "business", "as agreed between us", "2011/7/EU"),
        ("en", "de", "NL", "business", "section 288 (2) of the German Civil Code", "2011/7/EU"),
        ("en", "agreed", "NL", "business", "as agreed between us", "2011/7/EU"),
        ("fr", None, "FR", "business", "l'article 3 de la directive 2011/7/UE", "BGB"),
        ("es", None, "ES", "business", "el artículo 3 de la Directiva 2011/7/UE", "BGB"),
        ("ja", None, "NL", "business", "指令2011/7/EU第3条", "BGB"),
        ("zh", None, "CN", "business", "《中华人民共和国民法典》第五百七十七条", "2011/7/EU"),
    ],
)
def test_ground_of_claims(
    language: str, law: Law | None, country: str, debtor: str, expected: str, absent: str
) -> None:
    address = Address(("Street 1",), "10115", "Town", "", country)
    customer = email_customer(debtor=debtor, addresses={"billing": address})
    letter = context(language=language, law=law, customer=customer, rate_above=True)
    joiner = "" if language in {"zh", "ja"} else " "
    text = joiner.join(written(letter).split("\n"))
    assert expected in text
    assert absent not in text


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("en", {"en": "base rate of the bank"}, "above the reference rate (base rate of the bank)"),
        ("fr-CH", {"fr": "taux de base"}, "au taux de référence (taux de base) majoré"),
        ("es", {"en": "base rate"}, "al tipo de referencia (base)"),
    ],
)
def test_a_table_of_rates_is_called_by_its_name(
    language: str, names: Mapping[str, str], expected: str
) -> None:
    letter = context(language=language, law="agreed", rate_above=True, names=names)
    assert expected in " ".join(written(letter).split())


def test_shipped_tables_have_a_name_in_every_language_of_letters() -> None:
    for table in SHIPPED_RATES:
        rates = shipped_rates(table)
        assert set(rates.names) == {"en", "de", "fr", "es", "zh", "ja"}
        assert rates.name("zh-CN") == rates.names["zh"]
        own = RateTable.parse({"2026-01-01": "1%", "names": {"en": "ours"}}).over(rates)
        assert (own.name("en"), own.name("de")) == ("ours", rates.names["de"])


def test_no_ground_without_a_claim() -> None:
    for template in ("due-soon", "reminder"):
        for language in ("en", "de", "zh"):
            text = written(context(template, language=language))
            assert not re.search(r"2011/7/EU|BGB|民法典|agreed", text)


HOSTILE = "{{ 7*7 }}<script>alert(1)</script>\x1b[31m\u202e|*_#\n# Injected"


def test_data_is_text_in_every_format() -> None:
    customer = email_customer(name=HOSTILE, contacts=())
    letter = context(customer=customer)
    text = written(letter)
    assert "{{ 7*7 }}<script>alert(1)</script>[31m|*_# # Injected\n" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    page = written(letter, "html")
    assert "{{ 7*7 }}&lt;script&gt;alert(1)&lt;/script&gt;[31m|*_# # Injected" in page
    assert "<script" not in page
    markdown = written(letter, "md")
    assert r"\{\{ 7\*7 \}\}\<script\>alert\(1\)\</script\>\[31m\|\*\_\# \# Injected" in markdown


def test_no_text_that_templates_see_has_control_characters() -> None:
    bank = BankAccount(holder=HOSTILE, iban="GB29NWBK60161331926819", bic="NWBKGB2L")
    company = replace(COMPANY, name=HOSTILE, lines=(HOSTILE,), phone=HOSTILE, bank=bank)
    customer = Customer(
        "C1",
        name=HOSTILE,
        contacts=(Contact(name=HOSTILE, role="billing", email=HOSTILE),),
        addresses={"billing": replace(ADDRESS, lines=(HOSTILE,), city=HOSTILE)},
        contracts=(Contract(HOSTILE, HOSTILE),),
    )
    letter = context(customer=customer, number=HOSTILE, names={"en": HOSTILE}, company=company)
    assert letter.contracts
    assert HOSTILE[-8:] in letter.epc_code
    letter = changed(letter, epc_code="")  # which is of several lines
    assert map_texts(letter, formats.printable) is letter


def test_an_own_template_goes_before_the_packaged_one() -> None:
    own = {
        "reminder-firm.txt.j2": TemplateText("plain {{ letter.customer }}", "a"),
        "reminder-firm.de.txt.j2": TemplateText("deutsch {{ letter.claimed|money }}", "b"),
    }
    texts = {**PACKAGED, **own}
    assert written(context(), texts=texts) == "plain C1\n"
    assert written(context(language="de"), texts=texts) == "deutsch 1.333,69 EUR\n"
    wording = PACKAGED["reminder-firm.en.j2"].text.replace("Second reminder", "Reminder no. 2")
    texts = {**PACKAGED, "reminder-firm.en.j2": TemplateText(wording, "c")}
    assert "\nReminder no. 2: EUR" in written(context(), texts=texts)


def test_language_falls_back() -> None:
    def chosen(*languages: str) -> str | None:
        choice = choose("reminder", languages, "txt", PACKAGED)
        return choice.wording if choice else None

    assert chosen("de-AT") == "de"
    assert chosen("zh_CN", "en") == "zh"
    assert chosen("fr-CH") == "fr"
    assert chosen("it", "de") == "de"
    assert chosen("it") == "en"
    assert choose("nothing", ["en"], "txt", PACKAGED) is None


def finding(source: str, kind: LetterKind = "txt") -> Finding:
    texts = {**PACKAGED, "reminder-firm.txt.j2": TemplateText(source, "templates/mine.txt.j2")}
    text, _, findings = render(context(), ["en"], kind, texts)
    assert text == ""
    (found,) = findings
    return found


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("one\n{% if %}", 2, "Expected an expression"),
        ("one\ntwo {{ letter.nothing }}", 2, "has no `nothing`"),
        ("{{ nothing }}", 1, "'nothing' is undefined"),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
        ("{% include 'gone.j2' %}", 1, "gone.j2"),
        ("{% include '../ledgercli.yaml' %}", 1, "ledgercli.yaml"),
        ("{{ letter.__class__ }}", 1, "unsafe"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ letter|nosuchfilter }}", 1, "No filter named"),
        ("{{ 1|safe }}", 1, "No filter named"),
        ("\n{{ 'x' * 1000000000 }}", 2, "for numbers only"),
        ("{{ '%1000000000d' % 1 }}", 1, "for numbers only"),
        ("{{ 10 ** 100000000 }}", 1, "powers"),
        ("{{ 'x'.ljust(1000000000) }}", 1, "unsafe"),
        ("{{ '{:1000000000}'.format(1) }}", 1, "unsafe"),
        ("{{ range(1000000000)|list }}", 1, "steps"),
        ("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}", 1, "steps"),
        ("{% set n = namespace(x='aaaaaaaaaa') %}\n{% for a in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}", 2, "more than"),
        ("{% set n = namespace(x='aaaaaaaaaa') %}\n{% for a in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}", 2, "more than"),
        ("{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}", 1, "without end"),
        ("{% include 'reminder-firm.txt.j2' %}", 1, "without end"),
        ("{{ 'a,b'|replace('', 'xxxxxxxxxx'|replace('x', 'y' ~ 'z')) ~ 1|batch(100000000) }}", 1, "too large"),
        ("{{ 9" + "9" * 5000 + " }}", 1, ""),
    ],
)  # fmt: skip
def test_template_errors_are_findings(source: str, line: int, reason: str) -> None:
    started = time.monotonic()
    found = finding(source)
    assert time.monotonic() - started < 3
    assert found.code == "template-error"
    assert found.place.file == "templates/mine.txt.j2"
    assert (
        found.place.line in {line, 0} if reason in {"recursion", ""} else found.place.line == line
    )
    assert reason in found.values["reason"]
    assert "\n" not in found.values["reason"]


def test_an_error_inside_an_included_template_names_that_file() -> None:
    texts = {
        **PACKAGED,
        "part.j2": TemplateText("\n\n{{ gone }}", "templates/part.j2"),
        "reminder-firm.txt.j2": TemplateText("{% include 'part.j2' %}", "templates/r.txt.j2"),
    }
    _, _, (found,) = render(context(), ["en"], "txt", texts)
    assert (found.place.file, found.place.line) == ("templates/part.j2", 3)


def test_a_missing_template_is_a_finding() -> None:
    letter = replace(context(), template="nothing")
    _, choice, (found,) = render(letter, ["en"], "txt", PACKAGED)
    assert choice is None
    assert (found.code, dict(found.values)) == (
        "template-missing",
        {"template": "nothing", "kind": "txt"},
    )


@pytest.mark.parametrize(
    ("address", "language", "lines"),
    [
        (ADDRESS, "de", ("Hauptstr. 1", "10115 Berlin")),
        (Address(("1 High St",), "SW1A 1AA", "London", "", "GB"), "en", ("1 High St", "London", "SW1A 1AA", "UNITED KINGDOM")),
        (Address(("5 Main St",), "10001", "New York", "NY", "US"), "en", ("5 Main St", "New York NY 10001", "UNITED STATES")),
        (Address(("中山路1号",), "200001", "上海市", "上海市", "CN"), "zh", ("200001", "上海市中山路1号")),
        (Address(("Dorfstr. 2",), "", "Au", "", ""), "de", ("Dorfstr. 2", "Au")),
        (Address(), "en", ()),
    ],
)  # fmt: skip
def test_addresses(address: Address, language: str, lines: tuple[str, ...]) -> None:
    assert address_lines(address, language) == lines
