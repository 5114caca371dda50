"""Bodies of HTTP messages as they were before they were encoded for the way."""

from __future__ import annotations

import zlib

from conformance.recording.heads import Headers, value_of
from conformance.support.caps import MOST_MESSAGE_BYTES

GZIP_OR_ZLIB, RAW_DEFLATE = 47, -15
"""`wbits` of zlib; some servers send deflate without its header."""


class Undecodable(ValueError):
    """A body is encoded in a way that is not read; the message says how."""


def decoded(body: bytes, headers: Headers) -> bytes:
    """A body without its `Content-Encoding`.

    Raises:
        Undecodable: it is encoded in a way that is not read, or not as it says, or becomes too large.
    """
    encoding = value_of(headers, b"content-encoding").decode("latin-1").strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Undecodable(f"the body has the encoding {encoding!r}, which is not read")
    for bits in (GZIP_OR_ZLIB, RAW_DEFLATE):
        inflater = zlib.decompressobj(bits)
        try:
            plain = inflater.decompress(body, MOST_MESSAGE_BYTES + 1)
        except zlib.error:
            continue
        if len(plain) > MOST_MESSAGE_BYTES:
            raise Undecodable(f"the body is larger than {MOST_MESSAGE_BYTES / 1e6:g} MB once it is decompressed")
        return plain
    raise Undecodable(f"the body is not encoded as {encoding}")
