"""The contract's types, as `wit/channel.wit` has them: what the host hands to a plugin, and what it hears back.

Nothing here does anything, and nothing is about any provider.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from campanile_channel import jsontext


class Severity(StrEnum):
    """How urgent a notification is, from the route that matched the event."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class TextFormat(StrEnum):
    """How a notification's body is written."""

    TEXT = "text"
    """Every character means itself: escape what your provider would interpret."""
    HTML = "html"
    """HTML made by the route's template; values of the event in it are escaped already."""


class Presentation(StrEnum):
    """How elaborate the message may be. The host steps down when the provider refuses the content."""

    RICH = "rich"
    """Everything the provider offers: markup, colours, fields."""
    PLAIN = "plain"
    """Text without any markup."""
    MINIMAL = "minimal"
    """The title and nothing else, without any markup."""


class Level(StrEnum):
    """How much a line of the log matters."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Field:
    """One named fact of the event, ready to show."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What people should read: rendered by the host, the same for all channels of a route.

    All text may contain anything a device sent. At most 8 KiB of title and 64 KiB of body.
    """

    event_id: str
    """The event's key: UUIDv7 from the device, or the trace id of the platform."""
    device_id: str
    """The device that changed state, for example `home-heating`."""
    status: str
    """The state it changed to, for example `INACTIVE`."""
    severity: Severity
    title: str
    """One line of plain text, whatever `body_format` says."""
    body: str
    body_format: TextFormat
    occurred_at: str
    """When the transition happened: RFC 3339, UTC, for example `2026-11-23T04:05:06Z`."""
    fields: tuple[Field, ...]
    """Facts to show beside the body, in this order."""
    event_json: str
    """The event as the device sent it: a JSON object."""

    def event(self) -> dict[str, Any]:
        """The event as an object. Empty if Python can't read it: see `jsontext.read`."""
        event = jsontext.read(self.event_json)
        return event if isinstance(event, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the provider answered on success."""

    message_id: str = ""
    """The provider's id of the message; empty if it gives none."""
    target: str = ""
    """The address it went to, as the provider names it (a chat id); empty if there is just one."""
    warnings: tuple[str, ...] = field(default=())
    """What the operator should know or change, for example a chat that has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Which try of a delivery this is."""

    delivery_id: str
    """The same on every attempt of a delivery: pass it on as idempotency key where the provider has one."""
    number: int = 1
    """1 on the first attempt."""
    presentation: Presentation = Presentation.RICH
    remaining_ms: int = 20_000
    """Milliseconds until the host stops this attempt."""
    resume: str = ""
    """`Failure.resume` of the attempt before this one; empty on the first."""
    earlier: Receipt | None = None
    """The receipt of an earlier message of the same alert that this one should edit, if any."""
