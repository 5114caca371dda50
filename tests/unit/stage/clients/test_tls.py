"""What is said of a TLS connection that could not be made names what to do about it."""

import ssl

import aiohttp
import pytest

from conformance.stage.clients.tls import EXPIRED, NOT_YET, OTHER_ADDRESS, OTHER_HOST, of_tls

UNKNOWN_AUTHORITY = 20


def failed(cause: OSError) -> aiohttp.ClientSSLError:
    return aiohttp.ClientConnectorSSLError(None, cause)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (EXPIRED, "renew the certificate, or set the clock right; "),
        (NOT_YET, "renew the certificate, or set the clock right; "),
        (OTHER_HOST, "use a host name that the certificate holds; "),
        (OTHER_ADDRESS, "use a host name that the certificate holds; "),
        (UNKNOWN_AUTHORITY, "name its authority with tls.ca_file or --ca, or "),
    ],
)
def test_a_certificate_that_is_not_valid_says_what_to_do(code: int, advice: str) -> None:
    cause = ssl.SSLCertVerificationError(1, "verify failed")
    cause.verify_code, cause.verify_message = code, "why it is not"
    assert of_tls("https://a.example", failed(cause)).startswith(
        f"https://a.example shows a TLS certificate that is not valid: why it is not ({advice}"
    )


def test_what_speaks_no_tls_is_told_apart() -> None:
    said = of_tls("https://a.example", failed(ssl.SSLError(1, "wrong version\n number")))
    assert said.startswith("https://a.example does not complete a TLS handshake (")
    assert said.endswith("wrong version number): use http:// if the service has no TLS")
