"""How the program ends: at once, with what others asked to be done at the end, and no answer lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: What a plugin might have asked for; then the program runs.
ASKED = """\
import atexit, sys, threading, time
atexit.register(lambda: print("done at the end"))
{more}
from ledgercli.cli import command
command()
print("never told")
"""
IN_A_THREAD = """\
threading.Thread(target=lambda: (time.sleep(0.2), print("done in a thread"))).start()
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [("", "done at the end\n"), (IN_A_THREAD, "done in a thread\ndone at the end\n")],
)
def test_what_is_to_be_done_at_the_end_is_done(more: str, said: str, tmp_path: Path) -> None:
    code = ASKED.format(more=more)
    done = subprocess.run(
        [sys.executable, "-c", code, "aging", "--books", str(tmp_path)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"LEDGERCLI_CACHE": "off", "PYTHONSAFEPATH": "1"},
    )
    assert done.returncode == 2
    assert done.stdout == said
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "closed", "code", "stdout", "stderr"),
    [
        ("--version", ">&-", 2, "", "error: cannot write to standard output: "),
        ("--version", "2>&-", 0, "ledgercli ", ""),
        ("nonsense", ">&-", 2, "", "error: "),
        ("nonsense", ">&- 2>&- <&-", 2, "", ""),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="other shells close nothing")
def test_closed_streams_are_not_asked_to_write_what_is_left(
    arguments: str, closed: str, code: int, stdout: str, stderr: str
) -> None:
    line = f"exec '{sys.executable}' -m ledgercli {arguments} {closed}"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"LEDGERCLI_CACHE": "off", "PYTHONSAFEPATH": "1"},
    )
    assert done.returncode == code
    assert done.stdout.startswith(stdout)
    assert done.stderr.startswith(stderr)
    assert "Traceback" not in done.stderr


#: Somebody interrupts while the program is loaded, or when all is done but the very last.
INTERRUPTED = """\
import sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
    def flush(self):
        raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from ledgercli.cli import command
if {at_end}:
    sys.stderr = Interrupted()
command()
"""


@pytest.mark.parametrize(("module", "at_end"), [("ledgercli.cli.app", False), ("", True)])
def test_who_interrupts_early_or_late_sees_no_traceback(module: str, at_end: bool) -> None:  # noqa: FBT001 - a parameter of the test
    code = INTERRUPTED.format(module=module, at_end=at_end)
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"LEDGERCLI_CACHE": "off", "PYTHONSAFEPATH": "1"},
    )
    assert (done.returncode, done.stderr) == (130, "")
