"""Where the store is unless the environment says otherwise."""

from __future__ import annotations

from pathlib import Path


def user_folder() -> Path:
    """Return our folder among the caches of the user."""
    from platformdirs import user_cache_path

    return user_cache_path("ledgercli", appauthor=False)
