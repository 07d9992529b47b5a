"""IoT policies, evaluated as the developer guide says: a thing's variables have a value if the client id is the thing's name
and the certificate is attached to it; what is not allowed is refused."""

import json
import re
import ssl
from dataclasses import dataclass
from typing import Any

from . import faults

THING = "${iot:Connection.Thing.ThingName}"


@dataclass
class Principal:
    """Who is connected."""

    arn: str
    client_id: str
    # What moto has: policies and things by principal.
    backend: Any

    @property
    def is_attached(self) -> bool:
        return (self.arn, self.client_id) in self.backend.principal_things

    def may(self, action: str, resource: str) -> bool:
        """Whether a policy of the certificate allows it. `resource` is the end of an ARN: `topic/a/b`."""
        if faults.on("policy"):
            return True
        policies = [policy for (arn, _), (_, policy) in self.backend.principal_policies.items() if arn == self.arn]
        statements = [statement for policy in policies for statement in read(policy.document)["Statement"]]
        return any(self.allows(statement, action, resource) for statement in statements)

    def allows(self, statement: dict[str, Any], action: str, resource: str) -> bool:
        if statement["Effect"] != "Allow" or action not in listed(statement["Action"]):
            return False
        wanted = statement.get("Condition", {}).get("Bool", {}).get("iot:Connection.Thing.IsAttached")
        if wanted is not None and str(self.is_attached).lower() not in listed(wanted):
            return False
        return any(self.matches(pattern, resource) for pattern in listed(statement["Resource"]))

    def matches(self, pattern: str, resource: str) -> bool:
        """`*` and `?` stand for anything, and `+` and `#` for themselves. A variable without a value matches nothing."""
        if THING in pattern and not self.is_attached:
            return False
        ending = pattern.replace(THING, self.client_id).split(":", 5)[5]
        expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in ending)
        return re.fullmatch(expression, resource) is not None


def read(document: Any) -> Any:
    """A policy of a stack is kept as an object, others as text."""
    return json.loads(document) if isinstance(document, str) else document


def listed(value: str | list[str]) -> list[str]:
    """One or several."""
    return [value] if isinstance(value, str) else value


def certificate_arn(backend: Any, der: bytes) -> str | None:
    """The certificate that was shown, if it is one of the account's and active."""
    for certificate in backend.certificates.values():
        if certificate.status == "ACTIVE" and ssl.PEM_cert_to_DER_cert(certificate.certificate_pem) == der:
            return certificate.arn
    return None
