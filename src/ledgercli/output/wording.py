"""Findings, errors and enumerations in the words of the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ledgercli.model.answer import Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import AmountError, LedgercliError
from ledgercli.model.finding import Finding, FindingCode, Severity
from ledgercli.model.sentence import Sentence
from ledgercli.model.state_words import DUTY_WORDS, ORDER_STATES
from ledgercli.output.language import _, ngettext
from ledgercli.output.safe_text import visible
from ledgercli.output.values import enumeration, fill

_SETTLEMENTS: Mapping[str, str] = {
    "payment": N_("payment"),
    "credit-note": N_("credit note"),
    "discount": N_("discount"),
    "write-off": N_("bad debt written off"),
    "re-allocation": N_("re-allocation"),
}

#: Words for the codes of enumerations, by the name that ``Column.words`` gives.
WORDS: Mapping[str, Mapping[str, str]] = {
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
    "better-forecast": {
        "forecast": N_("the forecast"),
        "last-year": N_("a year before"),
        "equal": N_("neither"),
    },
    "forecast-span": {"week": N_("a week"), "weeks": N_("four weeks")},
    "status": {
        "written-off": N_("written off"),
        "paid": N_("paid"),
        "overdue": N_("overdue"),
        "partial": N_("partly paid"),
        "open": N_("open"),
    },
    "limit-status": {
        "none": N_("no limit"),
        "ok": N_("ok"),
        "warning": N_("near the limit"),
        "breach": N_("over the limit"),
        "unknown": N_("unknown"),
    },
    "exchange-subject": {"customers": N_("customers"), "items": N_("open items")},
    "exchange-action": {
        "new": N_("new"),
        "changed": N_("changed"),
        "unchanged": N_("unchanged"),
        "rejected": N_("rejected"),
    },
    "settlement": _SETTLEMENTS,
    "document-kind": {
        "invoice": N_("invoice"),
        "interest": N_("interest note"),
        "fee": N_("fee note"),
        "opening": N_("opening item"),
        "refund": N_("refund"),
        "mixed": N_("several"),
        # The lines of a statement are documents and settlements.
        **_SETTLEMENTS,
    },
    "terms-event": {
        "delivery": N_("delivery"),
        "acceptance": N_("acceptance"),
        "tax-invoice": N_("tax invoice"),
    },
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
    "ratio-unit": {"percent": "%", "times": "×", "days": N_("days")},
    "ratio-lack": {
        "no-revenue": N_("no revenue account"),
        "no-cost-of-sales": N_("no cost of sales"),
        "no-receivables": N_("no receivables"),
        "unclassified": N_("accounts of no class"),
        "not-positive": N_("divisor not above 0"),
        "paid-ahead": N_("more paid than owed"),
        "no-price": N_("missing price"),
    },
    "rule": {
        "named": N_("named"),
        "exact-sum": N_("pays all it names"),
        "exact-subset": N_("fits exactly"),
        "equal-amount": N_("equal amount"),
        "oldest-due": N_("oldest due first"),
        "legal": N_("costs, interest, principal"),
        "reopened": N_("re-opened"),
        "re-allocated": N_("re-allocated"),
        "refunded": N_("refunded"),
    },
    "change": {
        "new": N_("new"),
        "gone": N_("gone"),
        "moved": N_("other customer"),
        "amount": N_("amount"),
        "paid": N_("payment"),
        "open-again": N_("open again"),
        "re-dated": N_("re-dated"),
        "re-allocated": N_("re-allocated"),
        "unallocated": N_("unallocated"),
        "deposits": N_("deposits"),
        "limit": N_("credit limit"),
    },
    "severity": {"error": N_("error"), "warning": N_("warning"), "info": N_("info")},
    "hold-reason": {
        "ledger-errors": N_("errors in the books"),
        "not-fresh": N_("no recent bank entry"),
        "errors": N_("errors in the customer's records"),
        "unknown-customer": N_("unknown customer"),
        "unknown-policy": N_("unknown policy"),
        "insolvency": N_("insolvent"),
        "handed-over": N_("handed over"),
        "paused": N_("on hold"),
        "duplicate-number": N_("number used twice"),
        "opening": N_("opening item"),
        "no-number": N_("no document number"),
        "unreviewed": N_("transaction not reviewed"),
        "due-unknown": N_("due date not known"),
        "retention": N_("retention money"),
        "policy-changed": N_("policy changed"),
        "discount-taken": N_("discount taken in time"),
        "promised": N_("payment promised"),
        "promised-part": N_("payment promised in part"),
        "disputed": N_("disputed"),
        "minimum": N_("below the minimum amount"),
        "final": N_("after the last level: a person decides"),
        "wait": N_("reminded not long ago"),
        "covered": N_("covered by credit"),
        "returned": N_("came back by post"),
        "pending": N_("an earlier letter is to be sent first"),
        "review": N_("waits for approval"),
        "retry-later": N_("the next attempt is due later"),
        "undeliverable": N_("cannot be delivered"),
        "uncertain": N_("may have been sent"),
        "log-lost": N_("sent, but the log was lost"),
        "settled": N_("settled meanwhile"),
        "changed": N_("the books have changed"),
        "stale": N_("too old"),
        "early": N_("of a day to come"),
        "missing": N_("a file is missing"),
        "edited-partly": N_("only one of its files was edited"),
        "no-address": N_("no address"),
        "channel": N_("the channel does not work"),
        "temporary": N_("tried again later"),
        "permanent": N_("cannot be delivered"),
        "unfinished": N_("not ready to print"),
    },
    "order-state": ORDER_STATES,
    "order-decision": {
        "automatic": N_("approved by the rules"),
        "approved": N_("approved"),
        "rejected": N_("turned down"),
        "held": N_("waits for approval"),
    },
    "order-reason": {
        "over-limit": N_("over the limit"),
        "unknown-exposure": N_("no price, exposure unknown"),
        "overdue": N_("overdue for too long"),
        "above-automatic": N_("more than the rules approve"),
        "no-automatic-amount": N_("no amount set for this currency"),
        "rejected": N_("turned down"),
    },
    "order-invoice": {"booked": N_("booked"), "writing": N_("unfinished")},
    "approval": {
        "approved": N_("approved"),
        "approved-before": N_("approved before"),
        "not-needed": N_("needs no approval"),
        "already-sent": N_("sent before"),
        "impossible": N_("cannot be sent"),
    },
    "figure": {
        "due": N_("due"),
        "open": N_("open"),
        "days_overdue": N_("days overdue"),
        "level": N_("level"),
        "fee": N_("fee"),
        "interest": N_("interest"),
        "total": N_("total"),
        "unallocated": N_("unallocated"),
        "deposits": N_("deposits"),
        "carried": N_("claims of earlier letters"),
        "claimed": N_("claimed"),
        "deadline": N_("deadline"),
    },
    "send-state": {
        "written": N_("written"),
        "sent": N_("sent"),
        "already-sent": N_("sent before"),
        "held": N_("held"),
        "failed": N_("failed"),
        "waiting": N_("waits"),
        "skipped": N_("left out"),
        "to-send": N_("to be sent"),
    },
    "letter-state": {
        "written": N_("written"),
        "unchanged": N_("unchanged"),
        "edited": N_("edited, left as it is"),
        "not-written": N_("not written"),
        "failed": N_("template unusable"),
    },
    "debtor": {
        "business": N_("business"),
        "consumer": N_("consumer"),
        "public": N_("public body"),
    },
    "kind": {"company": N_("company"), "person": N_("person")},
    "customer-status": {
        "lead": N_("lead"),
        "prospect": N_("prospect"),
        "active": N_("active"),
        "closed": N_("closed"),
    },
    "event": {
        "reminder": N_("reminder"),
        "promise": N_("promise to pay"),
        "dispute": N_("dispute"),
        "hold": N_("hold"),
        "insolvency": N_("insolvency"),
        "handed-over": N_("handed over"),
        "confirmation": N_("balance confirmed"),
        "waiver": N_("claims waived"),
        "occurrence": N_("occurrence"),
        "call": N_("call"),
        "mail": N_("mail"),
        "meeting": N_("meeting"),
        "visit": N_("visit"),
        "campaign": N_("campaign"),
        "complaint": N_("complaint"),
        "service": N_("service"),
        "feedback": N_("feedback"),
        "note": N_("note"),
        "survey": N_("survey"),
        "notice": N_("contract letter"),
        "digest": N_("digest"),
        "redaction": N_("personal data redacted"),
        "retract": N_("retracted"),
    },
    "duty": DUTY_WORDS,
    "matter": {
        "check": N_("check"),
        "bank": N_("bank"),
        "unallocated": N_("unallocated"),
        "assumed": N_("assumed"),
        "promises": N_("promises"),
        "limits": N_("limits"),
        "letters": N_("letters"),
        "agenda": N_("agenda"),
    },
    "matter-state": {"ok": N_("ok"), "look": N_("look"), "act": N_("act")},
    "event-status": {
        "written": N_("written"),
        "approved": N_("approved"),
        "sending": N_("begun"),
        "sent": N_("sent"),
        "failed": N_("failed"),
        "bounced": N_("bounced"),
        "delivered": N_("delivered"),
        "open": N_("opened"),
        "closed": N_("done"),
    },
    "customer-field": {
        "id": N_("id"),
        "name": N_("name"),
        "alias": N_("alias"),
        "contact": N_("contact"),
        "email": N_("e-mail"),
        "phone": N_("phone"),
        "number": N_("number"),
        "address": N_("address"),
    },
    "double-reason": {
        "number": N_("same tax number"),
        "bank": N_("same bank account"),
        "name": N_("same name"),
        "alias": N_("name is an alias"),
        "email": N_("same e-mail"),
        "phone": N_("same phone"),
        "similar-name": N_("similar name"),
        "address": N_("same address"),
    },
    "file-change": {
        "created": N_("created"),
        "changed": N_("changed"),
        "deleted": N_("deleted"),
        "moved": N_("renamed"),
    },
    "channel": {"post": N_("post"), "email": N_("e-mail")},
    "law": {
        "de": N_("Germany"),
        "uk": N_("England and Wales"),
        "cn": N_("China"),
        "": N_("unknown"),
    },
    "restart": {
        "demand": N_("demand"),
        "promise": N_("promise"),
        "acknowledgement": N_("acknowledgement"),
        "part-payment": N_("part payment"),
    },
    "basis": {"due": N_("due date"), "date": N_("document date")},
    "score-input": {
        "late_share": N_("share paid late"),
        "days_late": N_("days late, long run"),
        "recent": N_("days late, recently"),
        "utilisation": N_("use of the limit"),
        "promises": N_("broken promises"),
        "disputes": N_("disputes"),
        "length": N_("years a customer"),
    },
    "tier-change": {
        "tier": N_("tier"),
        "tag": N_("new tag"),
        "untag": N_("tag taken away"),
        "same": N_("as it is"),
    },
    "rfm-class": {
        "champion": N_("champion"),
        "loyal": N_("loyal"),
        "promising": N_("promising"),
        "new": N_("new customer"),
        "at-risk": N_("at risk"),
        "lapsing": N_("lapsing"),
        "occasional": N_("occasional"),
    },
    "measure": {
        "repurchase-rate": N_("repurchase rate"),
        "buyers": N_("buyers"),
        "invoices": N_("no. of invoices"),
        "revenue": N_("revenue"),
    },
    "limit-action": {
        "raise": N_("raise"),
        "cut": N_("cut"),
        "set": N_("set one"),
        "ask": N_("a person decides"),
        "keep": N_("keep"),
        "too-little": N_("too few data"),
        "unknown": N_("unknown"),
    },
    "score-basis": {
        "own": N_("own documents"),
        "mean": N_("mean of the books"),
        "insolvent": N_("insolvent"),
    },
}


def word(table: str, code: str) -> str:
    """Return the words for ``code`` in the table ``table`` of :data:`WORDS`, else the code."""
    return _(WORDS.get(table, {}).get(code, "")) or code


def message(finding: Finding) -> str:
    """Return what is wrong, in one line without a full stop."""
    return fill(_(finding.kind.message), _worded(finding))


def hint(finding: Finding) -> str:
    """Return what to do about it, empty where the catalogue has no advice."""
    return fill(_(finding.kind.hint), _worded(finding))


def _worded(finding: Finding) -> dict[str, str]:
    """Return the values of a finding, kinds of settlements in words."""
    values = _with_reason(finding.values)
    if "kind" in values:
        values["kind"] = word("settlement", values["kind"])
    return values


def _with_reason(values: Mapping[str, str]) -> dict[str, str]:
    """Return ``values`` with a ``reason`` of other programs in words, where we know it."""
    reason = values.get("reason", "")
    plain = reason and not isinstance(reason, Sentence)
    return {**values, "reason": _(reason)} if plain else dict(values)


def place(finding: Finding) -> str:
    """Return ``FILE:LINE:COL`` as far as known."""
    where = finding.place
    parts = [visible(where.file)] if where.file else []
    if where.line:
        parts.append(str(where.line))
        if where.column:
            parts.append(str(where.column))
    return ":".join(parts)


def finding_lines(finding: Finding) -> list[str]:
    """Return ``FILE:LINE:COL: error[code]: message`` and, where there is one, the hint."""
    where = place(finding)
    severity = word("severity", finding.severity)
    head = f"{where}: " if where else ""
    lines = [f"{head}{severity}[{finding.code}]: {message(finding)}"]
    advice = hint(finding)
    if advice:
        lines.append(_hint_line(advice))
    return lines


def listed(findings: Iterable[Finding], *, verbose: bool) -> str:
    """Return all findings for people, each with its hint; ``info`` only if ``verbose``.

    Empty text when there is nothing to show, else ending in a line break.
    """
    shown = (f for f in findings if verbose or f.severity != "info")
    return "".join(f"{line}\n" for finding in shown for line in finding_lines(finding))


def count_line(findings: Sequence[Finding], *, verbose: bool) -> str:
    """Return how many findings there are by severity, in one line; empty where there are none."""
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for finding in findings:
        counts[finding.severity] += 1
    errors, warnings, infos = counts.values()
    parts = []
    if errors:
        parts.append(ngettext("{count} error", "{count} errors", errors).format(count=errors))
    if warnings:
        words = ngettext("{count} warning", "{count} warnings", warnings)
        parts.append(words.format(count=warnings))
    if infos:
        words = ngettext("{count} info", "{count} infos", infos).format(count=infos)
        parts.append(words if verbose else words + _(" (shown with `-v`)"))
    return enumeration(parts)


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return findings as the table ``findings`` of JSON and CSV, worded."""
    columns = (
        Column("severity", N_("severity"), "code"),
        Column("code", N_("code"), "code"),
        Column("message", N_("message")),
        Column("hint", N_("hint")),
        Column("file", N_("file"), "code"),
        Column("line", N_("line"), "number"),
        Column("column", N_("column"), "number"),
        Column("customer", N_("customer"), "code"),
    )
    rows = [
        {
            "severity": finding.severity,
            "code": finding.code,
            "message": message(finding),
            "hint": hint(finding),
            "file": finding.place.file or None,
            "line": finding.place.line or None,
            "column": finding.place.column or None,
            "customer": finding.customer or None,
        }
        for finding in findings
    ]
    return Table("findings", columns, rows)


