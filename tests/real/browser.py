"""Drive Fava with our pages in a headless Chromium, and look at pages as axe does.

``python tests/real/browser.py [--pictures FOLDER]`` starts Fava as its own program, on books of its
own, and Debian's Chromium; both end with it. It needs the packages ``playwright`` and
``axe-playwright-python``, and installs the browser where it is missing and apt is there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
EXTENSION = '\n2026-01-01 custom "fava-extension" "ledgercli.fava"\n'
TIME = "time=2026-11-21"
PAGES = ("Receivables", "Customer", "Reminders", "Agenda", "Limits")
REPORTS = (
    "aging",
    "limits",
    "items",
    "today",
    "report aging-history",
    "report balance-sheet",
    "report cohorts",
    "report concentration",
    "report dashboard",
    "report dso",
    "report receipts-forecast",
)
START_SECONDS = 60
WIDTHS = (1280, 390)
CHARTS = ".ledgercli .charts svg"


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - a program of its own


def holds(fact: object, text: str) -> None:
    """Say that ``text`` holds, or end with it."""
    if not fact:
        say(f"FAILED: {text}")
        raise SystemExit(1)
    say(f"ok: {text}")


def chromium() -> str:
    """Return the path of Chromium, installed where it is missing."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        packages = ["chromium", "fonts-noto-cjk"]
        for what in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *what], check=True, stdout=subprocess.DEVNULL)
        found = shutil.which("chromium")
    if found is None:
        say("Chromium is missing: apt-get install chromium")
        raise SystemExit(2)
    return found


# --- books and servers ------------------------------------------------------------------------------


def example(name: str, folder: Path, more: str = "") -> Path:
    """Return the top file of a copy of an example with the extension, under a title of its own."""
    shutil.copytree(ROOT / "examples" / name, folder)
    top = folder / "main.beancount"
    top.write_text(top.read_text(encoding="utf-8") + EXTENSION + more, encoding="utf-8")
    return top


def due_books(folder: Path) -> Path:
    """Return the top file of books with a letter due on any day since March 2026."""
    for name in ("customers", "outbox"):
        (folder / name).mkdir(parents=True)
    (folder / "ledgercli.yaml").write_text(
        "mail: {from: books@example.com}\n"
        "reminders: {policies: {standard: {channel: 'dir:outbox', levels:"
        " [{name: friendly, after: 5 days, template: reminder}]}}}\n"
    )
    (folder / "customers/C1.yaml").write_text(
        "{id: C1, name: Acme GmbH, accounts: [Assets:Receivable],"
        " contacts: [{email: ap@acme.example}]}\n"
    )
    top = folder / "main.beancount"
    top.write_text(
        'option "title" "Due"\n'
        "2026-01-01 open Assets:Receivable\n2026-01-01 open Income:Sales\n"
        '2026-02-01 * "Acme GmbH" "Work"\n  invoice: "INV-1"\n'
        '  Assets:Receivable  100 EUR\n    due: "2026-02-15"\n  Income:Sales\n' + EXTENSION
    )
    return top


def many_books(folder: Path) -> Path:
    """Return the top file of books with more letters than a page, and than are planned at once."""
    for name in ("customers", "outbox"):
        (folder / name).mkdir(parents=True)
    (folder / "ledgercli.yaml").write_text(
        "mail: {from: books@example.com}\n"
        "reminders: {policies: {standard: {channel: 'dir:outbox', levels:"
        " [{name: friendly, after: 5 days, template: reminder}]}}}\n"
    )
    lines = ['option "title" "Many"', "2026-01-01 open Income:Sales"]
    records = []
    for number in range(300):
        account = f"Assets:Receivable:C{number:03}"
        records.append(
            f"- {{id: C{number:03}, name: Customer {number} GmbH, accounts: ['{account}'],"
            f" contacts: [{{email: c{number}@example.com}}]}}\n"
        )
        lines.append(f"2026-01-01 open {account}")
        for invoice in range(8):
            entry = f'2026-02-0{invoice + 1} * "Goods" ^INV-{number:03}-{invoice}'
            lines += [entry, f"  {account}  {100 + invoice} EUR", "  Income:Sales"]
    (folder / "customers/all.yaml").write_text("".join(records))
    top = folder / "main.beancount"
    top.write_text("\n".join(lines) + EXTENSION)
    return top


