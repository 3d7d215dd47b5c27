"""Plain data as readable YAML, with quotation marks only where they are needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Letters of any script and digits first; nothing in it that YAML could read as its own.
_BARE = re.compile(r"[^\W_](?:[\w ./+@%()&'-]|:(?=\S)|\u00b7)*")
# What most names and numbers are: letters, then a digit or hyphen, so that it is no word of YAML's.
_NAME = re.compile(r"[A-Za-z]+[0-9-][A-Za-z0-9._-]*")
_NULLS = frozenset(["null", "~"])
# Read as a number or a truth value by programs that are less careful than this one.
_MISTAKEN = re.compile(r"[\d.+-][\d_.eExXoO:+-]*|true|false|yes|no|on|off|y|n", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def yaml_scalar(text: str) -> str:
    """Return a text as a YAML scalar, bare where it cannot be mistaken for anything else."""
    if _NAME.fullmatch(text):
        return text
    bare = (
        _BARE.fullmatch(text)
        and text == text.strip()
        and not text.endswith(":")
        and text.lower() not in _NULLS
        and (not _MISTAKEN.fullmatch(text) or _DATE.fullmatch(text))
    )
    return text if bare else quoted(text)


def quoted(text: str) -> str:
    """Return the text in double quotation marks; what YAML would not print is escaped."""
    escaped = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        escaped,
    )


def yaml_lines(data: dict[str, Any], indent: str = "") -> Iterator[str]:
    """Yield the lines of a mapping of texts, whole numbers, truth values, lists and mappings."""
    for key, value in data.items():
        head = f"{indent}{yaml_scalar(key)}:"
        if isinstance(value, dict) and value:
            yield head
            yield from yaml_lines(value, indent + "  ")
        elif isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value):
            yield head
            for entry in value:
                yield f"{indent}  - {yaml_inline(entry)}"
        else:
            yield f"{head} {yaml_inline(value)}".rstrip()


def yaml_inline(value: Any) -> str:  # noqa: ANN401 - what yaml_lines takes
    """Return a value within one line."""
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, dict):
        pairs = (f"{yaml_scalar(key)}: {yaml_inline(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(yaml_inline(entry) for entry in value) + "]"
    return "true" if value == "true" else "false" if value == "false" else yaml_scalar(value)
