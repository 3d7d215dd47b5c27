"""The pages in Fava, asked of its own application in this process."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app

from ledgercli.cli import main
from ledgercli.fava.host import open_for
from ledgercli.output import language

EXAMPLES = Path(__file__).parents[1] / "examples"
EXTENSION = '\n2026-01-01 custom "fava-extension" "ledgercli.fava"\n'
DAYS = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-10-31", "2026-11-21")
PAGES = ("Receivables", "Customer", "Reminders", "Agenda", "Limits")


class Pages:
    """Fava over one ledger: what its pages say."""

    def __init__(self, top: Path, **options: Any) -> None:  # noqa: ANN401 - options of Fava
        self.top = top
        self.app = create_app([str(top)], load=True, poll_watcher=True, **options)
        self.slug = next(iter(self.app.config["LEDGERS"].ledgers_by_slug))
        self.client = self.app.test_client()

    def get(self, page: str, **arguments: str) -> str:
        """Return the content of a page, without the styles."""
        query = {**arguments, "partial": "true"}
        found = self.client.get(f"/{self.slug}/extension/{page}/", query_string=query)
        assert found.status_code == 200, found.text
        return re.sub(r"<style>.*?</style>", "", found.text, flags=re.DOTALL)


def with_extension(name: str, root: Path, more: str = "") -> Path:
    """Return the top file of a copy of an example, with the extension in it."""
    shutil.copytree(EXAMPLES / name, root)
    top = root / "main.beancount"
    top.write_text(top.read_text(encoding="utf-8") + EXTENSION + more, encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def wholesale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    yield Pages(with_extension("wholesale", tmp_path_factory.mktemp("fava") / "books"))
    language.install("en")


@pytest.fixture(scope="module")
def trading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    yield Pages(with_extension("trading-cn", tmp_path_factory.mktemp("fava") / "books"))
    language.install("en")


def rows_of(page: str, table: str = "rows") -> list[list[str]]:
    """Return the cells of a table of a page, as people read them."""
    found = re.search(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert found, page
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)
    ]


def told(capsys: pytest.CaptureFixture[str], pages: Pages, *arguments: str) -> Any:  # noqa: ANN401
    """Return what the command line says of the same books, as JSON."""
    capsys.readouterr()
    main(["--books", str(pages.top.parent), *arguments, "-f", "json"])
    return json.loads(capsys.readouterr().out)


def shown(amount: str) -> str:
    """Return an amount of JSON as a page has it in English."""
    return f"{float(amount):,.2f}" if float(amount) else "–"


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("books", ["wholesale", "trading"])
def test_the_figures_are_those_of_the_command_line(
    books: str, day: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    pages: Pages = request.getfixturevalue(books)
    rows = told(capsys, pages, "aging", "--as-of", day)["rows"]
    cells = rows_of(pages.get("Receivables", time=day))
    assert [row[0] for row in cells] == [row["customer"] for row in rows]
    for row, line in zip(rows, cells, strict=True):
        assert [shown(amount) for amount in row["amounts"].values()] == line[3:8]
        assert shown(row["total"]) == line[-1]
    # So are those of the page as a file, and of the table for queries.
    options = ["--books", str(pages.top.parent), "--lang", "en", "--as-of", day]
    assert main(["aging", *options, "-f", "html"]) in {0, 1}
    file = capsys.readouterr().out.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows_of(f'<table class="rows"><tbody>{file}</tbody></table>') == cells
    text = "SELECT customer, bucket, amount FROM aging WHERE amount != 0"
    asked = told(capsys, pages, "query", text, "--as-of", day)["rows"]
    found = [(one["customer"], one["bucket"], shown(one["amount"])) for one in asked]
    assert found == [
        (row["customer"], bucket, shown(amount))
        for row in rows
        for bucket, amount in {**row["amounts"], "unallocated": row["unallocated"]}.items()
        if float(amount)
    ]


def test_every_page_opens(wholesale: Pages, trading: Pages) -> None:
    for pages in (wholesale, trading):
        for page in PAGES:
            content = pages.get(page, time="2026-11-21")
            assert 'role="alert"' not in content
            assert "2026-11-21" in content


def hrefs(page: str, words: str) -> list[str]:
    """Return where the links with these words lead."""
    found = re.findall(rf'<a[^>]*href="([^"]*)"[^>]*>{re.escape(html.escape(words))}</a>', page)
    return [html.unescape(link) for link in found]


def follow(pages: Pages, link: str) -> str:
    found = pages.client.get(link, query_string=None)
    assert found.status_code == 200
    text: str = found.text
    return text


def test_from_the_aging_to_customer_document_and_posting(wholesale: Pages) -> None:
    (link,) = hrefs(wholesale.get("Receivables", time="2026-11-21"), "C1012")
    # The filters of the page go along.
    assert link == f"/{wholesale.slug}/extension/Customer/?customer=C1012&time=2026-11-21"
    customer = follow(wholesale, link)
    assert rows_of(customer, "items")[0][:6] == [
        "INV-2026-0078",
        "2026-07-14",
        "2026-08-13",
        "EUR",
        "913.78",
        "713.78",
    ]
    document = follow(wholesale, hrefs(customer, "INV-2026-0078")[0])
    assert "due 2026-08-13, by the terms `net 30` of the customer" in document
    (editor,) = hrefs(document, "ledger/2026-q3.beancount:81")
    file = wholesale.top.parent / "ledger/2026-q3.beancount"
    assert editor == (f"/{wholesale.slug}/editor/?file_path={file}&line=81&time=2026-11-21")
    assert (
        file.read_text(encoding="utf-8").splitlines()[80].split()[0] == "Assets:Receivable:Zeitlos"
    )
    # The entry opens over the page, found by Fava under this name.
    entry = hrefs(document, "entry")[0].removeprefix("#context-")
    context = wholesale.client.get(
        f"/{wholesale.slug}/api/context", query_string={"entry_hash": entry}
    )
    assert context.json["data"]["entry"]["payee"] == "Café Zeitlos UG"


def test_records_lead_to_the_editor_too(wholesale: Pages) -> None:
    page = wholesale.get("Customer", customer="C1012", time="2026-11-21")
    (link,) = hrefs(page, "customers/C1012-zeitlos.yaml:1")
    source = wholesale.client.get(
        f"/{wholesale.slug}/api/source",
        query_string={"filename": str(wholesale.top.parent / "customers/C1012-zeitlos.yaml")},
    )
    assert "editor" in link
    assert "Café Zeitlos" in source.json["data"]["source"]


def test_the_end_of_the_time_filter_is_the_day(wholesale: Pages) -> None:
    for time, day in (("2026", "2026-12-31"), ("2026-06", "2026-06-30"), ("2026-q1", "2026-03-31")):
        assert f"<time>{day}</time>" in wholesale.get("Receivables", time=time)
    statement = wholesale.get("Customer", customer="C1012", time="2026-08")
    assert "From 2026-08-01." in statement


def test_filters_of_accounts_and_customers(wholesale: Pages) -> None:
    by_account = wholesale.get("Receivables", account="Zeitlos", time="2026-11-21")
    assert [row[0] for row in rows_of(by_account)] == ["C1012"]
    assert "Customers with postings on `Zeitlos`." in by_account
    by_tag = wholesale.get("Receivables", filter='#direct-debit industry:"café"', time="2026-11-21")
    assert [row[0] for row in rows_of(by_tag)] == ["C1012"]
    for nobody in ({"account": "Expenses"}, {"filter": "#nobody"}):
        assert "The filters leave no customer." in wholesale.get("Receivables", **nobody)


def test_conversion_to_a_currency(wholesale: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, wholesale, "aging", "--as-of", "2026-11-21", "--convert", "USD")
    converted = {row["customer"]: row["converted"] for row in found["rows"]}
    rows = rows_of(wholesale.get("Receivables", conversion="USD", time="2026-11-21"))
    assert {row[0]: row[-3] for row in rows} == {
        customer: shown(amount) for customer, amount in converted.items()
    }
    at_cost = wholesale.get("Receivables", conversion="at_value", time="2026-11-21")
    assert "converted" not in at_cost


def test_charts_are_those_that_fava_draws(wholesale: Pages) -> None:
    address = f"/{wholesale.slug}/extension/Receivables/charts"
    charts = wholesale.client.get(address, query_string={"time": "2026-11-21"}).json
    assert [(chart["type"], chart["label"]) for chart in charts] == [
        ("balances", "Receivables"),
        ("bar", "Age, EUR"),
        ("bar", "Age, USD"),
    ]
    assert charts[1]["data"][-1]["balance"]["EUR 1-30"] == 27146.23
    assert len(charts[0]["data"]) == 12


def test_charts_obey_the_interval_of_the_header(wholesale: Pages) -> None:
    address = f"/{wholesale.slug}/extension/Receivables/charts"

    def days(**arguments: str) -> list[str]:
        charts = wholesale.client.get(address, query_string=arguments).json
        return [point["date"] for point in charts[0]["data"]]

    weeks = days(time="2026-11-21", interval="week")
    # 1 June was a Monday; the last week ends with the day.
    assert (weeks[:2], weeks[-2:]) == (["2026-06-07", "2026-06-14"], ["2026-11-15", "2026-11-21"])
    assert len(days(time="2026-11-21", interval="day")) == 21
    assert days(time="2026-11-21", interval="quarter")[-2:] == ["2026-09-30", "2026-11-21"]
    assert days(time="2026", interval="Year")[-2:] == ["2025-12-31", "2026-12-31"]
    assert days(time="2026-11-21", interval="fortnight") == days(time="2026-11-21")


def test_a_large_ledger_is_read_beside_fava(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledgercli.fava import preparing

    monkeypatch.setattr(preparing, "_TRANSACTIONS_MIN", 0)
    monkeypatch.setenv("LEDGERCLI_CACHE", str(tmp_path / "cache"))
    pages = Pages(with_extension("wholesale", tmp_path / "books"))
    page = pages.app.config["LEDGERS"].ledgers[0].extensions.get_extension("Receivables")
    page._preparation.wait()  # noqa: SLF001 - what a page does first
    with pages.app.test_request_context("/"):
        books = open_for(page.ledger, with_events=False, with_orders=False)
    assert books.tier == "store"


def test_fava_speaks_the_language(tmp_path: Path) -> None:
    top = with_extension(
        "wholesale", tmp_path / "books", '2026-01-01 custom "fava-option" "language" "zh"\n'
    )
    pages = Pages(top)
    page = pages.get("Limits", time="2026-11-21")
    assert 'lang="zh-CN"' in page
    assert "信用额度" in page
    assert language.language() == "en"
    ledger_data = pages.client.get(f"/{pages.slug}/api/ledger_data").json["data"]
    titles = [each["report_title"] for each in ledger_data["extensions"]]
    assert len(titles) == len(PAGES)
    assert "信用额度" in titles


def test_in_incognito_mode_no_figure_can_be_read(tmp_path: Path) -> None:
    pages = Pages(with_extension("wholesale", tmp_path / "books"), incognito=True)
    row = rows_of(pages.get("Receivables", time="2026-11-21"))[0]
    assert row == ["C1001", "Kaffeehaus Lindner GmbH", "EUR", "X,XXX.XX", *"––––", "–", "X,XXX.XX"]


def test_a_ledger_without_books_stands_alone(tmp_path: Path) -> None:
    top = tmp_path / "alone.beancount"
    top.write_text(
        """\