@contextlib.contextmanager
def fava(tops: list[Path], cache: Path, *options: str) -> Iterator[str]:
    """Run Fava over ledgers; yield its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    program = str(Path(sys.executable).with_name("fava"))
    command = [program, *map(str, tops), "--host", "127.0.0.1", "--port", str(port), *options]
    environment = {
        **os.environ,
        "LEDGERCLI_CACHE": str(cache),
        "LEDGERCLI_STATE_DIR": str(cache / "state"),
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                try:
                    urllib.request.urlopen(address, timeout=30).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > until:
                        say("Fava did not start")
                        raise SystemExit(1) from None
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()


# --- what is checked ------------------------------------------------------------------------------


class Browser:
    """A tab of Chromium, axe, and where pictures go."""

    def __init__(self, tab: Any, pictures: Path | None) -> None:  # noqa: ANN401 - of Playwright
        self.tab = tab
        self.pictures = pictures
        self.troubles: list[str] = []
        self.objections = 0
        self.axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
        tab.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, address: str, wanted: str = ".ledgercli section") -> None:
        """Open a page, and wait for a part of it."""
        self.tab.goto(address)
        self.tab.wait_for_selector(wanted)

    def picture(self, name: str) -> None:
        """Keep a picture of the page in each width."""
        if self.pictures is None:
            return
        for width in WIDTHS:
            self.tab.set_viewport_size({"width": width, "height": 900})
            self.tab.wait_for_timeout(300)
            self.tab.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        self.tab.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def accessible(self, name: str, part: str) -> None:
        """Tell and count what axe finds serious or critical in a ``part`` of the page.

        Charts and their menus are Fava's own.
        """
        self.tab.evaluate(self.axe)
        found = self.tab.evaluate(
            "part => axe.run(part, {resultTypes: ['violations']})",
            {"include": [[part]], "exclude": [[".ledgercli .charts"]]},
        )
        bad = [
            f"{each['id']} ({each['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]
        for line in bad:
            say(line)
        say(f"{'axe objects to' if bad else 'ok: axe has nothing serious against'} {name}")
        self.objections += len(bad)


def check_drill_down(browser: Browser, books: str) -> None:
    """From the aging to customer, document, entry and editor."""
    tab = browser.tab
    browser.open(f"{books}/extension/Receivables/?{TIME}")
    tab.wait_for_selector(CHARTS)
    holds(tab.locator(CHARTS).count(), "the charts are drawn by Fava")
    browser.picture("receivables")
    tab.click(".ledgercli table a:text-is('C1012')")
    tab.wait_for_selector("h2:has-text('Café Zeitlos UG')")
    holds("customer=C1012" in tab.url and TIME in tab.url, "a customer opens, the filter stays")
    tab.wait_for_selector(CHARTS)
    browser.picture("customer")
    tab.click(".ledgercli table.items a:text-is('INV-2026-0078')")
    tab.wait_for_selector(".ledgercli .tree")
    browser.picture("document")
    tab.click(".ledgercli .tree a.entry >> nth=0")
    tab.wait_for_selector(".overlay, [role=dialog], .content form")
    holds("#context-" in tab.url, "the entry opens over the page")
    tab.keyboard.press("Escape")
    tab.wait_for_selector(".ledgercli .tree")
    tab.click(".ledgercli .tree a.source >> nth=0")
    tab.wait_for_selector(".cm-content")
    tab.wait_for_timeout(500)
    line = tab.locator(".cm-activeLine").first.inner_text()
    holds("Assets:Receivable:Zeitlos" in line, f"the editor is at the posting: {line.strip()}")


def check_filters(browser: Browser, books: str) -> None:
    """Fava's header asks for another day, account and currency."""
    tab = browser.tab
    browser.open(f"{books}/extension/Receivables/?{TIME}")
    field = tab.locator("header input[placeholder='Time']")
    field.fill("2026-06")
    field.press("Enter")
    tab.wait_for_selector("h2 time:text-is('2026-06-30')")
    holds(tab.locator("h2 time").inner_text() == "2026-06-30", "the time filter sets the day")
    browser.open(f"{books}/extension/Receivables/?{TIME}&account=Zeitlos")
    rows = tab.locator(".ledgercli table.rows tbody tr").count()
    holds(rows == 1, "the account filter leaves one customer")
    browser.open(f"{books}/extension/Receivables/?{TIME}&conversion=USD")
    head = tab.locator(".ledgercli table.rows thead").inner_text().lower()
    holds("converted" in head, "the conversion adds a converted figure")


