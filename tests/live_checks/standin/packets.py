"""MQTT 5, as much of it as the checks' own client says."""

import asyncio
import struct
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14
NOT_AUTHORIZED, TAKEN_OVER = 0x87, 0x8E


@dataclass
class Packet:
    """A packet, and how much of it was read."""

    kind: int
    flags: int
    body: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.body[self.at - count : self.at]

    def number(self) -> int:
        return int.from_bytes(self.take(2))

    def text(self) -> str:
        return self.take(self.number()).decode()

    def skip_properties(self) -> None:
        length, self.at = variable(self.body, self.at)
        self.at += length

    def rest(self) -> bytes:
        return self.take(len(self.body) - self.at)


def variable(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value, shift = 0, 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


async def read(stream: asyncio.StreamReader) -> Packet:
    """The next packet. The connection may end before (`IncompleteReadError`)."""
    first = (await stream.readexactly(1))[0]
    length = await stream.readexactly(1)
    while length[-1] & 0x80:
        length += await stream.readexactly(1)
    size, _ = variable(length, 0)
    return Packet(first >> 4, first & 0x0F, await stream.readexactly(size))


def write(kind: int, body: bytes, flags: int = 0) -> bytes:
    """A packet."""
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 0x80)
        length += bytes([digit | 0x80 if size else digit])
        if not size:
            return bytes([kind << 4 | flags]) + length + body


def connack(reason: int) -> bytes:
    return write(CONNACK, bytes([0, reason, 0]))


def acknowledged(kind: int, number: int, reason: int) -> bytes:
    """PUBACK or SUBACK."""
    properties = b"\0" if kind == SUBACK else b""
    return write(kind, struct.pack("!H", number) + properties + bytes([reason]))


def publish(topic: str, payload: bytes) -> bytes:
    """A message to a subscriber, with QoS 0."""
    name = topic.encode()
    return write(PUBLISH, struct.pack("!H", len(name)) + name + b"\0" + payload)


def disconnect(reason: int) -> bytes:
    return write(DISCONNECT, bytes([reason]))
