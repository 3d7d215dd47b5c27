"""Findings about orders."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

ORDER_CURRENCY = FindingCode(
    "order-currency",
    "error",
    N_("the order has no single currency: {currencies}"),
    N_("write `currency:` once, and prices in it or without any"),
    "An order is in one currency, so that it can be compared with a credit limit. The order was"
    " left out, so exposures are too low by it.",
)
ORDER_WITHOUT_LINES = FindingCode(
    "order-without-lines",
    "error",
    N_("the order `{order}` has no lines"),
    N_("write what was ordered under `lines:`, at least one line with a `price:`"),
    "An order without lines comes to nothing. It was left out.",
)
ORDER_NEGATIVE = FindingCode(
    "order-negative",
    "error",
    N_("line {line} of the order comes to less than nothing"),
    N_("write prices after discount; what is given back is a credit note in the ledger"),
    "Prices and taxes of an order are not negative. Otherwise what is delivered of it could come"
    " to more than the whole, and more than was approved. The order was left out.",
)
ORDER_LINE_UNKNOWN = FindingCode(
    "order-line-unknown",
    "error",
    N_("`{line}` is no line of the order, which has {count}"),
    N_("name lines by their number, from 1"),
    "A delivery or an invoice says quantities of a line that the order has not. That quantity"
    " counts for nothing.",
)
ORDER_CUSTOMER = FindingCode(
    "order-customer",
    "error",
    N_("the order's customer `{customer}` is not a customer"),
    N_("write the id of a customer record"),
    "`customer:` of an order names a customer by its id. As long as it does not, the order counts"
    " towards nobody's exposure.",
)
ORDER_INVOICE_MISSING = FindingCode(
    "order-invoice-missing",
    "error",
    N_("invoice `{number}` of order `{order}` is not in the ledger"),
    N_("put the transaction back, or take the entry out of `invoices:` of the order"),
    "The order says that a part of it was invoiced, and the ledger has no such document. Neither"
    " the order nor the ledger counts that part, so the exposure is too low by it.",
)
ORDER_UNFINISHED = FindingCode(
    "order-unfinished",
    "warning",
    N_("invoice `{number}` of order `{order}` was begun and not finished"),
    N_("`ledgercli order recover` finishes it, or takes it back"),
    "A run that wrote an invoice was cut off. Until it is put in order the part counts as ordered"
    " and not invoiced. Any command that writes orders does it too.",
)

CODES: tuple[FindingCode, ...] = (
    ORDER_CURRENCY,
    ORDER_WITHOUT_LINES,
    ORDER_NEGATIVE,
    ORDER_LINE_UNKNOWN,
    ORDER_CUSTOMER,
    ORDER_INVOICE_MISSING,
    ORDER_UNFINISHED,
)
