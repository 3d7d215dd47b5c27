"""Where everything stands in a YAML text: the offsets of the first and last character of a value.

So a value can be replaced, and all around it stays as it was typed.

Offsets count characters of the text as given, line ends of Windows included. The text must be one
that :mod:`ledgercli.books.source_reading` reads: it bounds the nesting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any, Literal

from ledgercli.books.pause import collection_paused
from ledgercli.books.source import Path, parser
from ledgercli.books.source_reading import SURROGATE_PAIR
from ledgercli.books.text import REPLACEMENT, UNWANTED
from ledgercli.model.record import dataclass


@dataclass(slots=True)
class Node:
    """A value in a YAML text: ``text[start:end]`` is what was typed of it.

    A collection in block style ends with its last entry. ``pairs`` are those of a mapping,
    ``items`` of a sequence. ``flow`` says that it has brackets; ``in_flow`` that it stands within
    some. ``style`` is that of a scalar: quotation mark, ``|``, ``>``, or empty.
    """

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    end: int
    value: str = ""
    style: str = ""
    flow: bool = False
    in_flow: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def is_null(self) -> bool:
        """Return whether nothing was typed, or a word for nothing."""
        return (
            self.kind == "scalar"
            and not self.style
            and self.value in {"", "~", "null", "Null", "NULL"}
        )

    @property
    def entries(self) -> Sequence[tuple[Node, Node]]:
        """Return the first and the last node of each entry: key and value, or the item twice."""
        return self.pairs if self.kind == "mapping" else [(item, item) for item in self.items]


def yaml_tree(text: str) -> Node | None:
    """Return the root of the first document in ``text``, None where it is empty.

    Raises ``yaml.YAMLError`` for a text that is no YAML.
    """
    # What the reader replaces is replaced here too, by as many characters.
    readable = UNWANTED.sub(REPLACEMENT, text.replace("\r\n", " \n"))
    if "\\u" in readable:
        readable = SURROGATE_PAIR.sub("x" * 12, readable)
    with collection_paused():
        events = _events(readable)
        for event in events:
            if type(event).__name__ == "DocumentStartEvent":
                return _node(next(events), events, readable, in_flow=False)
    return None


def _events(text: str) -> Iterator[Any]:
    loader = parser(text)
    while loader.check_event():
        yield loader.get_event()


def _node(event: Any, events: Iterator[Any], text: str, *, in_flow: bool) -> Node:  # noqa: ANN401
    start, end = event.start_mark.index, event.end_mark.index
    match type(event).__name__:
        case "ScalarEvent":
            style = event.style or ""
            if style in ("|", ">"):  # it would end behind the empty lines that follow
                end = start + len(text[start:end].rstrip())
            return Node("scalar", start, end, event.value, style, in_flow=in_flow)
        case "AliasEvent":
            return Node("alias", start, end, in_flow=in_flow)
        case "MappingStartEvent":
            node = Node("mapping", start, end, flow=bool(event.flow_style), in_flow=in_flow)
        case _:
            node = Node("sequence", start, end, flow=bool(event.flow_style), in_flow=in_flow)
    inside = in_flow or node.flow
    while not type(inner := next(events)).__name__.endswith("EndEvent"):
        child = _node(inner, events, text, in_flow=inside)
        if node.kind == "mapping":
            node.pairs.append((child, _node(next(events), events, text, in_flow=inside)))
        else:
            node.items.append(child)
    node.end = inner.end_mark.index if node.flow else _last_end(node)
    return node


def _last_end(node: Node) -> int:
    if not node.entries:
        return node.end
    return max(last.end for last in node.entries[-1])


def child(node: Node, step: str | int) -> Node | None:
    """Return the entry of ``node`` under a key or an index, None where there is none."""
    if isinstance(step, int):
        return node.items[step] if 0 <= step < len(node.items) else None
    return next((value for key, value in node.pairs if key.value == step), None)


def find(root: Node, path: Path) -> tuple[Node, int]:
    """Return the deepest node on ``path`` that exists, and how many steps lead to it."""
    node = root
    for depth, step in enumerate(path):
        below = child(node, step)
        if below is None:
            return node, depth
        node = below
    return node, len(path)
