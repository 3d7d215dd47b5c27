"""Why a ledger is left to Beancount: a value with a reason, and the exception that carries it."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.refusal import Refusal

#: The reasons, in the words of `check --explain-load`.
COST = N_("a posting has a cost in braces, so lots have to be booked")
INCOMPLETE = N_("an amount is incomplete")
UNBALANCED = N_("a transaction does not balance")
TWO_MISSING = N_("a transaction has two postings without an amount")
LONG_NUMBER = N_("a number is longer than the quick way adds exactly")
BAD_METADATA = N_("the metadata `{key}` is not what is expected there")
REPEATED_METADATA = N_("a metadata key is repeated or reserved")
SPLIT_NUMBER = N_("a number may have been taken apart into a link and a tag")
SYNTAX = N_("Beancount's parser reports an error")
OPTION = N_("the option `{option}` changes how the ledger is read")
PLUGIN = N_("the plugin `{plugin}` has to run")
INCLUDE_MISSING = N_("an include matches no file")
INCLUDE_TWICE = N_("a file is included twice")
UNREADABLE = N_("a file cannot be read or is encrypted")
OPENED_TWICE = N_("the account {account} is opened twice")
NOT_OPEN = N_("the account {account} is used while it is not open")
CLOSED_WRONGLY = N_("the account {account} is closed twice, or before it is opened")
WRONG_CURRENCY = N_("the account {account} does not allow {currency}")
BALANCE_FAILS = N_("a balance assertion of {account} does not hold")
BALANCE_TWICE = N_("two balance assertions of {account} for one day differ")
COMMODITY_TWICE = N_("the commodity {currency} is declared twice")
NO_DOCUMENT = N_("a document does not exist")
PAD = N_("a pad directive of {account} has to be filled")


class RefusedError(Exception):
    """The proof does not cover what is being read; caught within this package."""

    def __init__(self, reason: str, line: int = 0, **values: str) -> None:
        """Refuse for ``reason`` in ``line`` of the file that is being read."""
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.values = values

    def refusal(self, file: str = "") -> Refusal:
        """Return the reason as a value, about ``file``."""
        return Refusal(self.reason, self.values, file, self.line)
