"""Certificates of AWS IoT.

AWS IoT makes a certificate for the key of a request; moto makes one for a key that nobody has. A certificate that belongs to one
thing alone can't be attached to another; moto does not know of that.
"""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from moto.iot.exceptions import InvalidRequestException
from moto.iot.models import IoTBackend
from moto.iot.responses import IoTResponse


def create_certificate_from_csr(self, csr, set_as_active):
    try:
        request = x509.load_pem_x509_csr(csr.encode())
    except ValueError as error:
        raise InvalidRequestException("The certificate signing request can not be read.") from error
    if not request.is_signature_valid:
        raise InvalidRequestException("The certificate signing request is not signed with its key.")
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "moto")]))
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return self.register_certificate(pem, ca_certificate_pem=None, set_as_active=set_as_active, status="INACTIVE")


def attach_thing_principal(self, attach=IoTResponse.attach_thing_principal):
    backend, thing, principal = self.iot_backend, self._get_param("thingName"), self.headers.get("x-amzn-principal")
    exclusive = backend.__dict__.setdefault("exclusive_principals", {})
    others = [other for other in backend.list_principal_things(principal) if other != thing]
    wants_all = self._get_param("thingPrincipalType") == "EXCLUSIVE_THING"
    if exclusive.get(principal, thing) != thing or (wants_all and others):
        raise InvalidRequestException(f"The principal is attached to another thing than {thing}.")
    answer = attach(self)
    if wants_all:
        exclusive[principal] = thing
    return answer


def install():
    IoTBackend.create_certificate_from_csr = create_certificate_from_csr
    IoTResponse.attach_thing_principal = attach_thing_principal
