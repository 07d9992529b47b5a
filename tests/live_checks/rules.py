"""Rules, the role that they act with, and an operator: a client of the run's own topics."""

import json
from typing import Any

from botocore.exceptions import ClientError

from . import aws, device, interrupts
from .mqtt import Identity
from .run import Run

VERSION = "2016-03-23"


def topic_arn(run: Run, topic: str) -> str:
    """A topic below the run's own."""
    return run.services.arn("iot", run.account, f"topic/{run.prefix}/{topic}")


def role(run: Run, suffix: str, service: str, statements: list[dict[str, Any]]) -> str:
    """A role for a service, and its ARN."""
    name, iam = run.name(suffix), run.services["iam"]
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    # The same protection as the template's own role has; Lambda's roles are passed by who may pass them.
    if service.startswith("iot."):
        trust["Condition"] = {"StringEquals": {"aws:SourceAccount": run.account}}
    with run.ledger.making("role", name, lambda: iam.delete_role(RoleName=name)):
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    with run.ledger.making("role policy", name, lambda: iam.delete_role_policy(RoleName=name, PolicyName=name)):
        iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=document(*statements))
    return arn


def document(*statements: dict[str, Any]) -> str:
    """A policy."""
    return json.dumps({"Version": device.POLICY_VERSION, "Statement": statements})


def allow(action: str | list[str], *resources: str) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": action, "Resource": list(resources)}


def operator(run: Run, suffix: str) -> Identity:
    """A certificate that may do what the checks do, below the run's own topics and with its own names, and nothing else."""
    name, iot = run.name(suffix), run.services["iot"]

    def own(kind: str, rest: str) -> str:
        return run.services.arn("iot", run.account, f"{kind}/{rest}")

    statements = [
        allow("iot:Connect", own("client", f"{run.prefix}*")),
        allow("iot:Publish", own("topic", f"{run.prefix}/*"), own("topic", f"$aws/rules/{run.prefix}*")),
        allow("iot:Subscribe", own("topicfilter", f"{run.prefix}/*")),
        allow("iot:Receive", own("topic", f"{run.prefix}/*")),
    ]
    with run.ledger.making("policy", name, lambda: iot.delete_policy(policyName=name)):
        iot.create_policy(policyName=name, policyDocument=document(*statements))
    identity, arn = device.certificate(run, name)
    device.attach(run, name, arn)
    return identity


def create(
    run: Run,
    name: str,
    sql: str,
    actions: list[dict[str, Any]],
    error: dict[str, Any] | None = None,
    version: str = VERSION,
) -> str | None:
    """Makes a rule; gives AWS's words if it does not read the statement. A role that was just made may not be known yet."""
    payload = {
        "sql": sql,
        "awsIotSqlVersion": version,
        "actions": actions,
        "ruleDisabled": False,
        "description": f"of tests/live, run {run.prefix}",
    }
    if error:
        payload["errorAction"] = error
    iot, refused = run.services["iot"], []
    entry = run.ledger.add("rule", name, lambda: iot.delete_topic_rule(ruleName=name))

    def attempt() -> bool:
        try:
            with interrupts.held():
                iot.create_topic_rule(ruleName=name, topicRulePayload=payload)
                entry.made = True
        except ClientError as problem:
            if aws.code(problem) == "SqlParseException":
                refused.append(aws.message(problem))
                return True
            if aws.code(problem) != "InvalidRequestException" or "role" not in aws.message(problem).lower():
                raise
            return False
        return True

    if not run.until(attempt, seconds=60):
        raise TimeoutError(f"the role of {name} is not known to AWS IoT after a minute")
    if refused:
        run.ledger.settle(entry)
        return refused[0] or "SqlParseException"
    return None


def delete(run: Run, name: str) -> None:
    """Deletes a rule before the end of the run."""
    run.ledger.settle(next(entry for entry in run.ledger.entries if entry.kind == "rule" and entry.name == name))
