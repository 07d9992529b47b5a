"""The services, asked with patience: what is throttled is asked again."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Creating and deleting rules is limited to a few a second; the adaptive mode finds out how many.
RETRIES = Config(retries={"mode": "adaptive", "max_attempts": 12}, connect_timeout=10, read_timeout=60)
# A role that was just made is not known everywhere at once.
ROLE_PATIENCE = 60.0


class Aws:
    """Clients of the services in a region. Credentials are found as the AWS CLI finds them, and are not looked at here."""

    def __init__(self, region: str | None, endpoint: str | None = None) -> None:
        self.session = boto3.Session(region_name=region)
        self.endpoint = endpoint
        self.clients: dict[str, Any] = {}

    @property
    def region(self) -> str:
        return self.session.region_name or ""

    def __getitem__(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = self.session.client(service, config=RETRIES, endpoint_url=self.endpoint)
        return self.clients[service]

    def account(self) -> str:
        """The account's number. Asking needs no permission, and fails if there are no credentials."""
        return self["sts"].get_caller_identity()["Account"]

    def partition(self) -> str:
        """`aws`, or that of another part of the world."""
        return self.session.get_partition_for_region(self.region)

    def arn(self, service: str, account: str, resource: str) -> str:
        """The name of something in this region."""
        return f"arn:{self.partition()}:{service}:{self.region}:{account}:{resource}"


def code(error: ClientError) -> str:
    """What the service calls the error."""
    return error.response.get("Error", {}).get("Code", "")


def message(error: ClientError) -> str:
    """What the service says of it."""
    return error.response.get("Error", {}).get("Message", "")


def pages(client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
    """All that a listing has."""
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page.get(key, [])]