2026-01-01 open Assets:Receivable
2026-01-01 open Income:Sales
2026-02-01 * "Acme" "Work" ^INV-1
  Assets:Receivable  100 EUR
  Income:Sales
"""
        + EXTENSION
    )
    pages = Pages(top)
    assert rows_of(pages.get("Receivables", time="2026-03-01")) == [
        ["Acme", "Acme", "EUR", "100.00", "–", "–", "–", "–", "100.00"]
    ]
    # What a page cannot show it says, as the command line does.
    assert "error: " in pages.get("Customer", customer="nobody")


def test_records_are_watched_and_known_to_fava(wholesale: Pages) -> None:
    ledger = wholesale.app.config["LEDGERS"].ledgers[0]
    record = wholesale.top.parent / "customers/C1012-zeitlos.yaml"
    assert str(record) in ledger.options["include"]
    assert not ledger.changed()
    record.write_text(record.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert ledger.changed()


def reminders(root: Path, **options: Any) -> Pages:  # noqa: ANN401 - options of Fava
    """Return Fava over books whose letters are due today; they go to a folder."""
    (root / "outbox").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text(
        "mail: {from: books@example.com}\n"
        "reminders: {policies: {standard: {channel: 'dir:outbox', levels:"
        " [{name: friendly, after: 5 days, template: reminder}]}}}\n"
    )
    (root / "customers").mkdir()
    (root / "customers/C1.yaml").write_text(
        "{id: C1, name: Acme, accounts: [Assets:Receivable], contacts: [{email: a@acme.example}]}"
    )
    top = root / "main.beancount"
    top.write_text(
        """\
