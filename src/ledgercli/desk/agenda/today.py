"""The page of the morning, of the books as a whole or of what one person looks after."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from ledgercli.customers.promises import standing_promises
from ledgercli.desk.agenda.agenda import lines_of, scope, with_owner_known
from ledgercli.desk.checking import all_findings
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.settings import Policy
from ledgercli.model.values import Duration, Money, add_days
from ledgercli.receivables.limits import limits
from ledgercli.receivables.orders import open_orders
from ledgercli.receivables.position import Position
from ledgercli.reports import today as report
from ledgercli.reports.today import Matter

#: Assumed allocations are worth a look as long as somebody may remember the payment.
_RECENT_DAYS = 30
#: How old the newest bank entry may be where no policy of reminders says so.
_FRESH = Duration(3)


def today(books: OpenBooks, query: Query, *, owner: str = "") -> Answer:
    """Return the page of the day; ``owner`` leaves the customers that this person looks after.

    The books are to be opened with activity and orders.
    """
    as_of = books.as_of(query)
    lines = lines_of(books, query, as_of, owner)
    title = books.settings.company.name or books.facts.title
    answer = report.today(matters(books, query, owner), lines, as_of, owner, title)
    return with_circumstances(books, with_owner_known(books, answer, owner), query)


def matters(books: OpenBooks, query: Query, owner: str = "") -> tuple[Matter, ...]:
    """Return a line for each matter that somebody may have to do something about.

    The books are to be opened with activity and orders.
    """
    as_of = books.as_of(query)
    chosen = scope(books, query, owner)
    currencies = frozenset(query.currencies) if query.currencies else None
    position = books.position(as_of).only(chosen, currencies)
    return (
        _check(books, as_of, chosen),
        _bank(books, as_of),
        _unallocated(position),
        _assumed(position, as_of),
        _broken(books, position, as_of, chosen),
        _limits(books, as_of, chosen),
        _letters(books, query, chosen),
    )


def _check(books: OpenBooks, as_of: dt.date, chosen: frozenset[str] | None) -> Matter:
    """Return how many findings there are; those about no customer belong to everybody."""
    counts = Counter(
        finding.severity
        for finding in all_findings(books, as_of)
        if chosen is None or not finding.customer or finding.customer in chosen
    )
    told = [
        _counted(counts["error"], N_("{count} error"), N_("{count} errors")),
        _counted(counts["warning"], N_("{count} warning"), N_("{count} warnings")),
    ]
    said = [text for text in told if text.count]
    state: report.State = "act" if counts["error"] else "look" if said else "ok"
    text = Text(N_("{facts}"), {"facts": said}) if said else Text(N_("nothing is wrong"))
    return Matter("check", state, text, "ledgercli check", counts["error"] + counts["warning"])


def _counted(count: int, one: str, many: str) -> Text:
    return Text(one, {}, many, count)


def _bank(books: OpenBooks, as_of: dt.date) -> Matter:
    """Return how old the newest entry of a bank account is, against the strictest policy."""
    days = [day for day in books.view.bank_days if day <= as_of]
    command = "ledgercli payments"
    if not days:
        return Matter("bank", "look", Text(N_("no entry on a bank account")), command)
    last = max(days)
    policies: Iterable[Policy] = books.settings.reminders.policies.values()
    wanted = [policy.require_fresh for policy in policies if policy.require_fresh]
    limit = min(wanted, key=lambda each: each.rough_days, default=_FRESH)
    old = (as_of - last).days
    values = {"date": last, "days": old}
    words = Text(N_("last entry {date}, today"), values)
    if old:
        one, many = (
            N_("last entry {date}, {days} day ago"),
            N_("last entry {date}, {days} days ago"),
        )
        words = Text(one, values, many, old)
    state: report.State = "ok" if limit.after(last) >= as_of else "act"
    return Matter("bank", state, words, command, old)


def _sums(rows: Iterable[tuple[str, Decimal]]) -> list[Money]:
    """Return the sum of each currency, by its name."""
    sums: dict[str, Decimal] = {}
    for currency, amount in rows:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return [Money(sums[currency], currency) for currency in sorted(sums)]


def _unallocated(position: Position) -> Matter:
    rows = [row for row in position.receipts if row.unallocated]
    command = "ledgercli payments --unallocated"
    if not rows:
        return Matter("unallocated", "ok", Text(N_("every settlement is allocated")), command)
    sums = _sums((row.settlement.currency, row.unallocated) for row in rows)
    text = Text(
        N_("{count} settlement, {amounts}"),
        {"amounts": sums},
        N_("{count} settlements, {amounts}"),
        len(rows),
    )
    return Matter("unallocated", "look", text, command, len(rows))


def _assumed(position: Position, as_of: dt.date) -> Matter:
    """Return how many settlements of the last days went where no entry says they should."""
    since = add_days(as_of, -_RECENT_DAYS)
    rows = [
        row
        for row in position.receipts
        if row.settlement.date > since and any(one.assumed for one in row.allocations)
    ]
    command = "ledgercli allocate"
    if not rows:
        words = Text(N_("no settlement of the last {days} days"), {"days": _RECENT_DAYS})
        return Matter("assumed", "ok", words, command)
    text = Text(
        N_("{count} settlement of the last {days} days"),
        {"days": _RECENT_DAYS},
        N_("{count} settlements of the last {days} days"),
        len(rows),
    )
    return Matter("assumed", "look", text, command, len(rows))


def _broken(
    books: OpenBooks, position: Position, as_of: dt.date, chosen: frozenset[str] | None
) -> Matter:
    broken = [
        promise
        for promise in standing_promises(position, books.events, as_of)
        if promise.is_broken(as_of) and (chosen is None or promise.event.customer in chosen)
    ]
    command = "ledgercli agenda"
    if not broken:
        return Matter("promises", "ok", Text(N_("no promise is broken")), command)
    sums = _sums((promise.currency, promise.missing) for promise in broken)
    text = Text(
        N_("{count} promise is broken, {amounts}"),
        {"amounts": sums},
        N_("{count} promises are broken, {amounts}"),
        len(broken),
    )
    return Matter("promises", "act", text, command, len(broken))


def _limits(books: OpenBooks, as_of: dt.date, chosen: frozenset[str] | None) -> Matter:
    orders = open_orders(books.orders, as_of)
    whole = books.position(as_of)
    rows = [
        row
        for row in limits(whole, books.settings.limits, books.facts.prices, orders)
        if chosen is None or row.customer in chosen
    ]
    counts = Counter(row.status for row in rows)
    told = [
        _counted(counts["breach"], N_("{count} over the limit"), N_("{count} over the limit")),
        _counted(counts["warning"], N_("{count} near it"), N_("{count} near it")),
        _counted(counts["unknown"], N_("{count} unknown"), N_("{count} unknown")),
    ]
    said = [text for text in told if text.count]
    state: report.State = "act" if counts["breach"] else "look" if said else "ok"
    text = Text(N_("{facts}"), {"facts": said}) if said else Text(N_("all within their limits"))
    return Matter("limits", state, text, "ledgercli limits", sum(text.count for text in said))


def _letters(books: OpenBooks, query: Query, chosen: frozenset[str] | None) -> Matter:
    """Return how many letters are due by the plan; documents held are counted beside them."""
    planned = plan_of(books, query, books.events)
    letters = [one for one in planned.letters if chosen is None or one.customer.id in chosen]
    held = [one for one in planned.held if chosen is None or one.customer in chosen]
    sums = _sums((letter.currency, letter.claimed) for letter in letters)
    command = "ledgercli remind plan"
    values = {"amounts": sums, "held": len(held)}
    if not letters:
        words = N_("none is due, {held} held") if held else N_("none is due")
        return Matter("letters", "ok", Text(words, values), command)
    text = Text(
        N_("{count} is due, {amounts}; {held} held"),
        values,
        N_("{count} are due, {amounts}; {held} held"),
        len(letters),
    )
    return Matter("letters", "act", text, command, len(letters))
