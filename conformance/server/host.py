"""Starts the service of a bundle: embedded on a free port, or for ever."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from conformance.reference.host import hosted
from conformance.server.app import app_of
from conformance.server.service import Service
from conformance.target.target import Auth
from contracts.model import Bundle


class Running:
    """A service with its ASGI application."""

    nodes: ClassVar[int] = 1

    def __init__(self, service: Service) -> None:
        self.service = service
        self.io: Any = service.io
        self.app: Any = app_of(service)

    def finish(self) -> None:
        """End its schedules."""
        self.service.finish()


@contextlib.asynccontextmanager
async def embedded(bundle: Bundle, auth: Auth | None = None, kind: type[Service] = Service) -> AsyncIterator[str]:
    """The service of a bundle on a free port of this machine, for as long as the context lasts; gives its URL.

    It tells administrators its rooms, so that an observer of the Admin UI sees them.

    Args:
        kind: the honest service, or one that tells a lie.
    """
    async with embedded_service(kind(bundle, auth)) as url:
        yield url


@contextlib.asynccontextmanager
async def embedded_service(service: Service) -> AsyncIterator[str]:
    """A service that was made already, likewise."""
    service.admin = True
    async with hosted(Running(service)) as url:
        yield url
