"""A studio: a producer puts people on air by an HTTP call, which enters the sockets of that user."""

from functools import partial
from typing import Any

import jwt
import socketio
from aiohttp import web

from tests.cases.serving import LIE, has, is_text, serve

KEY = "the key that this studio signs its badges with"


def name_of(studio: str) -> str:
    """The name of a studio's room."""
    return "studio" if LIE == "one-studio-for-all" else f"studio:{studio}"


async def arrive(sio: socketio.AsyncServer, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    try:
        claims = jwt.decode((auth or {}).get("token", ""), KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise socketio.exceptions.ConnectionRefusedError("STUDIO: no badge") from error
    await sio.enter_room(sid, f"user:{claims['user']}")


async def say(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "studio", "words"):
        await sio.emit("refused", {"why": "no studio or words"}, to=sid)
        return
    told = {"studio": payload["studio"], "words": payload["words"]}
    await sio.emit("said", told, room=name_of(payload["studio"]))


async def put_on_air(sio: socketio.AsyncServer, request: web.Request) -> web.Response:
    try:
        jwt.decode(request.headers.get("Authorization", "").removeprefix("Bearer "), KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return web.json_response({"error": "no badge"}, status=401)
    studio, user = request.match_info["studio"], request.match_info["user"]
    if not is_text(studio) or not is_text(user):
        return web.json_response({"error": "no studio or user"}, status=400)
    own = list(sio.manager.get_participants("/", f"user:{user}"))
    for sid, _ in own if LIE != "nobody-is-put-on-air" else []:
        await sio.enter_room(sid, name_of(studio))
    return web.json_response({"studio": studio})


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("connect", partial(arrive, sio))
    sio.on("say", partial(say, sio))


def routes(sio: socketio.AsyncServer) -> list[web.RouteDef]:
    """The call that puts somebody on air."""
    return [web.post("/studios/{studio}/users/{user}", partial(put_on_air, sio))]


if __name__ == "__main__":
    serve(made, routes)
