"""JSON of strangers: reading it must not break the plugin, whatever is in it."""

import json
from typing import Any

DEPTH = 200
"""Most objects and arrays inside each other. CPython reads nested JSON with the stack of the sandbox, 512 KiB, and breaks at
about 1500 levels, without an exception; the host itself reads no event of more than 128."""


def read(text: str | bytes) -> Any:
    """`text` as Python has it; `None` if it is no JSON, is nested deeper than `DEPTH`, or has a number of too many digits.

    Bytes are UTF-8; what is not is replaced.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if _is_deep(text):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def write(value: Any) -> bytes:
    """`value` as JSON without blanks, in UTF-8.

    Raises:
        ValueError: There is a NaN or an infinity in it, which JSON has not.
        TypeError: There is something in it that JSON has no form for.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Half of a surrogate pair is no text; `json.loads` makes one of the escape `\ud800`.
    return text.encode("utf-8", "replace")


def _is_deep(text: str) -> bool:
    """Whether there may be more than `DEPTH` levels. Brackets inside strings count, as long as there are few of them."""
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    depth, is_string, is_escaped = 0, False, False
    for character in text:
        if is_string:
            is_string = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif character == '"':
            is_string = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH:
                return True
        elif character in "]}":
            depth -= 1
    return False
