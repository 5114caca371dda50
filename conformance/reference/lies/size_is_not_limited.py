"""Payloads above a size are said to be refused, and are taken."""

from conformance.reference.service import Service


class Lie(Service):
    """Payloads above a size are said to be refused, and are taken."""

    caught_by = "payloads-up-to-the-limit-are-taken"
    max_payload_bytes = 20_000
