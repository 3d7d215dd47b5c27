"""YAML text as plain data: mappings, lists, texts and None, each with its place in the file.

Places of single values are worked out only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledgercli.books.pause import collection_paused
from ledgercli.model.finding import Finding, Place

if TYPE_CHECKING:
    import yaml

#: A key or an index for each level from the root.
Path = tuple[str | int, ...]
Data = dict[str, Any] | list[Any] | str | None


@dataclass(eq=False)
class Source:
    """One YAML file as plain data. ``data`` is None for an empty file or one beyond repair.

    ``lines`` are the lines on which the entries of a top-level list begin, or the one line on
    which a top-level mapping does. ``shown`` names the file in findings.
    """

    shown: str
    text: str = ""
    data: Data = None
    lines: Sequence[int] = ()
    findings: list[Finding] = field(default_factory=list)

    def records(self) -> Iterator[tuple[Path, int, Any]]:
        """Yield path, line and data of each record: the entries of a list, else the whole file.

        Empty ones are left out.
        """
        if isinstance(self.data, list):
            for index, entry in enumerate(self.data):
                if entry is not None:
                    yield (index,), self.lines[index], entry
        elif self.data is not None:
            yield (), self.lines[0], self.data

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Return where the value at ``path`` stands, or its key; else the nearest one above it."""
        node, place = self._tree, Place(self.shown, 1, 1)
        if node is None:
            return Place(self.shown, self.lines[0] if self.lines else 0)
        place = _at(self.shown, node)
        for depth, step in enumerate(path, start=1):
            if isinstance(step, int) and step < len(_items(node)):
                node = node.value[step]
            elif pair := _pair(node, step):
                key, node = pair
                empty = node.value == "" and not getattr(node, "style", None)
                if empty or (of_key and depth == len(path)):
                    place = _at(self.shown, key)
                    continue
            else:
                break
            place = _at(self.shown, node)
        return place

    @cached_property
    def _tree(self) -> yaml.Node | None:
        """The composed nodes; safe, because nesting was found to be bounded."""
        import yaml

        if self.data is None:
            return None
        try:
            with collection_paused():
                loader = parser(self.text)
                return loader.get_node() if loader.check_node() else None
        except (yaml.YAMLError, ValueError):
            return None


def parser(text: str) -> Any:  # noqa: ANN401 - the two loaders share no typed base
    """Return PyYAML's C loader without any resolver, or the Python one where C is missing."""
    import yaml

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)


def _at(shown: str, node: yaml.Node) -> Place:
    return Place(shown, node.start_mark.line + 1, node.start_mark.column + 1)


def _items(node: yaml.Node) -> Sequence[yaml.Node]:
    return node.value if node.id == "sequence" else ()  # type: ignore[attr-defined]


def _pair(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if node.id != "mapping":  # type: ignore[attr-defined]
        return None
    return next((pair for pair in node.value if pair[0].value == step), None)
