"""A host with the secret, and what was sent."""

from typing import Any

from campanile_channel import Attempt, Notification, Receipt
from campanile_channel.testing import ATTEMPT, NOTIFICATION, ScriptedHost, deliver
from campanile_pagerduty import PagerDuty

ACCEPTED = {"status": "success", "message": "Event processed", "dedup_key": "campanile:home-heating"}


def host() -> ScriptedHost:
    return ScriptedHost(["routing-key"])


def sent(
    notification: Notification = NOTIFICATION, settings: dict[str, Any] | None = None, attempt: Attempt = ATTEMPT
) -> tuple[Receipt, dict[str, Any]]:
    """The receipt, and the event that PagerDuty has accepted."""
    scripted = host().answer(202, json=ACCEPTED)
    receipt = deliver(PagerDuty(), scripted, notification, settings, attempt)
    [request] = scripted.requests
    event: dict[str, Any] = request.json()
    return receipt, event
