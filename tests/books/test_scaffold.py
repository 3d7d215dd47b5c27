from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books.customers import read_customers
from ledgercli.books.errors import BooksExistError, NotAFolderError
from ledgercli.books.ledger import read_ledger
from ledgercli.books.scaffold import customer_yaml, scaffold, scaffold_from_ledger
from ledgercli.books.settings import read_settings
from ledgercli.model.customer import (
    Address,
    BankAccount,
    Contact,
    Contract,
    Credit,
    CreditLimit,
    Customer,
    CustomerReminders,
)
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.terms import Terms
from ledgercli.model.values import Duration, Percent

SCHEMAS = {
    f".ledgercli/{name}.schema.json"
    for name in ("customer", "settings", "order", "profile", "report")
}
ALWAYS = {"ledgercli.yaml", ".gitattributes", ".gitignore", *SCHEMAS}
MADE = {"main.beancount", "customers/C001.yaml", *ALWAYS}


def names(root: Path, paths: list[Path]) -> set[str]:
    return {path.relative_to(root).as_posix() for path in paths}


LANGUAGES = pytest.mark.parametrize("language", ["en", "zh", "fr"])


@LANGUAGES
def test_new_books_only_want_a_name(tmp_path: Path, language: str) -> None:
    root = tmp_path / "new" / "books"
    assert names(root, scaffold(root, language)) == MADE
    settings, findings = read_settings(root / "ledgercli.yaml", "ledgercli.yaml")
    assert [(row.code, row.place.line) for row in findings] == [("placeholder-company", 10)]
    levels = settings.reminders.policies["standard"].levels
    templates = [level.template for level in levels]
    assert templates == ["due-soon", "reminder", "reminder-firm", "final-notice"]
    (customer,), findings = read_customers(root)
    assert findings == ()
    view = read_ledger(root / settings.ledger, root, settings.receivables).view()
    assert view.findings == ()
    assert {posting.account for posting in view.receivables} == set(customer.accounts)


@LANGUAGES
def test_commented_settings_and_keys_are_right_too(tmp_path: Path, language: str) -> None:
    scaffold(tmp_path, language)
    for file in (tmp_path / "ledgercli.yaml", tmp_path / "customers" / "C001.yaml"):
        lines = file.read_text().split("\n")
        bare = [line.replace("# ", "", 1) if _is_commented_key(line) else line for line in lines]
        file.write_text("\n".join(bare))
    findings = read_settings(tmp_path / "ledgercli.yaml", "")[1]
    assert [row.code for row in findings] == ["placeholder-company"]
    codes = {finding.code for finding in read_customers(tmp_path)[1]}
    assert codes == {"unknown-parent"}


def _is_commented_key(line: str) -> bool:
    text = line.strip()
    key = text.removeprefix("# ").lstrip("- ").partition(":")[0]
    if "yaml-language-server" in text:
        return False
    return text.startswith("# ") and key.replace("_", "").replace("-", "").isalpha()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text("mine")
    written = scaffold(tmp_path)
    assert names(tmp_path, written) == ALWAYS
    assert (tmp_path / "main.beancount").read_text() == "mine"
    with pytest.raises(BooksExistError) as caught:
        scaffold(tmp_path)
    assert caught.value.exit_code == 2


def test_a_file_is_no_folder_for_books(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAFolderError):
        scaffold(tmp_path / "file")


def test_books_from_a_ledger_name_it_and_its_accounts(tmp_path: Path) -> None:
    root = tmp_path / "books"
    receivables = ReceivablesSettings(accounts=("Assets:AR", "Assets:1122应收账款"))
    customers = [
        Customer("客户A", name="客户A: 华联", accounts=("Assets:AR:客户A",)),
        Customer("B"),
    ]
    (root / "customers").mkdir(parents=True)
    (root / "customers" / "B.yaml").write_text("name: mine\n")
    written = scaffold_from_ledger(root, tmp_path / "my books.beancount", customers, receivables)
    assert names(root, written) == {"customers/客户A.yaml", *ALWAYS}
    settings, findings = read_settings(root / "ledgercli.yaml", "")
    assert [row.code for row in findings] == ["placeholder-company"]
    assert settings.ledger == "../my books.beancount"
    assert settings.receivables.accounts == receivables.accounts
    assert settings.receivables.deposits == ()
    read, findings = read_customers(root)
    assert findings == ()
    assert read[0].name == "mine"
    assert replace(read[1], file="", line=0) == customers[0]
    assert (root / "customers" / "客户A.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../.ledgercli/customer.schema.json\n"
        'id: 客户A\nname: "客户A: 华联"\naccounts: [Assets:AR:客户A]\n'
    )


_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=12)
_TRICKY = st.sampled_from(
    ["no", "null", "~", "012", "1e3", "a: b", "a #b", "- a", "'", '"', "{", "=", " a"]
)
_TEXT = _WORDS | _TRICKY
_LIMITS = st.sampled_from(
    [None, "10000 EUR", ["1 EUR", "2.50 USD"], {"2026-01-01": "5 EUR", "2027-01-01": None}]
).map(lambda raw: CreditLimit.parse(raw) if raw else None)


@settings(max_examples=150, deadline=None)
@given(
    st.builds(
        Customer,
        id=st.just("C"),
        name=_TEXT,
        kind=st.sampled_from(["company", "person"]),
        tier=_TEXT,
        tags=st.lists(_TEXT, max_size=2).map(tuple),
        segments=st.dictionaries(_TEXT, _TEXT, max_size=2),
        owner=_TEXT,
        language=st.sampled_from(["", "no", "zh-CN"]),
        accounts=st.sampled_from([(), ("Assets:Receivable:客户A", "Assets:B")]),
        aliases=st.lists(_TEXT, max_size=2).map(tuple),
        contacts=st.lists(st.builds(Contact, name=_TEXT, notes=_TEXT), max_size=2).map(tuple),
        addresses=st.dictionaries(
            _TEXT, st.builds(Address, lines=st.lists(_TEXT, min_size=1).map(tuple)), max_size=1
        ),
        bank=st.sampled_from([(), (BankAccount(holder="x", bank="no"),)]),
        terms=st.sampled_from(
            [None, Terms.parse("2/10 net 30"), Terms.parse("30% net 0, 70% net 60")]
        ),
        credit=st.builds(
            Credit, limit=_LIMITS, warn_at=st.sampled_from([None, Percent.parse("80%")])
        ),
        reminders=st.builds(CustomerReminders, never=st.booleans()),
        contracts=st.sampled_from([(), (Contract("CT", notice=Duration(1, "months")),)]),
        notes=_TEXT | st.just("one\ntwo\n"),
        fields=st.dictionaries(_TEXT, _TEXT | st.lists(_TEXT, min_size=1, max_size=2), max_size=2),
    )
)
def test_a_written_customer_reads_back_the_same(customer: Customer) -> None:
    import tempfile

    # An empty contact says nothing, and is not written.
    contacts = tuple(contact for contact in customer.contacts if contact != Contact())
    customer = replace(customer, contacts=contacts)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "customers").mkdir()
        file = Path(folder) / "customers" / "C.yaml"
        file.write_text(customer_yaml(customer), encoding="utf-8", newline="")
        (read,), findings = read_customers(Path(folder))
    assert findings == ()
    assert replace(read, file="", line=0) == customer
