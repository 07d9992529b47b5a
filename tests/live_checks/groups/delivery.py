"""An alert of a device that is provisioned for it, from its publish to people's phones: told once, kept, and over again.

Real people get real messages, so somebody has to say that this is wanted. The events stay in the event table.
"""

import secrets
import time
from datetime import datetime, timezone
from typing import Any

from .. import compare, device, permissions, tool
from ..mqtt import Client
from ..plan import Plan
from ..run import Run

NAME = "delivery"
SUMMARY = "an alert from a device to people's phones, told once; its recovery; what is no event"
NEEDS_STACK = True
TELLS_PEOPLE = True
PERMISSIONS = permissions.together(
    permissions.LOOKING,
    permissions.ENDPOINT,
    permissions.CERTIFICATES,
    permissions.DEVICES,
    {"*": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]},
)
ENDED = {"delivered", "rejected", "dead-letter"}


def plan(_run: Run) -> Plan:
    """A device, and four messages."""
    return Plan(
        makes={"thing": 1, "certificate": 1, "attachment": 2},
        uses={
            "message": 10,
            "rule triggered": 12,
            "rule action": 12,
            "invocation": 6,
            "table request": 400,
            "registry operation": 4,
        },
        seconds=(40, 900),
        leaves="four messages in the event table, which is for good, and a week's deliveries",
        warning="TELLS PEOPLE: everybody whom the stack's routes name gets an alert, and its recovery",
    )


def event(name: str, number: int, status: str, previous: str) -> dict[str, Any]:
    """What a device publishes."""
    return {
        "event_id": event_id(),
        "device_id": name,
        "status": status,
        "previous": previous,
        "occurred_at": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "seq": number,
        "reading": {"note": "a check by tests/live: nothing is wrong"},
    }


def event_id() -> str:
    """A UUIDv7."""
    value = (
        (int(time.time() * 1000) << 80)
        | (0x7 << 76)
        | (secrets.randbits(12) << 64)
        | (0b10 << 62)
        | secrets.randbits(62)
    )
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def check(run: Run) -> None:
    """The life of an alert."""
    name, identity = device.provisioned(run, "device")
    client = device.connected(run, identity, name)
    try:
        alert = event(name, 1, "INACTIVE", "ACTIVE")
        told = delivered(run, client, alert, "the alert")
        kept(run, name, alert)
        duplicate(run, client, alert, told)
        recovery(run, client, event(name, 2, "ACTIVE", "INACTIVE"))
        no_event(run, client, name)
    finally:
        client.close()


def publish(run: Run, client: Client, message: dict[str, Any]) -> bool:
    """Publishes as a device does."""
    return client.publish(run.stack.topic(client.id), compare.write(message).encode()).accepted


def delivered(run: Run, client: Client, message: dict[str, Any], what: str) -> list[Any]:
    """Publishes an event and waits until its deliveries have ended."""
    since, begun = time.monotonic(), datetime.now(timezone.utc)
    if not publish(run, client, message):
        run.check(NAME, f"{what}: published", "acknowledged", "not acknowledged", False)
        return []

    def ended() -> list[Any]:
        found = tool.deliveries(run, client.id, message["event_id"])
        return found if all(state(delivery) in ENDED for delivery in found) else []

    found = run.until(ended)
    for delivery in found:
        channel = delivery["key"]["channel"]
        run.check(
            NAME, f"{what}: on {channel}", "delivered", state(delivery), state(delivery) == "delivered", since=since
        )
        seconds = f"{taken(delivery, begun):.2f} s"
        run.check(
            NAME,
            f"{what}: on {channel}, from publish to the provider's answer",
            "a time",
            seconds,
            True,
            note=f"{seconds}, by two clocks",
        )
    if not found:
        run.check(NAME, f"{what}: told", "delivered", "no delivery has ended", False, since=since)
    return found


def state(delivery: Any) -> str:
    """Where a delivery stands."""
    return delivery["record"]["state"]["status"]


def taken(delivery: Any, begun: datetime) -> float:
    """Seconds from a moment here to the end of the last attempt there."""
    last = delivery["record"]["attempts"][-1]
    return (moment(last["started-at"]) - begun).total_seconds() + last["duration-ms"] / 1000


def moment(text: str) -> datetime:
    """RFC 3339 with nanoseconds, which Python does not read."""
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}.{(fraction + '000000')[:6]}+00:00")


def kept(run: Run, name: str, message: dict[str, Any]) -> None:
    """The event table has what the device sent, and what the engine said of it."""
    found = run.until(lambda: tool.events(run, name))
    if not found:
        run.check(NAME, "the event table: the alert", "an item", "none", False)
        return
    item = found[-1]
    # Through JSON once more: numbers may come back in another form.
    same = compare.equal(compare.read(compare.write(item["payload"])), compare.read(compare.write(message)))
    run.check(NAME, "the event table: the payload", compare.write(message), compare.write(item["payload"]), same)
    run.check(
        NAME,
        "the event table: client id and topic",
        f"{name} on {run.stack.topic(name)}",
        f"{item['client-id']} on {item['topic']}",
        item["client-id"] == name and item["topic"] == run.stack.topic(name),
    )
    run.check(NAME, "the event table: trace id", "one", item["trace-id"], bool(item["trace-id"]))


def duplicate(run: Run, client: Client, message: dict[str, Any], told: list[Any]) -> None:
    """The same event once more is kept, and not told."""
    since = time.monotonic()
    publish(run, client, message)
    run.until(lambda: len(tool.events(run, client.id)) >= 2)
    # The cold rule has it; the hot one has the same time again.
    time.sleep(run.clock.scaled(run.clock.grace))
    count = len(tool.events(run, client.id))
    run.check(NAME, "a duplicate: kept", "2 items", f"{count} items", count == 2)
    again = tool.deliveries(run, client.id, message["event_id"])
    found = attempts(again)
    run.check(
        NAME,
        "a duplicate: not told again",
        compare.write(attempts(told)),
        compare.write(found),
        found == attempts(told) if told else None,
        since=since,
    )


def attempts(deliveries: list[Any]) -> dict[str, int]:
    """How often each channel was tried."""
    return {
        delivery["key"]["channel"]: len(delivery["record"]["attempts"])
        for delivery in sorted(deliveries, key=lambda d: d["key"]["channel"])
    }


def recovery(run: Run, client: Client, message: dict[str, Any]) -> None:
    """The alert is over."""
    if "RecoveryRule" not in run.stack.resources:
        run.check(
            NAME,
            "the recovery: told",
            "delivered",
            "",
            None,
            note="the stack has no recovery rule: NotifyRecovery is false",
        )
        return
    delivered(run, client, message, "the recovery")


def no_event(run: Run, client: Client, name: str) -> None:
    """What a device says of another one is no event: a dead letter, and nobody is told."""
    since, spoofed = time.monotonic(), event(name, 3, "INACTIVE", "ACTIVE") | {"device_id": run.name("another")}
    publish(run, client, spoofed)
    found = run.until(lambda: tool.letters(run, spoofed["event_id"]))
    reason = found[0]["reason"] if found else "no dead letter"
    run.check(
        NAME, "what is no event: a dead letter with the reason", "a dead letter", reason, bool(found), since=since
    )
    told = tool.deliveries(run, run.name("another"), spoofed["event_id"])
    run.check(NAME, "what is no event: told to nobody", "0 deliveries", f"{len(told)} deliveries", not told)
