"""Channel plugin: opens alerts in PagerDuty through the Events API v2, and resolves them.

PagerDuty joins events with the same `dedup_key`: a second trigger adds to the open alert, a resolve closes it. So an event
that is sent twice, because the first one had no answer, is one alert all the same.

What is sent, what the answer means and the settings are apart, so that each can be tested without the others.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from campanile_channel import Attempt, Channel, Host, Notification, Receipt, export
from campanile_pagerduty import answer, event
from campanile_pagerduty.settings import Settings

USER_AGENT: Final = "Campanile/0.1.0"
DESCRIPTION: Final = (Path(__file__).parent.parent / "describe.json").read_text(encoding="utf-8")


class PagerDuty(Channel[Settings]):
    """The plugin."""

    description = DESCRIPTION

    def settings(self, given: Mapping[str, Any]) -> Settings:
        """The settings, with their defaults."""
        return Settings.read(given)

    def deliver(self, notification: Notification, settings: Settings, attempt: Attempt, host: Host) -> Receipt:
        """Triggers an alert, or resolves the one that was told earlier."""
        routing_key = host.reference("routing-key")
        if attempt.earlier is None:
            dedup_key = event.dedup_key(notification, settings.incident_per)
            body = event.trigger(notification, settings, attempt.presentation, dedup_key, routing_key)
        else:
            dedup_key = attempt.earlier.message_id or event.dedup_key(notification, settings.incident_per)
            body = event.resolve(dedup_key, routing_key)
        headers = {"content-type": "application/json", "user-agent": USER_AGENT}
        response = host.send("POST", f"{settings.api_url}/v2/enqueue", headers=headers, body=body)
        return Receipt(message_id=answer.read(response) or dedup_key)


Plugin = export(PagerDuty)
