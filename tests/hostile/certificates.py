"""Certificates that a client has to refuse."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.hostile.row import Certificate

AUTHORITY = "authority.pem"


def context(kind: Certificate, folder: Path) -> ssl.SSLContext:
    """What a server shows. The client trusts it as an authority, but for what is wrong with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    until = now - timedelta(days=1) if kind == "expired" else now + timedelta(days=1)
    host: x509.GeneralName = x509.IPAddress(ip_address("127.0.0.1"))
    host = x509.DNSName("elsewhere.example") if kind == "another host" else host
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"hostile {kind}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{kind.replace(' ', '-')}.pem"
    certificate = made.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(
        certificate
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    made_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made_context.load_cert_chain(path)
    if kind != "self-signed":
        with (folder / AUTHORITY).open("ab") as authority:
            authority.write(certificate)
    return made_context
