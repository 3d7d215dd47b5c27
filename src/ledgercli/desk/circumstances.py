"""What is said under every report: the revision, the errors in the books, accounts not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.ledger import LedgerView

if TYPE_CHECKING:
    from ledgercli.desk.explaining import Telling


def with_circumstances(
    books: OpenBooks, answer: Answer, query: Query, telling: Telling | None = None
) -> Answer:
    """Return ``answer`` with the errors in the books, and with the revision it is from, if any.

    Findings that it has already stay the only ones. It warns where a receivable account, or what
    ``query`` filters by, does not exist: nobody would seem to owe anything. Figures are explained
    where the query asks for it, by ``telling`` where the report knows how; raise what
    :func:`ledgercli.desk.explaining.explained` does.
    """
    warnings = (*answer.warnings, *_unseen(books.facts), *_unknown_filters(books, query))
    return with_state(
        books, replace(with_explanation(books, answer, query, telling), warnings=warnings)
    )


def with_explanation(
    books: OpenBooks, answer: Answer, query: Query, telling: Telling | None = None
) -> Answer:
    """Return ``answer`` with its figures explained, where ``query`` asks for it; raise as that."""
    if query.explain is None:
        return answer
    from ledgercli.desk.explaining import explained

    return explained(books, answer, query, telling)


def with_state(books: OpenBooks, answer: Answer) -> Answer:
    """Return ``answer`` with the errors in the books and the revision alone."""
    notes = answer.notes
    if books.known_at is not None:
        known = Text(N_("As known at revision {revision}."), {"revision": books.known_at})
        notes = (*notes, known)
    of_log = tuple(found for found in books.event_findings if found.severity == "error")
    return replace(answer, notes=notes, findings=answer.findings or (*books.errors, *of_log))


NO_RECEIVABLES = Text(
    N_(
        "no account of the ledger is a receivable account by its name; name yours with"
        " `--receivable ACCOUNT`, or as `receivables.accounts` in `ledgercli.yaml`"
    )
)


def _unseen(view: LedgerView) -> Iterator[Text]:
    """Yield why figures may be missing: the receivable accounts named, or usual, do not exist."""
    if not view.roots:
        yield NO_RECEIVABLES
    for account, nearest in view.unmatched.items():
        if nearest:
            values = {"account": account, "nearest": nearest}
            words = N_(
                "no account of the ledger is `{account}` or below it; did you mean `{nearest}`?"
            )
            yield Text(words, values)
        else:
            words = N_("no account of the ledger is `{account}` or below it")
            yield Text(words, {"account": account})


def _unknown_filters(books: OpenBooks, query: Query) -> Iterator[Text]:
    """Yield the tags, tiers, owners, segments and currencies asked for that nothing has."""
    # All tags of ten thousand customers are gathered only where one is asked for.
    own = books.heads() if query.tags else ()
    tags = {fold(tag) for customer in own for tag in customer.tags}
    for tag in query.tags:
        if fold(tag) not in tags:
            yield Text(N_("no customer has the tag `{tag}`"), {"tag": tag})
    yield from _unknown_words(books, query)
    segments = {
        (key, fold(value))
        for own_segments in (books.segments().values() if query.segments else ())
        for key, value in own_segments.items()
    }
    for key, value in query.segments.items():
        if (key, fold(value)) not in segments:
            yield Text(N_("no customer has the segment `{segment}`"), {"segment": f"{key}={value}"})
    if query.currencies:
        currencies = books.facts.currencies
        for currency in query.currencies:
            if currency not in currencies:
                yield Text(N_("no receivable is in `{currency}`"), {"currency": currency})


def _unknown_words(books: OpenBooks, query: Query) -> Iterator[Text]:
    """Yield the tiers and owners asked for that no customer has."""
    tiers = {fold(customer.tier) for customer in (books.heads() if query.tiers else ())}
    for tier in query.tiers:
        if fold(tier) not in tiers:
            yield Text(N_("no customer has the tier `{tier}`"), {"tier": tier})
    owners = {fold(customer.owner) for customer in (books.heads() if query.owners else ())}
    for owner in query.owners:
        if fold(owner) not in owners:
            yield Text(N_("`{owner}` looks after no customer"), {"owner": owner})
