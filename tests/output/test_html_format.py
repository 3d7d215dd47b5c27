"""The HTML page: one whole document, what data may do to it, and where the marks of pictures are."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from answers import aging, money, statement, tree
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Chart, Column, Row, Table, Text
from ledgercli.model.catalogue.everything import CATALOGUE
from ledgercli.model.finding import Finding, Place
from ledgercli.output import html_format, language
from ledgercli.output.formats import of_suffix, render
from ledgercli.output.html_bars import BARS_MAX
from ledgercli.output.html_charts import pictures
from ledgercli.output.html_marks import Picture
from ledgercli.output.safe_text import visible

#: Elements of HTML that have no end.
VOID = frozenset({"meta", "br"})
STACKED = Chart("stacked-bars", "By age", "rows", ("customer",), ("amounts",), split="currency")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


class Page(HTMLParser):
    """The elements of a page as (name, attributes), its text, and whether all are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def shape(self) -> list[str]:
        return [tag for tag, _attributes in self.elements]


def page(answer: Answer) -> Page:
    parsed = Page(render(answer, "html"))
    assert parsed.open == []
    assert parsed.wrong == []
    return parsed


def small() -> Answer:
    columns = (
        Column("customer", "customer", "code"),
        Column("name", "name"),
        Column("currency", "cur.", "code"),
        Column("total", "total", "money"),
        Column("used", "used %", "percent"),
    )
    rows: list[Row] = [
        {
            "customer": "C1",
            "name": "Ann & <b>Bob</b>",
            "currency": "EUR",
            "total": money("1234.5"),
            "used": Decimal("112.5"),
        },
        {
            "customer": "C2",
            "name": "Evil\u202eLtd",
            "currency": "JPY",
            "total": money("-70", "JPY"),
            "used": Decimal(40),
        },
    ]
    return Answer(
        "limits/1",
        {"as_of": dt.date(2026, 11, 21)},
        (Table("rows", columns, rows),),
        notes=(Text("As of {date}, end of day.", {"date": dt.date(2026, 11, 21)}),),
        charts=(Chart("bullet", "Use of credit limits", "rows", ("customer", "name"), ("used",)),),
    )


DOCUMENT = Path(__file__).with_name("page.html").read_text("utf-8")


def test_the_whole_document() -> None:
    text = render(small(), "html")
    styles = text[text.index("<style>") : text.index("</style>")]
    assert text.replace(styles, "<style>\n") == DOCUMENT


def test_the_same_answer_is_the_same_text() -> None:
    assert render(aging(), "html") == render(aging(), "html")


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = render(replace(aging(), charts=(STACKED,)), "html")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert not re.search(r"(src|href)=|https?:|url\(|@import", text)


def test_a_reader_is_told_what_is_what() -> None:
    parsed = page(replace(aging(), charts=(STACKED,)))
    assert parsed.all("html") == [{"lang": "en"}]
    assert parsed.shape.count("h1") == 1
    assert parsed.shape.count("caption") == parsed.shape.count("table") == 1
    assert {head["scope"] for head in parsed.all("th")} == {"col", "row"}
    drawn = [svg for svg in parsed.all("svg") if svg.get("role") == "img"]
    ids = {attributes.get("id") for _tag, attributes in parsed.elements}
    assert len(drawn) == 3  # EUR, CNY, JPY
    assert all(set(svg["aria-labelledby"].split()) <= ids for svg in drawn)
    named = [attributes["id"] for _tag, attributes in parsed.elements if "id" in attributes]
    assert len(named) == len(set(named))


def test_chinese_pages_say_so() -> None:
    language.install("zh")
    assert page(aging()).all("html") == [{"lang": "zh-CN"}]
    assert "−70" in render(small(), "html")


def test_totals_stand_below_and_figures_on_the_right() -> None:
    text = render(aging(), "html")
    foot = text[text.index("<tfoot>") : text.index("</tfoot>")]
    assert '<th scope="row" class="c">total</th>' in foot
    assert '<td class="n">500.00</td>' in foot
    # A yen has no cents: its figures end where the others have their point.
    assert '<td class="n p3">1,105</td>' in text


def test_wide_tables_turn_the_paper() -> None:
    assert "A4 landscape" in render(aging(), "html")
    assert "A4 landscape" not in render(small(), "html")


