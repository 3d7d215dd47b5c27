"""Every finding code there is, by its name."""

from __future__ import annotations

from ledgercli.model.catalogue import (
    activity,
    exchange,
    files,
    ledger,
    orders,
    own_reports,
    privacy,
    receivables,
    records,
    reminders,
    settings,
)

CATALOGUE = {
    code.code: code
    for module in (
        files,
        records,
        settings,
        activity,
        ledger,
        receivables,
        reminders,
        exchange,
        orders,
        privacy,
        own_reports,
    )
    for code in module.CODES
}
