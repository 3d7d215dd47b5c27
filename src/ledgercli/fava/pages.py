"""The pages, each named as in Fava's addresses: which answer of the desk it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from fava.ext import extension_endpoint
from fava.helpers import FavaAPIError
from flask import Response, jsonify, request, url_for

from ledgercli.desk import metric_reports, reports
from ledgercli.desk.agenda import agenda
from ledgercli.desk.customers import customer_list, customers
from ledgercli.desk.open_books import OpenBooks
from ledgercli.fava import letters, plan_page
from ledgercli.fava.charts import history_charts
from ledgercli.fava.host import BooksPage, Page, Visit, speaking
from ledgercli.fava.paging import shortened
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.interval import INTERVALS, Interval
from ledgercli.output import wording
from ledgercli.output.html_content import content_of
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible

#: How many months the charts of an interval go back at least, and at most.
_MONTHS: Mapping[Interval, tuple[int, int]] = {
    "day": (1, 2),
    "week": (6, 14),
    "month": (12, 60),
    "quarter": (24, 120),
    "year": (60, 120),
}


class ChartedPage(BooksPage):
    """A page with the aging over time, which is asked for after the page itself."""

    def shown(self, visit: Visit, *, at_once: bool) -> Page:
        """Return the page, with a place for the charts."""
        return replace(super().shown(visit, at_once=at_once), charts=not visit.asked.is_nobody)

    @extension_endpoint  # type: ignore[untyped-decorator]
    def charts(self) -> Response:
        """Return the charts as Fava's frontend draws them."""
        with speaking():
            visit = self.visit()
            query = visit.asked.query
            if named := request.args.get("customer"):
                query = replace(query, customers=(named,))
            if visit.asked.is_nobody:
                return jsonify([])
            interval = _interval()
            found = metric_reports.aging_history(
                visit.books,
                query,
                months=_months(visit, interval),
                basis=None,
                buckets=None,
                interval=interval,
            )
            return jsonify(history_charts(found))


def _interval() -> Interval:
    """Return the interval that Fava's header names, months where it names none."""
    named = request.args.get("interval", "").lower()
    return next((each for each in INTERVALS if each == named), "month")


def _months(visit: Visit, interval: Interval) -> int:
    """Return over how many months the charts go: those of the time filter, within bounds."""
    start, end = visit.asked.start, visit.asked.end
    least, most = _MONTHS[interval]
    if start is None or end is None:
        return least
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return min(max(months, least), most)


class Receivables(ChartedPage):
    """Who owes what since when."""

    title = N_("Receivables")

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the aging."""
        return [reports.aging(visit.books, visit.asked.query, basis=None, buckets=None)]


class Customer(ChartedPage):
    """All customers, or one of them, or why a document is what it is."""

    title = N_("Customers")
    with_events = True
    with_orders = True

    def shown(self, visit: Visit, *, at_once: bool) -> Page:
        """Return the page; only that of a customer has charts."""
        named = "customer" in request.args and "document" not in request.args
        return replace(super().shown(visit, at_once=at_once), charts=named)

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the list, the page of a customer with the account, or the explanation."""
        books, query = visit.books, visit.asked.query
        here = url_for("extension_report", extension_name=self.name)
        if document := request.args.get("document"):
            visit.crumbs.append((_(self.title), here))
            if customer := request.args.get("customer"):
                query = replace(query, customers=(customer,))
                visit.crumbs.append((_label(books, customer), visit.places.customer(customer)))
            if journal := visit.places.journal(document):
                visit.more.append((_("Journal"), journal))
            return [reports.explain(books, query, subject=document)]
        if customer := request.args.get("customer"):
            visit.crumbs.append((_(self.title), here))
            one = replace(query, customers=(customer,))
            # Who looks at a day wants to know how the balance came about.
            start = visit.asked.start if visit.asked.start != visit.asked.end else None
            return [
                customers.show(books, query, customer=customer),
                reports.statement(books, one, everyone=False, start=start),
            ]
        return [customer_list.list_(books, query)]


def _label(books: OpenBooks, customer: str) -> str:
    """Return what a customer is called, as it may be shown."""
    identifier = books.customer_id(customer)
    return visible(next((one.label for one in books.customers if one.id == identifier), customer))


class Reminders(BooksPage):
    """Who would be reminded, at which level, and who not and why; writes and sends the letters."""

    title = N_("Reminders")
    with_events = True
    searches_books = False

    def shown(self, visit: Visit, *, at_once: bool) -> Page:
        """Return the plan, the letters that wait, and the buttons where they may be used."""
        if visit.asked.is_nobody:
            return super().shown(visit, at_once=at_once)
        return plan_page.shown(visit, self.memory, at_once=at_once)

    @extension_endpoint(methods=["PUT"])  # type: ignore[untyped-decorator]
    def letters(self) -> Response:
        """Write or send letters, and return what came of it as HTML within JSON."""
        with speaking():
            try:
                visit = self.visit()
                done = letters.carry_out(visit)
            except letters.Refusal as refusal:
                return _refused(str(refusal), refusal.status)
            except LedgercliError as error:
                return _refused(wording.error_lines(error), HTTPStatus.CONFLICT)
            except FavaAPIError as error:
                return _refused(str(error.message), HTTPStatus.BAD_REQUEST)
            content = content_of(shortened(done), visit.places.links)
            template = self.jinja_env.get_template("ledgercli_done.html")
            return jsonify({"html": template.render(page=self.framed(Page({}, (content,))))})


def _refused(words: str, status: HTTPStatus) -> Response:
    response = jsonify({"error": words})
    response.status_code = status
    return response


class Agenda(BooksPage):
    """What is due."""

    title = N_("Agenda")
    with_events = True
    with_orders = True

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the agenda; a time filter that ends in the future says how far it looks ahead."""
        query, end = visit.asked.query, visit.asked.end
        if end and end > visit.books.today:
            return [agenda.agenda(visit.books, replace(query, as_of=None), until=end)]
        return [agenda.agenda(visit.books, query, until=None)]


class Limits(BooksPage):
    """Exposure beside the credit limits."""

    title = N_("Credit limits")
    with_orders = True

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the limits."""
        query = visit.asked.query
        return [reports.limits(visit.books, query, extra=None, group="customer")]