2026-01-01 open Assets:Receivable
2026-01-01 open Income:Sales
2026-02-01 * "Acme" "Work"
  invoice: "INV-1"
  Assets:Receivable  100 EUR
    due: "2026-02-15"
  Income:Sales
"""
        + EXTENSION
    )
    return Pages(top, **options)


def put(pages: Pages, body: object, **headers: str) -> tuple[int, str]:
    """Return status and text of the answer to a request to write or send."""
    found = pages.client.put(
        f"/{pages.slug}/extension/Reminders/letters", json=body, headers=headers
    )
    return found.status_code, found.text


def seen(page: str, what: str) -> dict[str, str]:
    """Return what the page's button would send."""
    (stamp,) = re.findall(rf'data-ledgercli-do="{what}" data-seen="([0-9a-f]+)"', page)
    return {"what": what, "seen": stamp}


def test_letters_are_written_only_by_a_confirmed_request(tmp_path: Path) -> None:
    pages = reminders(tmp_path / "books")
    page = pages.get("Reminders")
    assert "Write 1 letter …" in page
    assert 'data-ledgercli-do="send"' not in page
    confirmed = seen(page, "write")
    address = f"/{pages.slug}/extension/Reminders/letters"
    for method in ("get", "post", "delete"):
        assert getattr(pages.client, method)(address).status_code == 404
    refused = [
        put(pages, {**confirmed, "seen": "0"}),
        put(pages, {"what": "write"}),
        put(pages, {**confirmed, "what": "burn"}),
        put(pages, [confirmed]),
        put(pages, confirmed, Origin="https://elsewhere.example"),
        put(pages, confirmed, **{"Sec-Fetch-Site": "cross-site"}),
    ]
    assert [status for status, _ in refused] == [409, 409, 400, 400, 403, 403]
    as_form = pages.client.put(address, data=json.dumps(confirmed), content_type="text/plain")
    assert as_form.status_code == 415
    assert not (tmp_path / "books/letters").exists()
    status, text = put(pages, confirmed, Origin="http://localhost")
    assert (status, "Acme" in text or "C1" in text) == (200, True)
    (letter,) = (tmp_path / "books/letters").glob("*/*.txt")
    assert "INV-1" in letter.read_text()
    # Nothing was sent by that: the log is as empty as it was.
    assert not (tmp_path / "books/activity").exists()


