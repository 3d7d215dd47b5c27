"""The sentences about the law that a letter prints, by profile, debtor and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ledgercli.model.customer import Debtor
from ledgercli.model.law import LawProfile, LegalSentence, LegalText
from ledgercli.model.settings import Policy


class Sentences:
    """The sentences of letters, made once for all that claim the same on the same ground."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[object, ...], tuple[LegalSentence, ...]] = {}
        self._policies: dict[int, Policy] = {}

    def of(
        self,
        profile: LawProfile | None,
        policy: Policy,
        debtor: Debtor,
        *,
        fee: bool,
        interest: bool,
        dunning: bool,
    ) -> tuple[LegalSentence, ...]:
        """Return what :func:`sentences` does."""
        key = (profile and profile.name, id(policy), debtor, fee, interest, dunning)
        found = self._known.get(key)
        if found is None:
            self._policies[id(policy)] = policy  # as long as it is kept nothing else has its id
            found = self._known[key] = sentences(
                profile, policy, debtor, fee=fee, interest=interest, dunning=dunning
            )
        return found


def sentences(
    profile: LawProfile | None,
    policy: Policy,
    debtor: Debtor,
    *,
    fee: bool,
    interest: bool,
    dunning: bool,
) -> tuple[LegalSentence, ...]:
    """Return the sentences for a letter, in the order of the profile.

    ``fee`` and ``interest`` say what the letter claims, ``dunning`` whether it is more than a
    notice. Each can be switched by its key under ``legal:`` of the policy; without that those are
    printed that the profile has as standard.
    """
    if profile is None:
        return ()
    claimed = {"fee": fee, "interest": interest, "letter": dunning}
    return tuple(
        LegalSentence(entry.key, profile.name, entry.about, _words(entry, debtor))
        for entry in _for_debtor(profile, policy, debtor)
        if claimed[entry.about] and policy.legal.get(entry.key, entry.standard)
    )


def _for_debtor(profile: LawProfile, policy: Policy, debtor: Debtor) -> Iterator[LegalText]:
    """Yield the sentences for the kind of debtor and the kind of rate: of the law, or agreed."""
    above_table = bool(policy.interest and policy.interest.table)
    for entry in profile.sentences:
        if debtor in entry.debtors and entry.statutory in {None, above_table}:
            yield entry


def _words(entry: LegalText, debtor: Debtor) -> Mapping[str, str]:
    article = entry.articles.get(debtor, "")
    return {language: text.replace("{article}", article) for language, text in entry.text.items()}
