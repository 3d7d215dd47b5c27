"""What an answer is on a page of HTML, before a template makes tags of it.

The cells are those of the table on a terminal, with nothing left out for want of width. A page that
stands among others says by ``Links`` where a cell or a place leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace

from ledgercli.model.answer import Answer, Node, Row, Table
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.output import wording
from ledgercli.output.cells import Strip, label_totals, strips
from ledgercli.output.html_charts import pictures
from ledgercli.output.html_marks import Picture
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible
from ledgercli.output.sections import opened
from ledgercli.output.titles import title_of
from ledgercli.output.values import money, say, sentence

#: Styles for cells whose figure has fewer decimals than others of its column.
_PADS_MAX = 5
#: Styles for cells that are set in.
_STEPS_MAX = 6


def _nowhere(*_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page leads, "" nowhere.

    ``cell`` is asked for a column's key and its row, ``place`` for a file and line as shown, such
    as ``ledger/2026.beancount:12``, ``entry`` for the same, about the entry there;
    ``value`` is asked for a value above the tables.
    """

    cell: Callable[[str, Row], str] = _nowhere
    place: Callable[[str], str] = _nowhere
    entry: Callable[[str], str] = _nowhere
    value: Callable[[str], str] = _nowhere


NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, its style, whether it names the row, and where it leads."""

    text: str
    style: str
    is_head: bool
    link: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``style`` is that of its cells."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the page; ``key`` is that of the answer's table."""

    title: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Pictures and the table beside them."""

    grid: Grid
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree; ``link`` is where its place leads, ``entry`` the entry there."""

    text: str
    amount: str
    place: str
    children: tuple[Branch, ...] = field(default=())
    link: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A line of label and value above the tables."""

    label: str
    value: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A finding in words: its lines, and where its place leads."""

    severity: str
    lines: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a page says, in the language spoken when it was made."""

    title: str
    day: str
    details: tuple[Detail, ...]
    warnings: tuple[str, ...]
    task_findings: tuple[FoundLine, ...]
    blocks: tuple[Block, ...]
    tree: tuple[Branch, ...]
    verbatim: str | None
    notes: tuple[str, ...]
    findings: tuple[FoundLine, ...]
    counted: str


def content_of(answer: Answer, links: Links = NO_LINKS) -> Content:
    """Return what a page of ``answer`` says, with ``links``."""
    title = title_of(answer)
    verbatim = answer.verbatim
    shown = () if verbatim is not None else answer.tree
    return Content(
        title=title,
        day=say(answer.facts.get("as_of")),
        details=tuple(_detail(label, say(value), links) for label, value in answer.details),
        warnings=tuple(wording.warning(sentence(text)) for text in answer.warnings),
        task_findings=_findings(answer, links, of_task=True),
        blocks=() if verbatim is not None else _told_apart(_blocks(answer, title, links)),
        tree=tuple(_branch(node, links) for node in shown),
        verbatim=None if verbatim is None else visible(verbatim.replace("\r\n", "\n"), keep="\n\t"),
        notes=tuple(sentence(note) for note in answer.notes),
        findings=_findings(answer, links, of_task=False),
        counted=wording.count_line(answer.findings, verbose=True),
    )


def _detail(label: str, value: str, links: Links) -> Detail:
    return Detail(visible(_(label)), value, links.value(value))


def _blocks(answer: Answer, title: str, links: Links) -> Iterator[Block]:
    """Yield tables in the order of the terminal, each with its pictures before it.

    Trends are last: on a page their figures take more room than their curves do elsewhere.
    """
    totals = [table for table in answer.tables if table.role == "totals"]
    for table in sorted(answer.tables, key=lambda table: table.role == "trend"):
        drawn = tuple(pictures(answer, table))
        match table.role:
            case "main":
                # What is drawn of the whole comes before what is drawn of its parts.
                whole = (picture for total in totals for picture in pictures(answer, total))
                yield Block(_grid(table, totals, title, links), (*whole, *drawn))
            case "sections":
                if not table.rows and table.empty:
                    yield Block(_grid(table, [], title, links))
                for heading, section in opened(table):
                    yield Block(_grid(section, [], heading, links, heading))
            case "extra" | "trend" if table.rows:
                yield Block(_grid(table, [], title, links), drawn)


def _told_apart(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return ``blocks`` with a number in captions that others have, too: a reader lists them."""
    told: dict[str, int] = {}
    made = []
    for block in blocks:
        caption = block.grid.caption
        told[caption] = told.get(caption, 0) + 1
        if told[caption] > 1:
            block = replace(  # noqa: PLW2901 - the same block with another caption
                block, grid=replace(block.grid, caption=f"{caption} ({told[caption]})")
            )
        made.append(block)
    return tuple(made)


