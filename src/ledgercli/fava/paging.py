"""Long tables a page at a time, and the search for a customer, by arguments of the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flask import request, url_for

from ledgercli.desk.paging import Part, table_part
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.output.language import _
from ledgercli.output.values import sentence

#: So many rows of a table stand on one page.
PAGE_ROWS = 200
#: The argument with a part of a customer's id or name.
FIND = "find"
#: Arguments that belong to a request, not to what it asks for.
_PASSING = frozenset({"partial", FIND})
#: What the arguments begin with that say which page of a table is asked for.
_PAGE = "page-"


@dataclass(frozen=True, slots=True)
class Pager:
    """What stands below a table that goes over several pages: which rows these are, and links.

    A link is empty where there is nothing further.
    """

    label: str
    rows: str
    before: str
    after: str
    before_words: str
    after_words: str


@dataclass(frozen=True, slots=True)
class Search:
    """The form that leaves the customers whose id or name contains what is typed.

    ``kept`` are the arguments that go along, ``everybody`` is where to go without a search.
    """

    action: str
    kept: tuple[tuple[str, str], ...]
    label: str
    value: str
    button: str
    everybody: str
    everybody_words: str


def page_number(key: str) -> int:
    """Return which page of the table ``key`` is asked for, counted from 1."""
    text = request.args.get(f"{_PAGE}{key}", "")
    return int(text) if text.isascii() and text.isdigit() else 1


def pager_of(part: Part, key: str) -> Pager | None:
    """Return what leads through the pages of the table ``key``, None where there is one only."""
    if part.pages == 1:
        return None

    def to(number: int) -> str:
        return here({f"{_PAGE}{key}": str(number)}) if 1 <= number <= part.pages else ""

    return Pager(
        _("Pages"),
        sentence(_rows(part)),
        to(part.number - 1),
        to(part.number + 1),
        _("Previous"),
        _("Next"),
    )


def _rows(part: Part) -> Text:
    values = {"first": part.first, "last": part.last, "count": part.count}
    return Text(N_("Lines {first} to {last} of {count}"), values)


def shortened(answer: Answer) -> Answer:
    """Return ``answer`` with the first page of each long table, and a note of how many there are.

    It is for what stands on no page of its own.
    """
    for table in answer.tables:
        answer, part = table_part(answer, table.key, 1, PAGE_ROWS)
        if part.pages > 1:
            answer = replace(answer, notes=(_rows(part), *answer.notes))
    return answer


def paged(answer: Answer, pagers: dict[str, Pager]) -> Answer:
    """Return ``answer`` with one page of each long table, and put what leads on into ``pagers``."""
    for table in answer.tables:
        if table.role in {"main", "extra"} and len(table.rows) > PAGE_ROWS:
            answer, part = table_part(answer, table.key, page_number(table.key), PAGE_ROWS)
            if pager := pager_of(part, table.key):
                pagers[table.key] = pager
    return answer


def searched() -> str:
    """Return what is looked for, "" where nothing is."""
    return str(request.args.get(FIND, "")).strip()


def search_form() -> Search:
    """Return the form for the page that was asked for."""
    kept = {key: value for key, value in request.args.items() if key not in _PASSING}
    first_pages = tuple(pair for pair in kept.items() if not pair[0].startswith(_PAGE))
    return Search(
        here(without=tuple(request.args)).partition("?")[0],
        first_pages,
        _("Customer"),
        searched(),
        _("Search"),
        here(without=(FIND,)) if searched() else "",
        _("All customers"),
    )


def here(changes: Mapping[str, str] | None = None, *, without: Collection[str] = ()) -> str:
    """Return the address of this page with ``changes`` of arguments, ``without`` others.

    Pages of tables begin anew, unless it is one of them that changes.
    """
    new, gone = changes or {}, {"partial", *without}
    turns = any(key.startswith(_PAGE) for key in new)
    kept = {
        key: value
        for key, value in request.args.items()
        if key not in gone and (turns or not key.startswith(_PAGE))
    }
    name = (request.view_args or {}).get("extension_name", "")
    return str(url_for("extension_report", extension_name=name, **{**kept, **new}))