def check_pages(browser: Browser, books: str, name: str) -> None:
    """Every page opens, and axe has nothing against it, light and dark."""
    tab = browser.tab
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        for page in PAGES:
            browser.open(f"{books}/extension/{page}/?{TIME}")
            browser.accessible(f"{name}, {page}, {scheme}", ".ledgercli")
            browser.picture(f"{name}-{page.lower()}-{scheme}")
        for part in ("customer", "document"):
            of = {"customer": "C1012", "document": "INV-2026-0078"}[part]
            if name == "wholesale":
                browser.open(f"{books}/extension/Customer/?{part}={of}&{TIME}")
                browser.accessible(f"{name}, {part}, {scheme}", ".ledgercli")
    tab.emulate_media(color_scheme="light")


def check_language(browser: Browser, books: str) -> None:
    """The pages of a Chinese Fava are Chinese, the sidebar with them."""
    tab = browser.tab
    browser.open(f"{books}/extension/Limits/?{TIME}")
    holds("信用额度" in tab.locator("h2").first.inner_text(), "the pages speak Fava's language")
    holds("信用额度" in tab.locator("aside").inner_text(), "so does the sidebar")


def check_letters(browser: Browser, books: str, folder: Path) -> None:
    """Letters are written and sent after a confirmation, each."""
    tab = browser.tab
    browser.open(f"{books}/extension/Reminders/")
    tab.click("button:has-text('Write 1 letter')")
    dialog = tab.locator("dialog[open]")
    dialog.wait_for()
    browser.accessible("the confirmation", "dialog[open]")
    browser.picture("confirmation")
    dialog.get_by_role("button", name="Cancel").click()
    holds(not (folder / "letters").exists(), "a letter that was not confirmed is not written")
    tab.click("button:has-text('Write 1 letter')")
    tab.locator("dialog[open]").get_by_role("button", name="Write", exact=True).click()
    tab.wait_for_selector("#ledgercli-done table")
    holds(list((folder / "letters").glob("*/*.txt")), "a confirmed letter is written")
    tab.wait_for_selector("button:has-text('Send 1 letter')")
    holds(tab.locator("#ledgercli-done table").count(), "what became of it stays on the new page")
    browser.accessible("what became of it", "#ledgercli-done")
    browser.picture("written")
    tab.click("button:has-text('Send 1 letter')")
    tab.locator("dialog[open]").get_by_role("button", name="Send", exact=True).click()
    tab.wait_for_selector("#ledgercli-done table")
    log = "".join(file.read_text() for file in (folder / "activity").glob("*.jsonl"))
    holds('"status":"sent"' in log, "a confirmed letter is sent and recorded")
    tab.wait_for_selector(".ledgercli:has-text('No letter is due.')")
    holds(tab.locator("[data-ledgercli-do]").count() == 0, "and there is nothing left to do")
    browser.picture("sent")


