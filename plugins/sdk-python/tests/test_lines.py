"""What is printed and what is raised, as lines of a log."""

import unittest

from campanile_channel import trace
from campanile_channel.lines import Lines


class Printed(unittest.TestCase):
    def test_lines_are_handed_on_when_they_are_complete(self) -> None:
        lines: list[str] = []
        stream = Lines(lines.append)
        print("one", end="", file=stream)
        self.assertEqual(lines, [])
        print(" line\n\nanother\nrest", end="", file=stream)
        self.assertEqual(lines, ["one line", "another"])
        stream.flush()
        stream.flush()
        self.assertEqual(lines, ["one line", "another", "rest"])


class Raised(unittest.TestCase):
    def test_the_trace_says_what_and_where(self) -> None:
        try:
            int("x")
        except ValueError as error:
            what, where = trace.lines(error)
        self.assertEqual(what, "ValueError: invalid literal for int() with base 10: 'x'")
        self.assertRegex(where, r"test_lines\.py, line \d+, in Raised\.test_the_trace")
