"""Asking rules: their answers come back by MQTT, each on a topic of its own."""

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from . import compare, device, rules
from .cases import Case
from .mqtt import Client, Identity
from .run import Run

GROUP = "sql"
# Messages a second, of the 100 that AWS takes.
PACE = 50
ROUND = 20.0


@dataclass
class Asked:
    """A case with a rule, and what its rule has answered."""

    case: Case
    answers: list[bytes] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    published: int = 0
    lost: str = ""

    @property
    def waits(self) -> bool:
        """Whether an answer is expected that has not come."""
        return self.case.expected is not None and not self.answers


class Asking:
    """The connections that ask and listen."""

    def __init__(self, run: Run, identity: Identity, role: str) -> None:
        self.run, self.identity, self.role = run, identity, role
        self.listener: Client | None = None
        self.clients: dict[str, Client] = {}
        # By the last level of the topic that their rules answer on.
        self.asked: dict[str, Asked] = {}

    def __enter__(self) -> "Asking":
        self.listener = self.client(self.run.prefix)
        answer = self.listener.subscribe(f"{self.run.prefix}/out/#")
        if not answer.accepted:
            raise ConnectionError(f"can't listen to answers: {answer}")
        return self

    def __exit__(self, _type: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        for client in self.clients.values():
            client.close()

    def client(self, name: str) -> Client:
        """A connection of this name; a new one, if it was lost."""
        if name not in self.clients or self.clients[name].ended.is_set():
            self.clients[name] = device.connected(self.run, self.identity, name)
        return self.clients[name]

    def action(self, suffix: str) -> list[dict[str, Any]]:
        """Says what was selected to who listens."""
        return [{"republish": {"roleArn": self.role, "topic": f"{self.run.prefix}/out/{suffix}", "qos": 1}}]

    def batch(self, batch: list[Case]) -> None:
        """Makes the rules, asks, reports, and deletes the rules."""
        # Those whose silence counts are made first.
        made = [Asked(case) for case in sorted(batch, key=lambda case: case.expected is not None) if self.create(case)]
        witness = self.run.name(f"witness{batch[0].number}")
        rules.create(self.run, witness, f"SELECT * FROM '{self.run.prefix}/witness'", self.action("witness"))
        try:
            self.ask(made)
        finally:
            for asked in made:
                rules.delete(self.run, asked.case.rule)
            rules.delete(self.run, witness)
        for asked in sorted(made, key=lambda asked: asked.case.number):
            self.report(asked)

    def create(self, case: Case) -> bool:
        """Makes the case's rule; whether there is something to ask."""
        refusal = rules.create(self.run, case.rule, case.sql, self.action(str(case.number)), version=case.version)
        if refusal is None and not case.refused:
            return True
        if refusal is None:
            rules.delete(self.run, case.rule)
        expected = "refused" if case.refused else words(case.expected)
        found = "a rule" if refusal is None else f"refused: {refusal}"
        self.run.check(
            GROUP,
            case.id,
            expected,
            found,
            case.refused == (refusal is not None),
            note=case.question or "",
            question=case.question is not None,
        )
        return False

    def ask(self, made: list[Asked]) -> None:
        """Publishes until all answers are there that are expected, and once more at the end what is to stay silent."""
        self.asked = {str(asked.case.number): asked for asked in made}
        if not self.run.until(self.witnessed, pause=1):
            raise TimeoutError("no rule of this run works: the witness has not answered")
        end = time.monotonic() + self.run.clock.scaled(self.run.clock.patience)
        pending = made
        while pending:
            self.publish(pending)
            self.listen(self.run.clock.scaled(ROUND), lambda: any(asked.waits for asked in pending))
            pending = [asked for asked in made if asked.waits] if time.monotonic() < end else []
        # Silence counts when all these rules are older than those that have answered.
        self.publish([asked for asked in made if asked.case.expected is None])
        self.witnessed()
        self.listen(self.run.clock.scaled(self.run.clock.grace), lambda: True)

    def witnessed(self) -> bool:
        """Whether a rule that selects everything answers."""
        if not self.client(self.run.prefix).publish(f"{self.run.prefix}/witness", b"{}").accepted:
            return False
        end, heard = time.monotonic() + 2, False
        while not heard and time.monotonic() < end:
            heard = self.heard(0.2) == "witness"
        return heard

    def heard(self, seconds: float) -> str | None:
        """The next answer; keeps it with its case, and says whose it is."""
        assert self.listener
        try:
            topic, payload = self.listener.messages.get(timeout=seconds)
        except queue.Empty:
            return None
        number = topic.rpartition("/")[2]
        if number in self.asked:
            self.asked[number].answers.append(payload)
        return number

    def listen(self, seconds: float, more: Callable[[], bool]) -> None:
        """Hears answers for so long, or until no more are expected."""
        end = time.monotonic() + seconds
        while more() and time.monotonic() < end:
            self.heard(min(0.2, max(0.01, end - time.monotonic())))

    def publish(self, pending: list[Asked]) -> None:
        """Publishes the messages, and waits until they are acknowledged."""
        sent = []
        for asked in pending:
            asked.published += 1
            if asked.case.by_http:
                self.run.services["iot-data"].publish(topic=asked.case.topic, qos=1, payload=asked.case.payload)
                continue
            client = self.client(asked.case.client or self.run.prefix)
            sent.append((asked, client, client.send(asked.case.topic, asked.case.payload)))
            time.sleep(1 / PACE)
        for asked, client, number in sent:
            answer = client.acknowledged(number)
            asked.lost = "" if answer.accepted else str(answer)

    def report(self, asked: Asked) -> None:
        """What came out."""
        case = asked.case
        judged = [(payload, *compare.output(payload, case.expected)) for payload in asked.answers]
        right = [form for _, same, form in judged if same]
        wrong = [payload.decode(errors="replace") for payload, same, _ in judged if not same]
        note = case.question or ""
        if asked.lost:
            agrees, found, note = None, "", f"the message was not taken: {asked.lost}"
        elif case.expected is None:
            agrees, found = not asked.answers, wrong[0] if wrong else f"no answer to {asked.published} messages"
        else:
            # A topic that others publish on brings answers to their messages too.
            agrees = bool(right) and (case.shares_topic or not wrong)
            found = (
                wrong[0]
                if wrong and not agrees
                else words(case.expected)
                if right
                else f"no answer to {asked.published} messages"
            )
            note = "; ".join(filter(None, [note, *set(right)]))
        self.run.check(
            GROUP,
            case.id,
            words(case.expected),
            found,
            agrees,
            note=note,
            since=asked.begun,
            question=case.question is not None,
        )


def words(expected: Any) -> str:
    """What is expected."""
    return "no answer" if expected is None else compare.write(expected)
