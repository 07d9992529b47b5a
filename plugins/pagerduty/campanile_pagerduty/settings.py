"""The channel's settings, as `describe.json` describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

API_URL: Final = "https://events.pagerduty.com"
"""Of the region US; the other one is in https://support.pagerduty.com/main/docs/service-regions, "API Access URLs"."""


class IncidentPer(StrEnum):
    """What shares an alert in PagerDuty."""

    DEVICE = "device"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a channel that the host has checked against the schema."""

    api_url: str
    """Without a slash at the end."""
    incident_per: IncidentPer
    client: str
    client_url: str | None
    component: str | None
    group: str | None
    event_class: str | None
    """By default the status."""
    links: tuple[dict[str, str], ...]
    images: tuple[dict[str, str], ...]
    attach_event: bool

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """The settings of `given`, with their defaults."""
        return cls(
            api_url=given.get("api-url", API_URL).rstrip("/"),
            incident_per=IncidentPer(given.get("incident-per", "device")),
            client=given.get("client", "Campanile"),
            client_url=given.get("client-url"),
            component=given.get("component"),
            group=given.get("group"),
            event_class=given.get("class"),
            links=tuple(given.get("links", ())),
            images=tuple(given.get("images", ())),
            attach_event=given.get("attach-event", True),
        )
