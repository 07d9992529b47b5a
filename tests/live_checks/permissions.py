"""What whoever runs the checks has to be allowed, as the smallest policy that does."""

import json
from collections.abc import Iterable, Mapping

# Actions by resource, as a policy names it.
Permissions = Mapping[str, Iterable[str]]

OWN = "campanile_live_*"
ROLE = f"arn:aws:iam::*:role/{OWN}"
RULE = f"arn:aws:iot:*:*:rule/{OWN}"
POLICY = f"arn:aws:iot:*:*:policy/{OWN}"
THING = f"arn:aws:iot:*:*:thing/{OWN}"
CERTIFICATE = "arn:aws:iot:*:*:cert/*"
QUEUE = f"arn:aws:sqs:*:*:{OWN}"
FUNCTION = f"arn:aws:lambda:*:*:function:{OWN}"

# Where devices connect.
ENDPOINT = {"*": ["iot:DescribeEndpoint"]}
# What a group that needs a stack looks at.
LOOKING = {"*": ["cloudformation:DescribeStacks", "cloudformation:ListStackResources"]}
# A certificate has no name before it is made.
CERTIFICATES = {"*": ["iot:CreateCertificateFromCsr"], CERTIFICATE: ["iot:UpdateCertificate", "iot:DeleteCertificate"]}
ROLES = {ROLE: ["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole", "iam:DeleteRolePolicy", "iam:DeleteRole"]}
RULES = {RULE: ["iot:CreateTopicRule", "iot:DeleteTopicRule"]}
QUEUES = {
    QUEUE: [
        "sqs:CreateQueue",
        "sqs:GetQueueAttributes",
        "sqs:SetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:DeleteQueue",
    ]
}
OPERATOR = {POLICY: ["iot:CreatePolicy", "iot:DeletePolicy"], CERTIFICATE: ["iot:AttachPolicy", "iot:DetachPolicy"]}
# Of what does not come by MQTT.
PUBLISHING = {
    f"arn:aws:iot:*:*:topic/{OWN}": ["iot:Publish"],
    f"arn:aws:iot:*:*:topic/$aws/rules/{OWN}": ["iot:Publish"],
}
DEVICES = {
    CERTIFICATE: ["iot:AttachPolicy", "iot:DetachPolicy"],
    THING: ["iot:CreateThing", "iot:DeleteThing", "iot:AttachThingPrincipal", "iot:DetachThingPrincipal"],
}
CLEANING = {
    "*": [
        "iot:ListTopicRules",
        "iot:ListPolicies",
        "iot:ListTargetsForPolicy",
        "iot:ListThings",
        "iot:ListThingPrincipals",
        "iot:ListAttachedPolicies",
        "sqs:ListQueues",
        "lambda:ListFunctions",
        "iam:ListRoles",
        "iam:ListRolePolicies",
    ]
}


def together(*parts: Permissions) -> dict[str, list[str]]:
    """All of them, each action once."""
    actions: dict[str, set[str]] = {}
    for part in parts:
        for resource, allowed in part.items():
            actions.setdefault(resource, set()).update(allowed)
    return {resource: sorted(actions[resource]) for resource in sorted(actions)}


def policy(parts: Iterable[Permissions]) -> str:
    """An IAM policy."""
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource} for resource, actions in together(*parts).items()
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
