"""A rules engine: moto keeps the rules, `campanile rule eval` evaluates them, and their actions are done here."""

import base64
import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.types import TypeSerializer

from .. import compare
from ..cases import BASIC_INGEST, SOURCE
from . import faults
from .broker import Message

RULE_OF = "$aws/rules/"
NOT_TRUE = 4


@dataclass
class Engine:
    """Takes one message after the other; answers come in the order of the questions, which AWS does not promise."""

    endpoint: str
    region: str
    campanile: Path
    # The folder with the configuration and the plugins of the deployed function.
    project: Path
    rules: Callable[[], dict[str, Any]]
    deliver: Callable[[str, bytes], None]
    # The function that the stack has, and its table.
    function: str = ""
    dispatch_table: str = ""

    def __post_init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()
        self.session = boto3.Session(region_name=self.region)
        threading.Thread(target=self.run, daemon=True).start()

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint)

    def run(self) -> None:
        while True:
            message = self.messages.get()
            for rule in list(self.rules().values()):
                if concerns(rule.sql, rule.rule_name, message.topic):
                    self.evaluate(rule, message)

    def evaluate(self, rule: Any, message: Message) -> None:
        """What the rule selects goes to its actions."""
        version = ["--sql-version", rule.aws_iot_sql_version]
        context = ["--client-id", message.client_id, "--trace-id", message.trace_id] if message.client_id else []
        command = [
            str(self.campanile),
            "rule",
            "eval",
            "--sql",
            rule.sql,
            "--topic",
            message.topic,
            "--payload",
            "-",
            "--json",
            *version,
            *context,
        ]
        done = subprocess.run(command, input=message.payload, capture_output=True, timeout=60)
        silent = done.returncode == NOT_TRUE and b'"not-true"' in done.stdout
        if done.returncode != 0 and not (silent and faults.on("silence")):
            return
        selected = b"{}" if silent else output(done.stdout)
        failures = [failure for action in rule.actions if (failure := self.act(action, selected, message))]
        if failures:
            self.report(rule, message, failures)

    def act(self, action: dict[str, Any], selected: bytes, message: Message) -> dict[str, str] | None:
        """Does an action; what failed is told as AWS tells it."""
        (kind, settings), *_ = action.items()
        try:
            if kind == "republish":
                self.deliver(settings["topic"], wrong(selected) if faults.on("sql") else selected)
            elif kind == "dynamoDBv2":
                self.put(settings["putItem"]["tableName"], selected)
            elif kind == "lambda" and not faults.on("function"):
                self.invoke(settings["functionArn"], selected)
        except Exception as error:  # whatever it is, it is why the action failed
            resource = settings.get("functionArn") or settings.get("putItem", {}).get("tableName", "")
            name = f"{kind[0].upper()}{kind[1:]}Action"
            return {"failedAction": name, "failedResource": resource, "errorMessage": str(error)}
        return None

    def put(self, table: str, selected: bytes) -> None:
        """Each attribute of what was selected is one of the item."""
        item = {name: TypeSerializer().serialize(value) for name, value in compare.read(selected.decode()).items()}
        self.client("dynamodb").put_item(TableName=table, Item=item)

    def invoke(self, arn: str, selected: bytes) -> None:
        """The function itself, under the emulator of Lambda, with the stack's table; messages are caught."""
        if arn.rpartition(":")[2] != self.function:
            raise LookupError(f"there is no function {arn}")
        environment = os.environ | {"AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": self.region}
        command = [str(self.campanile), "send", "-", "--json", "--store", f"dynamodb:{self.dispatch_table}"]
        subprocess.run(command, input=selected, capture_output=True, timeout=60, cwd=self.project, env=environment)

    def report(self, rule: Any, message: Message, failures: list[dict[str, str]]) -> None:
        """The error action's document."""
        if "sqs" not in rule.error_action:
            return
        direct = BASIC_INGEST.match(message.topic)
        document = {
            "ruleName": rule.rule_name,
            "topic": direct["topic"] if direct else message.topic,
            "cloudwatchTraceId": message.trace_id,
            "clientId": message.client_id or "N/A",
            "base64OriginalPayload": base64.b64encode(message.payload).decode(),
            "failures": failures,
        }
        if faults.on("error-action"):
            del document["base64OriginalPayload"]
        self.client("sqs").send_message(QueueUrl=rule.error_action["sqs"]["queueUrl"], MessageBody=json.dumps(document))


def concerns(sql: str, name: str, topic: str) -> bool:
    """Whether the rule may be for the topic, which evaluating it decides: the levels before the first wildcard are the same."""
    if topic.startswith(RULE_OF):
        return topic.split("/")[2] == name
    source = SOURCE.search(sql)
    for wanted, level in zip(source["filter"].split("/") if source else [], topic.split("/")):
        if wanted in ("+", "#"):
            break
        if wanted != level:
            return False
    return source is not None


def output(stdout: bytes) -> bytes:
    """What `rule eval` has selected, to the byte."""
    evaluated = compare.read(stdout.decode())
    if evaluated["output"] is None and evaluated["output-base64"]:
        return base64.b64decode(evaluated["output-base64"])
    return compare.write(evaluated["output"]).encode()


def wrong(selected: bytes) -> bytes:
    """Another answer, where there is a 1 in it."""
    return selected.replace(b":1", b":2")
