"""The data that come with the program: tables of rates and profiles of laws, as YAML files."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import validated
from ledgercli.model.law import LawProfile
from ledgercli.model.rates import RateTable

#: As a folder beside the modules: what the standard library has for packages in archives takes
#: 5 ms to load.
_DATA = Path(__file__).parent.parent / "data"
LAWS = ("de", "uk", "cn", "eu", "agreed")


@functools.cache
def shipped_rates(name: str) -> RateTable:
    """Return the packaged table ``name``, one of ``SHIPPED_RATES``."""
    return RateTable.parse(_packaged(f"rates/{name}.yaml"))


@functools.cache
def law_profiles() -> Mapping[str, LawProfile]:
    """Return the packaged profiles by name: those of single countries before that of the union."""
    profiles = {}
    for name in LAWS:
        profile, problems = validated(LawProfile, _packaged(f"laws/{name}.yaml"))
        assert profile is not None, problems  # noqa: S101 - our own data, tested
        assert not problems, problems  # noqa: S101 - likewise
        profiles[name] = profile
    return profiles


def _packaged(name: str) -> Any:  # noqa: ANN401 - what the YAML holds
    return read_source((_DATA / name).read_bytes(), name).data
