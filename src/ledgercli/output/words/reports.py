"""Words for lines and figures of reports: statements, ratios, forecasts, anomalies."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_, NC_

WORDS: Mapping[str, Mapping[str, str]] = {
    "statement-line": {
        "income": N_("Income"),
        "expenses": N_("Expenses"),
        "result": N_("Result"),
        "assets": N_("Assets"),
        "liabilities": N_("Liabilities"),
        "equity": N_("Equity"),
        "retained-earnings": N_("retained earnings"),
        "current-result": N_("result of the year"),
        "conversions": N_("conversions"),
        "rounding": N_("rounding"),
        "liabilities-and-equity": N_("Liabilities and equity"),
        "opening-cash": N_("Cash at the beginning"),
        "operating": N_("Operating activities"),
        "investing": N_("Investing activities"),
        "financing": N_("Financing activities"),
        "unclassified": N_("Not classified"),
        "exchanged": N_("Exchanged between currencies"),
        "change-in-cash": N_("Change in cash"),
        "closing-cash": N_("Cash at the end"),
    },
    "ratio": {
        "gross-margin": N_("gross margin"),
        "net-margin": N_("net margin"),
        "current-ratio": N_("current ratio"),
        "quick-ratio": N_("quick ratio"),
        "debt-ratio": N_("debt ratio"),
        "equity-ratio": N_("equity ratio"),
        "receivables-turnover": N_("receivables turnover"),
        "receivables-days": N_("days of receivables"),
    },
    "ratio-unit": {"percent": "%", "times": "×", "days": NC_("unit", "days")},
    "ratio-lack": {
        "no-revenue": N_("no revenue account"),
        "no-cost-of-sales": N_("no cost of sales"),
        "no-receivables": N_("no receivables"),
        "unclassified": N_("accounts of no class"),
        "not-positive": N_("divisor not above 0"),
        "paid-ahead": N_("more paid than owed"),
        "no-price": N_("missing price"),
    },
    "better-forecast": {
        "forecast": N_("the forecast"),
        "last-year": N_("a year before"),
        "equal": N_("neither"),
    },
    "forecast-span": {"week": N_("a week"), "weeks": N_("four weeks")},
    "measure": {
        "repurchase-rate": N_("repurchase rate"),
        "buyers": N_("buyers"),
        "invoices": N_("no. of invoices"),
        "revenue": N_("revenue"),
    },
    "anomaly": {
        "duplicate": N_("double invoice"),
        "bank": N_("bank account changed"),
        "amount": N_("unusual amount"),
        "payment": N_("payment out of rhythm"),
        "overdue": N_("open longer than usual"),
        "payer": N_("other payer"),
        "silence": N_("sudden silence"),
        "round": N_("round amounts"),
        "weekend": N_("weekend invoices"),
    },
}
