"""Certificates, and things that have one. A key is made here, in the run's folder, and goes nowhere."""

import subprocess
from pathlib import Path

from . import interrupts
from .mqtt import Client, Identity
from .run import Run

POLICY_VERSION = "2012-10-17"


def certificate(run: Run, name: str) -> tuple[Identity, str]:
    """A certificate of the account for a new key, and its ARN."""
    key, request, pem = (run.folder / f"{name}.{kind}" for kind in ("key.pem", "csr.pem", "cert.pem"))
    make_key(name, key, request)
    iot = run.services["iot"]
    # It has no name before it is made.
    with interrupts.held():
        made = iot.create_certificate_from_csr(certificateSigningRequest=request.read_text(), setAsActive=True)
        run.ledger.add("certificate", made["certificateId"], lambda: delete_certificate(run, made["certificateId"]))
    pem.write_text(made["certificatePem"])
    return Identity(pem, key), made["certificateArn"]


def make_key(name: str, key: Path, request: Path) -> None:
    """A key that only its owner may read, and the request for a certificate."""
    key.touch(mode=0o600)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key)]
    command = ["openssl", "req", "-new", *curve, "-subj", f"/CN={name}", "-out", str(request)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def delete_certificate(run: Run, certificate_id: str) -> None:
    """A certificate has to be inactive before it goes; what it is attached to holds it no more."""
    iot = run.services["iot"]
    iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
    iot.delete_certificate(certificateId=certificate_id, forceDelete=True)


def attach(run: Run, policy: str, arn: str) -> None:
    """Lets a certificate do what a policy says."""
    iot = run.services["iot"]
    with run.ledger.making("attachment", f"of {policy}", lambda: iot.detach_policy(policyName=policy, target=arn)):
        iot.attach_policy(policyName=policy, target=arn)


def thing(run: Run, name: str) -> None:
    """A thing."""
    iot = run.services["iot"]
    with run.ledger.making("thing", name, lambda: iot.delete_thing(thingName=name)):
        iot.create_thing(thingName=name)


def attached_thing(run: Run, name: str, arn: str) -> None:
    """A thing that has this certificate, and the certificate no other thing."""
    thing(run, name)
    iot = run.services["iot"]
    with run.ledger.making(
        "attachment", f"of {name}", lambda: iot.detach_thing_principal(thingName=name, principal=arn)
    ):
        iot.attach_thing_principal(thingName=name, principal=arn, thingPrincipalType="EXCLUSIVE_THING")


def provisioned(run: Run, suffix: str) -> tuple[str, Identity]:
    """A device as `deploy/provision-device` makes it: its name, and its identity."""
    name = run.name(suffix)
    identity, arn = certificate(run, name)
    attach(run, run.stack.output("DevicePolicyName"), arn)
    attached_thing(run, name, arn)
    return name, identity


def connected(run: Run, identity: Identity, name: str) -> Client:
    """A client that is connected. What was attached a moment ago may not be known yet, so it tries for a while."""
    opened: list[Client] = []

    def attempt() -> bool:
        client = Client(run.broker(), identity, name)
        answer = client.connect()
        opened[:] = [client] if answer.accepted else []
        reasons.append(str(answer))
        return answer.accepted

    reasons: list[str] = []
    if not run.until(attempt, seconds=60):
        raise ConnectionError(f"{name} can't connect: {reasons[-1]}")
    return opened[0]
