"""What Lambda does with an asynchronous invocation that fails, as local mode emulates it (`host/local/src/lambda/retry.rs` and
`record.rs`): two more attempts, after one and two minutes, and a record for the on-failure destination."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from .. import aws, compare, interrupts, permissions, queues, rules
from ..plan import Plan
from ..run import Run

NAME = "retries"
SUMMARY = "Lambda's retries of asynchronous invocations, and the record of what failed"
NEEDS_STACK = False
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.ROLES,
    permissions.QUEUES,
    {
        permissions.FUNCTION: [
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:GetFunctionConfiguration",
            "lambda:InvokeFunction",
            "lambda:PutFunctionEventInvokeConfig",
        ],
    },
)
SOURCE = Path(__file__).parents[1] / "failing_function.py"
RUNTIME = "python3.13"
PAYLOAD = {"payload": {"status": "INACTIVE"}, "topic": "home/heating/status"}
ATTEMPTS = 3
# How far the waits may be from what is documented, as a part of them: "one minute" and "two minutes" are not exact.
TOLERANCE = 0.5
SHAPE = {
    "version": "text",
    "timestamp": "text",
    "requestContext": {
        "requestId": "text",
        "functionArn": "text",
        "condition": "text",
        "approximateInvokeCount": "number",
    },
    "requestPayload": compare.shape(PAYLOAD),
    "responseContext": {"statusCode": "number", "executedVersion": "text", "functionError": "text"},
    "responsePayload": {"errorMessage": "text", "errorType": "text"},
}


def plan(_run: Run) -> Plan:
    """A function, and the queues that hear of it."""
    return Plan(
        makes={"function": 1, "role": 1, "queue": 2},
        uses={"invocation": ATTEMPTS, "queue request": 60},
        seconds=(200, 420),
    )


def check(run: Run) -> None:
    """Invokes a function that fails, and looks at what it is called with afterwards."""
    attempts_url, attempts_arn = queues.make(run, "attempts")
    failed_url, failed_arn = queues.make(run, "failed")
    name = function(run, attempts_url, failed_arn, [attempts_arn, failed_arn])
    since = time.monotonic()
    invoked = run.services["lambda"].invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(PAYLOAD))
    run.check(NAME, "the invocation is taken", "202", str(invoked["StatusCode"]), invoked["StatusCode"] == 202)
    wanted = sum(run.clock.retries) * (1 + TOLERANCE) + 60
    attempts = sorted(queues.receive(run, attempts_url, ATTEMPTS, wanted), key=lambda attempt: attempt["at"])
    spacing(run, attempts, since)
    records = queues.receive(run, failed_url, 1, 120)
    record(run, records[0] if records else None, attempts, name)
    # An attempt more than documented would come after the record.
    late = queues.receive(run, attempts_url, 1, 10)
    run.check(NAME, "no attempt after the record", "0", str(len(late)), not late)


def function(run: Run, attempts_url: str, failed_arn: str, queue_arns: list[str]) -> str:
    """The function, set up as the template sets up its own."""
    name, client = run.name("failing"), run.services["lambda"]
    # Not allowed to log: Lambda would make a log that nobody deletes.
    role = rules.role(run, "failing", "lambda.amazonaws.com", [rules.allow("sqs:SendMessage", *queue_arns)])
    run.ledger.add("function", name, lambda: client.delete_function(FunctionName=name))

    def create() -> bool:
        try:
            with interrupts.held():
                client.create_function(
                    FunctionName=name,
                    Runtime=RUNTIME,
                    Architectures=["arm64"],
                    Handler=f"{SOURCE.stem}.handler",
                    Role=role,
                    Timeout=30,
                    Code={"ZipFile": zipped(SOURCE)},
                    Environment={"Variables": {"ATTEMPTS": attempts_url}},
                )
        except ClientError as error:
            # Lambda does not know a role that was just made.
            if aws.code(error) != "InvalidParameterValueException" or "role" not in aws.message(error):
                raise
            return False
        return True

    if not run.until(create, seconds=60):
        raise TimeoutError(f"the role of {name} is not known to Lambda after a minute")
    run.until(
        lambda: client.get_function_configuration(FunctionName=name).get("State", "Active") == "Active", seconds=60
    )
    destination = {"OnFailure": {"Destination": failed_arn}}
    client.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=2, MaximumEventAgeInSeconds=21600, DestinationConfig=destination
    )
    return name


def zipped(path: Path) -> bytes:
    """A file as the zip that Lambda takes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return buffer.getvalue()


def spacing(run: Run, attempts: list[Any], since: float) -> None:
    """How often, and when."""
    run.check(NAME, "attempts", str(ATTEMPTS), str(len(attempts)), len(attempts) == ATTEMPTS, since=since)
    ids = {attempt["request-id"] for attempt in attempts}
    run.check(NAME, "the same request id in all attempts", "1", str(len(ids)), len(ids) == 1)
    events = [attempt["event"] for attempt in attempts]
    run.check(
        NAME,
        "the same event in all attempts",
        compare.write(PAYLOAD),
        compare.write(events[0] if events else None),
        bool(events) and all(event == PAYLOAD for event in events),
    )
    waits = [later["at"] - earlier["at"] for earlier, later in zip(attempts, attempts[1:])]
    for number, expected in enumerate(run.clock.retries):
        wait = waits[number] if number < len(waits) else None
        exact = run.clock.scaled(expected)
        close = wait is not None and abs(wait - exact) <= max(exact * TOLERANCE, run.clock.scaled(10))
        found = "no such attempt" if wait is None else f"{wait:.1f} s"
        run.check(NAME, f"wait before attempt {number + 2}", f"about {exact:g} s", found, close)


def record(run: Run, found: Any, attempts: list[Any], name: str) -> None:
    """The record of the event that was given up."""
    if found is None:
        run.check(NAME, "the record: there is one", "a message in the queue", "nothing came", False)
        return
    lacking = compare.lacks(SHAPE, compare.shape(found)) if isinstance(found, dict) else ["it is no JSON"]
    run.check(
        NAME,
        "the record: shape",
        compare.write(SHAPE),
        "; ".join(lacking) or compare.write(compare.shape(found)),
        not lacking,
    )
    if lacking:
        return
    context, response = found["requestContext"], found["responseContext"]
    expected = {
        "version": ("1.0", found["version"]),
        "condition": ("RetriesExhausted", context["condition"]),
        "approximateInvokeCount": (ATTEMPTS, context["approximateInvokeCount"]),
        "requestId": (attempts[0]["request-id"] if attempts else None, context["requestId"]),
        "functionArn ends with the version": (f"{name}:$LATEST", context["functionArn"].partition(":function:")[2]),
        "requestPayload": (compare.write(PAYLOAD), compare.write(found["requestPayload"])),
        "statusCode": (200, response["statusCode"]),
        "executedVersion": ("$LATEST", response["executedVersion"]),
        "functionError": ("Unhandled", response["functionError"]),
    }
    for what, (wanted, is_there) in expected.items():
        run.check(NAME, f"the record: {what}", str(wanted), str(is_there), wanted == is_there)
