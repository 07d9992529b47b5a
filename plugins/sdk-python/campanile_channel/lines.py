"""A stream that hands on what is written to it line by line."""

import io
from collections.abc import Callable


class Lines(io.TextIOBase):
    """Takes text, gives lines without their ends; blank ones are left out."""

    def __init__(self, take: Callable[[str], None]) -> None:
        """Makes a stream that calls `take` for each line."""
        self._take = take
        self._rest = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Takes `text`, and hands on the lines that are complete."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._hand_on(line)
        return len(text)

    def flush(self) -> None:
        """Hands on what has no line end yet."""
        rest, self._rest = self._rest, ""
        self._hand_on(rest)

    def _hand_on(self, line: str) -> None:
        if line.strip():
            self._take(line)
