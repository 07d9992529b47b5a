"""The text of HTML, for providers that show none."""

import re
from html.parser import HTMLParser

# Elements that stand on lines of their own.
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section"
    " table tr ul".split()
)
# Elements whose content is not for people.
_HIDDEN = frozenset(("head", "script", "style", "template", "title"))


def to_plain(html: str) -> str:
    """The text that a browser would show, each block on lines of its own. Line ends count as written, as in Telegram's HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return re.sub("\n{3,}", "\n\n", "".join(reader.pieces)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self._apart()
        elif tag in _BLOCKS:
            self._end_line()
            self.pieces.append("• " if tag == "li" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)

    def _last(self) -> str:
        return next((piece for piece in reversed(self.pieces) if piece), "\n")

    def _end_line(self) -> None:
        if not self._last().endswith("\n"):
            self.pieces.append("\n")

    def _apart(self) -> None:
        """Cells of a row are words of a line."""
        if not self._last()[-1].isspace():
            self.pieces.append(" ")
