"""Words for the codes of enumerations, in tables by the name that ``Column.words`` gives.

Each module has the tables of one subject in its ``WORDS``. Those that nobody asks for are not
loaded: most reports show words of documents only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from ledgercli.output.language import _

#: The modules, in the order in which they are looked through.
SUBJECTS = ("documents", "records", "customers", "reminders", "orders", "reports")


@cache
def table(name: str) -> Mapping[str, str]:
    """Return the words of a table as message ids by their codes, empty for an unknown name."""
    for subject in SUBJECTS:
        tables: Mapping[str, Mapping[str, str]] = import_module(f"{__name__}.{subject}").WORDS
        if name in tables:
            return tables[name]
    return {}


def word(name: str, code: str) -> str:
    """Return the words for ``code`` in the table ``name``, else the code."""
    return _(table(name).get(code, "")) or code
