"""The parsers that are fuzzed: how each is called, what it may refuse an input with, and valid inputs to begin with."""

import functools
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from conformance.align import gather, sources, vocabulary
from conformance.journal import records as journals
from conformance.stage.clients.frame import Packet
from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.observing import redis_messages
from conformance.support.errors import UsageError
from conformance.support.opening import opening_of
from conformance.target import settings
from conformance.target.secrets import Secrets
from contracts.faults import ContractError
from contracts.load import load
from loadtests.verdict.thresholds import gate
from loadtests.worker.wire import codec
from reports import terminal
from tests.fuzzing import artefacts, recorded
from tests.running import ROOT

Refusals = tuple[type[BaseException], ...]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A parser."""

    read: Callable[[bytes], object]
    refuses_with: Refusals = ()
    """What its callers turn into one message: anything else that it raises is a fault."""
    seeds: Callable[[], Sequence[bytes]]
    words: Sequence[bytes] = ()
    sample: int = field(default=500)
    """How many cases `make test` plays: fewer where one is dear."""


def _files(pattern: str, under: str = "tests/align", most: int = 12) -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / under).glob(pattern))[:most]]


@functools.cache
def _folder() -> Path:
    """A folder of this process, which is removed at its end."""
    made = tempfile.TemporaryDirectory(prefix="fuzzing-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
    _KEPT.append(made)
    return Path(made.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def _written(text: bytes, name: str) -> Path:
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return path


# --- contracts -----------------------------------------------------------------------------------------------------

HEAD = b'{"bundle": "fuzzed", "extends": "example", "title": "Fuzzed", "version": "1"}'


@functools.cache
def _example() -> list[bytes]:
    """The files of the bundle `example`; its head as that of a bundle that extends it."""
    folder = ROOT / "contracts" / "example"
    head = json.loads((folder / "bundle.json").read_text()) | {"extends": "example"}
    return [HEAD, json.dumps(head, indent=2).encode(), *(path.read_bytes() for path in sorted(folder.glob("*/*.json")))]


def _bundle(text: bytes, suffix: str) -> str:
    """The folder of a bundle that extends `example`. One file has the text: its head, an event or a call, as it seems."""
    home = "http/own" if re.search(rb'^(?:\{ *|  )?"call":|^call:', text, re.MULTILINE) else "events/own"
    home = "bundle" if re.search(rb'^(?:\{ *|  )?"bundle":|^bundle:', text, re.MULTILINE) else home
    for other in (_folder() / "bundle").rglob("*.*"):
        other.unlink()
    if home != "bundle":
        _written(HEAD, "bundle/bundle.json")
    _written(text, f"bundle/{home}{suffix}")
    return str(_folder() / "bundle")


@functools.cache
def _as_yaml() -> list[bytes]:
    return [yaml.safe_dump(json.loads(text), allow_unicode=True, sort_keys=False).encode() for text in _example()]


# --- settings ------------------------------------------------------------------------------------------------------

SETTINGS = b"""[targets.it]
realtime_urls = ["http://127.0.0.1:4001", "https://a.example"]
api_url = "http://127.0.0.1:4002/v2"
path = "/rt/socket.io"
headers = {X-Tenant = "${PATH}"}
triggers = "api"
[targets.it.auth]
kind = "jwt"
key = "${PATH}"
algorithm = "HS256"
token_in = ["auth.token", "header.Authorization"]
[targets.it.observers]
redis_url = "redis://:secret@127.0.0.1:6379/0"
[targets.it.timeouts]
deadline_s = 1.5
"""
KNOWN = b"""[[known]]
rule = "broadcast-arrives"
subject = "message:broadcast"
reason = "not built yet"
owner = "team"
expires = 2027-01-31
"""


def _settings(text: bytes) -> None:
    secrets = Secrets()
    table = settings.chosen("it", _written(text, "roomcheck.toml"), secrets)
    settings.contracts_of(table)
    settings.target_of(table, _sos(), secrets)


@functools.cache
def _sos():
    return load("sos")


# --- journals ------------------------------------------------------------------------------------------------------


def _journal(text: bytes) -> None:
    terminal.render([journals.read(_written(text, "run.ndjson"))])


def _journals() -> list[bytes]:
    """The golden journals, with the first of their many lines."""
    found = [path.read_bytes().splitlines(keepends=True) for path in sorted((ROOT / "tests/golden").glob("*.ndjson"))]
    return [b"".join([*lines[:6], *lines[-6:]]) for lines in found]


# --- documents and source ------------------------------------------------------------------------------------------


def _words() -> vocabulary.Vocabulary:
    return vocabulary.of(_sos())


def _document(file: str) -> Callable[[bytes], object]:
    return lambda text: gather.read_document(text.decode(), file, _words())


def _source(file: str, origin: str) -> Callable[[bytes], object]:
    return lambda text: sources.read_sources({file: text.decode()}, _words(), origin, [])  # type: ignore[arg-type]


NAMES = (b"sos:room:join", b"message:broadcast", b"location:update", b"participants:active:request")
SAID = (*NAMES, b"the client emits ", b"the server sends ", b"`sosId`", b"socket.emit(", b"io.to(", b".on('", b"`sos:${id}`",
        b"POST /api/messages/:sosId", b"| event | direction |\n|---|---|\n", b"**", b"1. ", b"~~", b"Client ->> Server: ")  # fmt: skip

ASYNCAPI = (
    b"""asyncapi: 2.6.0
