"""The events: what PagerDuty is sent.

https://developer.pagerduty.com/docs/send-alert-event: the fields and their limits.
"""

import hashlib
from typing import Any, Final

from campanile_channel import ContentRefused, Notification, Presentation, Severity, jsontext
from campanile_channel.text import is_blank, one_line, truncate
from campanile_pagerduty import details
from campanile_pagerduty.settings import IncidentPer, Settings

SUMMARY: Final = 1024
"""Most characters of `payload.summary`."""
DEDUP_KEY: Final = 255
"""Most characters of `dedup_key`."""
EVENT: Final = 512 * 1024
"""Most bytes of an event: https://developer.pagerduty.com/docs/events-api-v2-overview, "Size Limits"."""

# PagerDuty knows four.
_SEVERITIES: Final = {Severity.DEBUG: "info"}


def dedup_key(notification: Notification, incident_per: IncidentPer) -> str:
    """What PagerDuty knows the alert by.

    A summary tells of many devices, and its event names none: it has an alert of its own, whatever `incident_per` says.
    """
    parts = ["campanile", notification.device_id, notification.event_id]
    if incident_per is IncidentPer.DEVICE and not _is_summary(notification):
        parts.pop()
    key = one_line(":".join(parts))
    if len(key) <= DEDUP_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: DEDUP_KEY - len(digest) - 1]}~{digest}"


def _is_summary(notification: Notification) -> bool:
    event = details.event(notification)
    return bool(event) and "device_id" not in event


def trigger(
    notification: Notification, settings: Settings, presentation: Presentation, dedup_key: str, routing_key: str
) -> bytes:
    """Opens an alert, or adds to the one that is open under this key."""
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": dedup_key,
        "payload": _payload(notification),
    }
    if presentation is not Presentation.MINIMAL:
        event["client"] = settings.client
        event["payload"]["custom_details"] = details.message(notification)
    if presentation is Presentation.RICH:
        event |= _surroundings(settings)
        event["payload"] |= _place(notification, settings)
        event["payload"]["custom_details"] = details.rich(notification, settings.attach_event)
    return _fitting(event)


def resolve(dedup_key: str, routing_key: str) -> bytes:
    """Closes the alert. PagerDuty drops it if no alert is open under this key."""
    return jsontext.write({"routing_key": routing_key, "event_action": "resolve", "dedup_key": dedup_key})


def _payload(notification: Notification) -> dict[str, Any]:
    title = one_line(notification.title)
    source = one_line(notification.device_id)
    return {
        # Blank ones are refused: an alert without words is an alert still.
        "summary": truncate(title, SUMMARY) if not is_blank(title) else "Campanile",
        "source": source if not is_blank(source) else "unknown",
        "severity": _SEVERITIES.get(notification.severity, str(notification.severity)),
        "timestamp": notification.occurred_at,
    }


def _place(notification: Notification, settings: Settings) -> dict[str, str]:
    place = {
        "component": settings.component,
        "group": settings.group,
        "class": settings.event_class or one_line(notification.status),
    }
    return {name: value for name, value in place.items() if value}


def _surroundings(settings: Settings) -> dict[str, Any]:
    parts = {"client_url": settings.client_url, "links": list(settings.links), "images": list(settings.images)}
    return {name: value for name, value in parts.items() if value}


def _fitting(event: dict[str, Any]) -> bytes:
    body = jsontext.write(event)
    if len(body) > EVENT:
        raise ContentRefused(f"the event has {len(body)} bytes; PagerDuty takes {EVENT}")
    return body
