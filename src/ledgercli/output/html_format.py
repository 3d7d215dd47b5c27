"""An answer as one HTML page that needs nothing else: no script, no font, no picture from afar.

The page is what the table on a terminal is, with nothing left out for want of width, and with the
pictures that the answer names. It prints on A4 with the heads of tables on every page, follows the
reader between dark and light, and says to a screen reader what is a title, a head, a figure. Data
is escaped by the template, and what it could hide behind (bidi and control characters) is made
visible before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Any

from ledgercli.model.answer import Answer, Node, Table
from ledgercli.model.record import dataclass
from ledgercli.output import wording
from ledgercli.output.cells import Strip, label_totals, strips
from ledgercli.output.html_charts import pictures
from ledgercli.output.html_marks import CURVE_WIDTH, Picture
from ledgercli.output.language import _, language
from ledgercli.output.safe_text import visible
from ledgercli.output.sections import opened
from ledgercli.output.titles import title_of
from ledgercli.output.values import money, say, sentence

if TYPE_CHECKING:
    from jinja2 import Environment

#: Tables of more columns are printed on paper turned sideways.
_UPRIGHT_COLUMNS_MAX = 8
#: Styles for cells whose figure has fewer decimals than others of its column.
_PADS_MAX = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, its style, and whether it names the row."""

    text: str
    style: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``style`` is that of its cells."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the page."""

    title: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Pictures and the table beside them."""

    grid: Grid
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree."""

    text: str
    amount: str
    place: str
    children: tuple[Branch, ...] = field(default=())


def render(answer: Answer, _paper: object = None) -> str:
    """Return the page; the same answer in the same language is the same text."""
    title = title_of(answer)
    blocks = [] if answer.verbatim is not None else list(_blocks(answer, title))
    columns = max((len(block.grid.heads) for block in blocks), default=0)
    return (
        _environment()
        .get_template("answer.html.j2")
        .render(
            language={"zh": "zh-CN"}.get(language(), language()),
            title=title,
            day=say(answer.facts.get("as_of")),
            landscape=columns > _UPRIGHT_COLUMNS_MAX,
            curve_width=CURVE_WIDTH,
            details=[(visible(_(label)), say(value)) for label, value in answer.details],
            warnings=[wording.warning(sentence(text)) for text in answer.warnings],
            task_findings=_findings(answer, of_task=True),
            blocks=blocks,
            tree=[] if answer.verbatim is not None else [_branch(node) for node in answer.tree],
            verbatim=None
            if answer.verbatim is None
            else visible(answer.verbatim.replace("\r\n", "\n"), keep="\n\t"),
            notes=[sentence(note) for note in answer.notes],
            findings=_findings(answer, of_task=False),
            counted=wording.count_line(answer.findings, verbose=True),
            words={
                "notes": _("Notes"),
                "findings": _("Findings in the books"),
                "figures": _("The figures are in the table of this page."),
            },
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        autoescape=True,
        loader=PackageLoader("ledgercli.output", "pages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _blocks(answer: Answer, title: str) -> Iterator[Block]:
    """Yield tables in the order of the terminal, each with its pictures before it."""
    totals = [table for table in answer.tables if table.role == "totals"]
    for table in answer.tables:
        drawn = tuple(pictures(answer, table))
        match table.role:
            case "main":
                # What is drawn of the whole comes before what is drawn of its parts.
                whole = (picture for total in totals for picture in pictures(answer, total))
                yield Block(_grid(table, totals, title), (*whole, *drawn))
            case "sections":
                if not table.rows and table.empty:
                    yield Block(_grid(table, [], title))
                for heading, section in opened(table):
                    yield Block(_grid(section, [], heading, heading))
            case "extra" | "trend" if table.rows:
                yield Block(_grid(table, [], title), drawn)


def _grid(table: Table, totals: list[Table], caption: str, title: str = "") -> Grid:
    title = title or visible(_(table.title)).removesuffix(":")
    if not table.rows:
        return Grid(title, caption, (), (), (), visible(_(table.empty)))
    total_rows = [row for total in totals for row in total.rows]
    made = strips(table.columns, [*table.rows, *total_rows], ascii_only=False)
    label_totals(made, len(table.rows), len(total_rows), totals)
    names = next((strip for strip in made if strip.kind in {"code", "text"}), None)
    cells = list(zip(*(_cells(strip, is_head=strip is names) for strip in made), strict=True))
    return Grid(
        title,
        title or caption,
        tuple(Head(strip.heading, _style(strip)) for strip in made),
        tuple(cells[: len(table.rows)]),
        tuple(cells[len(table.rows) :]),
    )


def _style(strip: Strip) -> str:
    if strip.right:
        return "n"
    return "c" if strip.kind in {"code", "date"} else "t"


def _cells(strip: Strip, *, is_head: bool) -> list[Cell]:
    """Return cells; the spaces that set decimal points below each other become their padding."""
    style = _style(strip)
    cells = []
    for text in strip.cells:
        bare = text.rstrip(" ")
        lacking = min(len(text) - len(bare), _PADS_MAX) if bare else 0
        cells.append(
            Cell(bare, f"{style} p{lacking}" if lacking else style, is_head and bool(bare))
        )
    return cells


def _branch(node: Node) -> Branch:
    return Branch(
        sentence(node.text),
        "" if node.amount is None else money(node.amount),
        visible(node.place),
        tuple(map(_branch, node.children)),
    )


def _findings(answer: Answer, *, of_task: bool) -> list[dict[str, Any]]:
    """Return findings in words; those of the books without mere information.

    An answer that is a table of findings does not tell them twice.
    """
    if not of_task and any(table.key == "findings" for table in answer.tables):
        return []
    found = answer.task_findings if of_task else answer.findings
    return [
        {"severity": finding.severity, "lines": wording.finding_lines(finding)}
        for finding in found
        if of_task or finding.severity != "info"
    ]
