#!/usr/bin/env python3
"""Checks the sizes of Rust files and functions; prints the figures and what is too large.

Everything counts: tests in the same file and in folders of their own, documentation and blank lines. So nothing gets
smaller by being moved. A function reaches from its `fn` to its closing brace. The reader relies on rustfmt: the brace
that closes a function stands alone, as far in as the function begins.
"""

import math
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

FILE_MEDIAN = 140
FILE_P90 = 400
FILE_MAX = 500
FUNCTION_P90 = 25
FUNCTION_MAX = 70
MAIN_MAX = 40

# What may hold text that looks like code. A quote that opens no character literal begins a lifetime and stays.
OPAQUE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(?P<hashes>\#*)".*?"(?P=hashes)|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^'\n]*|[^'\\\n])'""",
    re.DOTALL,
)
QUALIFIER = r"(?:pub(?:\([^)]*\))?|default|const|async|unsafe|extern) +"
FUNCTION = re.compile(rf"^(?P<indent> *)(?:{QUALIFIER})*fn (?P<name>\w+)")


class Function(NamedTuple):
    name: str
    line: int
    length: int


def functions(source: str) -> list[Function]:
    """The functions with a body in `source`, nested ones too."""
    lines = OPAQUE.sub(lambda match: "\n" * match[0].count("\n"), source).split("\n")
    found = []
    for start, line in enumerate(lines):
        if match := FUNCTION.match(line):
            end = closing_line(lines, start, match["indent"])
            if end is not None:
                found.append(Function(match["name"], start + 1, end - start + 1))
    return found


def closing_line(lines: list[str], start: int, indent: str) -> int | None:
    """The line that ends the function beginning at `start`; none if it has no body."""
    for number in range(start, len(lines)):
        line = lines[number].rstrip()
        if line.endswith(";") and line.count("{") == line.count("}"):
            return None
        if line.endswith("}"):
            return number
        if line.endswith("{"):
            return next((end for end in range(number, len(lines)) if lines[end].rstrip() == indent + "}"), None)
    return None


def quantile(lengths: list[int], share: float) -> int:
    """The smallest length that `share` of `lengths` do not exceed."""
    return sorted(lengths)[math.ceil(share * len(lengths)) - 1] if lengths else 0


def offences(sources: dict[str, str]) -> tuple[str, list[str]]:
    """The figures as text, and what is over the budget."""
    files = {path: len(source.splitlines()) for path, source in sources.items()}
    all_functions = [(path, function) for path, source in sources.items() for function in functions(source)]
    lengths = [function.length for _, function in all_functions]
    sizes = list(files.values())
    median, p90, function_p90 = quantile(sizes, 0.5), quantile(sizes, 0.9), quantile(lengths, 0.9)
    over = [f"{path}: {size} lines, at most {FILE_MAX}" for path, size in files.items() if size > FILE_MAX]
    over += [
        f"{path}: {size} lines, at most {MAIN_MAX}"
        for path, size in files.items()
        if path.endswith("src/main.rs") and size > MAIN_MAX
    ]
    over += [
        f"{path}:{function.line}: `{function.name}` has {function.length} lines, at most {FUNCTION_MAX}"
        for path, function in all_functions
        if function.length > FUNCTION_MAX
    ]
    for what, value, budget in [
        ("the median of files", median, FILE_MEDIAN),
        ("90 % of files", p90, FILE_P90),
        ("90 % of functions", function_p90, FUNCTION_P90),
    ]:
        if value > budget:
            over.append(f"{what}: {value} lines, at most {budget}")
    figures = (
        f"{len(sizes)} files: median {median} lines, 90 % up to {p90}, longest {max(sizes, default=0)}\n"
        f"{len(lengths)} functions: median {quantile(lengths, 0.5)} lines, 90 % up to {function_p90}, "
        f"longest {max(lengths, default=0)}"
    )
    return figures, over


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.rs"]
    paths = subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    sources = {path: (root / path).read_text(encoding="utf-8") for path in paths if path and (root / path).is_file()}
    figures, over = offences(sources)
    print(figures)
    for offence in over:
        print(f"too large: {offence}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
