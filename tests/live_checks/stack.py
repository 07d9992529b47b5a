"""The deployed stack: what its template calls things, and what they are called in the account."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from . import aws
from .aws import Aws


class NoStack(Exception):
    """There is none, or it can't be looked at."""


@dataclass
class Stack:
    """A stack as it stands."""

    name: str
    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]
    # By their names in the template: type and physical id.
    resources: dict[str, tuple[str, str]]

    def output(self, name: str) -> str:
        """An output that the template has."""
        if name not in self.outputs:
            raise NoStack(f"the stack {self.name} has no output {name}: deploy the template of this version")
        return self.outputs[name]

    def id(self, logical: str) -> str:
        """What a resource of the template is called in the account."""
        if logical not in self.resources:
            raise NoStack(f"the stack {self.name} has no resource {logical}: deploy the template of this version")
        return self.resources[logical][1]

    def of_type(self, kind: str) -> dict[str, str]:
        """The resources of a type."""
        return {logical: name for logical, (its, name) in self.resources.items() if its == kind}

    def topic(self, thing: str) -> str:
        """Where a thing publishes: the policy puts its name in place of each `+`."""
        return self.parameters["TopicFilter"].replace("+", thing)


def find(services: Aws, name: str) -> Stack:
    """Looks a stack up."""
    try:
        found = services["cloudformation"].describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        raise NoStack(f"the stack {name} in {services.region}: {aws.message(error)}") from error
    summaries = aws.pages(services["cloudformation"], "list_stack_resources", "StackResourceSummaries", StackName=name)
    return Stack(
        name=name,
        status=found["StackStatus"],
        parameters=pairs(found.get("Parameters"), "Parameter"),
        outputs=pairs(found.get("Outputs"), "Output"),
        resources={s["LogicalResourceId"]: (s["ResourceType"], s.get("PhysicalResourceId", "")) for s in summaries},
    )


def pairs(items: list[dict[str, Any]] | None, what: str) -> dict[str, str]:
    """Names and values."""
    return {item[f"{what}Key"]: item.get(f"{what}Value", "") for item in items or []}