info: {title: SOS, version: '1'}
channels:
  sos:
    publish:
      message:
        oneOf:
          - name: sos:room:join
            payload: &p {type: object, required: [sosId], properties: {sosId: {type: string, maxLength: 64}}}
    subscribe:
      message: {name: 'message:broadcast', payload: *p, examples: [{payload: {a: 1}}]}
""",
    b"""asyncapi: 3.0.0
channels:
  sos: {messages: {join: {$ref: '#/components/messages/join'}}}
operations:
  a: {action: receive, channel: {$ref: '#/channels/sos'}, messages: [{$ref: '#/channels/sos/messages/join'}]}
components: {messages: {join: {name: 'sos:room:join', payload: {type: object, properties: {sosId: {enum: [a, b]}}}}}}
""",
)

OPENAPI = (
    b"""openapi: 3.1.0
servers: [{url: 'https://x.example/api'}]
paths:
  /messages/{sosId}:
    parameters: [{name: limit, in: query, schema: {type: integer, maximum: 50}}]
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}
      responses: {'201': {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}}
components: {schemas: {M: {type: object, required: [content], properties: {content: {type: string, maxLength: 9}}}}}
""",
)

# --- frames --------------------------------------------------------------------------------------------------------


def _frame(kind: type[Packet], text: str | bytes) -> None:
    """Decode a frame as a socket does, and complete it with as many attachments as it announces, up to three."""
    made = type("Recorded", (kind,), {"sink": staticmethod(lambda _: None)})
    packet = made(encoded_packet=text)
    for _ in range(min(getattr(packet, "attachment_count", 0), 3)):
        packet.add_attachment(b"\x00\x01")


FRAMES = (b'0{"sid":"abc"}', b'2["message:broadcast",{"sosId":"a","n":1.5}]', b'2/chat,12["a",null]', b'3/chat,7[{"ok":true}]',
          b'51-["file",{"_placeholder":true,"num":0}]', b'61-3[{"_placeholder":true,"num":0}]', b'4{"message":"no"}', b"1", b'0/chat,{}')  # fmt: skip
MSGPACK = (b"\x84\xa4type\x02\xa4data\x92\xa1a\x01\xa3nsp\xa1/\xa2id\x07", b"\x83\xa4type\x00\xa4data\x81\xa3sid\xa1x\xa3nsp\xa1/",
           b"\x83\xa4type\x02\xa4data\x92\xa1a\xc4\x02\x00\x01\xa3nsp\xa1/", b"\x83\xa4type\x02\xa4data\x92\xa1a\xd6\xff\x00\x00\x00\x01\xa3nsp\xa1/")  # fmt: skip
OPENING = (b'0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',)
ADAPTER = (b"\x93\xa3uid\x83\xa4type\x02\xa4data\x92\xa1a\x01\xa3nsp\xa1/\x82\xa5rooms\x91\xa1r\xa6except\x90",
           b'{"method":"emit","event":"a","data":[1],"namespace":"/","room":"r"}',
           b'{"uid":"x","type":3,"data":{"packet":{"type":2,"data":["a",1],"nsp":"/"},"opts":{"rooms":["r"]}}}',
           b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x06method\x94\x8c\x04emit\x94\x8c\x05event\x94\x8c\x01a\x94u.")  # fmt: skip


def _observed(message: bytes) -> None:
    redis_messages.of_adapter(message)
    redis_messages.of_manager(message)
    redis_messages.of_stream([b"type", b"3", b"data", message])


GATES = (b"delivery: p(99)<500", b"delivery{scenario:Chat,step:1}: p(99.9) < 500; abort; delay 10s", b"lost: rate<=0.01", b"published: count>1000",
         b"post:max<1", b"duplicate<1")  # fmt: skip

NESTED: Refusals = (UnicodeDecodeError, RecursionError)
"""Both are told with the file's name by whoever opens it."""