def check_long_plan(browser: Browser, books: str) -> None:
    """A long plan follows its page; it goes over pages, and customers are found."""
    tab = browser.tab
    browser.open(f"{books}/extension/Reminders/")
    seen = tab.locator("[data-ledgercli-later]").count()
    holds(seen, "the page of a long plan is there before the plan")
    browser.picture("planning")
    tab.wait_for_selector("table.levels")
    holds(tab.locator("[data-ledgercli-later]").count() == 0, "the plan takes its place")
    holds(tab.locator("table.letters tbody tr").count() == 200, "a page has 200 letters")
    browser.accessible("a long plan", ".ledgercli")
    browser.picture("long-plan")
    tab.click("nav.pager a:has-text('Next')")
    tab.wait_for_selector("nav.pager:has-text('Lines 201 to 300 of 300')")
    holds("page-letters=2" in tab.url, "the other page has the others")
    tab.evaluate("window.stays = true")
    tab.fill("#ledgercli-find", "customer 217")
    tab.press("#ledgercli-find", "Enter")
    tab.wait_for_selector("a:text-is('All customers')")
    holds(tab.locator("table.letters a:text-is('C217')").count() == 1, "a customer is found")
    holds(tab.locator("table.letters tbody tr").count() == 1, "and nobody else")
    holds(tab.evaluate("window.stays"), "and Fava was not loaded anew for it")
    browser.accessible("a search", ".ledgercli")
    tab.click("table.letters a:text-is('8')")
    tab.wait_for_selector("table.documents")
    holds(tab.locator("table.documents tbody tr").count() == 8, "a letter opens")
    browser.accessible("a letter", ".ledgercli")
    browser.picture("letter")


def check_follows(browser: Browser, books: str, folder: Path) -> None:
    """An open page shows what is new in the activity log, without anybody asking for it."""
    tab = browser.tab
    browser.open(f"{books}/extension/Reminders/")
    tab.wait_for_selector("button:has-text('Write 1 letter')")
    tab.evaluate("window.stays = true")
    (folder / "activity").mkdir(exist_ok=True)
    log = folder / "activity/2026-03.jsonl"
    log.write_text(
        '{"v":1,"id":"a","at":"2026-03-01T08:00:00Z","date":"2026-03-01","by":"x","kind":"hold",'
        '"customer":"C1"}\n'
    )
    tab.wait_for_selector("table.reasons:has-text('on hold')", timeout=15_000)
    holds(tab.evaluate("window.stays"), "an open page follows the activity log")
    holds(tab.locator("button:has-text('Write')").count() == 0, "and its buttons do")
    log.unlink()
    tab.wait_for_selector("button:has-text('Write 1 letter')", timeout=15_000)


def check_read_only(browser: Browser, books: str, folder: Path) -> None:
    """A read-only Fava shows the plan, has no buttons, and refuses a request."""
    browser.open(f"{books}/extension/Reminders/")
    holds(browser.tab.locator("[data-ledgercli-do]").count() == 0, "read-only: no buttons")
    browser.picture("read-only")
    status = browser.tab.evaluate(
        """address => fetch(address, {method: "PUT", body: '{"what": "write"}',
           headers: {"Content-Type": "application/json"}}).then(found => found.status)""",
        f"{books}/extension/Reminders/letters",
    )
    holds(status == 401, f"read-only: a request is refused ({status})")
    holds(not (folder / "letters").exists(), "read-only: nothing is written")


def check_errors(browser: Browser, books: str) -> None:
    """What the Beancount plugin finds stands on Fava's page of errors."""
    browser.open(f"{books}/errors/", "article table")
    text = browser.tab.locator("article table").inner_text()
    holds("unknown-key" in text and ".yaml" in text, "Fava's errors list what the plugin finds")
    browser.picture("errors")
    browser.tab.locator("article a.source").first.click()
    browser.tab.wait_for_selector(".cm-content")
    holds("editor" in browser.tab.url, "and lead to the record in the editor")


