"""A broker with TLS that does what the policies of a certificate allow. All in one thread with a loop of its own."""

import asyncio
import json
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import faults, packets
from .packets import Packet
from .policy import Principal, certificate_arn


@dataclass
class Message:
    """What somebody has published."""

    topic: str
    payload: bytes
    # None if it did not come by MQTT.
    client_id: str | None
    trace_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Broker:
    """Listens on a port of its own. `ingest` gets every message, before it is acknowledged."""

    def __init__(self, backend: Callable[[], Any], ingest: Callable[[Message], None]) -> None:
        self.backend, self.ingest = backend, ingest
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self.clients: dict[str, Connection] = {}
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def start(self, certificate: Path, key: Path, authority: Path) -> None:
        """Takes connections."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_REQUIRED
        serving = asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=context)
        server = asyncio.run_coroutine_threadsafe(serving, self.loop).result()
        self.port = server.sockets[0].getsockname()[1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Connection(self, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def enter(self, connection: "Connection") -> None:
        """The latest connection with a client id stays."""
        before = self.clients.get(connection.client_id)
        self.clients[connection.client_id] = connection
        self.tell(connection, "connected", {"ipAddress": "127.0.0.1"})
        if before and not faults.on("policy"):
            before.reason = "DUPLICATE_CLIENTID"
            before.end(packets.TAKEN_OVER)

    def leave(self, connection: "Connection") -> None:
        by_client = connection.reason == "CLIENT_INITIATED_DISCONNECT"
        why = {} if faults.on("presence") else {"disconnectReason": connection.reason}
        self.tell(connection, "disconnected", why | {"clientInitiatedDisconnect": by_client})
        if self.clients.get(connection.client_id) is connection:
            del self.clients[connection.client_id]

    def tell(self, connection: "Connection", kind: str, more: dict[str, Any]) -> None:
        """The event of a client that comes or goes, as `host/broker/src/presence.rs` has it."""
        event = {
            "clientId": connection.client_id,
            "timestamp": int(time.time() * 1000),
            "eventType": kind,
            "sessionIdentifier": connection.session,
            "principalIdentifier": connection.principal.arn.rpartition("/")[2] if connection.principal else None,
            "versionNumber": 0,
        }
        payload = json.dumps(event | more).encode()
        self.ingest(Message(f"$aws/events/presence/{kind}/{connection.client_id}", payload, client_id=None))

    def deliver(self, topic: str, payload: bytes) -> None:
        """To whoever has subscribed; called by any thread."""
        self.loop.call_soon_threadsafe(self._deliver, topic, payload)

    def _deliver(self, topic: str, payload: bytes) -> None:
        for client in list(self.clients.values()):
            if any(matches(topic_filter, topic) for topic_filter in client.filters):
                client.send(packets.publish(topic, payload))


class Connection:
    """A client."""

    def __init__(self, broker: Broker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.broker, self.reader, self.writer = broker, reader, writer
        self.client_id = ""
        self.principal: Principal | None = None
        self.filters: list[str] = []
        self.session = str(uuid.uuid4())
        # Why it is gone, if nobody says otherwise.
        self.reason = "CONNECTION_LOST"

    async def run(self) -> None:
        if not self.admit(await packets.read(self.reader)):
            return
        try:
            while (packet := await packets.read(self.reader)).kind != packets.DISCONNECT:
                self.handle(packet)
                await self.writer.drain()
            self.reason = "CLIENT_INITIATED_DISCONNECT"
        finally:
            self.broker.leave(self)

    def admit(self, packet: Packet) -> bool:
        """CONNECT: protocol, flags, keep-alive, properties, client id."""
        assert packet.kind == packets.CONNECT and packet.text() == "MQTT"
        packet.take(4)
        packet.skip_properties()
        self.client_id = packet.text()
        backend = self.broker.backend()
        shown = self.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        arn = certificate_arn(backend, shown)
        self.principal = Principal(arn or "", self.client_id, backend)
        if not arn or not self.principal.may("iot:Connect", f"client/{self.client_id}"):
            self.send(packets.connack(packets.NOT_AUTHORIZED))
            return False
        self.broker.enter(self)
        self.send(packets.connack(0))
        return True

    def handle(self, packet: Packet) -> None:
        assert self.principal
        if packet.kind == packets.PUBLISH:
            self.publish(packet)
        elif packet.kind == packets.SUBSCRIBE:
            number = packet.number()
            packet.skip_properties()
            topic_filter = packet.text()
            allowed = self.principal.may("iot:Subscribe", f"topicfilter/{topic_filter}")
            self.filters += [topic_filter] if allowed else []
            self.send(packets.acknowledged(packets.SUBACK, number, 0 if allowed else packets.NOT_AUTHORIZED))
        elif packet.kind == packets.PINGREQ:
            self.send(packets.write(packets.PINGRESP, b""))

    def publish(self, packet: Packet) -> None:
        assert self.principal
        topic = packet.text()
        number = packet.number() if packet.flags & 0b110 else 0
        packet.skip_properties()
        if not self.principal.may("iot:Publish", f"topic/{topic}"):
            # AWS does either: it says so, or it ends the connection.
            if topic.startswith("$"):
                self.end(packets.NOT_AUTHORIZED)
            else:
                self.send(packets.acknowledged(packets.PUBACK, number, packets.NOT_AUTHORIZED))
            return
        message = Message(topic, packet.rest(), self.client_id)
        self.broker.ingest(message)
        self.send(packets.acknowledged(packets.PUBACK, number, 0))

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def end(self, reason: int) -> None:
        """Ends the connection, saying why."""
        self.send(packets.disconnect(reason))
        self.writer.close()


def matches(topic_filter: str, topic: str) -> bool:
    """Whether a subscription is for a topic."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, levels = wanted[:-1], levels[: len(wanted) - 1]
    return len(wanted) == len(levels) and all(one in ("+", other) for one, other in zip(wanted, levels))
