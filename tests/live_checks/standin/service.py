"""moto's server with what it has not: certificates for keys of devices, Lambda's retries, and the resource policy of a table."""

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.cloudformation.models import CloudFormationBackend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler
from moto.iot.exceptions import InvalidRequestException, IoTClientError
from moto.iot.models import FakePolicy, IoTBackend, iot_backends
from moto.iotdata.models import IoTDataPlaneBackend
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from . import faults
from .authority import Authority
from .policy import listed

ACCOUNT = DEFAULT_ACCOUNT_ID
SERVICE = Path(__file__).parent.parent
# Runs a function's own code as Lambda's runtime would.
RUNTIME = """
import importlib, json, sys
from types import SimpleNamespace
module, name = sys.argv[1].rsplit(".", 1)
event = json.load(sys.stdin)
getattr(importlib.import_module(module), name)(event, SimpleNamespace(aws_request_id=sys.argv[2]))
"""
MINUTES = (60.0, 120.0)
# moto's methods that write, and what policies call that; a statement says itself what it does.
WRITING = {
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "batch_write_item": "BatchWriteItem",
    "transact_write_items": "PutItem",
    "execute_statement": "",
}
# How long what was detached holds on, with the fault for it.
HOLDS = 5.0


def start(
    authority: Authority, region: str, factor: float, publish: Callable[[str, bytes], None]
) -> tuple[str, Callable[[], IoTBackend]]:
    """Starts the server; gives its address, and what AWS IoT knows. `publish` gets what is published by HTTP."""
    IoTDataPlaneBackend.publish = lambda _, topic, payload: publish(topic, payload)
    certify(authority)
    read_statements()
    hold_on(HOLDS * factor)
    protect_tables()
    complete_stacks()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    retry(endpoint, region, factor)
    return endpoint, lambda: iot_backends[ACCOUNT][region]


def certify(authority: Authority) -> None:
    """AWS IoT makes a certificate for the key of a request; moto makes one for a key that nobody has."""

    def create_certificate_from_csr(self: IoTBackend, csr: str, set_as_active: bool) -> Any:
        pem = authority.sign(csr)
        return self.register_certificate(pem, ca_certificate_pem=None, set_as_active=set_as_active, status="INACTIVE")

    IoTBackend.create_certificate_from_csr = create_certificate_from_csr


def read_statements() -> None:
    """moto takes any text for a statement. AWS does not, and neither does `campanile`."""
    create = IoTBackend.create_topic_rule

    def create_topic_rule(self: IoTBackend, rule_name: str, sql: str, **others: Any) -> None:
        command = [
            os.environ["CAMPANILE"],
            "rule",
            "eval",
            "--sql",
            sql,
            "--sql-version",
            others.get("aws_iot_sql_version") or "2015-10-08",
        ]
        done = subprocess.run([*command, "--topic", "a", "--payload", "{}"], capture_output=True, text=True, timeout=60)
        if done.returncode == 3 and not faults.on("parser"):
            raise IoTClientError("SqlParseException", done.stderr.strip().splitlines()[0])
        create(self, rule_name=rule_name, sql=sql, **others)

    IoTBackend.create_topic_rule = create_topic_rule


def hold_on(seconds: float) -> None:
    """AWS IoT deletes no thing that has a certificate, and forgets late that it had one."""
    detach, delete = IoTBackend.detach_thing_principal, IoTBackend.delete_thing
    until: dict[str, float] = {}

    def detach_thing_principal(self: IoTBackend, thing_name: str, principal_arn: str) -> None:
        until[thing_name] = time.monotonic() + seconds
        detach(self, thing_name=thing_name, principal_arn=principal_arn)

    def delete_thing(self: IoTBackend, thing_name: str) -> None:
        if faults.on("slow-deletion") and time.monotonic() < until.get(thing_name, 0):
            raise InvalidRequestException("Cannot delete. Thing is still attached to one or more principals.")
        delete(self, thing_name=thing_name)

    IoTBackend.detach_thing_principal, IoTBackend.delete_thing = detach_thing_principal, delete_thing


def protect_tables() -> None:
    """moto keeps the policy of a table and does not look at it."""
    for method, action in WRITING.items():
        setattr(DynamoHandler, method, guarded(getattr(DynamoHandler, method), action))


