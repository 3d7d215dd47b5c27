"""Who records a fact: the name that also stands under commits, so that both can be joined."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def author(root: Path, environment: Mapping[str, str]) -> str:
    """Return ``Name <email>`` of git's configuration for the books, else the login name.

    Empty where the system knows neither.
    """
    from ledgercli.books.revision import git_identity

    return git_identity(root) or _login(environment)


def _login(environment: Mapping[str, str]) -> str:
    named = (environment.get(name, "") for name in ("LOGNAME", "USER", "USERNAME"))
    found = next(filter(None, named), "")
    if found:
        return found
    try:
        import os
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):  # no such thing on Windows, no entry for us
        return ""
