"""JSON Schemas of the books' YAML files, so that editors complete and check while one types.

They are made from the same annotations of the model by which the files are read. A schema accepts
whatever the reader takes; it is stricter about nothing, as an editor must not mark what is right.
The schemas come with the program as files, and are copied into ``.ledgercli/`` of the books, where
the first line of a record names them by a path: nothing is fetched from anywhere.
"""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ledgercli.books.errors import FileUnwritableError
from ledgercli.books.files import inside, write_atomic
from ledgercli.books.validation import filled_fields, renamed_keys
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.exchange import Profile
from ledgercli.model.order import Order
from ledgercli.model.own_report import Caption, OwnReport
from ledgercli.model.settings import Settings
from ledgercli.model.terms import Terms
from ledgercli.model.values import Duration, Money, MoneyList, Parsed, Percent

FOLDER = ".ledgercli"
#: The files that have a schema, by its name.
KINDS: Mapping[str, type] = {
    "customer": Customer,
    "settings": Settings,
    "order": Order,
    "profile": Profile,
    "report": OwnReport,
}
#: Records of which a file may hold a list; without an id, the name of a file with one counts.
_LISTED = frozenset([Customer, Order])

_DRAFT = "http://json-schema.org/draft-07/schema#"
#: An editor reads ``10115`` and ``yes`` as a number and a truth value; here all of it is text.
_TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_ANYTHING: Mapping[str, Any] = {}
_DATE: Mapping[str, Any] = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MONEY: Mapping[str, Any] = {
    "type": ["string", "number", "null"],
    "pattern": r"\d",
    "examples": ["10000 EUR"],
}
_DATED = {"type": "object", "propertyNames": {"pattern": r"^\d{4}-\d{2}-\d{2}$"}}
_AMOUNTS = {"anyOf": [_MONEY, {"type": "array", "items": _MONEY}]}
#: What the model's values may be spelled like; all others may be anything.
_SPELLINGS: Mapping[type, Mapping[str, Any]] = {
    Money: _MONEY,
    MoneyList: _AMOUNTS,
    CreditLimit: {"anyOf": [*_AMOUNTS["anyOf"], {**_DATED, "additionalProperties": _AMOUNTS}]},
    Percent: {"type": ["string", "null"], "pattern": "%", "examples": ["80%"]},
    Duration: {"type": ["string", "number", "null"], "examples": ["30 days", "3 months"]},
    Caption: {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null"]},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ],
        "examples": ["Late payers"],
    },
    Terms: {
        "type": ["string", "null"],
        "examples": [
            "net 30",
            "30 days end of month",
            "end of next month",
            "2/10 net 30",
            "30% net 0, 70% net 30",
        ],
    },
}


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of a kind of file, one of :data:`KINDS`, in JSON Schema draft 7."""
    definitions: dict[str, Any] = {}
    reference = _record(KINDS[name], definitions)
    root: dict[str, Any] = {"anyOf": [reference, {"type": "null"}]}
    if KINDS[name] in _LISTED:
        root["anyOf"].insert(
            1, {"type": "array", "items": {"anyOf": [reference, {"type": "null"}]}}
        )
    return {
        "$schema": _DRAFT,
        "title": f"{name.capitalize()} of ledgercli",
        **root,
        "definitions": dict(sorted(definitions.items())),
    }


def schema_text(name: str) -> str:
    """Return the schema of a kind of file as it is shipped: indented JSON with a line feed."""
    return json.dumps(schema_of(name), indent=1, ensure_ascii=False) + "\n"


def shipped_schema(name: str) -> str:
    """Return the schema that came with the program."""
    resource = files("ledgercli") / "schemas" / f"{name}.schema.json"
    return resource.read_text(encoding="utf-8")


def modeline(name: str, folder: str = "") -> str:
    """Return the comment by which a file in ``folder`` of the books names its schema."""
    up = "../" * len(Path(folder).parts) or "./"
    return f"# yaml-language-server: $schema={up}{FOLDER}/{name}.schema.json"


def write_schemas(root: Path) -> list[Path]:
    """Copy the schemas into the books ``root`` and return the files that were not like that.

    Raises FileUnwritableError, and OutsideBooksError where ``.ledgercli`` leads out.
    """
    written = []
    for name in KINDS:
        path = inside(root, f"{FOLDER}/{name}.schema.json")
        text = shipped_schema(name)
        try:
            if path.is_file() and path.read_bytes() == text.encode():
                continue
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise FileUnwritableError(path=path, reason=error.strerror or error) from error
        write_atomic(path, text)
        written.append(path)
    return written


# --- from annotations ----------------------------------------------------------------------------


def _record(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the reference to a record's schema, which is put into ``definitions`` once."""
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # a record may hold itself
        hints = get_type_hints(kind)
        keys = {field_name: key for key, field_name in renamed_keys(kind).items()}
        own = [item for item in fields(kind) if item.name not in filled_fields(kind)]
        definitions[name] = {
            "type": "object",
            "description": _first_sentence(kind),
            "properties": {
                keys.get(item.name, item.name): _property(kind, item, hints, definitions)
                for item in own
            },
            "additionalProperties": False,
        }
        required = [keys.get(item.name, item.name) for item in own if _is_required(kind, item)]
        if required:
            definitions[name]["required"] = required
    return {"$ref": f"#/definitions/{name}"}


def _property(
    kind: type, item: Field[Any], hints: Mapping[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    found = dict(_value(hints[item.name], definitions))
    if kind in _LISTED and item.name == "id":
        found["description"] = "Unique; without it, the name of the file counts."
    if isinstance(item.default, str | int) and item.default not in {"", False}:
        found.setdefault("default", item.default)
    return found


def _is_required(kind: type, item: Field[Any]) -> bool:
    if kind in _LISTED and item.name == "id":
        return False
    return item.default is MISSING and item.default_factory is MISSING


def _first_sentence(kind: type) -> str:
    text = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
    return text.partition(". ")[0].rstrip(".").replace("``", "`") + "."


def _value(kind: Any, definitions: dict[str, Any]) -> Mapping[str, Any]:  # noqa: ANN401, PLR0911
    """Return the schema of an annotation; an empty value, which is one not given, fits all."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(part for part in get_args(kind) if part is not type(None))
        return _value(inner, definitions)
    if origin is Literal:
        return {"enum": [*get_args(kind), None]}
    if origin is tuple:
        items = _value(get_args(kind)[0], definitions)
        return {"type": ["array", "null"], "items": _or_null(items)}
    if origin is not None and issubclass(origin, Mapping):
        key, value = get_args(kind)
        entries = {"additionalProperties": _or_null(_value(value, definitions))}
        return {**(_DATED if key is date else {}), "type": ["object", "null"], **entries}
    if isinstance(kind, type) and issubclass(kind, Parsed):
        return _SPELLINGS.get(kind, _ANYTHING)
    if is_dataclass(kind):
        record: Any = kind
        return _or_null(_record(record, definitions))
    words: Mapping[Any, Mapping[str, Any]] = {
        str: _TEXT,
        date: _DATE,
        int: {"type": ["integer", "string", "null"], "pattern": r"^[+-]?\d+$"},
        bool: {"enum": [True, False, "yes", "no", "on", "off", "true", "false", None]},
    }
    return words.get(kind, _ANYTHING)


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``schema`` for a place that may be empty, too."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return dict(schema)
