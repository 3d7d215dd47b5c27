"""Templates are compiled once; what they are compiled to is never taken for another text."""

from dataclasses import dataclass

import pytest
from jinja2.exceptions import SecurityError, UndefinedError

from ledgercli.reminders.sandbox import STEPS_MAX, LetterEnvironment


def rendered(text: str, *, autoescape: bool = False) -> str:
    environment = LetterEnvironment(lambda _: text, autoescape=autoescape)
    return environment.get_template("letter").render(name="<A>")


def test_a_template_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = rendered("Once, {{ name }}")
    monkeypatch.setattr(LetterEnvironment, "compile", None)
    assert rendered("Once, {{ name }}") == first == "Once, <A>"


def test_another_text_of_the_same_name_is_another_template() -> None:
    assert rendered("One {{ name }}") == "One <A>"
    assert rendered("Two {{ name }}") == "Two <A>"


def test_html_and_text_do_not_share_what_is_escaped() -> None:
    assert rendered("Dear {{ name }}") == "Dear <A>"
    assert rendered("Dear {{ name }}", autoescape=True) == "Dear &lt;A&gt;"
    assert rendered("Dear {{ name }}") == "Dear <A>"


def test_what_an_imported_template_remembers_is_forgotten_with_the_letter() -> None:
    texts = {
        "letter": "{% import 'words' as words %}{{ words.count() }}{{ words.count() }}",
        "words": "{% set seen = namespace(n=0) %}{% macro count() %}"
        "{% set seen.n = seen.n + 1 %}{{ seen.n }}{% endmacro %}",
    }
    environment = LetterEnvironment(texts.get, autoescape=False)
    for _ in range(2):
        environment.begin()
        assert environment.get_template("letter").render() == "12"


WORDS = "{% set labels = {'a': ['b']} %}{% macro hello(name) %}Dear {{ name }}{% endmacro %}"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (WORDS, True),
        ("{#- A note. -#}\n{% import 'others' as others %}\n" + WORDS, True),
        ("{% set left = ['a']|map('upper') %}" + WORDS, False),
        ("{% set seen = namespace(n=0) %}" + WORDS, False),
        ("{% import 'counting' as counting %}" + WORDS, False),
        ("{% import name as others %}" + WORDS, False),
        ("{% for letter in 'ab' %}{% endfor %}" + WORDS, False),
        ("{% import 'words' as itself %}" + WORDS, False),
    ],
    ids=["constants", "imports", "filter", "namespace", "of-such", "computed", "loop", "circle"],
)
def test_what_is_kept_from_letter_to_letter_are_macros_and_constants(
    words: str, *, kept: bool
) -> None:
    texts = {
        "letter": "{% import 'words' as words %}{{ words.hello('A') }}",
        "words": words,
        "others": WORDS,
        "counting": "{% set seen = namespace(n=0) %}",
    }
    environment = LetterEnvironment(texts.get, autoescape=False)
    made = environment.get_template("words")
    environment.get_template("letter")
    module = made.module if kept else object()
    made._module = module  # type: ignore[assignment]  # noqa: SLF001 - what an import leaves
    environment.begin()
    assert (made._module is module) is kept  # noqa: SLF001
    environment.lend({"range": len})
    assert made._module is None  # noqa: SLF001 - macros have seen the functions of before


def test_a_macro_is_called_as_jinja_calls_it() -> None:
    texts = {
        "letter": "{% import 'words' as words %}{% for n in [1, 2] %}{% set m = n %}"
        "{{ words.pair(m, b=n) }}{% endfor %}{% call words.framed() %}x{% endcall %}",
        "words": "{% macro pair(a, b='-') %}{{ a }}{{ b }} {% endmacro %}"
        "{% macro framed() %}[{{ caller() }}]{% endmacro %}",
    }
    environment = LetterEnvironment(texts.get, autoescape=False)
    assert environment.get_template("letter").render() == "11 22 [x]"


@dataclass(frozen=True)
class Sender:
    name: str
    items: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ of.name }} {{ of.name }}", "A&B A&B"),
        ("{% for each in [of, {'name': 'C'}] %}{{ each.name }} {% endfor %}", "A&B C "),
        (
            "{% for each in [{'name': 'C'}, of] if each.name %}{{ each.name }} {% endfor %}",
            "C A&B ",
        ),
        ("{{ of.items }} {{ {'items': 1}.items is callable }}", "('x',) True"),
        ("{% macro m(a, b=of.name) %}{{ a.name }}{{ b }}{% endmacro %}{{ m(of) }}", "A&BA&B"),
    ],
)
def test_fields_of_records_are_what_they_are(text: str, made: str) -> None:
    environment = LetterEnvironment(lambda _: text, autoescape=False)
    for _ in range(2):  # the second time the fields are known
        sender = Sender("A&B", ("x",))
        assert environment.get_template("letter").render(of=sender) == made


