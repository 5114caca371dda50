"""What to say of a TLS connection that could not be made, and what to do about it."""

from __future__ import annotations

import ssl

import aiohttp

EXPIRED, NOT_YET, OTHER_HOST, OTHER_ADDRESS = 10, 9, 62, 64
"""Results of OpenSSL's verification (`X509_V_ERR_...`): https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error."""


def of_tls(url: str, error: aiohttp.ClientSSLError) -> str:
    """What to say of a service whose TLS handshake failed."""
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error.__cause__
    if not isinstance(cause, ssl.SSLCertVerificationError):
        text = " ".join(str(cause or error).split())
        return f"{url} does not complete a TLS handshake ({text}): use http:// if the service has no TLS"
    said = cause.verify_message or str(cause)
    match cause.verify_code:
        case code if code in (EXPIRED, NOT_YET):
            advice = "renew the certificate, or set the clock right; --insecure does not verify it"
        case code if code in (OTHER_HOST, OTHER_ADDRESS):
            advice = "use a host name that the certificate holds; --insecure does not verify it"
        case _:
            advice = "name its authority with tls.ca_file or --ca, or switch verification off with --insecure"
    return f"{url} shows a TLS certificate that is not valid: {said} ({advice})"
