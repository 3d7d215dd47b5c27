"""Words for states of orders, lines of the agenda and parts of a score, apart from records."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_

#: The kinds of lines of the agenda in words.
DUTY_WORDS: Mapping[str, str] = {
    "follow-up": N_("follow-up"),
    "next-step": N_("next step"),
    "promise": N_("promise"),
    "hold-end": N_("pause ends"),
    "notice": N_("notice by"),
    "contract-end": N_("contract ends"),
    "order-due": N_("order is due"),
    "approve": N_("order to approve"),
    "deliver": N_("order to deliver"),
    "invoice": N_("order to invoice"),
    "limit-review": N_("limit to review"),
    "review": N_("record to review"),
    "paper": N_("paper missing"),
    "retention": N_("retention due"),
    "occurrence": N_("not recorded"),
}

#: What is said of an order in a word.
ORDER_STATES: Mapping[str, str] = {
    "approved": N_("approved"),
    "held": N_("waits for approval"),
    "rejected": N_("turned down"),
    "expired": N_("approval expired"),
    "raised": N_("raised since approval"),
    "outgrown": N_("exposure grew since approval"),
    "in-delivery": N_("shipped in part"),
    "delivered": N_("shipped, not invoiced"),
    "invoiced": N_("invoiced"),
    "closed": N_("order closed"),
    "cancelled": N_("cancelled"),
}

#: What a score is made of.
SCORE_INPUTS: Mapping[str, str] = {
    "late_share": N_("share paid late"),
    "days_late": N_("days late, long run"),
    "recent": N_("days late, recently"),
    "utilisation": N_("use of the limit"),
    "promises": N_("broken promises"),
    "disputes": N_("disputes"),
    "length": N_("years a customer"),
}
