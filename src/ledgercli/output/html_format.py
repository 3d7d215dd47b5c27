"""An answer as one HTML page that needs nothing else: no script, no font, no picture from afar.

The page is what the table on a terminal is, with nothing left out for want of width, and with the
pictures that the answer names. It prints on A4 with the heads of tables on every page, follows the
reader between dark and light, and says to a screen reader what is a title, a head, a figure. Data
is escaped by the template, and what it could hide behind (bidi and control characters) is made
visible before.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ledgercli.model.answer import Answer
from ledgercli.output.html_content import content_of
from ledgercli.output.html_marks import CURVE_WIDTH
from ledgercli.output.language import _, language

if TYPE_CHECKING:
    from jinja2 import Environment

#: Tables of more columns are printed on paper turned sideways.
_UPRIGHT_COLUMNS_MAX = 8


def render(answer: Answer, _paper: object = None) -> str:
    """Return the page; the same answer in the same language is the same text."""
    content = content_of(answer)
    columns = max((len(block.grid.heads) for block in content.blocks), default=0)
    return (
        _environment()
        .get_template("answer.html.j2")
        .render(
            language={"zh": "zh-CN"}.get(language(), language()),
            title=content.title,
            day=content.day,
            landscape=columns > _UPRIGHT_COLUMNS_MAX,
            curve_width=CURVE_WIDTH,
            details=content.details,
            warnings=content.warnings,
            task_findings=content.task_findings,
            blocks=content.blocks,
            tree=content.tree,
            verbatim=content.verbatim,
            notes=content.notes,
            findings=content.findings,
            counted=content.counted,
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
