"""What all pages share: the books around Fava's ledger, the language, and what a page holds."""

from __future__ import annotations

import datetime as dt
import os
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fava.ext import FavaExtensionBase, extension_endpoint
from fava.helpers import FavaAPIError
from fava.template_filters import replace_numbers
from flask import Response, current_app, jsonify, request
from flask_babel import get_locale

from ledgercli.desk.hosting import (
    Unwatched,
    collection_paused,
    open_around,
    options_around,
    record_files_around,
    unwatched_around,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Request, cache_folder
from ledgercli.fava.filters import Asked, asked_of
from ledgercli.fava.memory import Memory
from ledgercli.fava.paging import Pager, Search, paged, search_form, searched
from ledgercli.fava.places import Entries, Places
from ledgercli.fava.preparing import Preparation
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass
from ledgercli.output import language, wording
from ledgercli.output.html_content import Block, Branch, Cell, Content, content_of
from ledgercli.output.language import _
from ledgercli.output.values import sentence

if TYPE_CHECKING:
    from fava.core import FavaLedger

#: The page that keeps what all pages share.
KEEPER = "Receivables"
_PAGE = "ledgercli_page.html"
_WORDS = {
    "notes": N_("Notes"),
    "findings": N_("Findings in the books"),
    "entry": N_("entry"),
    "loading": N_("Loading the charts …"),
    "failed": N_("This could not be loaded:"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a template shows.

    ``filters`` are Fava's filters in words, ``crumbs`` the pages above this one as (words, link),
    ``more`` those of Fava beside it.
    ``errors`` stand in place of the content that could not be made. With ``charts`` the page asks
    for pictures once it is there; ``controls`` is what only one page has.
    """

    words: Mapping[str, str]
    contents: tuple[Content, ...] = ()
    filters: tuple[str, ...] = ()
    crumbs: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    errors: tuple[str, ...] = ()
    charts: bool = False
    language: str = ""
    controls: Any = None
    later: str = ""
    pagers: Mapping[str, Pager] = field(default_factory=dict)
    search: Search | None = None
    state: str = ""


@dataclass(slots=True)
class Visit:
    """One look at the books: opened for it, with what Fava's filters ask."""

    books: OpenBooks
    asked: Asked
    places: Places
    unwatched: Unwatched
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    more: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def speaking() -> Iterator[str]:
    """Speak Fava's language for the time of a request.

    The collector of garbage rests meanwhile: with the entries of Fava's ledger to walk it takes
    longer than the page.
    """
    with language.speaking(str(get_locale() or language.ORIGINAL)) as spoken, collection_paused():
        yield spoken


def open_for(ledger: FavaLedger, *, with_events: bool, with_orders: bool) -> OpenBooks:
    """Return the books around Fava's ledger, as they are now.

    Fava runs the plugins of its ledger, so they are run here, too. What has not changed comes from
    the store, as for the command line; it would take Fava's own entries longer.
    """
    wanted = Request(
        start=Path(ledger.beancount_file_path).parent,
        now=dt.datetime.now(dt.UTC),
        environment=os.environ,
        cache=cache_folder(os.environ),
        proof=os.environ.get("LEDGERCLI_PROOF") != "off",
    )
    top = Path(ledger.beancount_file_path).absolute()
    return open_around(wanted, top, with_events=with_events, with_orders=with_orders)


class BooksPage(FavaExtensionBase):  # type: ignore[misc]
    """A page of the books in Fava's sidebar."""

    #: The message id of the page's title, and whether its books are read with activity and orders.
    title = ""
    with_events = False
    with_orders = False
    #: Whether the search leaves customers of the books; else the page looks for itself.
    searches_books = True
    has_js_module = True

    def __init__(self, ledger: FavaLedger, config: str | None = None) -> None:
        """Keep the ledger; ``config`` is what stands behind the extension's name there."""
        super().__init__(ledger, config)
        self._entries = Entries(ledger)
        self._memory = Memory()
        self._preparation = Preparation()

    @property
    def keeper(self) -> BooksPage:
        """Return the page that keeps what all pages of the ledger share."""
        found = self.ledger.extensions.get_extension(KEEPER)
        return found if isinstance(found, BooksPage) else self

    @property
    def memory(self) -> Memory:
        """Return what was long to make, of this or another page."""
        return self.keeper._memory  # noqa: SLF001 - of the same class

    @property
    def report_title(self) -> str:
        """Return the title in the language of whoever asks."""
        with speaking():
            return _(self.title)

    def after_load_file(self) -> None:
        """Let Fava watch the records of the books beside the ledger, and open them in its editor.

        The activity log is not among them: a line in it would have Fava load the ledger anew. The
        pages read it whenever they are asked for, and ask about it while they are open.
        """
        self._memory.clear()
        if self.name == KEEPER and cache_folder(os.environ):
            transactions = len(self.ledger.all_entries_by_type.Transaction)
            self._preparation.begin(options_around(self._top), transactions)
        files, folders = record_files_around(Path(self.ledger.beancount_file_path).absolute())
        include = self.ledger.options["include"]
        there = set(include)
        include.extend(str(file) for file in files if str(file) not in there)
        watched, documents = self.ledger.paths_to_watch()
        self.ledger.watcher.update(watched, [*documents, *folders])

    def page(self, *, at_once: bool = True) -> Page:
        """Return the page for this request, in Fava's language.

        One that has to be there ``at_once`` may leave out what is long to make.
        """
        with speaking():
            try:
                visit = self.visit()
                shown = self.shown(visit, at_once=at_once)
            except LedgercliError as error:
                lines = tuple(wording.error_lines(error).splitlines())
                return self.framed(Page({}, errors=lines))
            except FavaAPIError as error:
                return self.framed(Page({}, errors=(str(error.message),)))
            filters = tuple(map(sentence, visit.asked.words))
            state = visit.unwatched.digest if self.with_events else ""
            return self.framed(replace(shown, filters=filters, state=state))

    @extension_endpoint  # type: ignore[untyped-decorator]
    def content(self) -> Response:
        """Return the whole page as HTML within JSON: what was left out, or is to be seen anew."""
        page = self.page(at_once=False)
        return jsonify({"html": self.jinja_env.get_template(_PAGE).render(page=page)})

    @extension_endpoint  # type: ignore[untyped-decorator]
    def state(self) -> Response:
        """Return the state of the activity log and the letters, which an open page asks for."""
        return jsonify({"state": unwatched_around(self._top).digest})

    @property
    def _top(self) -> Path:
        return Path(self.ledger.beancount_file_path).absolute()

    def framed(self, page: Page) -> Page:
        """Return ``page`` with what every page says, unreadable where Fava hides figures."""
        code = language.language()
        words = {**{key: _(text) for key, text in _WORDS.items()}, **page.words}
        framed = replace(page, language={"zh": "zh-CN"}.get(code, code), words=words)
        return _unreadable(framed) if current_app.config.get("INCOGNITO") else framed

    def visit(self) -> Visit:
        """Return the books, opened for this request, and what Fava's filters ask of them."""
        self.keeper._preparation.wait()  # noqa: SLF001 - of the same class
        # Taken before they are read: what changes meanwhile is seen the next time.
        unwatched = unwatched_around(self._top) if self.with_events else Unwatched()
        books = open_for(self.ledger, with_events=self.with_events, with_orders=self.with_orders)
        named = searched() if self.searches_books else ""
        asked = asked_of(books, self.ledger, request.args, named)
        return Visit(books, asked, Places(self.ledger, books.root, self._entries), unwatched)

    def shown(self, visit: Visit, *, at_once: bool) -> Page:  # noqa: ARG002 - for longer pages
        """Return the page of a visit; where the filters leave no customer, it says so."""
        form = search_form() if searched() else None
        if visit.asked.is_nobody:
            return Page({}, errors=(_("The filters leave no customer."),), search=form)
        pagers: dict[str, Pager] = {}
        contents = tuple(
            content_of(paged(replace(answer, charts=()), pagers), visit.places.links)
            for answer in self.answers(visit)
        )
        return Page(
            {},
            contents,
            crumbs=tuple(visit.crumbs),
            more=tuple(visit.more),
            pagers=pagers,
            search=search_form() if pagers else form,
        )

    @abstractmethod
    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the answers of the desk that make the page."""


# --- incognito ------------------------------------------------------------------------------------


def _unreadable(page: Page) -> Page:
    """Return ``page`` with the digits of figures crossed out, as Fava does in incognito mode."""
    return replace(page, contents=tuple(map(_content_unreadable, page.contents)))


def _content_unreadable(content: Content) -> Content:
    return replace(
        content,
        details=tuple(replace(detail, value=_crossed(detail.value)) for detail in content.details),
        blocks=tuple(map(_block_unreadable, content.blocks)),
        tree=tuple(map(_branch_unreadable, content.tree)),
        notes=tuple(map(_crossed, content.notes)),
    )


def _block_unreadable(block: Block) -> Block:
    grid = block.grid
    return Block(
        replace(
            grid,
            rows=tuple(tuple(map(_cell_unreadable, row)) for row in grid.rows),
            totals=tuple(tuple(map(_cell_unreadable, row)) for row in grid.totals),
        )
    )


def _cell_unreadable(cell: Cell) -> Cell:
    # Figures, and the free texts that may hold some; dates, ids and numbers of documents stay.
    return cell if cell.style.startswith("c") else replace(cell, text=_crossed(cell.text))


def _branch_unreadable(branch: Branch) -> Branch:
    return replace(
        branch,
        text=_crossed(branch.text),
        amount=_crossed(branch.amount),
        children=tuple(map(_branch_unreadable, branch.children)),
    )


def _crossed(text: str) -> str:
    return replace_numbers(text) or ""
