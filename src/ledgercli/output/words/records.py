"""Words for what stands in the books: findings, events, changes of files, imports."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_

WORDS: Mapping[str, Mapping[str, str]] = {
    "severity": {"error": N_("error"), "warning": N_("warning"), "info": N_("info")},
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
    "event-status": {
        "written": N_("written"),
        "approved": N_("approved"),
        "sending": N_("begun"),
        "withdrawn": N_("withdrawn"),
        "sent": N_("sent"),
        "failed": N_("failed"),
        "bounced": N_("bounced"),
        "delivered": N_("delivered"),
        "open": N_("opened"),
        "closed": N_("done"),
    },
    "file-change": {
        "created": N_("created"),
        "changed": N_("changed"),
        "deleted": N_("deleted"),
        "moved": N_("renamed"),
    },
    "exchange-subject": {"customers": N_("customers"), "items": N_("open items")},
    "exchange-action": {
        "new": N_("new"),
        "changed": N_("changed"),
        "unchanged": N_("unchanged"),
        "rejected": N_("rejected"),
    },
}
