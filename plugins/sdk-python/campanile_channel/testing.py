"""A host for tests of a plugin, in any Python: answers from a script, and keeps what was asked."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Self

from campanile_channel import jsontext
from campanile_channel.channel import Channel, make_attempt
from campanile_channel.failure import UnsetSecret
from campanile_channel.host import Host
from campanile_channel.http import Request, Response, SendError, SendReason
from campanile_channel.types import Attempt, Level, Notification, Receipt, Severity, TextFormat


class ScriptedHost(Host):
    """Answers requests from a script, in order.

    Its `secrets` give the placeholder `SECRET-NAME`; any other name has no value.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Makes a host with these secrets (names, and `NAME.PART`s) and no answers yet."""
        self.secrets = frozenset(secrets)
        self.answers: deque[Response | SendError] = deque()
        """The answers still to give; when there is none left, sending fails as a lost connection."""
        self.requests: list[Request] = []
        """The requests made, in order."""
        self.lines: list[str] = []
        """The lines logged, each `LEVEL: MESSAGE`."""

    def answer(
        self, status: int, headers: Mapping[str, str] | None = None, body: str | bytes = b"", *, json: Any = None
    ) -> Self:
        """Adds an answer; `json` is sent in place of `body` if it is given."""
        content = body.encode() if isinstance(body, str) else body
        content = content if json is None else jsontext.write(json)
        self.answers.append(Response(status=status, headers=tuple((headers or {}).items()), body=content))
        return self

    def fail(self, reason: SendReason, detail: str = "", *, request_sent: bool) -> Self:
        """Adds a request that gets no answer."""
        self.answers.append(SendError(reason, detail, request_sent=request_sent))
        return self

    def exchange(self, request: Request) -> Response:
        """Keeps `request` and gives the next answer."""
        self.requests.append(request)
        if not self.answers:
            raise SendError(SendReason.NETWORK, "the script has no more answers", request_sent=False)
        answer = self.answers.popleft()
        if isinstance(answer, SendError):
            raise answer
        return answer

    def reference(self, name: str) -> str:
        """`SECRET-NAME`."""
        if name not in self.secrets:
            raise UnsetSecret(f"the secret `{name}` of this channel has no value")
        return f"SECRET-{name}"

    def log(self, level: Level, message: str) -> None:
        """Keeps the line."""
        self.lines.append(f"{level}: {message}")


NOTIFICATION = Notification(
    event_id="01a20694-3550-7cc3-98c4-000000000001",
    device_id="home-heating",
    status="INACTIVE",
    severity=Severity.CRITICAL,
    title="home-heating: INACTIVE",
    body="home-heating changed from ACTIVE to INACTIVE at 2026-11-23 04:05:06 UTC.",
    body_format=TextFormat.TEXT,
    occurred_at="2026-11-23T04:05:06Z",
    fields=(),
    event_json='{"device_id":"home-heating","status":"INACTIVE"}',
)
"""An alert. `notification` makes others of it."""

ATTEMPT = Attempt(delivery_id="home-heating:01a20694-3550-7cc3-98c4-000000000001:ops")
"""A first attempt. `attempt` makes others of it."""


def notification(**changes: Any) -> Notification:
    """`NOTIFICATION` with other values in the fields named."""
    return replace(NOTIFICATION, **changes)


def attempt(**changes: Any) -> Attempt:
    """`ATTEMPT` with other values in the fields named."""
    return replace(ATTEMPT, **changes)


def deliver(
    channel: Channel[Any],
    host: Host,
    notification: Notification = NOTIFICATION,
    settings: Mapping[str, Any] | None = None,
    attempt: Attempt = ATTEMPT,
) -> Receipt:
    """One attempt as the host has it made, with `settings` as they stand in `campanile.toml`.

    Raises:
        Failure: The attempt did not deliver.
    """
    settings_json = jsontext.write(dict(settings or {})).decode()
    return make_attempt(channel, notification, settings_json, attempt, host)
