"""Reads YAML text as plain data.

Every scalar stays the text that was typed; only an empty value, ``~`` and ``null`` become None.
What is wrong is collected as findings, and reading never raises. Data is built from the parser's
events, not from its node tree: the C composer recurses without a bound (a file of brackets ends
the process), and events cost less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from ledgercli.books.pause import collection_paused
from ledgercli.books.plain_yaml import plain_yaml
from ledgercli.books.source import Source, parser
from ledgercli.books.text import UNWANTED, character_code, decoded
from ledgercli.model.catalogue import files as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding, FindingCode, Place
from ledgercli.model.sentence import Sentence

if TYPE_CHECKING:
    import yaml

DEPTH_MAX = 50
#: How many values aliases may add to those that are written out.
ALIASED_MAX = 100_000
#: Values of one file; 10,000 full customer records have some 650,000.
VALUES_MAX = 2_000_000
FINDINGS_MAX = 10_000

_NO_CHARACTER = Sentence(N_("an escape names no character"))
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_HARMLESS_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))
_AFTER_COMMA = re.compile(r"\d{3}(?:\.\d+)?(?: [A-Za-z]{3}| ?%)?")
SURROGATE_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_BEFORE_COMMA = re.compile(r"-?\d{1,3}")


def read_source(content: bytes, shown: str) -> Source:
    """Return ``content`` as plain data with all findings about its form. Never raises."""
    text, findings = decoded(content, shown)
    if text is None:
        return Source(shown, findings=findings)
    if "\\u" in text:
        # JSON spells characters beyond the first 65,536 as pairs, which YAML does not know.
        text = SURROGATE_PAIR.sub(_joined_pair, text)
    source = Source(shown, text, findings=findings)
    if plain := plain_yaml(text, VALUES_MAX):
        source.data, source.lines = plain
        return source
    with collection_paused():
        builder = _Builder(source)
        try:
            builder.run(text)
        except _StopReading:
            source.lines = ()
    return source


def _joined_pair(found: re.Match[str]) -> str:
    high, low = int(found[1], 16), int(found[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


class _StopReading(Exception):  # noqa: N818 - no error: the finding is noted, nothing is left to do
    """The rest of the file cannot be read."""


_NO_KEY: Any = object()
#: The key under which values are put that do not count; taken out when the mapping ends.
_SCRAP: Any = object()


class _Builder:
    """Builds the data of one source from parser events.

    ``container`` is what is being filled, ``key`` the key waiting for its value, ``last`` the event
    of the last key or entry. ``stack`` holds what encloses it: container, the key with which to go
    on (a list or mapping in the place of a key leaves one whose value does not count), the anchor
    of what is filled, and the count of values when it was opened.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.container: Any = []
        self.key: Any = _NO_KEY
        self.previous: Any = _NO_KEY
        self.split: Any = _NO_KEY
        self.last: Any = None
        self.stack: list[tuple[Any, Any, str | None, int]] = []
        self.anchored: dict[str, tuple[Any, int]] = {}
        self.open_anchors: set[str] = set()
        self.count = 0
        self.aliased = 0
        self.escapes = False
        self.lines: list[int] = []

    def run(self, text: str) -> None:
        """Read all events; raise :class:`_StopReading` after a finding that ends it."""
        import yaml

        self.escapes = "\\" in text
        root = self.container
        try:
            self.read_events(parser(text))
        except yaml.YAMLError as error:
            self.source.findings.append(_syntax_finding(error, text, self.source.shown))
            raise _StopReading from None
        except (ValueError, OverflowError):  # the Python scanner on an escape out of range
            self.stop(codes.YAML_SYNTAX, self.last, reason=_NO_CHARACTER)
        self.source.data = root[0] if root else None
        self.source.lines = self.lines if self.lines or self.source.data is None else [1]

    def read_events(self, loader: Any) -> None:  # noqa: ANN401 - see parser
        """Take every event of the first document."""
        import yaml

        scalar, alias = yaml.ScalarEvent, yaml.AliasEvent
        mapping, sequence = yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        documents = 0
        next_event = loader.get_event
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar:
                self.scalar(event)
            elif kind is mapping:
                self.open(event, {})
            elif kind is sequence:
                self.open(event, [])
            elif kind in ends:
                self.close()
            elif kind is alias:
                self.alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.note(codes.SEVERAL_DOCUMENTS, event)
                    return
            elif kind is yaml.StreamEndEvent:
                return

    # The methods below run for each event of a file; what is rare is looked at last.

    def scalar(self, event: Any) -> None:  # noqa: ANN401 - the stubs know no marks and tags
        """Take a text: a key, or the value of the waiting key or list."""
        value: Any = event.value
        style = event.style
        plain = not style
        if style == '"' and self.escapes:
            value = self.visible(value, event)
        self.count += 1
        if self.count > VALUES_MAX:
            self.stop(codes.TOO_MANY_VALUES, event, limit=f"{VALUES_MAX:,}")
        container = self.container
        if type(container) is dict:
            if self.key is _NO_KEY:
                self.last = event
                odd = value in container or value == "<<" or event.anchor
                self.key = self.odd_key(value, event, plain=plain) if odd else value
            elif value not in _NULLS and event.tag is None and event.anchor is None:
                container[self.key] = value
                self.previous, self.key = self.key, _NO_KEY
            elif value or not plain or not self.key_after_comma():
                self.put_odd(value, event, plain=plain)
        elif not (plain and value[:1].isdigit() and self.entry_after_comma(value, event)):
            self.last = event
            self.put_odd(value, event, plain=plain)

    def put_odd(self, value: Any, event: Any, *, plain: bool) -> None:  # noqa: ANN401
        """Put a text that may be null, or have a tag or an anchor."""
        if plain and value in _NULLS:
            value = None
        if event.tag is not None and event.tag not in _HARMLESS_TAGS:
            self.note(codes.EXPLICIT_TAG, event, tag=event.tag)
            value = None
        if event.anchor:
            self.anchored[event.anchor] = (value, 1)
        self.put(value, event)

    def put(self, value: Any, event: Any) -> None:  # noqa: ANN401
        """Put a value into the mapping or list being filled."""
        container = self.container
        if type(container) is dict:
            container[self.key] = value
            self.previous, self.key = self.key, _NO_KEY
            return
        container.append(value)
        if len(self.stack) == 1:
            self.lines.append(event.start_mark.line + 1)

    def odd_key(self, key: str, event: yaml.ScalarEvent, *, plain: bool) -> Any:  # noqa: ANN401
        """Return ``key`` if it may be one, or the mark that its value does not count."""
        if event.anchor:
            self.anchored[event.anchor] = (key, 1)
        if key in self.container:
            if key != self.split:
                self.note(codes.DUPLICATE_KEY, event, key=key)
            return _SCRAP
        if plain and key == "<<":
            self.note(codes.MERGE_KEY, event)
            return _SCRAP
        return key

    def key_after_comma(self) -> bool:
        """Return whether the key without a value is what follows a thousands separator.

        The amount before the comma is as wrong as the key, so neither counts.
        """
        key, before = self.key, self.container.get(self.previous)
        if not isinstance(key, str) or not _AFTER_COMMA.fullmatch(key):
            return False
        if self.previous is not self.split or self.split is _NO_KEY:
            if not isinstance(before, str) or not _BEFORE_COMMA.fullmatch(before):
                return False
            self.note_comma(f"{before},{key}", self.last)
            self.container[self.previous] = None
            self.split = self.previous
        self.key = _NO_KEY
        return True

    def entry_after_comma(self, value: str, event: Any) -> bool:  # noqa: ANN401
        """Return whether an entry of a list is what follows a thousands separator."""
        container, last = self.container, self.last
        if not container or last is None or not _AFTER_COMMA.fullmatch(value):
            return False
        touching = event.start_mark.index == last.end_mark.index + 1
        before = container[-1]
        if not touching:
            return False
        if before is not None or self.split is not container:
            if not isinstance(before, str) or not _BEFORE_COMMA.fullmatch(before):
                return False
            self.note_comma(f"{before},{value}", event)
            container[-1] = None
            self.split = container
        self.last = event
        return True

    def note_comma(self, whole: str, event: yaml.ScalarEvent) -> None:
        """Note that a comma split the amount ``whole``."""
        joined = whole.replace(",", "")
        self.note(codes.THOUSANDS_SEPARATOR, event, text=whole, joined=joined)

    def open(self, event: Any, container: dict[str, Any] | list[Any]) -> None:  # noqa: ANN401
        """Begin a mapping or list."""
        if len(self.stack) == DEPTH_MAX:
            self.stop(codes.TOO_DEEP, event, limit=str(DEPTH_MAX))
        self.count += 1
        if type(self.container) is dict and self.key is _NO_KEY:
            self.note(codes.KEY_NOT_TEXT, event)
            after = _SCRAP
        else:
            tagged = event.tag is not None and event.tag not in _HARMLESS_TAGS
            if tagged:
                self.note(codes.EXPLICIT_TAG, event, tag=event.tag)
            self.put(None if tagged else container, event)
            after = _NO_KEY
        if not self.stack and type(container) is dict:
            self.lines.append(event.start_mark.line + 1)
        anchor = event.anchor
        if anchor:
            self.anchored[anchor] = (container, 0)
            self.open_anchors.add(anchor)
        self.stack.append((self.container, after, anchor, self.count + self.aliased))
        self.container, self.key, self.previous, self.last = container, _NO_KEY, _NO_KEY, None

    def close(self) -> None:
        """End the mapping or list, and go on with what encloses it."""
        closed = self.container
        if type(closed) is dict:
            closed.pop(_SCRAP, None)
        self.container, self.key, anchor, before = self.stack.pop()
        if anchor:
            size = self.count + self.aliased - before + 1
            self.anchored[anchor] = (self.anchored[anchor][0], size)
            self.open_anchors.discard(anchor)
        self.previous, self.last = _NO_KEY, None

    def alias(self, event: yaml.AliasEvent) -> None:
        """Take what an alias stands for, as long as aliases do not unfold without end."""
        name = event.anchor
        if name not in self.anchored:
            reason = Sentence(N_("the alias `*{name}` names nothing"), name=str(name))
            self.stop(codes.YAML_SYNTAX, event, reason=reason)
        value, size = self.anchored[name]
        if type(self.container) is dict and self.key is _NO_KEY:
            self.note(codes.KEY_NOT_TEXT, event)
            self.key = _SCRAP
            return
        if name in self.open_anchors:
            self.note(codes.ALIAS_RECURSIVE, event, name=name)
            value = None
        self.aliased += size
        if self.aliased > ALIASED_MAX:
            self.stop(codes.ALIAS_BOMB, event, limit=str(ALIASED_MAX))
        self.put(value, event)

    def visible(self, value: str, event: yaml.ScalarEvent) -> str:
        """Return a quoted text with unwanted characters made by escapes replaced."""
        found = UNWANTED.search(value)
        if not found:
            return value
        kind = character_code(found[0])
        self.note(kind, event, character=f"U+{ord(found[0]):04X}")
        return UNWANTED.sub("\N{REPLACEMENT CHARACTER}", value)

    def note(self, kind: FindingCode, event: Any, **values: str) -> None:  # noqa: ANN401
        """Note a finding at the place of an event."""
        mark = event.start_mark
        place = Place(self.source.shown, mark.line + 1, mark.column + 1)
        if len(self.source.findings) < FINDINGS_MAX:
            self.source.findings.append(Finding(kind, values, place))

    def stop(self, kind: FindingCode, event: Any, **values: str) -> NoReturn:  # noqa: ANN401
        """Note a finding after which nothing of the file can be used."""
        if event is None:
            self.source.findings.append(Finding(kind, values, Place(self.source.shown, 1, 1)))
        else:
            self.note(kind, event, **values)
        raise _StopReading


def _syntax_finding(error: yaml.YAMLError, text: str, shown: str) -> Finding:
    """Return the finding of what the YAML parser refused, at the place it names."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    if mark is None:
        return Finding(codes.YAML_SYNTAX, {"reason": reason}, Place(shown, 1, 1))
    place = Place(shown, mark.line + 1, mark.column + 1)
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    before = line[: mark.column + 1]
    if "\t" in before and not before.strip():
        return Finding(codes.YAML_TAB, {}, place)
    return Finding(codes.YAML_SYNTAX, {"reason": reason}, place)