def _grid(table: Table, totals: list[Table], caption: str, links: Links, title: str = "") -> Grid:
    title = title or visible(_(table.title)).removesuffix(":")
    if not table.rows:
        return Grid(title, caption, (), (), (), visible(_(table.empty)), table.key)
    total_rows = [row for total in totals for row in total.rows]
    made = strips(table.columns, [*table.rows, *total_rows], ascii_only=False)
    label_totals(made, len(table.rows), len(total_rows), totals)
    names = next((strip for strip in made if strip.kind in {"code", "text"}), None)
    cells = list(
        zip(
            *(_cells(strip, table.rows, links, is_head=strip is names) for strip in made),
            strict=True,
        )
    )
    return Grid(
        title,
        title or caption,
        tuple(Head(strip.heading, _style(strip)) for strip in made),
        tuple(cells[: len(table.rows)]),
        tuple(cells[len(table.rows) :]),
        key=table.key,
    )


def _style(strip: Strip) -> str:
    if strip.right:
        return "n"
    return "c" if strip.kind in {"code", "date"} else "t"


def _cells(strip: Strip, rows: Sequence[Row], links: Links, *, is_head: bool) -> list[Cell]:
    """Return cells; spaces that set them in or decimal points below each other become padding.

    Cells beyond ``rows`` are totals, which lead nowhere.
    """
    style = _style(strip)
    cells = []
    for number, text in enumerate(strip.cells):
        bare = text.rstrip(" ")
        lacking = min(len(text) - len(bare), _PADS_MAX) if bare else 0
        link = ""
        if links is not NO_LINKS and bare and number < len(rows):
            link = links.cell(strip.key, rows[number])
        set_in = 0 if strip.right else min(len(bare) - len(bare.lstrip(" ")), _STEPS_MAX * 2) // 2
        styles = [style, *([f"p{lacking}"] if lacking else []), *([f"i{set_in}"] if set_in else [])]
        cells.append(Cell(bare.lstrip(" "), " ".join(styles), is_head and bool(bare), link))
    return cells


def _branch(node: Node, links: Links) -> Branch:
    return Branch(
        sentence(node.text),
        "" if node.amount is None else money(node.amount),
        visible(node.place),
        tuple(_branch(child, links) for child in node.children),
        links.place(node.place) if node.place else "",
        links.entry(node.place) if node.place else "",
    )


def _findings(answer: Answer, links: Links, *, of_task: bool) -> tuple[FoundLine, ...]:
    """Return findings in words; those of the books without mere information.

    An answer that is a table of findings does not tell them twice.
    """
    if not of_task and any(table.key == "findings" for table in answer.tables):
        return ()
    found = answer.task_findings if of_task else answer.findings
    return tuple(
        FoundLine(finding.severity, tuple(wording.finding_lines(finding)), _place(finding, links))
        for finding in found
        if of_task or finding.severity != "info"
    )


def _place(finding: Finding, links: Links) -> str:
    place = finding.place
    return links.place(f"{place.file}:{place.line}") if place.file else ""
