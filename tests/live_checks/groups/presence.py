"""What AWS IoT says of clients that come and go: the documents that the template's rules for presence read, and that the local
broker writes (`host/broker/src/presence.rs`)."""

import time
from collections.abc import Callable
from typing import Any

from .. import compare, device, permissions, rules
from ..mqtt import Client, Identity
from ..plan import Plan
from ..run import Run

NAME = "presence"
SUMMARY = "what is said of clients that connect, leave, and are replaced"
NEEDS_STACK = False
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.ENDPOINT, permissions.ROLES, permissions.RULES, permissions.CERTIFICATES, permissions.OPERATOR
)
BOTH = {
    "clientId": "text",
    "timestamp": "number",
    "eventType": "text",
    "sessionIdentifier": "text",
    "principalIdentifier": "text",
    "versionNumber": "number",
}
SHAPES = {
    "connected": BOTH | {"ipAddress": "text"},
    "disconnected": BOTH | {"clientInitiatedDisconnect": "boolean", "disconnectReason": "text"},
}
GOODBYE, REPLACED = "CLIENT_INITIATED_DISCONNECT", "DUPLICATE_CLIENTID"


def plan(_run: Run) -> Plan:
    """A rule on the events of one client."""
    return Plan(
        makes={"rule": 1, "role": 1, "certificate": 1, "policy": 1, "attachment": 1},
        uses={"message": 400, "rule triggered": 200, "rule action": 200},
        seconds=(20, 360),
    )


def check(run: Run) -> None:
    """A client comes, goes, comes and is replaced."""
    name = run.name("presence")
    role = rules.role(run, "presence", "iot.amazonaws.com", [rules.allow("iot:Publish", rules.topic_arn(run, "out/*"))])
    answer = {"republish": {"roleArn": role, "topic": f"{run.prefix}/out/presence", "qos": 1}}
    rules.create(run, name, f"SELECT * FROM '$aws/events/presence/+/{name}'", [answer])
    identity = rules.operator(run, "presence")
    listener = device.connected(run, identity, run.prefix)
    try:
        if not listener.subscribe(f"{run.prefix}/out/#").accepted:
            raise ConnectionError("can't listen to what the rule says")
        told = Told(run, listener)
        goodbye(run, told, identity, name)
        replaced(run, told, identity, name)
    finally:
        listener.close()


class Told:
    """What was said so far. Events may come twice and in any order."""

    def __init__(self, run: Run, listener: Client) -> None:
        self.run, self.listener = run, listener
        self.events: list[dict[str, Any]] = []

    def of(self, wanted: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any] | None:
        """The first event that is wanted, if it comes in time."""

        def find() -> dict[str, Any] | None:
            while not self.listener.messages.empty():
                self.events.append(compare.read(self.listener.messages.get()[1].decode()))
            return next(filter(wanted, self.events), None)

        return self.run.until(find, seconds=seconds, pause=0.5)  # type: ignore[return-value]


def goodbye(run: Run, told: Told, identity: Identity, name: str) -> None:
    """A client that connects, and says that it goes. It does so until the rule works."""
    since = time.monotonic()

    def both() -> dict[str, Any] | None:
        device.connected(run, identity, name).close()
        return told.of(
            lambda event: event.get("disconnectReason") == GOODBYE and bool(connected(told, event)), seconds=5
        )

    gone = run.until(both)
    if not isinstance(gone, dict):
        run.check(
            NAME, "connected and gone", "two events of one session", compare.write(told.events), False, since=since
        )
        return
    for kind, event in (("connected", connected(told, gone) or {}), ("disconnected", gone)):
        found = compare.shape(event)
        lacking = compare.lacks(SHAPES[kind], found)
        run.check(
            NAME,
            f"{kind}: shape",
            compare.write(SHAPES[kind]),
            "; ".join(lacking) or compare.write(found),
            not lacking,
            since=since,
        )
        run.check(NAME, f"{kind}: eventType", kind, str(event.get("eventType")), event.get("eventType") == kind)
        run.check(NAME, f"{kind}: clientId", name, str(event.get("clientId")), event.get("clientId") == name)
    run.check(
        NAME,
        "a goodbye: clientInitiatedDisconnect",
        "true",
        compare.write(gone.get("clientInitiatedDisconnect")),
        gone.get("clientInitiatedDisconnect") is True,
    )


def connected(told: Told, gone: dict[str, Any]) -> dict[str, Any] | None:
    """The event of the same connection's beginning: the template's rules take the session for the event's id."""
    session = gone.get("sessionIdentifier")
    return next(
        (
            event
            for event in told.events
            if event.get("eventType") == "connected" and event.get("sessionIdentifier") == session
        ),
        None,
    )


def replaced(run: Run, told: Told, identity: Identity, name: str) -> None:
    """A client whose place another one takes is no client that is lost: the template's rule leaves it out by this reason."""
    since = time.monotonic()
    first = device.connected(run, identity, name)
    second = device.connected(run, identity, name)
    event = told.of(lambda event: event.get("disconnectReason") == REPLACED, seconds=60)
    reasons = sorted({str(event["disconnectReason"]) for event in told.events if "disconnectReason" in event})
    run.check(
        NAME,
        "a client that is replaced: disconnectReason",
        REPLACED,
        REPLACED if event else ", ".join(reasons) or "no event",
        event is not None,
        since=since,
    )
    for client in (first, second):
        client.close()
