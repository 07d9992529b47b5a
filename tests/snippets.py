#!/usr/bin/env python3
"""Checks that the code shown in documentation is code of this repository, which other tests compile and run.

A block whose first line is "```LANGUAGE FILE" must be an excerpt of FILE: the same lines, together, as far in as the block likes. FILE
is looked for beside the page, then from the root of the repository. On the pages of `TUTORIALS` every block in a language of `COMPILED`
has to say where it is from.
"""

import re
import subprocess
import textwrap
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["docs/*.md", "plugins/*/README.md", "plugins/scaffolds/*/README.md"]
TUTORIALS = ["docs/writing-a-plugin.md"]
COMPILED = {"rust", "javascript", "js", "python", "json"}

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)(?: +(?P<file>\S+))?\s*$")


class Block(NamedTuple):
    line: int
    language: str
    file: str
    code: str


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    lines = page.split("\n")
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        number += 1
        if not opening:
            continue
        begin = number
        closing = re.compile(rf"^ *{opening['ticks']}`*\s*$")
        while number < len(lines) and not closing.match(lines[number]):
            number += 1
        code = textwrap.dedent("\n".join(lines[begin:number]))
        yield Block(begin, opening["language"], opening["file"] or "", code)
        number += 1


def is_excerpt(code: str, source: str) -> bool:
    """Whether the lines of `code` stand together in `source`, all of them as far in as there or all by the same less."""
    wanted = code.strip("\n").split("\n")
    if not any(line.strip() for line in wanted):
        return False
    lines = source.split("\n")
    for start in range(len(lines) - len(wanted) + 1):
        piece = textwrap.dedent("\n".join(lines[start : start + len(wanted)])).split("\n")
        if [line.rstrip() for line in piece] == [line.rstrip() for line in wanted]:
            return True
    return False


def defects(page: Path, root: Path, is_tutorial: bool) -> list[str]:
    """What is wrong with the blocks of a page."""
    found = []
    for block in blocks(page.read_text(encoding="utf-8")):
        place = f"{page.relative_to(root)}:{block.line}"
        if not block.file:
            if is_tutorial and block.language in COMPILED:
                found.append(f"{place}: say which file this is from: ```{block.language} FILE")
            continue
        source = next((path for path in (page.parent / block.file, root / block.file) if path.is_file()), None)
        if source is None:
            found.append(f"{place}: there is no {block.file}")
        elif not is_excerpt(block.code, source.read_text(encoding="utf-8")):
            found.append(f"{place}: not an excerpt of {block.file}")
    return found


def pages() -> list[Path]:
    """The pages that are kept, and those that will be."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *(f":(glob){page}" for page in PAGES)]
    paths = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / path for path in paths if path and (ROOT / path).is_file()]


class Pages(unittest.TestCase):
    def test_every_marked_block_is_an_excerpt_of_its_file(self) -> None:
        tutorials = [ROOT / page for page in TUTORIALS]
        for page in pages():
            with self.subTest(page=page.name):
                self.assertEqual(defects(page, ROOT, page in tutorials), [])

    def test_the_tutorials_show_code(self) -> None:
        for page in TUTORIALS:
            marked = [block for block in blocks((ROOT / page).read_text(encoding="utf-8")) if block.file]
            self.assertGreaterEqual(len(marked), 5, page)


class Checker(unittest.TestCase):
    SOURCE = "fn a() {\n    one();\n    two();\n}\n"

    def test_an_excerpt_may_stand_further_out(self) -> None:
        for code in [self.SOURCE, "one();\ntwo();", "    one();\n    two();", "two();"]:
            self.assertTrue(is_excerpt(textwrap.dedent(code), self.SOURCE), code)

    def test_what_is_not_in_the_file_is_found(self) -> None:
        for code in ["", "\n", "three();", "one();\n\ntwo();", "two();\none();", "fn a() {\n  one();", "one()"]:
            self.assertFalse(is_excerpt(code, self.SOURCE), code)

    def test_blocks_are_read_as_a_browser_shows_them(self) -> None:
        page = "a\n```rust src/a.rs\none();\n```\n````md\n```rust\n````\n```sh\nls\n```\n- b\n  ```json x.json\n  {\n    1\n  ```\n"
        found = [(block.line, block.language, block.file, block.code) for block in blocks(page)]
        expected = [
            (2, "rust", "src/a.rs", "one();"),
            (5, "md", "", "```rust"),
            (8, "sh", "", "ls"),
            (12, "json", "x.json", "{\n  1"),
        ]
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
