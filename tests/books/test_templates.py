from __future__ import annotations

from pathlib import Path

from ledgercli.books.templates import packaged_texts, template_texts


def test_own_templates_stand_on_top_of_the_packaged_ones(tmp_path: Path) -> None:
    packaged = packaged_texts()
    assert "letter.txt.j2" in packaged
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "letter.txt.j2").write_text("\ufeffmine: é\r\n", encoding="utf-8", newline="")
    (folder / "催款.zh.txt.j2").write_text("x")
    (folder / "notes.txt").write_text("x")
    texts, findings = template_texts(tmp_path)
    assert findings == ()
    assert texts["letter.txt.j2"].text == "mine: é\n"
    assert texts["letter.txt.j2"].file == "templates/letter.txt.j2"
    assert set(texts) == {*packaged, "催款.zh.txt.j2"}
    assert template_texts(None) == (packaged, ())


def test_own_templates_that_cannot_be_read_are_told_and_not_replaced(tmp_path: Path) -> None:
    root = tmp_path / "books"
    folder = root / "templates"
    folder.mkdir(parents=True)
    (tmp_path / "outside").write_text("secret")
    (folder / "letter.txt.j2").symlink_to(tmp_path / "outside")
    (folder / "letter.md.j2").mkdir()
    (folder / "mine.txt.j2").write_bytes(b"\xff\xfea\x00")
    texts, findings = template_texts(root)
    assert set(texts) == set(packaged_texts()) - {"letter.txt.j2", "letter.md.j2"}
    assert [(finding.code, finding.place.file) for finding in findings] == [
        ("not-a-file", "templates/letter.md.j2"),
        ("link-outside", "templates/letter.txt.j2"),
        ("not-utf8", "templates/mine.txt.j2"),
    ]


def test_templates_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "templates").write_text("")
    assert [finding.code for finding in template_texts(tmp_path)[1]] == ["not-a-folder"]
