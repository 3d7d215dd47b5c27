"""The books in Fava: `custom "fava-extension" "ledgercli.fava"`.

A shell over the desk: each page is the answer of the command of its name, with links into Fava's
own pages. The filters of Fava's header choose the day, the customers and the currency to convert
to; Fava's language is that of the pages. Nothing is written or sent but by the page of reminders,
after a confirmation, and never where Fava is read-only.
"""

from __future__ import annotations

from ledgercli.fava.pages import Agenda, Customer, Limits, Receivables, Reminders

__all__ = ["Agenda", "Customer", "Limits", "Receivables", "Reminders"]
