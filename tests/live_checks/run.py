"""What the groups of a run share."""

import re
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .aws import Aws
from .ledger import Ledger
from .mqtt import Broker
from .report import Check, Report, Verdict
from .stack import NoStack, Stack

Answer = TypeVar("Answer")

# Everything that a run makes is called so, and `--clean` deletes nothing else.
PREFIX = "campanile_live_"
NAME = re.compile(rf"^{PREFIX}[0-9a-f]{{8}}(?=$|_)")


def new_id() -> str:
    """A prefix that no other run has: letters, digits and `_`, which is all that names of rules may have."""
    return PREFIX + secrets.token_hex(4)


@dataclass(frozen=True)
class Clock:
    """How long things take in AWS, in seconds; stand-ins are faster by a factor."""

    # After the last message that came, until nothing more is expected: the rules engine keeps no order.
    grace: float = 15.0
    # Until a new rule works, and an event is delivered. AWS names five minutes.
    patience: float = 300.0
    # Between the attempts of an asynchronous invocation.
    retries: tuple[float, float] = (60.0, 120.0)
    factor: float = 1.0

    def scaled(self, seconds: float) -> float:
        return seconds * self.factor


@dataclass
class Run:
    """A run."""

    prefix: str
    account: str
    services: Aws
    report: Report
    ledger: Ledger
    # Only its owner may read it; keys are in it.
    folder: Path
    # The tool.
    campanile: Path
    cases: list[Path]
    clock: Clock
    broker: Callable[[], Broker]
    found_stack: Stack | None = None
    # Whether somebody said that people may get messages.
    tells_people: bool = False
    say: Callable[[str], None] = field(default=lambda text: print(text, file=sys.stderr, flush=True))

    @property
    def stack(self) -> Stack:
        if self.found_stack is None:
            raise NoStack("there is no stack: name it with --stack")
        return self.found_stack

    def name(self, suffix: str) -> str:
        """A name for something that this run makes."""
        return f"{self.prefix}_{suffix}"

    def check(
        self,
        group: str,
        name: str,
        expected: str,
        found: str,
        agrees: bool | None,
        *,
        note: str = "",
        since: float | None = None,
        question: bool = False,
    ) -> None:
        """Reports a check; `agrees` is none if it could not be done."""
        verdict = Verdict.UNCHECKED if agrees is None else Verdict.AGREES if agrees else Verdict.DIFFERS
        seconds = None if since is None else time.monotonic() - since
        self.report.add(Check(group, name, expected, found, verdict, note, seconds, question))

    def until(self, what: Callable[[], Answer], seconds: float | None = None, pause: float = 2.0) -> Answer:
        """Asks until there is an answer that is not empty, at most so long; gives the last answer."""
        end = time.monotonic() + self.clock.scaled(self.clock.patience if seconds is None else seconds)
        while not (answer := what()) and time.monotonic() < end:
            time.sleep(self.clock.scaled(pause))
        return answer
