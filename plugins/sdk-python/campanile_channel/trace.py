"""What is said of an exception that nobody caught.

The module `traceback` would look for the source files, and a sandbox has none.
"""

from types import TracebackType


def lines(error: BaseException) -> list[str]:
    """Its type and message, and where it was raised: the outermost call first."""
    found = [f"{type(error).__name__}: {error}"]
    place: TracebackType | None = error.__traceback__
    while place is not None:
        code = place.tb_frame.f_code
        found.append(f"  {code.co_filename}, line {place.tb_lineno}, in {code.co_qualname}")
        place = place.tb_next
    return found
