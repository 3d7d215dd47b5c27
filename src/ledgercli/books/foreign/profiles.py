"""The profiles of foreign files: those that come with the program, and the books' own."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ledgercli.books.files import read_bytes, shown_path
from ledgercli.books.foreign.errors import ProfileNotFoundError, ProfileUnusableError
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import to_findings, validated
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import Profile
from ledgercli.model.finding import Finding
from ledgercli.model.sentence import Sentence

FOLDER = "profiles"
_SUFFIXES = (".yaml", ".yml")


def profile_names(root: Path | None) -> dict[str, str]:
    """Return the names of all profiles, sorted, each with the file of the books or empty text.

    ``root`` None gives the packaged ones only. A file of the books goes before a packaged one.
    """
    names = dict.fromkeys((entry.name.removesuffix(".yaml") for entry in _packaged()), "")
    if root is not None:
        names |= {path.stem: shown_path(root, path) for path in _own(root)}
    return dict(sorted(names.items()))


def read_profile(root: Path | None, name: str) -> tuple[Profile, tuple[Finding, ...]]:
    """Return the profile ``name`` and what is wrong in its file.

    What cannot be used of it is left out. Raise ProfileNotFoundError, or ProfileUnusableError where
    nothing is left.
    """
    own = next((path for path in _own(root) if path.stem == name), None) if root else None
    if own is not None and root is not None:
        content, refused = read_bytes(own, root)
        shown = shown_path(root, own)
        if content is None:
            raise ProfileUnusableError(file=shown, reason=_reason(refused))
        return _profile(content, name, shown, shown)
    entry = next((entry for entry in _packaged() if entry.name == f"{name}.yaml"), None)
    if entry is None:
        import difflib

        near = difflib.get_close_matches(name, profile_names(root), n=1)
        raise ProfileNotFoundError(name=name, suggestion=near[0] if near else "")
    return _profile(entry.read_bytes(), name, entry.name, "")


def _profile(
    content: bytes, name: str, shown: str, file: str
) -> tuple[Profile, tuple[Finding, ...]]:
    source = read_source(content, shown)
    profile, problems = validated(Profile, source.data, (), {"name": name, "file": file})
    findings = (*source.findings, *to_findings(problems, source))
    if profile is None or not profile.columns:
        raise ProfileUnusableError(file=shown, reason=_reason(findings))
    return profile, findings


def _reason(findings: Sequence[Finding]) -> str:
    """Return what the first finding says."""
    if not findings:
        return Sentence(N_("it has no columns"))
    return Sentence(findings[0].kind.message, **findings[0].values)


@functools.cache
def _packaged() -> tuple[Traversable, ...]:
    folder = files("ledgercli") / FOLDER
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return tuple(sorted(found, key=lambda entry: entry.name))


def _own(root: Path) -> Iterator[Path]:
    """Yield the profile files of the books, sorted by name; none where there is no such folder."""
    folder = root / FOLDER
    if folder.is_dir():
        entries = (path for path in folder.iterdir() if path.suffix in _SUFFIXES)
        yield from sorted(path for path in entries if not path.name.startswith("."))
