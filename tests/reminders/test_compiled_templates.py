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
