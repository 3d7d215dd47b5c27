"""What the package brings for shells: man pages, English and Chinese, and completion scripts.

``python tools/shell_files.py`` writes them into ``share/``, ``--check`` fails and names those that
do not fit the code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ledgercli.cli import completing, manual
from ledgercli.output import language

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "share"
#: Where ``man`` looks for the pages of a language.
LANGUAGES = {"en": "man/man1", "zh": "man/zh_CN/man1"}


def files() -> dict[str, str]:
    """Return the text of every file by its path below ``share``."""
    made = {
        "bash-completion/completions/ledgercli": completing.script("bash") + "\n",
        "fish/vendor_completions.d/ledgercli.fish": completing.script("fish") + "\n",
        "zsh/site-functions/_ledgercli": _for_zsh(completing.script("zsh")),
    }
    os.environ["COLUMNS"] = "80"
    for name, folder in LANGUAGES.items():
        language.install(name)
        made |= {f"{folder}/{page}": text for page, text in manual.pages().items()}
    language.install(language.ORIGINAL)
    return made


def _for_zsh(script: str) -> str:
    """Return the script as a function that zsh loads when it is first wanted, and runs then."""
    lines = [line for line in script.splitlines() if not line.startswith("compdef ")]
    return "\n".join([*lines, '_ledgercli_completion "$@"']).rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the files, or check them; return the exit code."""
    check = "--check" in arguments
    made = files()
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    stale = sorted(there - made.keys())
    for name, text in made.items():
        path = FOLDER / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"share/{name}: {'does not fit the code' if check else 'written'}")
    for name in () if check else there - made.keys():
        (FOLDER / name).unlink()
    if check and stale:
        print("python tools/shell_files.py writes them anew")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