def guarded(write: Callable[[DynamoHandler], Any], action: str) -> Callable[[DynamoHandler], Any]:
    """A way of writing that asks the table's policy first."""

    def ask_first(self: DynamoHandler) -> Any:
        named = action or f"PartiQL{self.body['Statement'].split()[0].capitalize()}"
        # The rules' role may put items; here that is whoever does without a condition.
        by_rule = action == "PutItem" and "ConditionExpression" not in json.dumps(self.body)
        if not by_rule and not faults.on("table") and denied(json.dumps(self.body), named):
            reason = "with an explicit deny in a resource-based policy"
            raise JsonRESTError(
                "AccessDeniedException",
                f"User: x is not authorized to perform: dynamodb:{named} on resource: x {reason}",
            )
        if named == "PartiQLUpdate":
            # moto breaks if the item is not there.
            raise JsonRESTError("ConditionalCheckFailedException", "The conditional request failed")
        return write(self)

    return ask_first


# By the names of tables: the statements of their policies.
protected: dict[str, list[dict[str, Any]]] = {}


def denied(body: str, action: str) -> bool:
    """Whether the policy of a table that is named denies it."""
    statements = [statement for table, policy in protected.items() if table in body for statement in policy]
    return any(f"dynamodb:{action}" in listed(statement["Action"]) for statement in statements)


# Resources of stacks that moto's CloudFormation has not made, and what functions are set up with that it leaves out.
added: list[SimpleNamespace] = []
function_settings: dict[str, Any] = {}


def complete_stacks() -> None:
    """Lets a stack say that it has what was made beside it, and call a policy by its name."""
    listing, configuration = CloudFormationBackend.list_stack_resources, LambdaFunction.get_configuration

    def list_stack_resources(self: CloudFormationBackend, name: str) -> Any:
        stack, resources = listing(self, name)
        return stack, [*resources, *added]

    def get_configuration(self: LambdaFunction, *arguments: Any, **named: Any) -> dict[str, Any]:
        return configuration(self, *arguments, **named) | function_settings

    CloudFormationBackend.list_stack_resources = list_stack_resources
    LambdaFunction.get_configuration = get_configuration
    FakePolicy.physical_resource_id = property(lambda policy: policy.name)


def retry(endpoint: str, region: str, factor: float) -> None:
    """moto runs no function. Lambda runs it again when it fails, and gives up."""

    def invoke(
        self: LambdaBackend, function_name: str, qualifier: str | None, body: Any, headers: Any, response_headers: Any
    ) -> bytes:
        function = self.get_function(function_name)
        threading.Thread(
            target=attempts, args=[function, json.loads(body), endpoint, region, factor], daemon=True
        ).start()
        return b""

    LambdaBackend.invoke = invoke


def attempts(function: Any, event: Any, endpoint: str, region: str, factor: float) -> None:
    """An asynchronous invocation."""
    request_id, count = str(uuid.uuid4()), 0
    waits = [0.0] if faults.on("retries") else [seconds * factor for seconds in MINUTES]
    while True:
        begun, count = time.monotonic(), count + 1
        error = attempt(function, event, request_id, endpoint, region)
        if error is None or count > len(waits):
            break
        # Attempts here take long beside the shortened waits.
        time.sleep(max(0.0, begun + waits[count - 1] - time.monotonic()))
    if error:
        config = function.event_invoke_config[0].response()
        record = failure_record(function, event, request_id, count, error)
        sqs = boto3.client("sqs", region_name=region, endpoint_url=endpoint)
        url = sqs.get_queue_url(QueueName=config["DestinationConfig"]["OnFailure"]["Destination"].rpartition(":")[2])[
            "QueueUrl"
        ]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(record))


def attempt(function: Any, event: Any, request_id: str, endpoint: str, region: str) -> dict[str, str] | None:
    """Runs the function; gives its error."""
    own = function.environment_vars | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": region,
        "PYTHONPATH": str(SERVICE),
    }
    command = [sys.executable, "-c", RUNTIME, function.handler, request_id]
    done = subprocess.run(
        command, input=json.dumps(event), capture_output=True, text=True, timeout=60, env=os.environ | own
    )
    if done.returncode == 0:
        return None
    kind, _, text = done.stderr.strip().splitlines()[-1].partition(": ")
    return {"errorMessage": text, "errorType": kind}


def failure_record(function: Any, event: Any, request_id: str, count: int, error: dict[str, str]) -> dict[str, Any]:
    """What the on-failure destination gets, as `host/local/src/lambda/record.rs` has it."""
    context = {
        "requestId": request_id,
        "functionArn": f"{function.function_arn}:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": count,
    }
    return {
        "version": "1.0",
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "requestContext": context,
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": error,
    }
