"""moto's server, which answers one request at a time, and certifies the keys that it is asked to.

DynamoDB's conditional writes are one step. moto 5.2.5 checks the condition and writes in two, and answers each request in a
thread of its own: of two workers that claim one delivery, both can win. Whatever it is asked is left as it is.

AWS IoT makes a certificate for the key of a request. moto makes one for a key that nobody has.
"""

import datetime
import threading
from contextlib import closing

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from moto import server
from moto.iot.exceptions import InvalidRequestException
from moto.iot.models import IoTBackend


class OneByOne(server.DomainDispatcherApplication):
    turn = threading.Lock()

    def __call__(self, environ, start_response):
        with self.turn, closing(super().__call__(environ, start_response)) as answer:
            return [b"".join(answer)]


def create_certificate_from_csr(self, csr, set_as_active):
    request = x509.load_pem_x509_csr(csr.encode())
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


IoTBackend.create_certificate_from_csr = create_certificate_from_csr
server.DomainDispatcherApplication = OneByOne
server.main()
