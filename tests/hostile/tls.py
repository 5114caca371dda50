"""TLS: certificates and handshakes."""

from tests.hostile.row import Row
from tests.hostile.service import Service
from tests.hostile.wire import Wire


async def plain(wire: Wire) -> None:
    await wire.reader.read(16)
    await wire.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


async def mute(wire: Wire) -> None:
    await wire.until_closed()


ROWS = [
    Row(
        what="shows an expired certificate",
        worker="the certificate of the service is not trusted: certificate has expired",
        tls="expired",
        service=Service,
        code=3,
        says="{url} shows a TLS certificate that is not valid: certificate has expired (renew the certificate, or set the",
        sample=True,
    ),
    Row(
        what="shows the certificate of another host",
        worker="the certificate of the service is not trusted: IP address mismatch, certificate is not valid for '127.0.0.1'.",
        tls="another host",
        service=Service,
        code=3,
        says="{url} shows a TLS certificate that is not valid: IP address mismatch, certificate is not valid for",
    ),
    Row(
        what="shows a self-signed certificate",
        worker="the certificate of the service is not trusted: self-signed certificate",
        tls="self-signed",
        service=Service,
        code=3,
        says="{url} shows a TLS certificate that is not valid: self-signed certificate (name its authority with tls.ca_file",
    ),
    Row(
        what="answers TLS with plain HTTP",
        worker="TLS could not be agreed on: WRONG_VERSION_NUMBER",
        tls="none",
        serve=plain,
        code=3,
        says="{url} does not complete a TLS handshake ([SSL: WRONG_VERSION_NUMBER] wrong version number",
    ),
    Row(
        what="takes TLS connections and says nothing",
        worker="no connection within 1 s",
        tls="none",
        serve=mute,
        code=3,
        says="{url} did not answer",
    ),
]
