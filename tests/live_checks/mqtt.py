"""A client that tells what became of what it did. MQTT 5, because that says why something is refused; AWS IoT may as well
just close the connection."""

import queue
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

# How long AWS has for an answer, in seconds.
ANSWER_TIME = 15.0
KEEP_ALIVE = 60


@dataclass(frozen=True)
class Broker:
    """Where devices connect. Without a file of authorities, those of the system are trusted."""

    host: str
    port: int = 8883
    authority: Path | None = None

    def context(self, identity: "Identity") -> ssl.SSLContext:
        """TLS as a device does it."""
        context = ssl.create_default_context(cafile=self.authority)
        context.load_cert_chain(identity.certificate, identity.key)
        return context


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, in files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Answer:
    """Whether the broker did what it was asked; otherwise how it refused."""

    accepted: bool
    words: str

    def __str__(self) -> str:
        return self.words


ACCEPTED = Answer(True, "accepted")


class Client:
    """A connection. It is not made again when it is lost: that is an answer too."""

    def __init__(self, broker: Broker, identity: Identity, client_id: str) -> None:
        self.broker = broker
        self.id = client_id
        self.messages: queue.Queue[tuple[str, bytes]] = queue.Queue()
        # Set when the connection has ended, and why.
        self.ended = threading.Event()
        self.why = ""
        self._moved = threading.Condition()
        self._connected: Answer | None = None
        self._answers: dict[int, Answer] = {}
        self._paho = paho.Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5, reconnect_on_failure=False
        )
        self._paho.tls_set_context(broker.context(identity))
        # All at once; how fast they go is up to who publishes.
        self._paho.max_inflight_messages_set(100)
        self._listen()

    def _listen(self) -> None:
        self._paho.on_connect = lambda _client, _data, _flags, reason, _properties: self._connect(reason)
        self._paho.on_disconnect = lambda _client, _data, _flags, reason, _properties: self._end(str(reason))
        self._paho.on_publish = lambda _client, _data, number, reason, _properties: self._answer(number, [reason])
        self._paho.on_subscribe = lambda _client, _data, number, reasons, _properties: self._answer(number, reasons)
        self._paho.on_message = lambda _client, _data, message: self.messages.put(
            (message.topic, bytes(message.payload))
        )

    def connect(self) -> Answer:
        """Connects."""
        try:
            self._paho.connect(self.broker.host, self.broker.port, KEEP_ALIVE, clean_start=True)
        except OSError as error:
            return Answer(False, f"refused: {error}")
        self._paho.loop_start()
        return self._wait(lambda: self._connected)

    def publish(self, topic: str, payload: bytes) -> Answer:
        """Publishes with QoS 1 and waits for the acknowledgement."""
        return self.acknowledged(self.send(topic, payload))

    def send(self, topic: str, payload: bytes) -> int:
        """Publishes with QoS 1; `acknowledged` waits."""
        return self._paho.publish(topic, payload, qos=1).mid

    def acknowledged(self, number: int) -> Answer:
        """What became of what `send` sent."""
        return self._wait(lambda: self._answers.get(number))

    def subscribe(self, topic_filter: str) -> Answer:
        """Subscribes with QoS 1."""
        _, number = self._paho.subscribe(topic_filter, qos=1)
        return self._lost() if number is None else self.acknowledged(number)

    def close(self) -> None:
        """Says goodbye."""
        self._paho.disconnect()
        self._paho.loop_stop()

    def _wait(self, answer: Any) -> Answer:
        with self._moved:
            self._moved.wait_for(lambda: answer() or self.ended.is_set(), ANSWER_TIME)
        return answer() or self._lost()

    def _lost(self) -> Answer:
        return Answer(
            False, f"disconnected: {self.why}" if self.ended.is_set() else f"no answer in {ANSWER_TIME:.0f} s"
        )

    def _connect(self, reason: Any) -> None:
        with self._moved:
            self._connected = Answer(False, f"refused: {reason}") if reason.is_failure else ACCEPTED
            self._moved.notify_all()

    def _answer(self, number: int, reasons: list[Any]) -> None:
        failures = [str(reason) for reason in reasons if reason.is_failure]
        with self._moved:
            self._answers[number] = Answer(False, f"refused: {failures[0]}") if failures else ACCEPTED
            self._moved.notify_all()

    def _end(self, reason: str) -> None:
        with self._moved:
            self.why = reason
            self.ended.set()
            self._moved.notify_all()
