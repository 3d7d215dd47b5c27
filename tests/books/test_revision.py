"""The books of another day, from real git repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ledgercli.books.ledger import read_ledger
from ledgercli.books.revision import (
    BooksNotInRevisionError,
    GitMissingError,
    NotARepositoryError,
    RevisionUnreadableError,
    UnknownRevisionError,
    books_at,
    books_revision,
    top_of,
)
from ledgercli.model.receivables_settings import ReceivablesSettings


@pytest.fixture(autouse=True)
def own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's git configuration counts, and no repository above the temporary folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str = "change") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_the_files_of_then_and_nothing_of_now(repository: Path) -> None:
    (repository / "main.beancount").write_text("; old\n")
    (repository / "gone.yaml").write_text("id: A\n")
    first = commit(repository)
    (repository / "main.beancount").write_text("; new\n")
    (repository / "gone.yaml").unlink()
    commit(repository)
    (repository / "main.beancount").write_text("; edited\n")
    (repository / "untracked").write_text("x")
    before = contents(repository), git(repository, "status", "--porcelain")
    with books_at(repository, first) as books:
        assert contents(books) == {"main.beancount": b"; old\n", "gone.yaml": b"id: A\n"}
        assert top_of(books) == books
    assert not books.exists()
    with books_at(repository, "HEAD") as books:
        assert contents(books) == {"main.beancount": b"; new\n"}
    with books_at(repository, "main~1") as books:
        assert len(contents(books)) == 2
    assert (contents(repository), git(repository, "status", "--porcelain")) == before


def test_books_in_a_subfolder_reach_the_rest_of_the_repository(repository: Path) -> None:
    books = repository / "firm" / "books"
    books.mkdir(parents=True)
    (repository / "accounts.beancount").write_text(
        "2026-01-01 open Assets:Receivable\n2026-01-01 open Income:Sales\n"
    )
    (books / "main.beancount").write_text(
        'include "../../accounts.beancount"\ninclude "../../../secret.beancount"\n'
        '2026-01-02 * "x"\n  Assets:Receivable  1 EUR\n  Income:Sales\n'
    )
    (repository.parent / "secret.beancount").write_text("2026-01-01 open Assets:Secret\n")
    commit(repository)
    with books_at(books, "HEAD") as then:
        assert then == top_of(then) / "firm" / "books"
        path = then / "main.beancount"
        view = read_ledger(path, then, ReceivablesSettings(), safe=True, within=top_of(then)).view()
    assert [(f.code, f.place.file, f.place.line) for f in view.findings] == [
        ("include-outside-revision", "main.beancount", 2)
    ]
    assert [posting.file for posting in view.receivables] == ["main.beancount"]


def test_attributes_hooks_and_filters_change_nothing(repository: Path) -> None:
    (repository / "main.beancount").write_bytes(b"; $Format:%H$ $Id$\r\n")
    (repository / "customers.yaml").write_text("id: A\n")
    (repository / ".gitattributes").write_text(
        "customers.yaml export-ignore\nmain.beancount -text export-subst ident filter=bad\n"
    )
    commit(repository)
    ran = repository.parent / "ran"
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    git(repository, "config", "filter.bad.smudge", f"touch {ran}")
    git(repository, "config", "core.fsmonitor", str(hook))
    with books_at(repository, "HEAD") as books:
        assert (books / "main.beancount").read_bytes() == b"; $Format:%H$ $Id$\r\n"
        assert (books / "customers.yaml").exists()
    books_revision(repository)
    assert not ran.exists()


def test_names_of_all_kinds_and_empty_and_large_files(repository: Path) -> None:
    files = {
        "空 格/客户\n.yaml": b"id: A\n",
        "-rf": b"",
        "large": b"0123456789abcdef" * 200_000,
        'quo"te\\': b"\n\n",
    }
    for name, content in files.items():
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_bytes(content)
    commit(repository)
    with books_at(repository, "HEAD") as books:
        assert contents(books) == files


def test_links_stay_inside(repository: Path) -> None:
    (repository.parent / "secret").write_text("secret")
    (repository / "deep").mkdir()
    (repository / "deep" / "real").write_text("fine")
    (repository / "good").symlink_to("deep/real")
    (repository / "absolute").symlink_to(repository.parent / "secret")
    (repository / "upwards").symlink_to("../secret")
    (repository / "deep" / "up").symlink_to("..")
    (repository / "sly").symlink_to("deep/up/../secret")
    (repository / "circle").symlink_to("circle")
    commit(repository)
    with books_at(repository, "HEAD") as books:
        assert (books / "good").read_text() == "fine"
        left = {path.name for path in books.rglob("*") if path.is_symlink()}
    assert left == {"good", "up"}


def test_a_forged_tree_writes_nowhere_else(repository: Path) -> None:
    blob = subprocess.run(
        ["git", "-C", repository, "hash-object", "-w", "--stdin"],
        input=b"x",
        capture_output=True,
        check=True,
    ).stdout.strip()
    entry = b"100644 evil\0" + bytes.fromhex(blob.decode())

    def tree(raw: bytes) -> bytes:
        command = ["git", "-C", str(repository), "hash-object", "-t", "tree", "-w", "--stdin"]
        done = subprocess.run([*command, "--literally"], input=raw, capture_output=True, check=True)
        return bytes.fromhex(done.stdout.decode().strip())

    forged = tree(b"40000 ..\0" + tree(entry)).hex()
    made = git(repository, "commit-tree", "-m", "forged", forged)
    with books_at(repository, made) as books:
        assert list(books.iterdir()) == []
        assert not (books.parent / "evil").exists()


@pytest.mark.parametrize(
    "revision", ["", "nope", "HEAD~7", "--help", "-1", "HEAD:main.beancount", "a\0b", "HEAD\n"]
)
def test_unknown_revisions(repository: Path, revision: str) -> None:
    (repository / "main.beancount").touch()
    commit(repository)
    with pytest.raises(UnknownRevisionError) as error, books_at(repository, revision):
        pass
    assert error.value.exit_code == 2


def test_books_that_were_not_there_yet(repository: Path) -> None:
    first = commit(repository)
    (repository / "books").mkdir()
    (repository / "books" / "ledgercli.yaml").touch()
    commit(repository)
    with (
        pytest.raises(BooksNotInRevisionError, match="books"),
        books_at(repository / "books", first),
    ):
        pass


def test_outside_of_git(tmp_path: Path) -> None:
    with pytest.raises(NotARepositoryError) as error, books_at(tmp_path, "HEAD"):
        pass
    assert "\n" not in str(error.value)
    assert books_revision(tmp_path) is None


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository)
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitMissingError), books_at(repository, "HEAD"):
        pass
    assert books_revision(repository) is None


def test_a_damaged_repository(repository: Path) -> None:
    (repository / "main.beancount").write_text("; x\n")
    commit(repository)
    blob = git(repository, "rev-parse", "HEAD:main.beancount")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with (
        pytest.raises(RevisionUnreadableError, match=r"main\.beancount"),
        books_at(repository, "HEAD"),
    ):
        pass


def test_the_environment_of_a_hook_does_not_mislead(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (repository / "main.beancount").touch()
    commit(repository)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    with books_at(repository, "HEAD") as books:
        assert contents(books) == {"main.beancount": b""}


def test_the_revision_in_footers(repository: Path) -> None:
    books = repository / "books"
    books.mkdir()
    assert books_revision(books) is None
    (books / "main.beancount").write_text("; x\n")
    short = commit(repository)[:7]
    assert books_revision(books) == short
    (repository / "elsewhere").touch()
    (books / "letters").mkdir()
    (books / "letters" / "one.txt").touch()
    assert books_revision(books) == short
    (books / "customer.yaml").touch()
    assert books_revision(books) == short + "+"
    (books / "customer.yaml").unlink()
    (books / "main.beancount").write_text("; y\n")
    assert books_revision(books) == short + "+"
