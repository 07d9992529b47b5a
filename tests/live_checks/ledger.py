"""What a run has made, and how it goes away again.

A resource is written down before it is made: what is interrupted in between is deleted too, and deleting what is not there
does no harm.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from . import interrupts

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
    # Whether the service has said that it is there.
    made: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass
class Ledger:
    """What has to be deleted, the latest first."""

    say: Callable[[str], None]
    entries: list[Entry] = field(default_factory=list)

    def add(self, kind: str, name: str, delete: Callable[[], object]) -> Entry:
        """Writes down what is about to be made."""
        entry = Entry(kind, name, delete)
        self.entries.append(entry)
        return entry

    @contextmanager
    def making(self, kind: str, name: str, delete: Callable[[], object]) -> Iterator[None]:
        """Writes down what is made inside. An interrupt waits until the service has answered: what is deleted before it is
        there would come after."""
        with interrupts.held():
            entry = self.add(kind, name, delete)
            yield
            entry.made = True

    def settle(self, entry: Entry) -> None:
        """Deletes something before the end of the run."""
        undo(entry)
        self.entries.remove(entry)

    def close(self, pause: float = 3.0) -> list[str]:
        """Deletes everything. Whatever fails is tried again after the rest and a pause, because one thing may hold another,
        and the services notice late that it is gone; what is left then is named."""
        with interrupts.answered(lambda: self.say("deleting what was made; please wait")):
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
        if not is_absent(error, entry):
            raise


def is_absent(error: ClientError, entry: Entry) -> bool:
    """Whether the service says that there is no such thing. Of a rule that was there, "unauthorized" means just that."""
    code = error.response.get("Error", {}).get("Code", "")
    return code in ABSENT and (code != ABSENT_RULE or (entry.kind == "rule" and not entry.made))
