"""Connections over websocket are turned away."""

from conformance.reference.service import Service


class Lie(Service):
    """Connections over websocket are turned away."""

    caught_by = "socket-connects"

    transports = ("polling",)