@pytest.mark.parametrize(
    "text",
    [
        "{{ of.class }}",
        "{{ of.n\u0430me }}",
        "{{ of.\uff4eame }}",
        "{{ of.nothing }}",
        "{{ nobody.name }}",
    ],
)
def test_what_is_no_field_is_an_error_of_the_template(text: str) -> None:
    environment = LetterEnvironment(lambda _: "{{ of.name }}" + text, autoescape=False)
    with pytest.raises(UndefinedError, match=r"has no attribute|is undefined"):
        environment.get_template("letter").render(of=Sender("A"))


@pytest.mark.parametrize("name", ["__class__", "__dict__", "__init__.__globals__"])
def test_what_jinja_refuses_stays_refused(name: str) -> None:
    text = "{{ of.name }}{{ of." + name + " }}"
    environment = LetterEnvironment(lambda _: text, autoescape=False)
    with pytest.raises(SecurityError, match="unsafe"):
        environment.get_template("letter").render(of=Sender("A"))


def test_a_macro_escapes_once_and_minds_its_arguments() -> None:
    macro = "{% macro bold(name) %}<b>{{ name }}</b>{% endmacro %}"
    environment = LetterEnvironment(
        {"one": macro + "{{ bold(of.name) }}", "two": macro + "{{ bold(of, of) }}"}.get,
        autoescape=True,
    )
    assert environment.get_template("one").render(of=Sender("A&B")) == "<b>A&amp;B</b>"
    with pytest.raises(TypeError, match="not more than 1 argument"):
        environment.get_template("two").render(of=Sender("A&B"))


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ("{{ words.hello('A') }}{{ words.name }}{{ words.hello('B') }}", "Dear AXDear B"),
        ("{{ words.nothing is defined }}{{ words.hello is defined }}", "FalseTrue"),
        ("{{ words.labels.a }}{{ words.labels.b is defined }}", "bFalse"),
        ("{{ words.labels.keys()|list }}", "['a']"),
        ("{% for n in 'AB' %}{{ words.hello(n) }}{% endfor %}", "Dear ADear B"),
        ("{{ words.two('A') }}{{ words.two('A', 'B') }}{{ words.more('A') }}", "A-ABA('A',)"),
        ("{% call words.framed(1) %}x{% endcall %}", "[x]"),
    ],
)
def test_what_is_imported_is_taken_as_jinja_takes_it(asked: str, made: str) -> None:
    texts = {
        "letter": "{% import 'words' as words %}" + asked,
        "words": "{% set name = 'X' %}{% set labels = {'a': 'b'} %}"
        "{% macro hello(name) %}Dear {{ name }}{% endmacro %}"
        "{% macro two(a, b='-') %}{{ a }}{{ b }}{% endmacro %}"
        "{% macro more(a) %}{{ a }}{{ varargs + (a,) }}{% endmacro %}"
        "{% macro framed(a) %}[{{ caller() }}]{% endmacro %}",
    }
    environment = LetterEnvironment(texts.get, autoescape=False)
    for _ in range(2):  # the second time what was imported is known
        environment.begin()
        assert environment.get_template("letter").render() == made


@pytest.mark.parametrize(
    "asked",
    [
        "words.format",
        "words.__class__",
        "words._body_stream",
        "words.labels.update",
        "words.none()",
    ],
)
def test_what_is_imported_gives_nothing_that_is_refused(asked: str) -> None:
    texts = {
        "letter": "{% import 'words' as words %}{{ words.labels }}{{ " + asked + " }}",
        "words": "{% set format = 'X' %}{% set labels = {'a': 'b'} %}",
    }
    environment = LetterEnvironment(texts.get, autoescape=False)
    for _ in range(2):
        with pytest.raises((SecurityError, UndefinedError), match=r"unsafe|has no attribute"):
            environment.get_template("letter").render()


def test_macros_with_one_argument_take_steps_as_others_do() -> None:
    text = "{% macro m(a) %}{% if a %}{{ m(a - 1) }}{% endif %}{% endmacro %}{{ m(3) }}"
    environment = LetterEnvironment(lambda _: text, autoescape=False)
    template = environment.get_template("letter")
    environment.begin()
    template.render()
    assert environment.steps == 4
    environment.steps = STEPS_MAX - 3
    with pytest.raises(SecurityError, match="steps"):
        template.render()