TARGETS = {
    "contracts": Target(read=lambda text: load(_bundle(text, ".json")), refuses_with=(ContractError,),
                        seeds=_example, words=(b'"type"', b'"pattern"', b'"$ref"', b'"args"'), sample=45),
    "contracts in YAML": Target(read=lambda text: load(_bundle(text, ".yaml")), refuses_with=(ContractError,), seeds=_as_yaml,
                                words=(b"type: ", b"on: ", b"no", b"| \n", b">-\n"), sample=45),
    "settings": Target(read=_settings, refuses_with=(UsageError,), seeds=lambda: [SETTINGS],
                       words=(b"[targets.it]", b"[[", b"]]", b"'''", b"1979-05-27", b"0x1", b"inf", b"nan"), sample=60),
    "known failures": Target(read=lambda text: settings.known_failures(_written(text, "known.toml")), refuses_with=(UsageError,),
                             seeds=lambda: [KNOWN], words=(b"[[known]]", b"2027-02-30", b"07:32:00")),
    "journals": Target(read=_journal, refuses_with=(UsageError,), seeds=_journals, words=(b'{"kind":"footer"}\n',), sample=150),
    "Markdown": Target(read=_document("guide.md"), refuses_with=NESTED, seeds=lambda: _files("*.md", most=60), words=SAID, sample=100),
    "TypeScript": Target(read=_source("a.ts", "source"), refuses_with=NESTED, seeds=lambda: _files("*.[tj]s*", most=60), words=SAID, sample=100),
    "Python": Target(read=_source("a.py", "source"), refuses_with=NESTED, seeds=lambda: _files("**/*.py", most=20), words=SAID, sample=100),
    "other languages": Target(read=_source("a.dart", "client"), refuses_with=NESTED, words=SAID, sample=100,
                              seeds=lambda: [*_files("**/*.dart"), *_files("**/*.kt"), *_files("**/*.swift"), *_files("*.ts", most=3)]),
    "pages": Target(read=_source("a.vue", "client"), refuses_with=NESTED, words=SAID, sample=100,
                    seeds=lambda: [b"<script setup>\n" + text + b"\n</script>" for text in _files("*.ts", most=5)]),
    "AsyncAPI": Target(read=_document("api.yaml"), refuses_with=NESTED, seeds=lambda: list(ASYNCAPI), words=NAMES, sample=100),
    "OpenAPI": Target(read=_document("openapi.yaml"), refuses_with=NESTED, seeds=lambda: list(OPENAPI), words=(b"$ref: '#/paths'", b"paths:", b"200: ", b"POST"), sample=100),
    "imports of AsyncAPI": Target(read=lambda text: artefacts.imported_from(_written(text, "import.yaml")), refuses_with=(ContractError,),
                                  seeds=lambda: [ASYNCAPI[0], ASYNCAPI[1].replace(b"channels", b"info: {title: SOS, version: '1'}\nchannels", 1)],
                                  words=NAMES, sample=60),
    "recordings for infer": Target(read=lambda text: artefacts.inferred_from(_written(text, "run.ndjson")), refuses_with=(UsageError,),
                                   seeds=artefacts.recordings, words=(b'{"kind":"footer"}\n', b'"room"', b'"entries":[]'), sample=60),
    "two versions": Target(read=lambda text: artefacts.compared(_bundle(text, ".json")), refuses_with=(ContractError,),
                           seeds=lambda: _example()[::5], words=(b'"type"', b'"pattern"', b'"$ref"', b'"required"', b'"receivers"'), sample=14),
    "heads for record": Target(read=artefacts.headed, seeds=lambda: artefacts.HEADS,
                               words=(b"Host: ", b"Origin: http://", b"chunked", b"\r\n\r\n", b"//[", b"?token=")),
    "sizes and stages of load": Target(read=artefacts.optioned, refuses_with=(ValueError,), seeds=lambda: artefacts.OPTIONS,
                              words=(b"--", b"=", b"1e9", b"inf", b"NaN", b"{", b"*")),
    "thresholds": Target(read=lambda text: gate(text.decode()), refuses_with=(ValueError,), seeds=lambda: GATES,
                         words=(b"p(", b"{worker:", b"abort", b"delay ", b"e9")),
    "frames of a check": Target(read=lambda text: _frame(Packet, text.decode()), refuses_with=(UnicodeDecodeError,), seeds=lambda: FRAMES,
                                words=(b'{"_placeholder":true,"num":9}', b'{"$binary":"AA=="}')),
    "frames of a load": Target(read=codec.decode, refuses_with=(codec.Malformed,), seeds=lambda: [b"4" + text for text in FRAMES if text[:1] not in b"56"]),
    "frames in MessagePack": Target(read=lambda text: _frame(MsgpackPacket, text), seeds=lambda: MSGPACK,
                                    words=(b"\xc1", b"\xdf\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xc7\x08\x00", b"\xc6\xff\xff\xff\xff")),
    "what passes record": Target(read=recorded.passed, seeds=lambda: [recorded.frame(b"4" + text) for text in FRAMES if len(text) < 120]
                                 + [b"4" + text for text in FRAMES], words=(b"\x1e", b"\x81\x7f", b"\x82\x7e", b"b!", b"%ff"), sample=100),
    "Engine.IO handshakes": Target(read=lambda text: opening_of(text.decode()), refuses_with=(ValueError,), seeds=lambda: OPENING),
    "messages of adapters": Target(read=_observed, seeds=lambda: ADAPTER, words=(b"\x80\x04", b"c__builtin__\neval\n", b"R.", b"\xdc\xff\xff")),
}  # fmt: skip