def test_sections_trees_and_words_beside_the_tables_appear() -> None:
    text = render(statement(), "html")
    assert "<h2>Acme, EUR</h2>" in text
    assert text.index("opening balance") < text.index("=Goods") < text.index("closing balance")
    code = next(code for code in CATALOGUE.values() if code.severity == "error")
    found = Finding(code, {}, Place("main.beancount", 3))
    text = render(
        replace(
            tree(),
            details=(("terms", "net 30 <i>"),),
            warnings=("Careful.",),
            findings=(found,),
            task_findings=(found,),
        ),
        "html",
    )
    assert "<dd>net 30 &lt;i&gt;</dd>" in text
    assert "warning: Careful." in text
    assert text.count(f"main.beancount:3: error[{code.code}]") == 2
    assert text.index("INV-1") < text.index("opened 2026-01-02: Goods") < text.index("deep")
    assert "<code>main.beancount:12</code>" in text


def test_cells_without_words_are_no_heads() -> None:
    columns = (Column("code", "", "code"), Column("total", "total", "money"))
    rows = [{"code": "", "total": money("1")}, {"code": "x", "total": money("2")}]
    text = render(Answer("today/1", tables=(Table("rows", columns, rows),)), "html")
    assert '<tr><td></td><th scope="col" class="n">total</th></tr>' in text
    assert '<tr><td class="c"></td><td class="n">1.00</td></tr>' in text
    assert '<tr><th scope="row" class="c">x</th><td class="n">2.00</td></tr>' in text


def test_a_diff_keeps_its_lines_and_shows_what_hides() -> None:
    answer = Answer("allocate/1", verbatim="--- a\r\n+++ <b>\n+\tx\u202e\n")
    assert "<pre>--- a\n+++ &lt;b&gt;\n+\tx&lt;U+202E&gt;\n</pre>" in render(answer, "html")


def test_an_answer_without_rows_says_so() -> None:
    text = render(
        Answer("items/1", tables=(Table("rows", (), [], empty="No open items."),)), "html"
    )
    assert "<p>No open items.</p>" in text
    assert "<table>" not in text


def with_text(text: str) -> Answer:
    columns = (Column("name", "name"), Column("total", "total", "money"))
    rows = [{"name": text, "total": money("1")}, {"name": "x", "total": money("2")}]
    chart = Chart("stacked-bars", "By name", "rows", ("name",), ("total",))
    return Answer(
        "query/1",
        tables=(Table("rows", columns, rows),),
        details=(("name", text),),
        notes=(Text("{text}", {"text": text}),),
        title=Text("{text}", {"text": text}),
        charts=(chart,),
    )


@given(st.text(min_size=1))
def test_no_text_of_a_cell_becomes_a_tag(text: str) -> None:
    written = render(with_text(text), "html")
    parsed = page(with_text(text))
    assert parsed.shape == page(with_text("x")).shape
    assert not set(re.findall("[\x00-\x09\x0b-\x1f\u202e\u2066]", written))
    cell = re.search(r'<th scope="row" class="t">(.*?)</th>', written, re.DOTALL)
    assert cell
    assert html.unescape(cell[1]) == visible(text).rstrip(" ")


@pytest.mark.parametrize(
    "text", ["</title><script>alert(1)</script>", "--><b>", '" onload="x', "]]>", "{{ 7*7 }}"]
)
def test_what_tries_to_break_out_stays_text(text: str) -> None:
    parsed = page(with_text(text))
    assert parsed.shape == page(with_text("x")).shape
    assert not any("onload" in attributes for _tag, attributes in parsed.elements)
    assert html.escape(text) in render(with_text(text), "html").replace("&#34;", "&quot;")