def codes_table(codes: Iterable[FindingCode]) -> Table:
    """Return the catalogue of findings: code, severity and message template of each."""
    columns = (
        Column("code", N_("code"), "code"),
        Column("severity", N_("severity"), "code", words="severity"),
        Column("message", N_("message")),
    )
    rows = [
        {"code": code.code, "severity": code.severity, "message": _(code.message)} for code in codes
    ]
    return Table("codes", columns, rows)


def error_lines(error: LedgercliError) -> str:
    """Return ``error: message`` and, where the class has one, ``hint: …`` on its own line."""
    values: Mapping[str, object] = _with_reason(error.values)
    if isinstance(error, AmountError):
        values = {**values, **error.amounts}
    return problem(fill(_(error.message), values), fill(_(error.hint), values))


def problem(text: str, advice: str = "") -> str:
    """Return an error line, and a hint line where there is ``advice``, with a final line break."""
    line = _("error: {what}").format(what=text)
    lines = [line, *([_hint_line(advice)] if advice else [])]
    return "".join(f"{line}\n" for line in lines)


def warning(text: str) -> str:
    """Return the line of a warning, without line break."""
    return _("warning: {what}").format(what=text)


def _hint_line(advice: str) -> str:
    return "  " + _("hint: {advice}").format(advice=advice)


_RANK: Mapping[str, int] = {"info": 0, "warning": 1, "error": 2}


def at_least(findings: Iterable[Finding], severity: Severity) -> bool:
    """Return whether any finding is as bad as ``severity`` or worse."""
    return any(_RANK[finding.severity] >= _RANK[severity] for finding in findings)
