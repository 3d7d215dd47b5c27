"""Letters from template texts: plain text, Markdown, HTML, and PDF by way of Typst source.

Template texts are handed in by name: the books' own on top of the packaged ones. Which one is
used: ``NAME.LANG.EXT.j2``, then ``NAME.EXT.j2``, then the packaged frame ``letter.EXT.j2`` with the
wording ``NAME.LANG.j2`` (languages: the customer's, the books', English). Data is put in once:
what it contains is never taken for a template, nor for markup.
"""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.catalogue.reminders import (
    CHARACTERS_UNSHOWN,
    TEMPLATE_ERROR,
    TEMPLATE_MISSING,
)
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.model.template import TemplateText
from ledgercli.reminders import formats
from ledgercli.reminders.contract_letter import ContractContext
from ledgercli.reminders.letter_context import LetterContext
from ledgercli.reminders.letter_functions import (
    account_cells,
    account_table,
    document_cells,
    document_table,
    filters_of,
    sum_rows,
    sum_table,
)
from ledgercli.reminders.payment_codes import qr_svg
from ledgercli.reminders.press import Press, UnshownCharactersError
from ledgercli.reminders.record_texts import changed, map_texts
from ledgercli.reminders.statement_letter import StatementContext
from ledgercli.reminders.survey_letter import SurveyContext

if TYPE_CHECKING:
    from ledgercli.reminders.sandbox import LetterEnvironment

LetterKind = Literal["txt", "md", "html", "pdf"]
TEXT_KINDS: tuple[LetterKind, ...] = ("txt", "md", "html")
KINDS: tuple[LetterKind, ...] = (*TEXT_KINDS, "pdf")
#: What a letter is made of: a reminder, a statement, a survey, or about a contract.
Context = LetterContext | StatementContext | SurveyContext | ContractContext
_ENVIRONMENTS_MAX = 32
#: So many pieces of a letter are looked at together.
_PIECES = 64
_NO_ATTRIBUTE = re.compile(r"'[\w.]+ object' has no attribute '(.*)'")


@dataclass(frozen=True, slots=True)
class Choice:
    """The template a letter is made from, and the language of its packaged wording."""

    entry: str
    wording: str


def choose(
    template: str, languages: Sequence[str], kind: LetterKind, texts: Mapping[str, TemplateText]
) -> Choice | None:
    """Return the template to use, None where there is none of that name.

    ``languages`` are tried in turn, ``de-AT`` also as ``de``; English comes last.
    """
    if _kept.texts is not texts:
        _kept.texts, _kept.choices = texts, {}
    key = (template, *languages, kind)
    if key not in _kept.choices:
        _kept.choices[key] = _chosen(template, languages, kind, texts)
    return _kept.choices[key]


def _chosen(
    template: str, languages: Sequence[str], kind: LetterKind, texts: Mapping[str, TemplateText]
) -> Choice | None:
    tried: list[str] = []
    for language in (*languages, "en"):
        tried.extend((language, language.replace("_", "-").partition("-")[0]))
    order = [language for language in dict.fromkeys(tried) if language]
    wordings = [language for language in order if f"words.{language}.j2" in texts]
    wording = next(iter(wordings), "en")
    for language in order:
        if f"{template}.{language}.{kind}.j2" in texts:
            return Choice(f"{template}.{language}.{kind}.j2", language)
        if f"{template}.{language}.j2" in texts and f"letter.{kind}.j2" in texts:
            if f"{template}.{kind}.j2" in texts:
                return Choice(f"{template}.{kind}.j2", wording)
            return Choice(f"letter.{kind}.j2", language)
    if f"{template}.{kind}.j2" in texts:
        return Choice(f"{template}.{kind}.j2", wording)
    return None


def render(
    context: Context,
    languages: Sequence[str],
    kind: LetterKind,
    texts: Mapping[str, TemplateText],
    press: Press | None = None,
) -> tuple[str | bytes, Choice | None, tuple[Finding, ...]]:
    """Return the letter, the template used, and what was wrong with it; no letter if anything was.

    PDF are bytes, which ``press`` makes (one for a whole run; raise PdfMissingError where that
    cannot be); all else is text that ends with a line feed. Whatever a template does wrong is a
    finding with its place: syntax, a name that does not exist, forbidden or endless operations.
    """
    choice = choose(context.template, languages, kind, texts)
    if choice is None:
        values = {"template": context.template, "kind": kind}
        return "", None, (Finding(TEMPLATE_MISSING, values, customer=context.customer),)
    ready = changed(context, kind=kind, wording=choice.wording)
    if kind == "md":
        template = ready.template
        ready = changed(map_texts(ready, formats.escape_markdown), template=template)
        ready = changed(ready, wording=choice.wording)
    if kind == "pdf":
        press = press or Press()
        ready = changed(ready, page=replace(ready.page, logo=press.has_logo))
    try:
        text = _render(ready, choice, kind, texts, press)
        if press and kind == "pdf":
            return press.pdf(text, ready.date), choice, ()
    except UnshownCharactersError as error:
        values = {"characters": error.characters, "package": error.package}
        return "", choice, (Finding(CHARACTERS_UNSHOWN, values, customer=context.customer),)
    except Exception as error:  # noqa: BLE001 - a user's template can raise anything at all
        return "", choice, (_finding(error, choice.entry, texts, context.customer),)
    # Amounts and dates are wrapped as one word; on disk a plain blank is easier to search for.
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    return text.strip("\n") + "\n", choice, ()