def check_reports(browser: Browser, folder: Path) -> None:
    """Reports as HTML files, light and dark, are accessible."""
    program = str(Path(sys.executable).with_name("ledgercli"))
    for language in ("en", "zh"):
        for report in REPORTS:
            file = folder / f"{report.replace(' ', '-')}-{language}.html"
            options = ["--as-of", "2026-11-21", "-f", "html", "-o", str(file), "--lang", language]
            books = ["--books", str(ROOT / "examples/wholesale")]
            subprocess.run([program, *books, *report.split(), *options], check=False)
            for scheme in ("light", "dark"):
                browser.tab.emulate_media(color_scheme=scheme)
                browser.open(file.as_uri(), "main")
                browser.accessible(f"{file.name}, {scheme}", "html")
                browser.picture(f"report-{file.stem}-{scheme}")
    browser.tab.emulate_media(color_scheme="light")


def with_a_fault(folder: Path) -> Path:
    """Return the top file of books that our plugin has something to say about."""
    top = example("wholesale", folder)
    text = top.read_text(encoding="utf-8").replace("Nordkai Handels GmbH", "Faulty", 1)
    text = re.sub(r'option "title" "[^"]*"', 'option "title" "Faulty"', text)
    top.write_text('plugin "ledgercli.plugin"\n' + text, encoding="utf-8")
    with (folder / "customers/C1012-zeitlos.yaml").open("a", encoding="utf-8") as record:
        record.write("tears: C\n")
    return top


def check_all(tab: Any, folder: Path, pictures: Path | None) -> None:  # noqa: ANN401
    """Start Fava twice, and check everything."""
    browser = Browser(tab, pictures)
    chinese = '2026-01-01 custom "fava-option" "language" "zh"\n'
    tops = [
        example("wholesale", folder / "wholesale"),
        example("trading-cn", folder / "trading", chinese),
        due_books(folder / "due"),
        with_a_fault(folder / "faulty"),
        many_books(folder / "many"),
    ]
    with fava(tops, folder / "cache") as address:
        tab.goto(address)
        wholesale = f"{address}/nordkai-handels-gmbh"
        check_drill_down(browser, wholesale)
        check_filters(browser, wholesale)
        check_pages(browser, wholesale, "wholesale")
        slug = slug_of(address, tops[1])
        check_language(browser, f"{address}/{slug}")
        check_pages(browser, f"{address}/{slug}", "trading")
        check_follows(browser, f"{address}/due", folder / "due")
        check_letters(browser, f"{address}/due", folder / "due")
        check_long_plan(browser, f"{address}/many")
        check_errors(browser, f"{address}/faulty")
    aside = due_books(folder / "untouched")
    with fava([aside], folder / "cache", "--read-only") as address:
        check_read_only(browser, f"{address}/due", folder / "untouched")
    holds(not browser.troubles, f"no error of a script {browser.troubles}")
    check_reports(browser, folder)
    holds(not browser.objections, f"{browser.objections} objections of axe")


def slug_of(address: str, top: Path) -> str:
    """Return what Fava calls a ledger in its addresses."""
    from fava.util import slugify

    found = re.search(r'option "title" "([^"]*)"', top.read_text(encoding="utf-8"))
    return str(slugify(found[1] if found else "") or slugify(str(top)))


def main() -> None:
    """Check everything in a folder of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pictures", type=Path, help="keep pictures of all pages there")
    pictures: Path | None = parser.parse_args().pictures
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    program = chromium()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = started.new_context(locale="en-US", viewport={"width": WIDTHS[0], "height": 900})
        check_all(context.new_page(), Path(folder), pictures)
        started.close()


if __name__ == "__main__":
    main()
