"""The pages, each named as in Fava's addresses: which answer of the desk it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fava.ext import extension_endpoint
from flask import Response, jsonify, request, url_for

from ledgercli.desk import metric_reports, reports
from ledgercli.desk.agenda import agenda
from ledgercli.desk.customers import customers
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.reminders import reminding
from ledgercli.fava.charts import history_charts
from ledgercli.fava.host import BooksPage, Page, Visit, speaking
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible

#: How many months the charts go back at least, and at most.
_MONTHS = 12
_MONTHS_MAX = 60


class ChartedPage(BooksPage):
    """A page with the aging over time, which is asked for after the page itself."""

    has_js_module = True

    def shown(self, visit: Visit) -> Page:
        """Return the page, with a place for the charts."""
        return replace(super().shown(visit), charts=not visit.asked.is_nobody)

    @extension_endpoint  # type: ignore[untyped-decorator]
    def charts(self) -> Response:
        """Return the charts as Fava's frontend draws them."""
        with speaking():
            visit = self.visit()
            query = visit.asked.query
            if named := request.args.get("customer"):
                query = replace(query, customers=(named,))
            found = metric_reports.aging_history(
                visit.books, query, months=_months(visit), basis=None, buckets=None
            )
            return jsonify([] if visit.asked.is_nobody else history_charts(found))


def _months(visit: Visit) -> int:
    """Return over how many months the charts go: those of the time filter, twelve at least."""
    start, end = visit.asked.start, visit.asked.end
    if start is None or end is None:
        return _MONTHS
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return min(max(months, _MONTHS), _MONTHS_MAX)


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

    def shown(self, visit: Visit) -> Page:
        """Return the page; only that of a customer has charts."""
        named = "customer" in request.args and "document" not in request.args
        return replace(super().shown(visit), charts=named)

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the list, the page of a customer with the account, or the explanation."""
        books, query = visit.books, visit.asked.query
        here = url_for("extension_report", extension_name=self.name)
        if document := request.args.get("document"):
            visit.crumbs.append((_(self.title), here))
            if customer := request.args.get("customer"):
                query = replace(query, customers=(customer,))
                visit.crumbs.append((_label(books, customer), visit.places.customer(customer)))
            return [reports.explain(books, query, subject=document)]
        if customer := request.args.get("customer"):
            visit.crumbs.append((_(self.title), here))
            one = replace(query, customers=(customer,))
            start = visit.asked.start
            return [
                customers.show(books, query, customer=customer),
                reports.statement(books, one, everyone=False, start=start),
            ]
        return [customers.list_(books, query)]


def _label(books: OpenBooks, customer: str) -> str:
    """Return what a customer is called, as it may be shown."""
    identifier = books.customer_id(customer)
    return visible(next((one.label for one in books.customers if one.id == identifier), customer))


class Reminders(BooksPage):
    """Who would be reminded, at which level, and who not and why."""

    title = N_("Reminders")
    with_events = True

    def answers(self, visit: Visit) -> Sequence[Answer]:
        """Return the plan."""
        return [reminding.plan(visit.books, visit.asked.query)]


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
