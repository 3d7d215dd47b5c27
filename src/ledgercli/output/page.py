"""An answer as one page: HTML that needs no other file, and the source of a PDF.

Both are made of the same parts: title, details, tables, notes, in the language spoken now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ledgercli.model.answer import Answer
from ledgercli.output.cells import Strip, strips
from ledgercli.output.language import _, language
from ledgercli.output.safe_text import visible
from ledgercli.output.values import say, sentence

_STYLE = """
body { font: 10.5pt/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 48rem; color: #1a1a1a;
  background: #fff; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 0; }
dt { color: #555; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .2rem .6rem .2rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid #888; font-weight: 600; }
.r { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.notes { margin-top: 1.5rem; font-size: .85rem; color: #555; }
.notes p { margin: .2rem 0; }
@media print { body { margin: 0; max-width: none; } }
"""


_RIGHT = ' class="r"'


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


def html(answer: Answer) -> str:
    """Return the answer as a page of HTML with nothing from elsewhere."""
    title = escape(sentence(answer.title))
    parts = [
        f'<!doctype html>\n<html lang="{escape(language())}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>",
    ]
    if answer.details:
        lines = [
            f"<dt>{escape(visible(_(label)))}</dt><dd>{escape(say(value))}</dd>"
            for label, value in answer.details
        ]
        parts.append("<dl>\n" + "\n".join(lines) + "\n</dl>")
    for block in _blocks(answer):
        if block.title:
            parts.append(f"<h2>{escape(block.title)}</h2>")
        parts.append(_html_table(block))
    notes = "\n".join(f"<p>{escape(sentence(note))}</p>" for note in answer.notes)
    parts.append(f'<div class="notes">\n{notes}\n</div>\n</body>\n</html>')
    return "\n".join(parts) + "\n"


def _html_table(block: _Block) -> str:
    def cells(tag: str, texts: Sequence[str]) -> str:
        made = [
            f"<{tag}{_RIGHT if strip.right else ''}>{escape(text)}</{tag}>"
            for strip, text in zip(block.columns, texts, strict=True)
        ]
        return f"<tr>{''.join(made)}</tr>"

    head = cells("th", [strip.heading for strip in block.columns])
    body = "\n".join(cells("td", row) for row in block.rows)
    return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


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
