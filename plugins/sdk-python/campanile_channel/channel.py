"""What a plugin implements, and one attempt of it: the same in the sandbox and in tests."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast

from campanile_channel import jsontext
from campanile_channel.failure import Misconfigured
from campanile_channel.host import Host
from campanile_channel.http import SendError
from campanile_channel.types import Attempt, Notification, Receipt

S = TypeVar("S")


class Channel(ABC, Generic[S]):
    """A channel plugin; `S` is the type of its settings."""

    description: ClassVar[str]
    """What `describe` returns: the JSON of `describe.json`. Read the file where the class is defined: the sandbox has no files."""

    def settings(self, given: Mapping[str, Any]) -> S:
        """The channel's settings, of the object that the host has checked against the description's schema.

        As it is here, the settings are that object: right for a `dict` or a `TypedDict`. Override it to make a class of them.
        A `KeyError`, `TypeError` or `ValueError` tells the operator that the settings are wrong.
        """
        return cast(S, given)

    @abstractmethod
    def deliver(self, notification: Notification, settings: S, attempt: Attempt, host: Host) -> Receipt:
        """Makes one attempt. A plugin starts anew for each of them.

        Raises:
            Failure: One of its subclasses, which tells the host what to do next.
            SendError: If it is not caught, the host hears what `SendError.failure` makes of it.
        """


def make_attempt(
    channel: Channel[Any], notification: Notification, settings_json: str, attempt: Attempt, host: Host
) -> Receipt:
    """One attempt as the host has it made.

    Raises:
        Failure: The attempt did not deliver.
    """
    try:
        settings = channel.settings(jsontext.read(settings_json))
    except (KeyError, TypeError, ValueError) as error:
        raise Misconfigured(f"settings: {type(error).__name__}: {error}") from error
    try:
        return channel.deliver(notification, settings, attempt, host)
    except SendError as error:
        raise error.failure() from error
