"""Edits of a YAML text that leave every other line as it was typed.

A round trip through a YAML library wraps, indents and quotes anew. Here the place of a value is
looked up and only its characters are replaced, so comments, order, quotation marks, unknown keys,
indentation and line ends survive by not being touched. Whoever edits reads the result back: an edit
that would say anything else than what was asked (an alias, a text beyond the rules) shows there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.books.data_edit import Delete, NotEditableError, Put
from ledgercli.books.source import Data, Path
from ledgercli.books.text import UNWANTED
from ledgercli.books.yaml_text import quoted, yaml_inline, yaml_lines, yaml_scalar
from ledgercli.books.yaml_tree import Node, child, find, yaml_tree
from ledgercli.model.record import dataclass

_NOT_PLAIN = re.compile(r"[\n\t]|" + UNWANTED.pattern)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written: its line ends, whether it is JSON, which key comes after which."""

    newline: str = "\n"
    json: bool = False
    order: Sequence[str] = ()


def edited_text(text: str, step: Put | Delete, dialect: Dialect) -> str:
    """Return ``text`` after one step; raise :class:`NotEditableError` where it cannot be made."""
    root = yaml_tree(text)
    if root is None or root.is_null:
        if isinstance(step, Delete) or not step.path or not isinstance(step.path[0], str):
            raise NotEditableError(step.path)
        line = dialect.newline.join(yaml_lines({step.path[0]: _nested(step.path[1:], step.value)}))
        gap = "" if not text or text.endswith("\n") else dialect.newline
        return f"{text}{gap}{line}{dialect.newline}"
    editor = _Editor(text, root, dialect)
    return editor.put(step) if isinstance(step, Put) else editor.delete(step.path)


def _nested(path: Path, value: Data) -> Data:
    """Return ``value`` with the mappings and lists of ``path`` around it."""
    for step in reversed(path):
        if isinstance(step, int) and step:
            raise NotEditableError(path)
        value = [value] if isinstance(step, int) else {step: value}
    return value


