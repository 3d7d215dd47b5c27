"""How a part of the program that is not installed is added to it, the way it was installed."""

from __future__ import annotations

import sys
from pathlib import Path

#: What these programs leave in each environment that they make.
_PIPX = "pipx_metadata.json"
_UV = "uv-receipt.toml"
_OURS = "ledgercli"
#: The modules that each extra brings.
_MODULES = {
    "pdf": ("pypdf", "segno", "typst"),
    "holidays": ("holidays",),
    "contacts": ("icalendar", "vobject"),
    "xlsx": ("openpyxl", "xlsxwriter"),
    "fava": ("fava",),
}


def adding_command(extra: str, prefix: Path | None = None) -> str:
    """Return the command that adds an extra to the environment ``prefix``, by default this one.

    ``pip`` alone would not find an environment of pipx or of uv. What pipx made is added to in
    place; uv makes it anew, so that the command has to name the extras that are there already.
    """
    prefix = prefix or Path(sys.prefix)
    if (prefix / _PIPX).is_file():
        return f"pipx runpip {prefix.name} install '{_OURS}[{extra}]'"
    if (prefix / _UV).is_file():
        wanted = f"'{_OURS}[{','.join(sorted({extra, *installed_extras()}))}]{_origin()}'"
        tool = wanted if prefix.name == _OURS else f"{prefix.name} --with {wanted}"
        return f"uv tool install --force {tool}"
    return f"pip install '{_OURS}[{extra}]'"


def installed_extras() -> set[str]:
    """Return the extras of which all libraries are installed."""
    from importlib.machinery import PathFinder

    return {
        extra
        for extra, modules in _MODULES.items()
        if all(PathFinder.find_spec(module) for module in modules)
    }


def _origin() -> str:
    """Return `` @ ADDRESS`` where the program was not installed by its name, else ""."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution(_OURS).read_text("direct_url.json")
        said = json.loads(text) if text else {}
    except (PackageNotFoundError, ValueError):
        return ""
    system = said.get("vcs_info", {}).get("vcs", "")
    address = said.get("url", "")
    return f" @ {system}{'+' if system else ''}{address}" if address else ""
