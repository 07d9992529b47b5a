"""`payload.custom_details`: what PagerDuty shows of an alert as a table, and what its rules can match."""

from typing import Any, Final

from campanile_channel import Notification
from campanile_channel.text import clean, is_blank, one_line, plain

EVENT_TEXT: Final = 32 * 1024
"""Most characters of an event that is read: bounds the processor time that a device can cost by its keys."""

MESSAGE: Final = "message"
EVENT: Final = "event"


def message(notification: Notification) -> dict[str, Any]:
    """The message alone."""
    body = plain(notification.body, notification.body_format)
    return {} if is_blank(body) else {MESSAGE: body}


def rich(notification: Notification, attach_event: bool) -> dict[str, Any]:
    """The message, the facts beside it, and the event as the device sent it."""
    found = message(notification)
    found |= {"device_id": notification.device_id, "status": notification.status, "event_id": notification.event_id}
    for field in notification.fields:
        name, value = one_line(field.name), clean(field.value).strip()
        # The names that rules rely on are not a device's to choose.
        if not is_blank(name) and not is_blank(value) and name not in (MESSAGE, EVENT):
            found.setdefault(name, value)
    sent = event(notification) if attach_event else {}
    return found | ({EVENT: sent} if sent else {})


def event(notification: Notification) -> dict[str, Any]:
    """The event as the device sent it; empty if it is too long to be read."""
    return notification.event() if len(notification.event_json) <= EVENT_TEXT else {}
