"""What a Campanile channel plugin in Python imports: the contract's types, one class to implement, and helpers for text.

A plugin is a class that implements `Channel`, and one line in the module that is built: `Plugin = export(MyChannel)`.
All I/O goes through `Host`, so that the same code runs in any Python against `campanile_channel.testing.ScriptedHost`.
This package holds nothing about any provider.
"""

from campanile_channel import jsontext, text
from campanile_channel.channel import Channel, make_attempt
from campanile_channel.exporting import export
from campanile_channel.failure import (
    ContentRefused,
    Failure,
    Misconfigured,
    RateLimited,
    Rejected,
    Transient,
    UndeclaredSecret,
    UnsetSecret,
)
from campanile_channel.host import Host
from campanile_channel.http import Request, Response, SendError, SendReason
from campanile_channel.types import Attempt, Field, Level, Notification, Presentation, Receipt, Severity, TextFormat

__all__ = [
    "Attempt",
    "Channel",
    "ContentRefused",
    "Failure",
    "Field",
    "Host",
    "Level",
    "Misconfigured",
    "Notification",
    "Presentation",
    "RateLimited",
    "Receipt",
    "Rejected",
    "Request",
    "Response",
    "SendError",
    "SendReason",
    "Severity",
    "TextFormat",
    "Transient",
    "UndeclaredSecret",
    "UnsetSecret",
    "export",
    "jsontext",
    "make_attempt",
    "text",
]
