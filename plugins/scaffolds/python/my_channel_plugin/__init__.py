"""Channel plugin: posts notifications as JSON to a URL.

`deliver` makes one attempt. Start with what your provider wants to be sent (`message`) and with what its answers mean
(`answer.py`).
"""

from pathlib import Path
from typing import Any, TypedDict

from campanile_channel import Attempt, Channel, Host, Notification, Presentation, Receipt, UnsetSecret, export, text
from my_channel_plugin import answer

TEXT = 1000
"""Most characters of a text. Write down where your provider says so: https://example.com/limits."""


class Settings(TypedDict):
    """The channel's settings, as `describe.json` describes them."""

    url: str


class MyChannel(Channel[Settings]):
    """The plugin."""

    description = (Path(__file__).parent.parent / "describe.json").read_text(encoding="utf-8")

    def deliver(self, notification: Notification, settings: Settings, attempt: Attempt, host: Host) -> Receipt:
        """Posts the message."""
        # The same on every attempt, so that a message that is sent again is shown once, if the provider minds the key.
        headers = {"idempotency-key": attempt.delivery_id}
        try:
            headers["authorization"] = f"Bearer {host.reference('token')}"
        except UnsetSecret:
            pass  # It is optional.
        body = message(notification, attempt.presentation)
        return answer.read(host.send("POST", settings["url"], headers=headers, json=body))


def message(notification: Notification, presentation: Presentation) -> dict[str, Any]:
    """What is sent. The simpler presentations are for content that the provider has refused."""
    made: dict[str, Any] = {"title": text.one_line(notification.title)}
    if presentation is not Presentation.MINIMAL:
        made["text"] = text.truncate(text.plain(notification.body, notification.body_format), TEXT)
    if presentation is Presentation.RICH:
        made["severity"] = notification.severity
        made["fields"] = {field.name: field.value for field in notification.fields}
    return made


Plugin = export(MyChannel)