def test_letters_are_sent_once_the_page_has_shown_them(tmp_path: Path) -> None:
    pages = reminders(tmp_path / "books")
    assert put(pages, seen(pages.get("Reminders"), "write"))[0] == 200
    page = pages.get("Reminders")
    assert "Send 1 letter …" in page
    confirmed = seen(page, "send")
    assert put(pages, confirmed)[0] == 200
    (log,) = (tmp_path / "books/activity").glob("*.jsonl")
    assert '"status":"sent"' in log.read_text()
    # What was shown is not there any more: the same request again changes nothing.
    before = log.read_text()
    assert put(pages, confirmed)[0] == 409
    assert log.read_text() == before
    assert "data-ledgercli-do" not in pages.get("Reminders")


def test_what_changed_since_the_page_was_made_is_not_written(tmp_path: Path) -> None:
    pages = reminders(tmp_path / "books")
    confirmed = seen(pages.get("Reminders"), "write")
    more = pages.top.read_text().replace("100 EUR", "130 EUR")
    pages.top.write_text(more)
    status, text = put(pages, confirmed)
    assert (status, "has changed since" in text) == (409, True)
    assert not (tmp_path / "books/letters").exists()


def test_a_read_only_fava_has_no_buttons_and_refuses(tmp_path: Path) -> None:
    stamped = seen(reminders(tmp_path / "books").get("Reminders"), "write")
    pages = Pages(tmp_path / "books/main.beancount", read_only=True)
    page = pages.get("Reminders")
    assert "INV-1" not in page
    assert "Acme" in page
    assert "data-ledgercli" not in page
    assert "Fava is read-only" in page
    assert put(pages, stamped)[0] == 401
    assert not (tmp_path / "books/letters").exists()


