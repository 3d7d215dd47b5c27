"""Words for orders and for the agenda."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.state_words import DUTY_WORDS, ORDER_STATES

WORDS: Mapping[str, Mapping[str, str]] = {
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
}
