"""How much was collected of what could be collected in a period."""

from __future__ import annotations

from decimal import Decimal

from ledgercli.receivables.metrics.rounding import divide


def effectiveness_index(
    opening: Decimal, billed: Decimal, closing: Decimal, closing_not_overdue: Decimal
) -> Decimal | None:
    """Return the collection effectiveness index in percent; None where nothing was to collect.

    (opening + credit sales − closing total) ÷ (opening + credit sales − closing current) × 100, as
    CreditGuru and Gaviti publish it. For more than a month Gaviti takes the sales of the whole
    period, CreditGuru those of an average month: whoever calls gives the one or the other.
    ``billed`` are the sales with all else that was
    added to the receivables, so that the dividend is what was settled. 100 % means that nothing
    overdue is left; more, that customers have paid more than they owe.
    """
    collectable = opening + billed - closing_not_overdue
    if collectable <= 0:
        return None
    return divide((opening + billed - closing) * 100, collectable)


def collection_rate(opening: Decimal, billed: Decimal, received: Decimal) -> Decimal | None:
    """Return payments received ÷ (opening receivables + billed) × 100, in percent.

    None where there was nothing to receive. Unlike the index it knows only payments: write-offs and
    discounts count as not received, and what is not yet due counts as to be received.
    """
    owed = opening + billed
    if owed <= 0:
        return None
    return divide(received * 100, owed)
