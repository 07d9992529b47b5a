#!/usr/bin/env python3
"""Runs the blocks of docs/export.md and compares what they print with what the page shows.

Blocks of `sh` and `python` are run in the page's order, in a folder of their own with the sample configuration, the template, the examples
and the plugins; those of `python` share their variables. A block of `text` right after one is what it prints. Ends with 1 and a difference if
something else comes out.

Usage: tests/notebook.py [--write] BINARIES PLUGINS

  BINARIES  The folder of `campanile` and `bootstrap`.
  PLUGINS   The folder of the plugins' components, as cargo builds them.
  --write   Puts what is printed into the page, instead of comparing it.

Needs pandas, pyarrow and duckdb, which tests/run installs. Nothing is sent: `campanile send` catches what plugins send.
"""

import contextlib
import difflib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/export.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)

# No command of the page takes longer, on however slow a machine.
PATIENCE = 300


def project(folder: Path, plugins: Path) -> None:
    """What a checkout has, as far as the page needs it."""
    shutil.copy(ROOT / "campanile.toml", folder)
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/template.yaml", folder / "deploy")
    (folder / "plugins").mkdir()
    for plugin in ("telegram", "discord"):
        shutil.copy(plugins / f"campanile_{plugin}.wasm", folder / "plugins" / f"{plugin}.wasm")


def shell(code: str, environment: dict[str, str]) -> str:
    # The function ends with an error for what it has no message of, which is no matter here; the last command counts.
    command = ["bash", "-u", "-c", code]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    if ended.returncode != 0:
        raise SystemExit(f"{code}ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def python(code: str, variables: dict) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(PAGE), "exec"), variables)
    # Editors take blanks at the ends of lines away.
    return "".join(line.rstrip() + "\n" for line in printed.getvalue().rstrip("\n").split("\n")) if printed.getvalue() else ""


def run(page: str, environment: dict[str, str]) -> tuple[str, int]:
    """The page with what its blocks print, and how many there are."""
    variables = {"__name__": "notebook"}
    count = 0

    def ran(block: re.Match) -> str:
        nonlocal count
        count += 1
        language, code, _ = block.groups()
        printed = shell(code, environment) if language == "sh" else python(code, variables)
        shown = f"\n```text\n{printed}```\n" if printed else ""
        return f"```{language}\n{code}```\n{shown}"

    return BLOCK.sub(ran, page), count


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    if len(arguments) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    binaries, plugins = (Path(argument).resolve(strict=True) for argument in arguments)
    environment = {"PATH": f"{binaries}:/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "120"}
    page = PAGE.read_text()
    with tempfile.TemporaryDirectory() as folder:
        project(Path(folder), plugins)
        os.chdir(folder)
        ran, count = run(page, environment)
        os.chdir(ROOT)
    if count == 0:
        print("no blocks")
        return 1
    if "--write" in sys.argv:
        PAGE.write_text(ran)
    elif ran != page:
        sys.stdout.writelines(difflib.unified_diff(
            page.splitlines(keepends=True), ran.splitlines(keepends=True), str(PAGE.relative_to(ROOT)), "what it prints"))
        return 1
    print(f"{count} blocks print what is shown")
    return 0


if __name__ == "__main__":
    sys.exit(main())
