"""Whether what a rule's action got is what was expected: by value, as the conformance cases are meant.

Numbers are equal if their values are, `3` and `3.0`; objects whatever their order. Decimal, not float: digits that a double
has not must not be lost.
"""

import json
from decimal import Decimal
from typing import Any


def read(text: str) -> Any:
    """JSON, with all digits."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same. A boolean is no number, whatever Python thinks."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    numbers = (int, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return one == other
    return type(one) is type(other) and one == other


def output(payload: bytes, expected: Any) -> tuple[bool, str]:
    """Compares what came with what was expected; says how, if the form is not JSON.

    A string that is all of the output may come as it is, without quotes.
    """
    text = payload.decode(errors="replace")
    try:
        return equal(read(text), expected), ""
    except ValueError:
        return text == expected, "as text, without quotes"


def write(value: Any) -> str:
    """Compact JSON, with all digits: `3.0` stays `3.0`."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{write(key)}:{write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def shape(value: Any) -> Any:
    """The keys and types of a document, without its values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool):
        return "boolean"
    names = {str: "text", int: "number", float: "number", Decimal: "number", type(None): "null"}
    return names[type(value)]


def lacks(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where `found`, a shape, has not what `expected` has. More than was expected is no fault: documents grow."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            lack
            for key, inner in expected.items()
            for lack in (lacks(inner, found[key], f"{path}{key}.") if key in found else [f"{path}{key} is missing"])
        ]
    if isinstance(expected, list) and isinstance(found, list):
        if not expected:
            return []
        return lacks(expected[0], found[0], f"{path}0.") if found else [f"{path.rstrip('.')} is empty"]
    if expected == found:
        return []
    return [f"{path.rstrip('.')} is {write(found)}, not {write(expected)}"]
