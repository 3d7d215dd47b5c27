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
