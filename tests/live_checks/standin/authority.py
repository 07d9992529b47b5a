"""A certificate authority: signs the requests that devices make, as AWS IoT does, and the broker's own certificate."""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DAY = datetime.timedelta(days=1)


class Authority:
    """Its key is in memory only."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in of AWS")])
        self.certificate = self.builder(self.name, self.key.public_key(), ca=True).sign(self.key, hashes.SHA256())

    def builder(self, subject: x509.Name, key: object, ca: bool = False) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = {
            name: False
            for name in (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            )
        }
        return (
            x509.CertificateBuilder(self.name, subject, key, x509.random_serial_number(), now - DAY, now + DAY)  # type: ignore[arg-type]
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=ca, crl_sign=ca, **usage), critical=True)
        )

    def sign(self, request: str) -> str:
        """The certificate for a request."""
        csr = x509.load_pem_x509_csr(request.encode())
        assert csr.is_signature_valid
        return pem(self.builder(csr.subject, csr.public_key()).sign(self.key, hashes.SHA256()))

    def serve(self, folder: Path) -> tuple[Path, Path]:
        """The broker's certificate and key, and the authority's beside them, in files."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        alternative = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        certificate = (
            self.builder(name, key.public_key())
            .add_extension(alternative, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        (folder / "authority.pem").write_text(pem(self.certificate))
        (folder / "server.pem").write_text(pem(certificate))
        (folder / "server.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return folder / "server.pem", folder / "server.key"


def pem(certificate: x509.Certificate) -> str:
    """As text."""
    return certificate.public_bytes(Encoding.PEM).decode()
