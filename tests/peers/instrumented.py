"""python-socketio's own server with its own Admin UI: rooms, a message call, and nothing else of the contract.

python -m tests.peers.instrumented [--template T] [--audience T] [--user U --password P] [--redis URL] [--log FILE]
"""

import argparse
import asyncio
import json
import uuid
from pathlib import Path

import socketio
import uvicorn

from conformance.reference.host import bound, url_of
from conformance.reference.store import now_iso


def logged(log: Path, broadcast: dict[str, object]) -> None:
    with log.open("a") as file:
        file.write(json.dumps(broadcast) + "\n")


def application(template: str, audience: str, auth: object, redis: str | None, log: str | None) -> socketio.ASGIApp:
    io = socketio.AsyncServer(
        async_mode="asgi",
        async_handlers=False,
        cors_allowed_origins="*",
        client_manager=socketio.AsyncRedisManager(redis) if redis else None,
    )
    io.instrument(auth=auth, mode="development")

    @io.on("sos:room:join")
    async def join(sid: str, payload: dict[str, str]) -> None:
        await io.enter_room(sid, template.replace("{sosId}", payload["sosId"]))

    @io.on("participants:active:request")
    async def active(sid: str, payload: dict[str, str]) -> dict[str, object]:
        room = template.replace("{sosId}", payload["sosId"])
        told = [
            {"userId": one, "socketId": one, "connectedAt": now_iso()}
            for one, _ in io.manager.get_participants("/", room)
        ]
        return {"sosId": payload["sosId"], "participants": told, "count": len(told), "timestamp": 0}

    async def http(scope, receive, send) -> None:
        body = json.loads((await receive())["body"])
        sos = scope["path"].rpartition("/")[2]
        message = {"id": uuid.uuid4().hex, "sosId": sos, "senderType": "admin", "senderId": None, "contentType": "text"}
        message |= {**body, "createdAt": now_iso()}
        room = audience.replace("{sosId}", sos)
        if log:
            logged(Path(log), {"event": "message:broadcast", "room": room, "payload": message})
        await io.emit("message:broadcast", message, room=room)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps({"success": True, "data": message}).encode()})

    return socketio.ASGIApp(io, other_asgi_app=http)


async def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("--template", "--audience", "--user", "--password", "--redis", "--log"):
        options.add_argument(name)
    given = options.parse_args()
    auth = {"username": given.user, "password": given.password} if given.user else False
    template = given.template or "sos:{sosId}"
    app = application(template, given.audience or template, auth, given.redis, given.log)
    sock = bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    sock.listen()
    print(json.dumps({"url": url_of(sock)}), flush=True)
    await server.serve(sockets=[sock])


if __name__ == "__main__":
    asyncio.run(main())
