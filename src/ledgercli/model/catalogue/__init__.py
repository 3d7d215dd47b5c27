"""The one catalogue of finding codes: each with severity, message, hint and explanation.

Every module here holds the codes of one source and lists them in ``CODES``. Messages and hints are
translated where they are worded (``output/wording.py``); ``N_`` only marks them for extraction.
"""

from __future__ import annotations

from ledgercli.model.catalogue import ledger, receivables, records, reminders

CATALOGUE = {
    code.code: code for module in (records, ledger, receivables, reminders) for code in module.CODES
}
