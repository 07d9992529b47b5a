"""Requests and answers, and why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campanile_channel import jsontext
from campanile_channel.failure import ContentRefused, Failure, Misconfigured, Rejected, Transient


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it is handed to the host, which checks it against the channel's `allow` list."""

    method: str
    """`GET`, `POST`, `PUT`, `PATCH` or `DELETE`."""
    url: str
    """Absolute URL. May contain references from `Host.reference` where they were declared."""
    headers: tuple[tuple[str, str], ...] = ()
    """Names and values. `host`, `content-length` and the other headers of the connection are the host's."""
    body: bytes = b""
    """At most 1 MiB."""
    timeout_ms: int = 0
    """Milliseconds to wait for the whole answer; 0 for the host's own limit."""

    def header(self, name: str) -> str | None:
        """The first header `name` (in lower case), if it is there."""
        return _first(self.headers, name)

    def json(self) -> Any:
        """The body as JSON; `None` if it is not JSON."""
        return jsontext.read(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Any answer of the server, whatever its status. Redirects are not followed."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order received."""
    body: bytes = b""
    """At most 1 MiB. Values of secrets are masked here and in `headers`."""

    def header(self, name: str) -> str | None:
        """The first header `name` (in lower case), if it is there."""
        return _first(self.headers, name)

    def json(self) -> Any:
        """The body as JSON; `None` if it is not JSON."""
        return jsontext.read(self.body)

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((value for header, value in headers if header == name), None)


class SendReason(StrEnum):
    """Why there is no answer."""

    DENIED = "denied"
    """The host refused: not granted, a forbidden address, a secret in the wrong place."""
    TIMEOUT = "timeout"
    """No complete answer in time."""
    TOO_LARGE = "too-large"
    """Request or answer larger than allowed."""
    NETWORK = "network"
    """No connection, or it broke."""
    INVALID = "invalid"
    """Not a valid request."""


class SendError(Exception):
    """There is no answer. If a plugin does not catch it, the host hears `failure()`."""

    def __init__(self, reason: SendReason, detail: str = "", *, request_sent: bool) -> None:
        """Makes an error.

        Args:
            reason: What went wrong.
            detail: The host's words for `DENIED`, `NETWORK` and `INVALID`; empty for the others.
            request_sent: Whether the provider may have seen the request. If so, the message may have been delivered.
        """
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.request_sent = request_sent

    def failure(self) -> Failure:
        """What it means for the attempt."""
        match self.reason:
            case SendReason.DENIED:
                return Misconfigured(self.detail)
            case SendReason.INVALID:
                return Rejected(f"invalid request: {self.detail}")
            case SendReason.TOO_LARGE if not self.request_sent:
                # A request that did not leave carries too much: a simpler presentation may fit.
                return ContentRefused("the request is too large")
            case SendReason.TOO_LARGE:
                return Transient("the answer is too large")
            case SendReason.TIMEOUT:
                return Transient("no answer in time")
            case SendReason.NETWORK:
                return Transient(self.detail)