class _Editor:
    """One text, its tree, and the ways to change it; each returns the new text."""

    def __init__(self, text: str, root: Node, dialect: Dialect) -> None:
        self.text = text
        self.root = root
        self.dialect = dialect

    def put(self, step: Put) -> str:
        node, depth = find(self.root, step.path)
        rest = step.path[depth:]
        if node.kind == "alias" and rest:
            raise NotEditableError(step.path)
        if not rest:
            return self._replaced(node, step.value)
        value = _nested(rest[1:], step.value)
        if node.is_null:
            return self._replaced(node, _nested(rest[:1], value))
        if node.kind == "mapping" and isinstance(rest[0], str):
            return self._with_pair(node, rest[0], value)
        if node.kind == "sequence" and rest[0] == len(node.items):
            return self._with_item(node, value)
        raise NotEditableError(step.path)

    def _spliced(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]

    # A value in the place of another.

    def _replaced(self, node: Node, value: Data) -> str:
        old_block = node.kind in {"mapping", "sequence"} and not node.flow
        if not old_block:
            new = self._scalar_like(node, value)
            before = self.text[node.start - 1 : node.start]
            gap = " " if node.start == node.end and before and not before.isspace() else ""
            return self._spliced(node.start, node.end, gap + new)
        if value and isinstance(value, dict | list):
            indent = " " * self._column(node.start)
            lines = self._block_lines(value, indent)
            return self._spliced(node.start, node.end, lines.removeprefix(indent))
        colon = self.text.rindex(":", 0, node.start)
        return self._spliced(colon + 1, node.end, f" {self._inline(value)}")

    def _scalar_like(self, node: Node, value: Data) -> str:
        """Return ``value`` written as what stood at ``node`` was."""
        if not isinstance(value, str) or self.dialect.json:
            return self._inline(value)
        if node.style == "'" and not _NOT_PLAIN.search(value):
            return "'" + value.replace("'", "''") + "'"
        if node.style == '"':
            return quoted(value)
        if node.style == "|" and "\n" in value and not UNWANTED.search(value):
            return self._literal(node, value)
        return self._inline(value)

    def _literal(self, node: Node, value: str) -> str:
        """Return ``value`` as a literal block with the indentation of the one at ``node``."""
        lines = value.split("\n")
        second = self.text.find("\n", node.start) + 1
        width = len(self.text[second:]) - len(self.text[second:].lstrip(" "))
        if lines[0][:1].isspace() or not lines[0] or not width or lines[-2:] == ["", ""]:
            return quoted(value)
        chomping = "" if lines[-1] == "" else "-"
        kept = lines[:-1] if lines[-1] == "" else lines
        body = [" " * width + line if line else "" for line in kept]
        return self.dialect.newline.join([f"|{chomping}", *body])

    # Something new in a mapping or a list.

    def _with_pair(self, node: Node, key: str, value: Data) -> str:
        if node.flow:
            like_json = self.dialect.json or any(
                self.text[old.start] == '"' for old, _ in node.pairs[:1]
            )
            name = quoted(key) if like_json else yaml_scalar(key)
            return self._into_flow(node, f"{name}: {self._inline(value, like_json=like_json)}")
        place = self._predecessor(node, key)
        indent = " " * self._column(node.pairs[0][0].start)
        end = max(last.end for last in node.pairs[place])
        return self._line_after(end, self._block_lines({key: value}, indent))

    def _predecessor(self, node: Node, key: str) -> int:
        """Return the entry of the record behind which a new ``key`` belongs."""
        order = self.dialect.order
        present = [old.value for old, _ in node.pairs]
        if key in order and "id" in present:
            earlier = set(order[: order.index(key)])
            if places := [place for place, name in enumerate(present) if name in earlier]:
                return places[-1]
        return len(present) - 1

    def _with_item(self, node: Node, value: Data) -> str:
        if node.flow:
            return self._into_flow(node, self._inline(value, like_json=self.dialect.json))
        dash = self.text.rindex("-", 0, node.items[-1].start)
        if node.items[-1].start == node.items[-1].end:  # an empty one is noted behind its dash
            dash = node.items[-1].start - 1
        indent = " " * self._column(dash)
        return self._line_after(node.items[-1].end, f"{indent}- {self._inline(value)}")

    def _into_flow(self, node: Node, new: str) -> str:
        if not node.entries:
            opening = self.text.index("{" if node.kind == "mapping" else "[", node.start)
            return self._spliced(opening + 1, opening + 1, new)
        first = node.entries[-1][0].start
        line = self.text.rfind("\n", 0, first) + 1
        margin = self.text[line:first]
        alone = line > node.start and not margin.strip()
        separator = f",{self.dialect.newline}{margin}" if alone else ", "
        end = max(last.end for last in node.entries[-1])
        return self._spliced(end, end, separator + new)

    def _line_after(self, position: int, lines: str) -> str:
        """Return the text with ``lines`` below the line of ``position``."""
        end = self.text.find("\n", position)
        newline = self.dialect.newline
        if end < 0:  # the last line has no line end, and still has none
            return f"{self.text}{newline}{lines}"
        return self._spliced(end + 1, end + 1, f"{lines}{newline}")

    # Something taken away.

    def delete(self, path: Path) -> str:
        node, depth = find(self.root, path[:-1])
        entry = child(node, path[-1])
        if depth < len(path) - 1 or entry is None:
            raise NotEditableError(path)
        if len(node.entries) == 1:
            if len(path) > 1 and isinstance(path[-2], str):
                return self.delete(path[:-1])
            empty = "{}" if node.kind == "mapping" else "[]"
            return self._spliced(node.start, node.end, empty)
        index = next(place for place, (_first, last) in enumerate(node.entries) if last is entry)
        return self._without_flow(node, index) if node.flow else self._without_block(node, index)

    def _without_flow(self, node: Node, index: int) -> str:
        entries = node.entries
        if index + 1 < len(entries):
            return self._spliced(entries[index][0].start, entries[index + 1][0].start, "")
        before = max(last.end for last in entries[index - 1])
        return self._spliced(before, max(last.end for last in entries[index]), "")

    def _without_block(self, node: Node, index: int) -> str:
        first, last = node.entries[index]
        start = first.start
        if node.kind == "sequence":
            empty = first.start == first.end
            start = first.start - 1 if empty else self.text.rindex("-", 0, first.start)
        line = self.text.rfind("\n", 0, start) + 1
        if self.text[line:start].strip():  # behind the dash of the entry of a list
            following = node.entries[index + 1][0].start
            return self._spliced(first.start, following, "")
        end = self.text.find("\n", max(first.end, last.end)) + 1
        if not end:
            cut = line - (2 if self.text[:line].endswith("\r\n") else 1)
            return self.text[:cut]
        return self._spliced(line, end, "")

    # How things are written.

    def _column(self, position: int) -> int:
        return position - (self.text.rfind("\n", 0, position) + 1)

    def _inline(self, value: Data, *, like_json: bool = False) -> str:
        if self.dialect.json or like_json:
            return _json(value)
        return yaml_inline(value)

    def _block_lines(self, value: Mapping[str, Any] | list[Any], indent: str) -> str:
        if isinstance(value, list):
            lines = [f"{indent}- {yaml_inline(entry)}" for entry in value]
        else:
            lines = list(yaml_lines(dict(value), indent))
        return self.dialect.newline.join(lines)


def _json(value: Data) -> str:
    """Return ``value`` as JSON; truth values, which are texts here, bare."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)}: {_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(item) for item in value) + "]"
    if value is None or value in {"true", "false"}:
        return json.dumps(value) if value is None else str(value)
    return quoted(value)
