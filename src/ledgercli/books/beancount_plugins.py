"""Run the plugins of a ledger as Beancount does, each in a way that it cannot take us along."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import re
import sys
from collections.abc import Mapping
from typing import Any

from beancount import loader
from beancount.core import data

from ledgercli.books.beancount_errors import Directive, Sources
from ledgercli.books.beancount_loaded import Loaded, Options, reason_of
from ledgercli.books.beancount_passes import PASSES, Pass
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding

OWN_PLUGIN = "ledgercli.plugin"
_BEANCOUNT_PLUGIN = re.compile(r"beancount\.(plugins|ops)\.\w+", re.ASCII)
#: They call ``eval`` on their configuration, so that a configuration is code.
_EVALUATE_CONFIGURATION = frozenset(
    ["beancount.plugins." + name for name in ("check_average_cost", "check_commodity")]
    + ["beancount.plugins.commodity_attr"]
)


def runs_foreign(options: Options, *, safe: bool) -> bool:
    """Return whether a plugin will run that is neither Beancount's own nor ours."""
    return not safe and any(_is_foreign(name) for name, _ in options["plugin"])


def _is_foreign(name: str) -> bool:
    return name != OWN_PLUGIN and not _BEANCOUNT_PLUGIN.fullmatch(name)


def run_plugins(loaded: Loaded, sources: Sources, top: str, *, safe: bool) -> tuple[str, ...]:
    """Run the plugins; return the files of the modules that are not Beancount's own."""
    saved_path = list(sys.path)
    known = set(sys.modules)
    ran = set()
    # Foreign plugins may make entries of which nothing is known beforehand.
    passes = {} if runs_foreign(loaded.options, safe=safe) else PASSES
    try:
        if not safe:
            sys.path[0:0] = loaded.options["pythonpath"]
        # What a plugin prints must not land in the middle of our answer.
        with contextlib.redirect_stdout(sys.stderr):
            for name, configuration in _plugins(loaded.options):
                if name == OWN_PLUGIN:
                    continue
                plugin = Directive(top, "plugin", name)
                if not safe or _is_safe(name, configuration):
                    _run_plugin(loaded, sources, plugin, configuration, passes)
                    ran.add(name)
                else:
                    place = sources.place_of_directive(plugin)
                    loaded.findings.append(Finding(codes.PLUGIN_NOT_RUN, {"plugin": name}, place))
    finally:
        sys.path[:] = saved_path
    foreign = set(filter(_is_foreign, ran))
    if not foreign:
        return ()
    # What a plugin imports is part of it; what it reads, nobody can know.
    imported = {name for name in foreign | (set(sys.modules) - known) if name in sys.modules}
    files = {getattr(sys.modules[name], "__file__", None) for name in imported}
    return tuple(sorted(file for file in files if file))


def _plugins(options_map: Options) -> list[tuple[str, str | None]]:
    own = options_map["plugin"]
    if options_map["plugin_processing_mode"] == "raw":
        return list(own)
    steps = itertools.chain(loader.PLUGINS_PRE, own, loader.PLUGINS_AUTO, loader.PLUGINS_POST)
    return [(loader.RENAMED_MODULES.get(name, name), value) for name, value in steps]


def _is_safe(name: str, configuration: str | None) -> bool:
    if not _BEANCOUNT_PLUGIN.fullmatch(name):
        return False
    return configuration is None or name not in _EVALUATE_CONFIGURATION


def _run_plugin(
    loaded: Loaded,
    sources: Sources,
    plugin: Directive,
    configuration: str | None,
    passes: Mapping[Any, Pass],
) -> None:
    """Run the functions of one plugin; where one fails, the entries stay as they were before."""
    name = plugin.argument
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        _plugin_error(loaded, sources, plugin, f'Error importing "{name}": {reason_of(error)}')
        return
    except (Exception, SystemExit) as error:  # noqa: BLE001 - code of the user's
        _plugin_failed(loaded, sources, plugin, error)
        return
    arguments = () if configuration is None else (configuration,)
    for function in getattr(module, "__plugins__", ()):
        try:
            callback = getattr(module, function) if isinstance(function, str) else function
            if not arguments and passes and callback in passes:
                entries, errors = passes[callback](loaded.entries, loaded.options)
            else:
                entries, errors = callback(loaded.entries, loaded.options, *arguments)
                errors = list(errors)
                entries.sort(key=data.entry_sortkey)
        except SystemExit as error:
            _plugin_failed(loaded, sources, plugin, error)
        except Exception as error:  # noqa: BLE001 - code of the user's
            message = f'Error applying plugin "{name}": {reason_of(error)}'
            _plugin_error(loaded, sources, plugin, message)
        else:
            loaded.entries = entries
            loaded.errors.extend(errors)


def _plugin_failed(
    loaded: Loaded, sources: Sources, plugin: Directive, error: BaseException
) -> None:
    values = {"plugin": plugin.argument, "reason": reason_of(error)}
    place = sources.place_of_directive(plugin)
    loaded.findings.append(Finding(codes.PLUGIN_FAILED, values, place))


def _plugin_error(loaded: Loaded, sources: Sources, plugin: Directive, message: str) -> None:
    error = loader.LoadError(data.new_metadata("<load>", 0), message)
    sources.put(error, sources.place_of_directive(plugin))
    loaded.errors.append(error)