def test_a_plan_of_another_day_is_only_looked_at(tmp_path: Path) -> None:
    pages = reminders(tmp_path / "books")
    page = pages.get("Reminders", time="2026-03")
    assert "take the time filter off" in page
    assert "data-ledgercli-do" not in page


def test_the_plan_stands_above_its_letters_in_figures(wholesale: Pages) -> None:
    page = wholesale.get("Reminders", time="2026-11-21")
    levels = rows_of(page, "levels")
    assert levels[1] == ["1", "friendly", "e-mail", "EUR", "6", "7", "16,425.54"]
    reasons = {row[0]: row[1:] for row in rows_of(page, "reasons")}
    assert reasons["handed over"] == ["EUR", "1", "4", "3,570.98"]
    # Figures lead to the letters and documents behind them, and back.
    firm = follow(wholesale, hrefs(page, "firm")[0])
    named = [row[:2] for row in rows_of(firm, "letters")]
    assert [name for name, _ in named] == ["C1022", "C1028"]
    assert named[0][1] == "Brûlerie Saint-Aubin SAS"
    assert 'class="levels"' not in firm
    assert 'class="held"' not in firm
    handed_over = follow(wholesale, hrefs(page, "4")[0])
    assert hrefs(page, "handed over") == hrefs(page, "4")
    assert len(rows_of(handed_over, "held")) == 4
    assert 'class="letters"' not in handed_over
    assert hrefs(handed_over, "Reminders")[0].endswith("/extension/Reminders/?time=2026-11-21")


def test_a_letter_opens_with_its_documents(wholesale: Pages) -> None:
    page = wholesale.get("Reminders", time="2026-11-21", customer="C1022", currency="EUR")
    assert "letter at level 2, firm" in page
    numbers = [row[0] for row in rows_of(page, "documents")]
    assert len(numbers) == 2
    (link,) = hrefs(page, numbers[0])
    assert f"document={numbers[0]}&" in link
    assert link.endswith("&customer=C1022")
    assert "data-ledgercli-do" not in page


