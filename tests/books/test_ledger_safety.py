"""Whose code runs when a ledger is loaded, and what is never read or written."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from ledgercli.books.ledger import read_ledger
from ledgercli.model.ledger import LedgerView
from ledgercli.model.receivables_settings import ReceivablesSettings

OPENS = "2026-01-01 open Assets:Receivable\n2026-01-01 open Income:Sales\n"
INVOICE = '2026-01-02 * "x"\n  Assets:Receivable  1 EUR\n  Income:Sales\n'


def load(folder: Path, text: str, *, safe: bool = False, within: Path | None = None) -> LedgerView:
    path = folder / "main.beancount"
    path.write_text(text, encoding="utf-8")
    return read_ledger(path, folder, ReceivablesSettings(), safe=safe, within=within).view()


def found(view: LedgerView) -> list[tuple[str, str, int]]:
    return [(f.code, f.values.get("plugin", ""), f.place.line) for f in view.findings]


@pytest.fixture
def plugin(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Name of a module beside the ledger that leaves a file when it is imported."""
    name = f"plugin_of_test_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
        "__plugins__ = ['run']\n"
        "def run(entries, options, config=None):\n"
        "    print('noise')\n"
        "    if config == 'exit': raise SystemExit(3)\n"
        "    if config == 'raise': raise RuntimeError('no\\nway')\n"
        "    if config == 'rubbish': return None, None\n"
        "    if config == 'tolerances':\n"
        "        assert all('__tolerances__' in e.meta for e in entries if hasattr(e, 'postings'))\n"
        "    return entries, []\n"
    )
    return name


def with_plugin(name: str, config: str = "") -> str:
    configured = f' "{config}"' if config else ""
    return f'option "insert_pythonpath" "True"\nplugin "{name}"{configured}\n{OPENS}{INVOICE}'


def test_a_plugin_runs_and_its_output_stays_off_stdout(
    tmp_path: Path, plugin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = list(sys.path)
    view = load(tmp_path, with_plugin(plugin))
    assert found(view) == []
    assert (tmp_path / "ran").exists()
    assert capsys.readouterr().out == ""
    assert sys.path == path


def test_safe_runs_no_code_of_the_ledger(tmp_path: Path, plugin: str) -> None:
    view = load(tmp_path, with_plugin(plugin), safe=True)
    assert found(view) == [("plugin-not-run", plugin, 2)]
    assert not (tmp_path / "ran").exists()
    assert plugin not in sys.modules
    assert len(view.receivables) == 1


def test_safe_still_runs_the_plugins_of_beancount(tmp_path: Path) -> None:
    text = f'plugin "beancount.plugins.auto_accounts"\n{INVOICE}'
    assert found(load(tmp_path, text, safe=True)) == []


def test_safe_does_not_let_a_plugin_evaluate_its_configuration(tmp_path: Path) -> None:
    path = tmp_path / "ran"
    code = f"{{}} if open({str(path)!r}, 'w').close() else {{}}"
    text = f'plugin "beancount.plugins.check_commodity" "{code}"\n{OPENS}{INVOICE}'
    view = load(tmp_path, text, safe=True)
    assert found(view) == [("plugin-not-run", "beancount.plugins.check_commodity", 1)]
    assert not path.exists()
    load(tmp_path, text)
    assert path.exists()


@pytest.mark.parametrize(
    "name", ["beancount.plugins.x/y", "beancount.plugins..os", "beancount", "beancountx.plugins.a"]
)
def test_safe_takes_no_name_that_only_looks_like_beancount(tmp_path: Path, name: str) -> None:
    view = load(tmp_path, f'plugin "{name}"\n', safe=True)
    assert found(view) == [("plugin-not-run", name, 1)]


def test_our_own_plugin_is_dropped_without_a_word(tmp_path: Path) -> None:
    text = f'plugin "ledgercli.plugin" "books"\n{OPENS}{INVOICE}'
    assert found(load(tmp_path, text)) == []
    assert found(load(tmp_path, text, safe=True)) == []


@pytest.mark.parametrize(
    ("config", "code"),
    [("exit", "plugin-failed"), ("raise", "beancount-load"), ("rubbish", "beancount-load")],
)
def test_a_plugin_that_fails_is_a_finding_and_the_ledger_stays(
    tmp_path: Path, plugin: str, config: str, code: str
) -> None:
    view = load(tmp_path, with_plugin(plugin, config))
    (finding,) = view.findings
    assert (finding.code, finding.place.line) == (code, 2)
    assert all("\n" not in value for value in finding.values.values())
    assert len(view.receivables) == 1


@pytest.mark.parametrize("body", ["raise SystemExit(1)", "1/0", "def ("])
def test_a_plugin_that_fails_on_import_is_a_finding(tmp_path: Path, body: str) -> None:
    name = f"broken_plugin_of_test_{len(body)}"
    (tmp_path / f"{name}.py").write_text(body + "\n")
    view = load(tmp_path, with_plugin(name))
    assert found(view) == [("plugin-failed", name, 2)]
    assert len(view.receivables) == 1


def test_foreign_plugins_get_the_tolerances_of_beancount(tmp_path: Path, plugin: str) -> None:
    assert found(load(tmp_path, with_plugin(plugin, "tolerances"))) == []


class Bomb:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")


def test_the_pickle_cache_is_neither_read_nor_written_nor_removed(tmp_path: Path) -> None:
    cache = tmp_path / ".main.beancount.picklecache"
    cache.write_bytes(pickle.dumps(Bomb(str(tmp_path / "ran"))))
    before = cache.read_bytes()
    assert len(load(tmp_path, OPENS + INVOICE).receivables) == 1
    assert not (tmp_path / "ran").exists()
    assert cache.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"main.beancount", cache.name}


def test_loading_twice_tells_the_same(tmp_path: Path) -> None:
    """``validation.validate`` would report the second time what it did the first, and again."""
    text = OPENS + '2026-01-02 * "x"\n  Assets:Nowhere  1 EUR\n  Income:Sales\n'
    first, second = load(tmp_path, text), load(tmp_path, text)
    assert len(first.findings) == 1
    assert first.findings == second.findings


def test_files_outside_of_the_given_folder_are_not_read(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside.beancount").write_text(INVOICE)
    (inner / "link.beancount").symlink_to(tmp_path / "outside.beancount")
    text = (
        f'include "{tmp_path}/outside.beancount"\n'
        'include "../gone.beancount"\n'
        'include "link.beancount"\n'
        'include "missing.beancount"\n' + OPENS
    )
    view = load(inner, text, within=inner)
    assert sorted((f.place.line, f.code) for f in view.findings) == [
        (1, "include-outside-revision"),
        (2, "include-outside-revision"),
        (3, "include-outside-revision"),
        (4, "beancount-load"),
    ]
    assert view.receivables == ()
    assert len(view.files) == 1
