"""The ASGI application: Socket.IO at its path, the HTTP calls of the contracts beside it, open to other origins."""

from __future__ import annotations

from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.reference.guide import raw_path, segment
from conformance.server.calls import failed, handled
from conformance.server.polls import watched
from conformance.server.service import Service
from contracts.model import Call


def app_of(service: Service) -> Any:
    """The application of a service."""
    calls = sorted(service.bundle.calls.values(), key=lambda call: _literal_first(call.path))

    async def missing(request: Request, error: Exception) -> Response:
        return failed(service, "not found", 404)

    routes = [_route(service, call) for call in calls if call.trigger is None]
    cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    http = Starlette(routes=routes, middleware=[cors], exception_handlers={404: missing})
    path = service.bundle.path.strip("/")
    whole = socketio.ASGIApp(service.io, other_asgi_app=raw_path(http), socketio_path=path)
    return watched(whole, service.io.eio, f"/{path}/")


def _literal_first(path: str) -> list[tuple[bool, str]]:
    """A path with a fixed segment is asked before one that has a parameter there."""
    return [(part.startswith(":"), part) for part in path.split("/")]


def _route(service: Service, call: Call) -> Route:
    async def endpoint(request: Request) -> Response:
        params = {name: segment(request, name) for name in call.params()}
        try:
            return await handled(service, call, request, params)
        except Exception as error:  # noqa: BLE001
            service.oops(call.title, error)
            return JSONResponse({"error": "internal error"}, status_code=500)

    path = "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in call.path.split("/"))
    return Route(path, endpoint, methods=[call.method])
