"""Plain text within a provider's limits. Lengths are Unicode code points, which is what `len` counts."""

import re

from campanile_channel.htmltext import to_plain
from campanile_channel.types import TextFormat

ELLIPSIS = "…"
"""Ends a text that was cut."""

_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNREADABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# The list follows `strip_empty_characters` of TDLib (`td/telegram/misc.cpp`).
_INVISIBLE = re.compile("[\u180e\u200b-\u200f\u2800\ufeff\ufffc]")


def truncate(text: str, limit: int) -> str:
    """`text` cut to at most `limit` code points, ending in `…` if anything was cut."""
    if len(text) <= limit:
        return text
    return text[: limit - 1] + ELLIPSIS if limit > 0 else ""


def clean(text: str) -> str:
    """`text` without characters that only machines read.

    Line ends of every kind become `\\n`, other control characters U+FFFD. Marks that change the direction of the text after
    them are left out, as they could make one device's text rearrange the words around it.
    """
    return _UNREADABLE.sub("\ufffd", _DIRECTION.sub("", _LINE_END.sub("\n", text)))


def one_line(text: str) -> str:
    """`text` as one line: `clean`, with single spaces in place of white space."""
    return " ".join(clean(text).split())


def is_blank(text: str) -> bool:
    """Whether nobody could see anything of `text`: only white space and characters without width."""
    return not _INVISIBLE.sub("", text).strip()


def plain(text: str, text_format: TextFormat) -> str:
    """`text` without any markup, cleaned, whatever its format."""
    return clean(to_plain(text) if text_format is TextFormat.HTML else text).strip()
