"""What runs that were killed have left: found by its name, and deleted. What is not named like a run's is not touched."""

from functools import partial

from . import aws
from .aws import Aws
from .ledger import Ledger
from .run import NAME, PREFIX


def is_own(name: str) -> bool:
    """Whether a run has made what is called so."""
    return NAME.match(name) is not None


def find(services: Aws, ledger: Ledger) -> None:
    """Writes down all that is left. The ledger deletes the latest first: what holds something is written down after it."""
    for look in (policies, certificates_of_things, rules, queues, roles, functions):
        look(services, ledger)


def policies(services: Aws, ledger: Ledger) -> None:
    """The run's policies, and the certificates that have them."""
    iot = services["iot"]
    for policy in aws.pages(iot, "list_policies", "policies"):
        name = policy["policyName"]
        if is_own(name):
            ledger.add("policy", name, partial(iot.delete_policy, policyName=name))
            for target in aws.pages(iot, "list_targets_for_policy", "targets", policyName=name):
                certificate(services, ledger, target)
                attachment(services, ledger, name, target)


def certificates_of_things(services: Aws, ledger: Ledger) -> None:
    """The run's things, and their certificates with the stack's policy."""
    iot = services["iot"]
    for thing in aws.pages(iot, "list_things", "things"):
        name = thing["thingName"]
        if not is_own(name):
            continue
        arns = aws.pages(iot, "list_thing_principals", "principals", thingName=name)
        for arn in arns:
            certificate(services, ledger, arn)
            for policy in aws.pages(iot, "list_attached_policies", "policies", target=arn):
                attachment(services, ledger, policy["policyName"], arn)
        ledger.add("thing", name, partial(iot.delete_thing, thingName=name))
        for arn in arns:
            ledger.add(
                "attachment",
                f"of {name}",
                partial(iot.detach_thing_principal, thingName=name, principal=arn),
            )


def certificate(services: Aws, ledger: Ledger, arn: str) -> None:
    """A certificate."""
    iot, certificate_id = services["iot"], arn.rpartition("/")[2]

    def delete() -> None:
        iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        iot.delete_certificate(certificateId=certificate_id, forceDelete=True)

    ledger.add("certificate", certificate_id, delete)


def attachment(services: Aws, ledger: Ledger, policy: str, arn: str) -> None:
    """What a certificate may do."""
    iot = services["iot"]
    ledger.add("attachment", f"of {policy}", lambda: iot.detach_policy(policyName=policy, target=arn))


def rules(services: Aws, ledger: Ledger) -> None:
    """Rules."""
    iot = services["iot"]
    for rule in aws.pages(iot, "list_topic_rules", "rules"):
        name = rule["ruleName"]
        if is_own(name):
            ledger.add("rule", name, partial(iot.delete_topic_rule, ruleName=name)).made = True


def queues(services: Aws, ledger: Ledger) -> None:
    """Queues."""
    sqs = services["sqs"]
    for url in aws.pages(sqs, "list_queues", "QueueUrls", QueueNamePrefix=PREFIX):
        if is_own(url.rpartition("/")[2]):
            ledger.add("queue", url.rpartition("/")[2], partial(sqs.delete_queue, QueueUrl=url))


def roles(services: Aws, ledger: Ledger) -> None:
    """Roles with their policies."""
    iam = services["iam"]
    for name in (role["RoleName"] for role in aws.pages(iam, "list_roles", "Roles")):
        if is_own(name):
            ledger.add("role", name, partial(iam.delete_role, RoleName=name))
            for policy in aws.pages(iam, "list_role_policies", "PolicyNames", RoleName=name):
                ledger.add(
                    "role policy",
                    policy,
                    partial(iam.delete_role_policy, RoleName=name, PolicyName=policy),
                )


def functions(services: Aws, ledger: Ledger) -> None:
    """Functions."""
    client = services["lambda"]
    for name in (function["FunctionName"] for function in aws.pages(client, "list_functions", "Functions")):
        if is_own(name):
            ledger.add("function", name, partial(client.delete_function, FunctionName=name))
