"""What an expression is on which a method is called: a socket, another emitter, a router, a caller of HTTP. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from conformance.align.model import Audience

if TYPE_CHECKING:
    from conformance.align.vocabulary import Vocabulary

Kind: TypeAlias = Literal["socket", "perhaps", "other"]

SOCKETS = frozenset(
    {"socket", "sockets", "socketio", "io", "nsp", "namespace", "sio", "realtime", "gateway", "broadcast"}
)
PERHAPS = frozenset({"client", "server", "this", "s", "connection", "conn", "current", "ref", "self", "websocket"})
"""What may be a socket, and is one where what it sends or hears has the shape of an event."""
OTHERS = frozenset(
    {
        "engine", "process", "redis", "emitter", "bus", "pub", "sub", "pubsub", "pubclient", "subclient", "adapter",
        "video", "audio", "map", "window", "document", "stream", "kafka", "mqtt", "worker", "child", "db", "mongo",
        "mongoose", "http", "https", "httpserver", "req", "res", "request", "response", "navigation", "queue", "logger",
        "player", "wss", "axios", "proc", "editor", "chart", "page", "browser", "rabbit", "amqp", "channel", "signal",
        "eventbus", "eventemitter", "path", "ws",
    }
)  # fmt: skip
"""Other emitters: what they emit is no event of the service."""

GLOBALS = frozenset({"window", "globalThis", "global"})
"""What everything of a page hangs from."""
STORES = frozenset(
    {
        "store", "events", "event", "hub", "mediator", "broker", "app", "vm", "wrapper", "component", "el", "element",
        "button", "form", "list", "user", "model", "dispatcher", "observer", "emitter", "state", "room", "root", "log",
    }
)  # fmt: skip
"""Variables that are no sockets, though they may send and hear."""

COMPONENTS = re.compile(
    r"\bdefineEmits\b|\bsetup\([^)]*\{[^}]*\bemit\b|\bemits\s*:\s*[\[{]|\bSetupContext\b|['\"]update:\w+['\"]"
)
"""A text in which `emit` is that of a component."""

CHAIN = re.compile(r"\.(?:to|in|except|of|timeout|local|volatile|broadcast)\b")
OWN = frozenset(
    {
        "connect", "connection", "disconnect", "disconnecting", "connect_error", "connect_timeout", "reconnect",
        "reconnect_attempt", "reconnect_error", "reconnect_failed", "newListener", "removeListener", "reconnecting",
        "uncaughtException", "unhandledRejection", "SIGTERM", "SIGINT", "ready", "close", "end", "data", "finish",
        "open", "upgrade", "listening", "exit", "load", "click", "change", "new_namespace", "connection_error",
        "initial_headers", "headers", "request", "clientError", "drain", "timeout", "message_error", "submit", "*",
        "tlsClientError", "secureConnection", "beforeExit", "warning", "online", "offline", "resize", "focus", "blur",
    }
)  # fmt: skip
"""Events of Socket.IO, of Node and of browsers: no contract names them."""

LEFT_OUT = re.compile(r"\.except\(\s*(?:socket|client|s|sock|conn)\.id\s*\)|\b(?:socket|client)\.broadcast\b")
"""What leaves out the socket that sent something."""
WHOLE = re.compile(r"(?:this\.)?(?:io|server|nsp|namespace)\.(?:to|in)\((?![^()]*\.id\b)(?:[^()]|\([^()]*\))*\)\Z")
"""A room as a server has it, with whoever sent something in it."""
OTHERS_OF = re.compile(r"(?:socket|client|sock)\.(?:to|in)\((?![^()]*\.id\b)(?:[^()]|\([^()]*\))*\)\Z")
"""A room as one of its sockets has it, which leaves that socket out."""
EVERYWHERE = re.compile(r"(?:(?:this\.)?(?:io|nsp|namespace)|this\.server)(?:\.sockets)?(?:\.volatile)?\Z")
"""A server without a room: every socket of it hears what it emits."""

ROUTER = re.compile(r"\b\w*(?:router|app|server|api|routes?|fastify|blueprint|bp)\b", re.IGNORECASE)
CALLER = re.compile(r"\b\w*(?:axios|http|client|api|request|fetcher|agent|supertest|got|ky)\w*\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def kind(receiver: str) -> Kind:
    """What an expression is, by its names."""
    while (plain := re.sub(r"\([^()]*\)", "", receiver)) != receiver:
        receiver = plain
    names = re.findall(r"[A-Za-z_$][\w$]*", receiver)
    if not names:
        return "other"
    while len(names) > 1 and names[0] in GLOBALS:
        names = names[1:]  # What hangs from it is what is called.
    words = [word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|_", name)]
    if names[-1] == "conn" and len(names) > 1:
        return "other"  # The connection below a socket.
    if any(word in OTHERS for word in words) or any(name.lower() in OTHERS for name in names):
        return "other"
    if any(word in SOCKETS for word in words):
        return "socket"
    return "perhaps" if any(word in PERHAPS for word in words) else "other"


def is_an_actor(receiver: str, event: str, words: Vocabulary | None) -> bool:
    """Whether a variable that is named after an actor, as in tests, is a socket: its event is a documented one."""
    if (
        words is None
        or not (words.other_spelling(event) or (":" in event and words.surely_an_event(event)))
        or not re.fullmatch(r"[a-z_$][\w$]*", receiver)
    ):
        return False
    own = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", receiver)} | {receiver.lower()}
    return not own & (OTHERS | STORES)


def broadcasts(receiver: str) -> bool:
    """Whether only a server has such a receiver."""
    return re.search(r"\b(?:io|nsp|namespace|broadcast)\b(?!\s*\()|\.(?:to|in|except|of)\(", receiver) is not None


def audience(receiver: str, *, server: bool) -> Audience | None:
    """Who receives what a server emits on an expression; None where it does not say."""
    if not server:
        return None
    if LEFT_OUT.search(receiver):
        return "others"
    if WHOLE.match(receiver):
        return "everyone-with-sender"
    if EVERYWHERE.match(receiver):
        return "everywhere"
    if receiver in ("socket", "client", "sock"):
        return "sender"
    return "others" if OTHERS_OF.match(receiver) else None
