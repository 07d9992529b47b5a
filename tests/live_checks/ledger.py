"""What a run has made, and how it goes away again.

A resource is written down before it is made: what is interrupted in between is deleted too, and deleting what is not there
does no harm.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

# What the services say of something that is not there.
ABSENT = {
    "ResourceNotFoundException",
    "NotFoundException",
    "NoSuchEntity",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "UnauthorizedException",
}
# AWS IoT answers this, instead of "not found", to who deletes a rule that is not there.
ABSENT_RULE = "UnauthorizedException"
# How often deleting is tried.
PASSES = 5


@dataclass
class Entry:
    """Something that was made, or was about to be."""

    kind: str
    name: str
    delete: Callable[[], object]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass
class Ledger:
    """What has to be deleted, the latest first."""

    say: Callable[[str], None]
    entries: list[Entry] = field(default_factory=list)
    made: int = 0

    def add(self, kind: str, name: str, delete: Callable[[], object]) -> Entry:
        """Writes down what is about to be made."""
        entry = Entry(kind, name, delete)
        self.entries.append(entry)
        self.made += 1
        return entry

    def settle(self, entry: Entry) -> None:
        """Deletes something before the end of the run."""
        undo(entry)
        self.entries.remove(entry)

    def close(self, pause: float = 3.0) -> list[str]:
        """Deletes everything. Whatever fails is tried again after the rest and a pause, because one thing may hold another,
        and the services notice late that it is gone; what is left then is named."""
        with uninterrupted(self.say):
            for passes_left in reversed(range(PASSES)):
                failed = []
                while self.entries:
                    entry = self.entries.pop()
                    try:
                        undo(entry)
                    except (ClientError, BotoCoreError, OSError) as error:
                        failed.append(entry)
                        if not passes_left:
                            self.say(f"could not delete {entry}: {error}")
                self.entries = failed[::-1]
                if not failed:
                    break
                time.sleep(pause if passes_left else 0)
        return [str(entry) for entry in self.entries]


def undo(entry: Entry) -> None:
    """Deletes it, unless it is gone."""
    try:
        entry.delete()
    except ClientError as error:
        if not is_absent(error, entry.kind):
            raise


def is_absent(error: ClientError, kind: str) -> bool:
    """Whether the service says that there is no such thing."""
    code = error.response.get("Error", {}).get("Code", "")
    return code in ABSENT and (code != ABSENT_RULE or kind == "rule")


class uninterrupted:  # noqa: N801, a context manager that is used like a word
    """While it lasts, Ctrl-C is answered and does nothing else. Outside the main thread there are no signals to hold."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.before: dict[int, object] = {}

    def __enter__(self) -> None:
        def answer(_number: int, _frame: object) -> None:
            self.say("deleting what was made; please wait")

        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                self.before[number] = signal.signal(number, answer)
        except ValueError:
            pass

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
