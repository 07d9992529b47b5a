"""Queues of the run, and what comes into them."""

import json
from typing import Any

from .run import Run

# The longest that SQS waits for a message.
LONG_POLL = 20


def make(run: Run, suffix: str) -> tuple[str, str]:
    """A queue: its URL and its ARN."""
    name, sqs = run.name(suffix), run.services["sqs"]

    def delete() -> None:
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])

    with run.ledger.making("queue", name, delete):
        url = sqs.create_queue(
            QueueName=name, Attributes={"SqsManagedSseEnabled": "true", "MessageRetentionPeriod": "3600"}
        )["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def receive(run: Run, url: str, count: int, seconds: float) -> list[Any]:
    """The bodies of at least so many messages, as JSON, or of those that came in time. They are seen again if they are received
    again, so each is kept once."""
    found: dict[str, Any] = {}
    wait = min(LONG_POLL, max(1, int(run.clock.scaled(LONG_POLL))))

    def enough() -> bool:
        messages = run.services["sqs"].receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait, VisibilityTimeout=600
        )
        found.update({message["MessageId"]: body(message["Body"]) for message in messages.get("Messages", [])})
        return len(found) >= count

    run.until(enough, seconds=seconds, pause=0)
    return list(found.values())


def body(text: str) -> Any:
    """JSON, or the text if it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text
