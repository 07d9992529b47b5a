"""The stack's own device policy: what a device may do, and that it may do nothing else.

Only AWS evaluates IoT policies; the local broker does what they mean. Two things are made as devices are provisioned, and each
check names the statement of the template that it proves.
"""

import time
from collections.abc import Callable
from functools import partial

from .. import device, permissions
from ..mqtt import Answer, Client, Identity
from ..plan import Plan
from ..run import Run

NAME = "policy"
SUMMARY = "the device policy: who may connect, publish, and nothing else"
NEEDS_STACK = True
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.LOOKING, permissions.ENDPOINT, permissions.CERTIFICATES, permissions.DEVICES
)
# Statements of DevicePolicy in deploy/template.yaml.
CONNECT = "iot:Connect on client/${ThingName} if the thing is attached"
PUBLISH = "iot:Publish on the thing's own topic"
NOTHING_ELSE = "no other statement"


def plan(_run: Run) -> Plan:
    """Three things, two of them with a certificate."""
    return Plan(
        makes={"thing": 3, "certificate": 2, "attachment": 4},
        uses={"message": 40, "registry operation": 12},
        seconds=(30, 240),
        leaves="two messages {} in the event table, which is for good: nobody is told",
    )


def check(run: Run) -> None:
    """Two devices, and everything that one of them may not do."""
    name, own = device.provisioned(run, "device_a")
    other, others = device.provisioned(run, "device_b")
    lonely = run.name("lonely")
    device.thing(run, lonely)
    device.connected(run, own, name).close()
    device.connected(run, others, other).close()
    run.check(NAME, f"{CONNECT}: as itself", "accepted", "accepted", True)
    for words, client_id in (
        ("as another thing", other),
        ("as no thing", run.name("nobody")),
        ("as a thing that is not attached", lonely),
    ):
        refused(run, f"{CONNECT}: {words}", partial(connecting, run, own, client_id))
    publishing(run, own, name, other)
    kicked(run, own, name)


def publishing(run: Run, own: Identity, name: str, other: str) -> None:
    """What a connected device may say and hear. A payload that is no event and has no status: the cold rule keeps it."""
    topic = run.stack.topic(name)
    since = time.monotonic()
    answer = with_client(run, own, name, lambda client: client.publish(topic, b"{}"))
    run.check(NAME, f"{PUBLISH}: {topic}", "accepted", str(answer), answer.accepted, since=since)
    forbidden = [
        f"{topic}/more",
        f"{run.prefix}/elsewhere",
        f"$aws/things/{name}/shadow/update",
        f"$aws/rules/{run.name('none')}/x",
    ]
    if "+" in run.stack.parameters["TopicFilter"]:
        forbidden.append(run.stack.topic(other))
    for elsewhere in forbidden:
        refused(
            run,
            f"{PUBLISH}: {elsewhere}",
            partial(with_client, run, own, name, partial(Client.publish, topic=elsewhere, payload=b"{}")),
        )
    for topics in (topic, "#"):
        refused(
            run,
            f"{NOTHING_ELSE}: subscribe to {topics}",
            partial(with_client, run, own, name, partial(Client.subscribe, topic_filter=topics)),
        )


def refused(run: Run, name: str, attempt: Callable[[], Answer]) -> None:
    """A check that AWS refuses something. Silence is no refusal."""
    since = time.monotonic()
    answer = attempt()
    known = answer.accepted or not answer.words.startswith("no answer")
    run.check(NAME, name, "refused or disconnected", str(answer), not answer.accepted if known else None, since=since)


def connecting(run: Run, identity: Identity, client_id: str) -> Answer:
    """Connects and goes. A client id may connect once a second, and what comes sooner is refused for that."""
    time.sleep(run.clock.scaled(2))
    client = Client(run.broker(), identity, client_id)
    answer = client.connect()
    client.close()
    return answer


def with_client(run: Run, identity: Identity, name: str, act: Callable[[Client], Answer]) -> Answer:
    """Does something on a connection of its own: a refusal may have ended the last one."""
    client = device.connected(run, identity, name)
    try:
        return act(client)
    finally:
        client.close()


def kicked(run: Run, identity: Identity, name: str) -> None:
    """A second connection with a client id ends the first."""
    since = time.monotonic()
    first = device.connected(run, identity, name)
    second = device.connected(run, identity, name)
    first.ended.wait(run.clock.scaled(30))
    found = f"the first ended: {first.why}" if first.ended.is_set() else "both stay"
    run.check(
        NAME,
        "a second connection with the same client id",
        "the first ends",
        found,
        first.ended.is_set() and not second.ended.is_set(),
        since=since,
    )
    for client in (first, second):
        client.close()