def drawn(chart: Chart, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> list[Picture]:
    table = Table("rows", columns, rows)
    return list(pictures(Answer("x/1", tables=(table,), charts=(chart,)), table))


NAMED = (
    Column("name", "name"),
    Column("a", "a", "money"),
    Column("b", "b", "money"),
    Column("used", "used %", "percent"),
    Column("days", "days", "number"),
)


def row(
    name: str, a: str = "0", b: str = "0", used: str | None = None, days: int | None = None
) -> Row:
    percent = None if used is None else Decimal(used)
    return {"name": name, "a": money(a), "b": money(b), "used": percent, "days": days}


def rows_of(*rows: Row) -> list[dict[str, Any]]:
    return [dict(one) for one in rows]


def test_parts_of_a_bar_follow_each_other_on_one_scale() -> None:
    chart = Chart("stacked-bars", "t", "rows", ("name",), ("a", "b"))
    (picture,) = drawn(chart, NAMED, rows_of(row("x", "100", "300"), row("y", "200", "-50")))
    assert [(box.x, box.width) for box in picture.boxes] == [
        ("0%", "25%"),
        ("25%", "75%"),
        ("0%", "50%"),
    ]
    assert picture.boxes[1].text == "x, b: 300.00"
    # The figure beside a bar is the whole, also what is below zero.
    assert [words.text for words in picture.words] == ["x", "400.00", "y", "150.00"]


def test_shares_fill_the_width() -> None:
    chart = Chart("stacked-bars", "t", "rows", ("name",), ("a", "b"), shares=True)
    (picture,) = drawn(chart, NAMED, rows_of(row("x", "100", "300"), row("y", "1", "1")))
    assert [box.width for box in picture.boxes] == ["25%", "75%", "50%", "50%"]


@pytest.mark.parametrize(("count", "bars"), [(BARS_MAX, BARS_MAX), (BARS_MAX + 1, BARS_MAX)])
def test_the_smallest_of_many_bars_are_drawn_as_one(count: int, bars: int) -> None:
    chart = Chart("stacked-bars", "t", "rows", ("name",), ("a",))
    rows = rows_of(*(row(f"c{number}", str(number)) for number in range(1, count + 1)))
    (picture,) = drawn(chart, NAMED, rows)
    assert len(picture.boxes) == bars
    told = picture.words[-2].text, picture.words[-1].text
    assert told == (("c25", "25.00") if count == BARS_MAX else ("2 others", "3.00"))


@pytest.mark.parametrize(("used", "style"), [("100", "measure"), ("100.01", "over")])
def test_a_bullet_is_over_above_a_hundred(used: str, style: str) -> None:
    chart = Chart("bullet", "t", "rows", ("name",), ("used",))
    (picture,) = drawn(chart, NAMED, rows_of(row("x", used=used), row("none")))
    ground, measure = picture.boxes
    assert measure.style == style
    assert float(ground.width.rstrip("%")) <= 100
    assert float(measure.width.rstrip("%")) <= 100
    assert picture.rules[0].x1 == ground.width


def test_a_pareto_ends_with_the_whole() -> None:
    chart = Chart("pareto", "t", "rows", ("name",), ("a",))
    rows = rows_of(row("small", "10"), row("none"), row("large", "30"))
    (picture,) = drawn(chart, NAMED, rows)
    assert [words.text for words in picture.words] == [
        "large",
        "30.00 · 75%",
        "small",
        "10.00 · 100%",
    ]
    assert picture.curves[0].points.split()[-1].startswith("1000,")


def test_a_line_has_a_gap_where_a_figure_is_missing() -> None:
    chart = Chart("line", "t", "rows", ("name",), ("days",))
    days = [10, 20, None, 30, 40, None, 50]
    rows = rows_of(*(row(f"m{number}", days=value) for number, value in enumerate(days)))
    (picture,) = drawn(chart, NAMED, rows)
    assert [len(curve.points.split()) for curve in picture.curves] == [2, 2]
    assert len([box for box in picture.boxes if box.style.startswith("dot")]) == 5
    heights = [float(box.y) for box in picture.boxes]
    assert heights == sorted(heights, reverse=True)


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=40))
def test_marks_never_leave_the_picture(values: list[Decimal]) -> None:
    rows = rows_of(*(row(f"m{number}", str(value)) for number, value in enumerate(values)))
    for kind in ("stacked-bars", "stacked-columns", "line", "pareto"):
        chart = Chart(kind, "t", "rows", ("name",), ("a",))
        for picture in drawn(chart, NAMED, rows):
            for box in picture.boxes:
                width, height = float(box.width.rstrip("%") or 0), float(box.height or 0)
                assert -0.01 <= float(box.x.rstrip("%")) <= 100.02 - width
                assert -0.01 <= float(box.y) <= picture.height - height + 0.02


def test_nothing_is_drawn_of_nothing() -> None:
    chart = Chart("stacked-bars", "t", "rows", ("name",), ("a", "b"))
    assert drawn(chart, NAMED, rows_of(row("x"))) == []
    assert drawn(chart, NAMED, []) == []


def test_styles_are_those_of_the_pictures() -> None:
    styles = (Path(html_format.__file__).parent / "pages" / "answer.css").read_text("utf-8")
    for number in range(6):
        assert f".shade-{number} {{" in styles
        assert f".curve-{number} {{" in styles
    assert styles.count("{") == styles.count("}")


@pytest.mark.parametrize("name", ["a.html", "A.HTM", "日.html"])
def test_the_suffix_chooses_the_page(name: str) -> None:
    assert of_suffix(Path(name)) == "html"
