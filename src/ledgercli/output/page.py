"""An answer as a page of a PDF: title, details, tables and notes as Typst source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ledgercli.model.answer import Answer
from ledgercli.model.record import dataclass
from ledgercli.output.cells import Strip, strips
from ledgercli.output.language import _, language
from ledgercli.output.safe_text import visible
from ledgercli.output.values import say, sentence


@dataclass(frozen=True, slots=True)
class _Block:
    """A table of the page: its title, and its columns."""

    title: str
    columns: Sequence[Strip]

    @property
    def rows(self) -> list[list[str]]:
        """Return the cells, row by row."""
        return [[cell.strip() for cell in row] for row in zip(*self._cells, strict=True)]

    @property
    def _cells(self) -> list[list[str]]:
        return [strip.cells for strip in self.columns]


def _blocks(answer: Answer) -> list[_Block]:
    return [
        _Block(visible(_(table.title)) if table.title else "", made)
        for table in answer.tables
        if table.role in {"main", "extra"} and table.rows
        for made in [strips(table.columns, table.rows, ascii_only=False)]
    ]


def typst(
    answer: Answer, literal: Callable[[object], str], fonts: Sequence[object], paper: str
) -> str:
    """Return Typst source of the answer on ``paper``; ``literal`` writes values as Typst has them.

    Values become literals only, so that no text of the books is ever code.
    """
    parts = [
        f"#set document(title: {literal(sentence(answer.title))}, date: auto)",
        f"#set page(paper: {literal(paper)}, margin: (x: 20mm, y: 18mm))",
        f"#set text(font: {literal(list(fonts))}, lang: {literal(language())})",
        "#set text(size: 9.5pt, hyphenate: false)",
        "#set table(stroke: none, inset: (x: 0pt, y: 2.2pt))",
        f'#text(size: 15pt, weight: "bold", {literal(sentence(answer.title))})',
        "#v(1mm)",
    ]
    if answer.details:
        cells = [
            f"text(fill: luma(35%), {literal(visible(_(label)))}), {literal(say(value))}"
            for label, value in answer.details
        ]
        shape = "columns: (auto, 1fr), column-gutter: 8mm, row-gutter: 1.8mm"
        parts.append(f"#grid({shape}, {', '.join(cells)})")
    for block in _blocks(answer):
        if block.title:
            parts.append(f'#v(3mm)\n#text(size: 11pt, weight: "bold", {literal(block.title)})')
        parts.append(_typst_table(block, literal))
    parts.append("#v(3mm)\n#set text(size: 8pt, fill: luma(35%))")
    parts += [f"#par({literal(sentence(note))})" for note in answer.notes]
    return "\n".join(parts) + "\n"


def _typst_table(block: _Block, literal: Callable[[object], str]) -> str:
    aligns = ", ".join("right" if strip.right else "left" for strip in block.columns)
    widths = ", ".join("1fr" if strip.wraps else "auto" for strip in block.columns)
    head = [f'text(weight: "bold", {literal(strip.heading)})' for strip in block.columns]
    cells = [literal(text) for row in block.rows for text in row]
    return (
        f"#table(columns: ({widths},), align: ({aligns},), column-gutter: 4mm,"
        f" table.header({', '.join(head)}), table.hline(stroke: 0.4pt), {', '.join(cells)})"
    )
