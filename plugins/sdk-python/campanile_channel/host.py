"""The host as a plugin sees it: an abstract class, so that plugins are tested in any Python."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from campanile_channel import jsontext
from campanile_channel.http import Request, Response
from campanile_channel.types import Level


class _Absent(Enum):
    """`None` is JSON too."""

    ABSENT = "absent"


class Host(ABC):
    """The host's functions."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
        json: Any = _Absent.ABSENT,
        timeout_ms: int = 0,
    ) -> Response:
        """Sends a request and returns the answer, whatever its status.

        Args:
            method: `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
            url: Absolute, with references to secrets where the description says they may stand.
            headers: Names in lower case. The content type of `json` and of text is added if it is not among them.
            body: Bytes as they are, or text, sent as UTF-8.
            json: What to send as JSON, in place of `body`.
            timeout_ms: Milliseconds to wait for the whole answer; 0 for the host's own limit, 15 s.

        Raises:
            SendError: There is no answer.
        """
        content, content_type = _content(body, json)
        named = dict(headers or {})
        if content_type:
            named.setdefault("content-type", content_type)
        request = Request(method=method, url=url, headers=tuple(named.items()), body=content, timeout_ms=timeout_ms)
        return self.exchange(request)

    @abstractmethod
    def exchange(self, request: Request) -> Response:
        """Sends a request that is complete, and returns the answer, whatever its status.

        Raises:
            SendError: There is no answer.
        """

    @abstractmethod
    def reference(self, name: str) -> str:
        """A fresh placeholder for the secret `name` (or its part, `NAME.PART`), good for one request.

        Raises:
            UnsetSecret: The channel has no value for it.
            UndeclaredSecret: The description does not name it.
        """

    @abstractmethod
    def log(self, level: Level, message: str) -> None:
        """Writes a line to the log that is shown beside the attempt."""


JSON_TYPE: Final = "application/json"
TEXT_TYPE: Final = "text/plain; charset=utf-8"


def _content(body: str | bytes, json: Any) -> tuple[bytes, str]:
    if json is not _Absent.ABSENT:
        if body:
            raise ValueError("`body` and `json`: a request has one of them")
        return jsontext.write(json), JSON_TYPE
    if isinstance(body, str):
        return body.encode("utf-8", "replace"), TEXT_TYPE
    return body, ""
