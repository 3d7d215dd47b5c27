"""Payments out of rhythm, and by somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ledgercli.model.anomaly_settings import AnomalySettings
from ledgercli.model.customer import Customer, fold
from ledgercli.model.position import Settlement
from ledgercli.receivables.anomalies.found import Anomaly
from ledgercli.receivables.anomalies.measures import Usual
from ledgercli.receivables.metrics.payment_times import Paid, paid_invoices
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.receivables.position import Position

#: Days are whole: who always pays on the same day is still not a clock.
_DAY = Decimal(1)
#: Less than a week off is told of nobody.
_DAYS_MIN = 7


def out_of_rhythm(position: Position, settings: AnomalySettings) -> Iterator[Anomaly]:
    """Yield invoices that were paid much later or earlier than usual, or are open much longer.

    The usual is the median of the days late of the customer's paid invoices.
    """
    paid: dict[str, list[Paid]] = {}
    for one in paid_invoices(position):
        paid.setdefault(one.document.customer, []).append(one)
    known = {
        customer: Usual.of([Decimal(one.days_late) for one in own], _DAY)
        for customer, own in paid.items()
        if len(own) >= settings.min_documents
    }
    for customer, usual in known.items():
        for one in paid[customer]:
            late = Decimal(one.days_late)
            score = usual.score(late)
            if abs(score) > settings.score.value and abs(late - usual.median) >= _DAYS_MIN:
                document = one.document
                yield Anomaly(
                    "payment",
                    customer,
                    one.paid_on,
                    document.currency,
                    document.number,
                    document.amount,
                    rounded(score),
                    {"days": int(late), "usual": rounded(usual.median)},
                    file=document.file,
                    line=document.line,
                )
    for item in position.open_items:
        document = item.document
        if document.kind != "invoice" or document.due is None or document.customer not in known:
            continue
        late = Decimal((position.as_of - document.due).days)
        usual = known[document.customer]
        score = usual.score(late)
        if late > 0 and score > settings.score.value and late - usual.median >= _DAYS_MIN:
            yield Anomaly(
                "overdue",
                document.customer,
                position.as_of,
                document.currency,
                document.number,
                item.open,
                rounded(score),
                {"days": int(late), "usual": rounded(usual.median)},
                file=document.file,
                line=document.line,
            )


def other_payers(position: Position, settings: AnomalySettings) -> Iterator[Anomaly]:
    """Yield payments by a payee who never paid for the customer before, nor is one of its names.

    Told is the first of a payee, where there have been enough payments to know who usually pays.
    """
    payments: dict[str, list[Settlement]] = {}
    for receipt in position.receipts:
        if receipt.settlement.kind == "payment" and receipt.settlement.posting.transaction.payee:
            payments.setdefault(receipt.settlement.customer, []).append(receipt.settlement)
    for customer, own in payments.items():
        own.sort(key=lambda one: one.order)
        seen = _names(position.customers, customer)
        for place, payment in enumerate(own):
            payee = payment.posting.transaction.payee
            if fold(payee) in seen:
                continue
            seen.add(fold(payee))
            if place >= settings.min_documents:
                yield Anomaly(
                    "payer",
                    customer,
                    payment.date,
                    payment.currency,
                    payment.number,
                    payment.amount,
                    None,
                    {"payee": payee, "count": place},
                    file=payment.file,
                    line=payment.line,
                )


def _names(customers: Mapping[str, Customer], customer: str) -> set[str]:
    record = customers.get(customer)
    names = (record.id, record.name, *record.aliases) if record else (customer,)
    return {fold(name) for name in names}
