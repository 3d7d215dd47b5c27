"""Templates are compiled once; what they are compiled to is never taken for another text."""

import pytest

from ledgercli.reminders.sandbox import LetterEnvironment


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