def _render(
    context: Context,
    choice: Choice,
    kind: LetterKind,
    texts: Mapping[str, TemplateText],
    press: Press | None,
) -> str:
    from ledgercli.reminders.sandbox import LENGTH_MAX

    environment = _environment(kind, choice.wording, context.currency, texts, press)
    environment.begin()
    if isinstance(context, StatementContext):
        account = {
            "account_table": partial(account_table, choice.wording, context),
            "account_columns": partial(account_cells, choice.wording, context),
        }
        environment.lend(account)
    made: list[str] = []
    length = 0
    template = environment.get_template(choice.entry)
    # As `template.generate` does it, with one generator less between each piece and us.
    pieces = template.root_render_func(template.new_context({"letter": context}))
    try:
        while some := list(islice(pieces, _PIECES)):
            environment.step(len(some))
            made.append("".join(some))
            length += len(made[-1])
            if length > LENGTH_MAX:
                break
    except Exception:  # noqa: BLE001 - it is raised again, with the lines of the template
        environment.handle_exception()
    if length > LENGTH_MAX:
        msg = f"the letter is longer than {LENGTH_MAX:,} characters"
        raise ValueError(msg)
    return "".join(made)


class _Kept(threading.local):
    """What a thread keeps from letter to letter, as long as the templates are the same.

    The environments by what they were made for, of which a run needs few, and what was chosen.
    """

    def __init__(self) -> None:
        self.texts: Mapping[str, TemplateText] | None = None
        self.choices: dict[tuple[str, ...], Choice | None] = {}
        self.known: dict[tuple[str, str, str], tuple[object, object, LetterEnvironment]] = {}


_kept = _Kept()


def _environment(
    kind: LetterKind,
    language: str,
    currency: str,
    texts: Mapping[str, TemplateText],
    press: Press | None,
) -> LetterEnvironment:
    """Return the environment of the letters of a kind, language and currency from ``texts``."""
    key = (kind, language, currency)
    found = _kept.known.get(key)
    if found and found[0] is texts and found[1] is press:
        return found[2]
    made = _new_environment(kind, language, currency, texts, press)
    if len(_kept.known) >= _ENVIRONMENTS_MAX:
        _kept.known.clear()
    _kept.known[key] = (texts, press, made)
    return made


def _new_environment(
    kind: LetterKind,
    language: str,
    currency: str,
    texts: Mapping[str, TemplateText],
    press: Press | None,
) -> LetterEnvironment:
    from ledgercli.reminders.sandbox import LetterEnvironment

    def source(name: str) -> str | None:
        return texts[name].text if name in texts else None

    filters = filters_of(language, currency)
    functions: dict[str, Any] = {
        "table": partial(document_table, language, currency),
        "totals": partial(sum_table, language, currency),
        "text_width": formats.text_width,
    }
    environment: LetterEnvironment
    if press and kind == "pdf":
        from ledgercli.reminders.typst_source import TypstEnvironment

        environment = TypstEnvironment(source)
        environment.plain.filters |= filters
        environment.plain.globals |= functions
        functions |= {
            "columns": partial(document_cells, language, currency, told=True),
            "rows": partial(sum_rows, language, currency),
            "fonts": press.serif,
            "sans": press.sans,
            "qr": qr_svg,
        }
    else:
        environment = LetterEnvironment(source, autoescape=kind == "html")
    environment.filters |= filters
    environment.globals |= functions
    return environment


def _finding(
    error: Exception, entry: str, texts: Mapping[str, TemplateText], customer: str
) -> Finding:
    """Return the finding of what a template raised, at the innermost line of a template."""
    name, line = entry, 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in texts:
            name, line = frame.filename, frame.lineno or 0
    # A syntax error carries its own place.
    name = getattr(error, "filename", None) or getattr(error, "name", None) or name
    line = getattr(error, "lineno", None) or line
    name = name if name in texts else entry
    values = {"template": name, "reason": _reason(error)}
    return Finding(TEMPLATE_ERROR, values, Place(texts[name].file, line), customer)


def _reason(error: Exception) -> str:
    """Return what a template did wrong, without names of Python classes where we know better."""
    if isinstance(error, RecursionError):
        return Sentence(N_("the templates or macros call each other without end"))
    raised = str(getattr(error, "message", None) or error or type(error).__name__)
    said = formats.printable(raised)[:200]
    if type(error).__name__ == "TemplateNotFound":
        return Sentence(N_("there is no template `{template}`"), template=said)
    if missing := _NO_ATTRIBUTE.fullmatch(said):
        return Sentence(N_("what it asks for has no `{name}`"), name=missing[1])
    return said
