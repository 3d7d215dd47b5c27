"""The page of reminders: the plan in figures, what is chosen of it, and the letters that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import request

from ledgercli.desk.reminders.plan_view import PlanView, outlook
from ledgercli.desk.reminders.plan_views import Choice
from ledgercli.fava import letters
from ledgercli.fava.host import Page, Visit
from ledgercli.fava.memory import Memory
from ledgercli.fava.paging import PAGE_ROWS, Pager, here, page_number, paged, pager_of, search_form
from ledgercli.model.answer import Answer, Row, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.html_content import Content, Links, content_of
from ledgercli.output.language import _
from ledgercli.output.values import sentence

#: A plan about so many open documents is made at once, about more once the page is there.
_AT_ONCE_MAX = 2000
#: What the arguments of the address choose: letters, or documents that are held.
_OF_LETTERS = ("level", "level_name", "channel")
_OF_HELD = ("reason",)
_OF_ONE = ("customer", "currency")
_ALL = (*_OF_LETTERS, *_OF_HELD, *_OF_ONE, "find")


def shown(visit: Visit, memory: Memory, *, at_once: bool) -> Page:
    """Return the page; what is long to make comes when it is asked for once more.

    First what is known without a plan, then the plan, then what became of the letters of before.
    """
    choice = _choice()
    is_whole = choice == Choice()
    known, count = outlook(visit.books, visit.asked.query)
    planning = letters.planning_of(visit, memory)
    if count <= _AT_ONCE_MAX or not planning.can_keep:
        return _page(visit, choice, letters.desk_of(visit, planning, checked=is_whole))
    is_planned = planning.is_planned
    if at_once and not is_planned:
        words = Text(N_("Planning the letters about {count} open documents …"), {"count": count})
        return Page({}, (content_of(known),), later=sentence(words))
    is_next = is_planned and not at_once
    checked = is_whole and (is_next or planning.is_checked)
    page = _page(visit, choice, letters.desk_of(visit, planning, checked=checked))
    if checked or not is_whole:
        return page
    return replace(page, later=_("Checking the letters that were written …"))


def _page(visit: Visit, choice: Choice, desk: letters.Desk) -> Page:
    links = _links(visit)
    pagers: dict[str, Pager] = {}
    if choice == Choice():
        answers = [replace(desk.plan.summary(), notes=()), _part(desk.plan, choice, pagers)]
        if desk.waiting:
            answers.append(paged(_renamed(desk.waiting), pagers))
        form = search_form() if pagers else None
        return Page({}, _told(answers, links), controls=desk, pagers=pagers, search=form)
    # Buttons are about the whole plan: they stand beside nothing less.
    crumbs = ((_("Reminders"), here(without=_ALL)),)
    part = _part(desk.plan, choice, pagers)
    letter = desk.plan.letter(choice.customer, choice.currency) if choice.customer else None
    answers = [part]
    if letter:
        held = _only(part, "held")
        answers = [paged(letter, pagers), *([held] if held.table("held").rows else [])]
    form = search_form() if pagers or choice.find else None
    return Page({}, _told(answers, links), crumbs=crumbs, pagers=pagers, search=form)


def _told(answers: Sequence[Answer], links: Links) -> tuple[Content, ...]:
    return tuple(content_of(answer, links) for answer in answers)


def _choice() -> Choice:
    said = {key: request.args.get(key, "").strip() for key in _ALL}
    return Choice(**said)


def _part(plan: PlanView, choice: Choice, pagers: dict[str, Pager]) -> Answer:
    """Return the letters and the held documents that are chosen, a page of each."""
    numbers = page_number("letters"), page_number("held")
    answer, own, others = plan.part(choice, *numbers, PAGE_ROWS)
    for key, part in (("letters", own), ("held", others)):
        if pager := pager_of(part, key):
            pagers[key] = pager
    return _only(answer, "held") if choice.reason else answer


def _only(answer: Answer, key: str) -> Answer:
    return replace(answer, tables=(answer.table(key),))


def _renamed(waiting: Answer) -> Answer:
    """Return the letters that wait with a table of their own name."""
    tables = (
        replace(table, key="waiting") if table.key == "letters" else table
        for table in waiting.tables
    )
    return replace(waiting, tables=tuple(tables))


def _links(visit: Visit) -> Links:
    """Return links as on other pages, and from figures to the letters and documents behind."""
    usual = visit.places.links

    def cell(column: str, row: Row) -> str:
        match column:
            case "letters" | "level_name" if "letters" in row:
                return here(_said(row, (*_OF_LETTERS, "currency")), without=_ALL)
            case "documents" | "reason" if "customers" in row:
                return here(_said(row, (*_OF_HELD, "currency")), without=_ALL)
            case "count":
                return here(_said(row, _OF_ONE), without=_ALL)
        return usual.cell(column, row)

    return replace(usual, cell=cell)


def _said(row: Row, keys: tuple[str, ...]) -> Mapping[str, str]:
    return {key: str(row[key]) for key in keys}
