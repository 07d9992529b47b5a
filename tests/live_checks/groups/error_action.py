"""What a rule's error action gets when an action fails: the document that `campanile` writes in local mode and that the function
reads again when it redrives (`host/dev/src/engine/failure.rs`, `host/lambda/src/batch.rs`)."""

import base64
import time
from typing import Any

from .. import compare, device, permissions, queues, rules
from ..plan import Plan
from ..run import Run

NAME = "error-action"
SUMMARY = "what the error queue gets when a rule's action fails"
NEEDS_STACK = False
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.ENDPOINT,
    permissions.ROLES,
    permissions.RULES,
    permissions.CERTIFICATES,
    permissions.OPERATOR,
    permissions.QUEUES,
)
PAYLOAD = b'{"status":"INACTIVE","reading":21.50}'
SHAPE = {
    "ruleName": "text",
    "topic": "text",
    "cloudwatchTraceId": "text",
    "clientId": "text",
    "base64OriginalPayload": "text",
    "failures": [{"failedAction": "text", "failedResource": "text", "errorMessage": "text"}],
}


def plan(_run: Run) -> Plan:
    """A rule for each kind of action that the template has."""
    return Plan(
        makes={"rule": 2, "role": 1, "queue": 1, "certificate": 1, "policy": 1},
        uses={"message": 60, "rule triggered": 60, "rule action": 120, "queue request": 60},
        seconds=(20, 330),
    )


def check(run: Run) -> None:
    """Lets a table and a function be missing, and looks at what the queue gets."""
    url, arn = queues.make(run, "errors")
    table = run.services.arn("dynamodb", run.account, f"table/{run.name('no_table')}")
    role = rules.role(
        run,
        "errors",
        "iot.amazonaws.com",
        [rules.allow("sqs:SendMessage", arn), rules.allow("dynamodb:PutItem", table)],
    )
    function = run.services.arn("lambda", run.account, f"function:{run.name('no_function')}")
    actions: dict[str, dict[str, Any]] = {
        "DynamoDBv2Action": {"dynamoDBv2": {"roleArn": role, "putItem": {"tableName": run.name("no_table")}}},
        "LambdaAction": {"lambda": {"functionArn": function}},
    }
    error = {"sqs": {"roleArn": role, "queueUrl": url, "useBase64": False}}
    for kind, action in actions.items():
        rules.create(run, run.name(kind), f"SELECT * FROM '{run.prefix}/{kind}'", [action], error)
    client = device.connected(run, rules.operator(run, "errors"), run.prefix)
    try:
        for kind in actions:
            look(run, kind, failure(run, client, url, kind))
    finally:
        client.close()


def failure(run: Run, client: Any, url: str, kind: str) -> Any:
    """Publishes until there is a document of this rule."""

    def came() -> Any:
        client.publish(f"{run.prefix}/{kind}", PAYLOAD)
        found = queues.receive(run, url, 1, seconds=10)
        return next(
            (
                document
                for document in found
                if not isinstance(document, dict) or document.get("ruleName") == run.name(kind)
            ),
            None,
        )

    return run.until(came)


def look(run: Run, kind: str, document: Any) -> None:
    """Compares the document with what Campanile reads."""
    since = time.monotonic()
    if not isinstance(document, dict):
        run.check(
            NAME,
            f"{kind}: a document",
            "JSON in the queue",
            str(document or "nothing came"),
            False if document else None,
        )
        return
    lacking = compare.lacks(SHAPE, compare.shape(document))
    run.check(
        NAME,
        f"{kind}: shape",
        compare.write(SHAPE),
        "; ".join(lacking) or compare.write(compare.shape(document)),
        not lacking,
        since=since,
    )
    if lacking:
        return
    payload = base64.b64decode(document["base64OriginalPayload"])
    run.check(
        NAME,
        f"{kind}: the payload, to the byte",
        PAYLOAD.decode(),
        payload.decode(errors="replace"),
        payload == PAYLOAD,
    )
    first = document["failures"][0]
    run.check(NAME, f"{kind}: failedAction", kind, first["failedAction"], first["failedAction"].lower() == kind.lower())
    for key, expected in (("topic", f"{run.prefix}/{kind}"), ("clientId", run.prefix)):
        run.check(NAME, f"{kind}: {key}", expected, document[key], document[key] == expected)
    run.check(
        NAME,
        f"{kind}: failedResource and errorMessage",
        "not empty",
        f"{first['failedResource']}: {first['errorMessage']}",
        bool(first["failedResource"] and first["errorMessage"]),
    )
