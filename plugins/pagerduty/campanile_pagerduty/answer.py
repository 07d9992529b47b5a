"""What PagerDuty's answer to an event means.

https://developer.pagerduty.com/docs/events-api-v2-overview, "Response Codes & Retry Logic"; rate limits:
https://developer.pagerduty.com/docs/events-api-rate-limits.
"""

import math
from typing import Any, Final

from campanile_channel import ContentRefused, Failure, Misconfigured, RateLimited, Rejected, Response, Transient
from campanile_channel.text import one_line, truncate

SENTENCE: Final = 400
"""Most characters of the sentence for the operator."""
ERRORS: Final = 3
"""Most errors of an event that are told."""
LIMITED_MS: Final = 30_000
"""PagerDuty says no time: it asks for "each request being 30 seconds apart". Its window is a minute."""
_LONGEST_MS: Final = 2**32 - 1


def read(response: Response) -> str:
    """The key that PagerDuty has the alert under; empty if the answer does not say.

    Raises:
        Failure: It does not have the event.
    """
    body = response.json()
    if 200 <= response.status < 300:
        key = body.get("dedup_key") if isinstance(body, dict) else None
        return key if isinstance(key, str) else ""
    raise _failure(response, _sentence(response.status, body), _errors(body))


def _failure(response: Response, detail: str, errors: list[str]) -> Failure:
    match response.status:
        case 429:
            return RateLimited(_milliseconds(response), detail)
        case 408 | 425:
            return Transient(detail)
        case status if status >= 500:
            return Transient(detail)
        case 400 if any(_is_about_the_key(error) for error in errors):
            return Misconfigured(f"{detail}; check the secret `routing-key`")
        # An event that breaks a rule, or is too large.
        case 400 | 413 | 422:
            return ContentRefused(detail)
        # Not documented for the Events API: a proxy's, or a service that only resembles it.
        case 401 | 403 | 404:
            return Misconfigured(detail)
        # Redirects are not followed: they would carry the key elsewhere.
        case status if 300 <= status < 400:
            return Misconfigured(f"{detail}; redirects are not followed: check `api-url`")
        case _:
            return Rejected(detail)


def _is_about_the_key(error: str) -> bool:
    """`Length of 'routing_key' is incorrect (should be 32 characters)`, `Invalid routing key`."""
    return "routing_key" in error or "routing key" in error.lower()


def _milliseconds(response: Response) -> int:
    """How long to wait. A date is no use without a clock."""
    try:
        seconds = float(response.header("retry-after") or "")
    except ValueError:
        return LIMITED_MS
    if not seconds > 0:
        return LIMITED_MS
    return _LONGEST_MS if seconds * 1000 >= _LONGEST_MS else math.ceil(seconds * 1000)


def _sentence(status: int, body: Any) -> str:
    """Status and PagerDuty's own words: the API's `message` and `errors`."""
    sentence = f"PagerDuty answered {status}"
    message = body.get("message") if isinstance(body, dict) else None
    if isinstance(message, str) and message:
        sentence += f": {message}"
    for error in _errors(body)[:ERRORS]:
        sentence += f"; {error}"
    return truncate(one_line(sentence), SENTENCE)


def _errors(body: Any) -> list[str]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, str)] if isinstance(errors, list) else []
