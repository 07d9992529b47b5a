"""What the provider's answer means for the attempt. It decides whether an alert is tried again, and how."""

from campanile_channel import (
    ContentRefused,
    Misconfigured,
    RateLimited,
    Receipt,
    Rejected,
    Response,
    Transient,
    text,
)


def read(response: Response) -> Receipt:
    """What the provider has.

    Raises:
        Failure: It does not have the message.
    """
    words = text.truncate(text.one_line(response.text()), 200)
    detail = f"the provider answered {response.status}: {words}"
    match response.status:
        case status if 200 <= status < 300:
            body = response.json()
            return Receipt(message_id=str(body.get("id", "")) if isinstance(body, dict) else "")
        case 429:
            raise RateLimited(_milliseconds(response), detail)
        case 400 | 413 | 422:
            raise ContentRefused(detail)
        case 401 | 403 | 404:
            raise Misconfigured(detail)
        case 408 | 425:
            raise Transient(detail)
        case status if status >= 500:
            raise Transient(detail)
        case _:
            raise Rejected(detail)


def _milliseconds(response: Response) -> int:
    """What `retry-after` says; 0 if it says nothing: the host then waits longer each time."""
    seconds = response.header("retry-after") or ""
    return int(seconds) * 1000 if seconds.isascii() and seconds.isdigit() else 0
