"""Every finding code there is, by its name."""

from __future__ import annotations

from ledgercli.model.catalogue import (
    exchange,
    ledger,
    orders,
    own_reports,
    privacy,
    receivables,
    records,
    reminders,
)

CATALOGUE = {
    code.code: code
    for module in (records, ledger, receivables, reminders, exchange, orders, privacy, own_reports)
    for code in module.CODES
}