def test_long_tables_go_over_pages(wholesale: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(wholesale.get("Receivables", time="2026-11-21"))
    monkeypatch.setattr("ledgercli.fava.paging.PAGE_ROWS", 10)
    monkeypatch.setattr("ledgercli.fava.plan_page.PAGE_ROWS", 5)
    first = wholesale.get("Receivables", time="2026-11-21")
    assert rows_of(first) == whole[:10]
    assert f"Lines 1 to 10 of {len(whole)}" in first
    (after,) = hrefs(first, "Next ›")
    assert "Previous" not in first
    second = follow(wholesale, after)
    assert rows_of(second) == whole[10:20]
    assert after == f"/{wholesale.slug}/extension/Receivables/?time=2026-11-21&page-rows=2"
    # Totals are those of all customers, on every page.
    total = re.findall(r"<tfoot>.*?</tfoot>", first, re.DOTALL)
    assert total == re.findall(r"<tfoot>.*?</tfoot>", second, re.DOTALL)
    # Letters and held documents turn over by themselves.
    plan = wholesale.get("Reminders", time="2026-11-21", **{"page-letters": "2"})
    assert "Lines 6 to 10 of 12" in plan
    assert "Lines 1 to 5 of 9" in plan


def test_a_customer_is_found_by_a_part_of_name_or_id(wholesale: Pages) -> None:
    for words in ("zeitlos", "C1012", " ZEIT "):
        page = wholesale.get("Receivables", time="2026-11-21", find=words)
        assert [row[0] for row in rows_of(page)] == ["C1012"]
        assert 'name="time" value="2026-11-21"' in page
        assert hrefs(page, "All customers")[0].endswith("/Receivables/?time=2026-11-21")
    plan = wholesale.get("Reminders", time="2026-11-21", find="Zeitlos")
    assert [row[0] for row in rows_of(plan, "letters")] == ["C1012"]
    # What is typed stays text.
    assert "<b>" not in wholesale.get("Agenda", find="<b>")
    assert "No letter is due." in wholesale.get("Reminders", time="2026-11-21", find="nobody")


def test_a_long_plan_comes_after_the_page_and_then_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = reminders(tmp_path / "books")

    def content() -> str:
        return str(pages.client.get(f"/{pages.slug}/extension/Reminders/content").json["html"])

    whole = seen(pages.get("Reminders"), "write")
    (tmp_path / "books/customers/C1.yaml").touch()  # another state, of which nothing is known
    pages.get("Limits")
    monkeypatch.setattr("ledgercli.fava.plan_page._AT_ONCE_MAX", 0)
    first = pages.get("Reminders")
    assert "Planning the letters about 1 open documents" in first
    assert rows_of(first, "outlook") == [["EUR", "1", "100.00", "1", "100.00"]]
    assert "data-ledgercli-do" not in first
    for later in (content(), pages.get("Reminders")):
        assert seen(later, "write") == whole
        assert "data-ledgercli-later" not in later
    # Letters that were written are checked once the plan is there.
    assert put(pages, whole)[0] == 200
    planned = pages.get("Reminders")
    assert "Checking the letters that were written" in planned
    assert 'data-ledgercli-do="send"' not in planned
    assert "data-ledgercli-later" not in pages.get("Reminders", find="acme")
    for checked in (content(), pages.get("Reminders")):
        assert seen(checked, "send")
        assert "data-ledgercli-later" not in checked
    # A letter that was edited is another state, too.
    (letter,) = (tmp_path / "books/letters").glob("*/*.txt")
    letter.write_text(letter.read_text() + "Thank you.\n")
    assert "data-ledgercli-later" in pages.get("Reminders")


def test_a_plan_is_made_once_for_each_state_of_the_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledgercli.desk.reminders import plan_view, planning

    pages = reminders(tmp_path / "books")
    made: list[object] = []
    real = planning.plan_of

    def counted(*arguments: Any) -> Any:  # noqa: ANN401 - those of the real one
        made.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(plan_view, "plan_of", counted)
    for find in ("", "", "acme", "nobody"):
        pages.get("Reminders", find=find)
    assert len(made) == 1
    assert "on hold" not in pages.get("Reminders")
    # A line in the log is another state, though Fava does not load the ledger for it.
    log = tmp_path / "books/activity/2026-03.jsonl"
    log.parent.mkdir()
    log.write_text(
        '{"v":1,"id":"a","at":"2026-03-01T08:00:00Z","date":"2026-03-01","by":"x","kind":"hold",'
        '"customer":"C1"}\n'
    )
    assert "on hold" in pages.get("Reminders")
    assert len(made) == 2
    # So is another record, which Fava loads the ledger for.
    log.unlink()
    record = tmp_path / "books/customers/C1.yaml"
    record.write_text(record.read_text().replace("name: Acme", "name: Acme AG"))
    for _ in range(3):
        assert "on hold" not in pages.get("Reminders")
    assert len(made) == 3


def test_an_open_page_can_tell_that_the_log_has_changed(tmp_path: Path) -> None:
    pages = reminders(tmp_path / "books")

    def state() -> str:
        found = pages.client.get(f"/{pages.slug}/extension/Reminders/state").json["state"]
        return str(found)

    page, before = pages.get("Reminders"), state()
    assert f'data-state="{before}"' in page
    assert "data-state" not in pages.get("Limits")
    log = tmp_path / "books/activity/2026-03.jsonl"
    log.parent.mkdir()
    log.write_text("{}\n")
    changed = state()
    assert changed != before
    (tmp_path / "books/letters/2026-03-01").mkdir(parents=True)
    (tmp_path / "books/letters/2026-03-01/plan.yaml").write_text("letters: []\n")
    assert state() not in {before, changed}


def test_pages_lead_to_fava_s_account_and_journal(wholesale: Pages) -> None:
    customer = wholesale.get("Customer", customer="C1012", time="2026-11-21")
    (account,) = hrefs(customer, "Assets:Receivable:Zeitlos")
    assert account == f"/{wholesale.slug}/account/Assets:Receivable:Zeitlos/?time=2026-11-21"
    document = wholesale.get("Customer", document="INV-2026-0078", time="2026-11-21")
    (journal,) = hrefs(document, "Journal")
    assert "filter=%5EINV-2026-0078" in journal
