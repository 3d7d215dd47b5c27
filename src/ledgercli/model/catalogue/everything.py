"""Every finding code there is, by its name."""

from __future__ import annotations

from ledgercli.model.catalogue import exchange, ledger, receivables, records, reminders

CATALOGUE = {
    code.code: code
    for module in (records, ledger, receivables, reminders, exchange)
    for code in module.CODES
}
