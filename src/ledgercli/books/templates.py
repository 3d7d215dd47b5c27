"""The texts of letter templates: the packaged ones, and the books' own on top of them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from ledgercli.books.files import read_bytes, shown_path
from ledgercli.books.text import decoded
from ledgercli.model.catalogue import files as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.template import TemplateText

FOLDER = "templates"
_SUFFIX = ".j2"


def template_texts(root: Path | None) -> tuple[dict[str, TemplateText], tuple[Finding, ...]]:
    """Return all templates by file name, such as ``reminder.de.txt.j2``, and what is wrong.

    A file ``templates/NAME.j2`` of the books ``root`` replaces the packaged one of the same name;
    folders within are not looked into. ``root`` None gives the packaged ones only. Own files that
    cannot be read are left out, never replaced by the packaged ones of that name.
    """
    texts = packaged_texts()
    if root is None:
        return texts, ()
    findings: list[Finding] = []
    for path in _own_files(root, findings):
        texts.pop(path.name, None)
        content, refused = read_bytes(path, root)
        findings += refused
        if content is None:
            continue
        shown = shown_path(root, path)
        text, more = decoded(content, shown)
        findings += more
        if text is not None:
            texts[path.name] = TemplateText(text, shown)
    return texts, tuple(findings)


def packaged_texts() -> dict[str, TemplateText]:
    """Return the templates that come with the program, by file name."""
    folder = files("ledgercli") / FOLDER
    if not folder.is_dir():
        return {}
    return {
        entry.name: TemplateText(entry.read_text(encoding="utf-8"), f"ledgercli/{entry.name}")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(_SUFFIX)
    }


def _own_files(root: Path, findings: list[Finding]) -> list[Path]:
    """Return the template files of the books, sorted by name."""
    try:
        entries = sorted((root / FOLDER).iterdir())
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        findings.append(Finding(codes.NOT_A_FOLDER, {}, Place(FOLDER)))
        return []
    except OSError as error:
        values = {"reason": error.strerror or str(error)}
        findings.append(Finding(codes.FILE_UNREADABLE, values, Place(FOLDER)))
        return []
    return [path for path in entries if path.suffix == _SUFFIX and not path.name.startswith(".")]
