"""Words for customers: what they are, how they are rated, which may be the same one."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.state_words import SCORE_INPUTS

WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {"company": N_("company"), "person": N_("person")},
    "debtor": {
        "business": N_("business"),
        "consumer": N_("consumer"),
        "public": N_("public body"),
    },
    "customer-status": {
        "lead": N_("lead"),
        "prospect": N_("prospect"),
        "active": N_("active"),
        "closed": N_("closed"),
    },
    "customer-field": {
        "id": N_("id"),
        "name": N_("name"),
        "alias": N_("alias"),
        "contact": N_("contact"),
        "email": N_("e-mail"),
        "phone": N_("phone"),
        "number": N_("tax or bank number"),
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
    "score-input": SCORE_INPUTS,
    "score-basis": {
        "own": N_("own documents"),
        "mean": N_("mean of the books"),
        "insolvent": N_("insolvent"),
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
    "limit-action": {
        "raise": N_("raise"),
        "cut": N_("cut"),
        "set": N_("set one"),
        "ask": N_("a person decides"),
        "keep": N_("keep"),
        "too-little": N_("too few data"),
        "unknown": N_("unknown"),
    },
}
