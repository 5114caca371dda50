"""What a recording was told in secret is in nothing that any command makes of it; nor is what settings hold."""

import base64
import json
from pathlib import Path

import pytest

from conformance.journal.records import Header, Writer
from conformance.recording.book import Book
from conformance.recording.exchange import Exchange
from conformance.recording.watch import Watch
from conformance.stage.clients.recorder import Clock
from conformance.target.secrets import COVER, Secrets
from tests.fuzzing.recorded import KINDS, OPENING, frame
from tests.running import roomcheck, settings

CANARY = "canary-"
BASIC = base64.b64encode(f"ann:{CANARY}basic".encode())
HEADERS = [
    (b"Authorization", b"Basic " + BASIC),
    (b"Cookie", f"session={CANARY}cookie-0123456789".encode()),
    (b"X-Api-Key", f"{CANARY}header".encode()),
]


def masked(text: bytes) -> bytes:
    return frame(text, masked=True)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a client and a service that tell each other secrets in every place that there is."""
    records: list[object] = []
    book = Book(Clock(), Secrets(), lambda *made: records.extend(made), 10_000_000)
    watch = Watch(book, lambda *_: None)
    watch.later_only()
    target = f"/socket.io/?EIO=4&transport=websocket&token={CANARY}query"
    connection = Exchange(method="GET", target=target, headers=HEADERS, at_s=0.0)
    watch.switched(connection)
    for side, sent in (
        ("service", OPENING),
        ("client", masked(b'40{"token":"%sauth","room":"r1"}' % CANARY.encode())),
        ("service", b'40{"sid":"x1"}'),
        ("client", masked(b'421["board:open",{"board":"b1","password":"%spayload"}]' % CANARY.encode())),
        ("service", b'431[{"ok":true,"accessToken":"%sack"}]' % CANARY.encode()),
        ("service", b'42["note:added",{"text":"%sauth"}]' % CANARY.encode()),
    ):
        watch.passed(connection, side, sent if side == "client" else frame(sent), 0.1)  # type: ignore[arg-type]
    call = Exchange(
        method="POST", target=f"/login?api_key={CANARY}call", headers=[*KINDS, *HEADERS], at_s=0.0, status=200
    )
    call.answer_headers = [*KINDS, (b"Set-Cookie", f"session={CANARY}set-0123456789; Path=/".encode())]
    call.body.add(json.dumps({"user": "ann", "password": f"{CANARY}body"}).encode())
    call.answer.add(json.dumps({"token": f"{CANARY}answer"}).encode())
    watch.answered(call)
    watch.finish()
    book.flush()
    path = tmp_path_factory.mktemp("recorded") / "recording.ndjson"
    with path.open("wb") as file:
        header = Header(
            version="", began="2026-01-01T00:00:00Z", target="http://127.0.0.1:1", api="", bundle="", bundle_version="",
            transports=(), rules=(), seed=0, nonce="", command="record",
        )  # fmt: skip
        Writer(file).write(header, *records)  # type: ignore[arg-type]
    return path


def test_secrets_are_covered_where_they_are_recorded(journal: Path) -> None:
    text = journal.read_text()
    assert "board:open" in text
    assert "/login" in text
    assert text.count(COVER) >= 6
    assert CANARY not in text
    assert BASIC.decode() not in text


@pytest.mark.parametrize(
    "words",
    [
        ("report", "json", "{journal}", "--output", "out.json"),
        ("report", "html", "{journal}"),
        ("report", "terminal", "{journal}"),
        ("judge", "{journal}", "--contracts", "example", "--verbose", "--report", "junit=out.xml"),
        ("history", "{journal}", "--history", "runs.db", "--html", "trend.html"),
        ("contracts", "infer", "{journal}", "--out", "inferred"),
        ("contracts", "coverage", "{journal}", "--contracts", "example"),
        ("contracts", "new", "made", "--room", "room:{{room}}", "--enter", "join", "--event", "say=said"),
        ("contracts", "export", "asyncapi", "--contracts", "example", "--out", "out.yaml"),
        ("contracts", "diff", "example", "sos", "--journal", "diff.ndjson", "--report", "markdown=diff.md"),
        ("selftest", "--contracts", "example", "--list"),
        ("init", "--url", "http://127.0.0.1:1", "--auth", "token", "--settings", "new.toml"),
        ("doctor", "--target", "it"),
        ("fuzz", "--target", "it", "--journal", "fuzz.ndjson"),
        ("record", "--target", "it", "--port", "1", "--host", "0.0.0.0.0"),
        ("load", "--target", "it", "--dry-run"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_command_tells_a_secret(words: tuple[str, ...], journal: Path, tmp_path: Path) -> None:
    work, temporary = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    temporary.mkdir()
    settings(
        work, realtime_urls=["http://127.0.0.1:1"], contracts="example",
        auth={"kind": "token", "token": f"{CANARY}settings"}, headers={"X-Key": f"{CANARY}settings-header"},
    )  # fmt: skip
    names = ["ROOMCHECK_TOKEN", "ROOMCHECK_INTERNAL_TOKEN"]
    if "it" not in words:  # A target with a token and a key at once is refused.
        names.append("ROOMCHECK_JWT_KEY")
    env = {name: f"{CANARY}{name}" for name in names} | {"TMPDIR": str(temporary)}
    run = roomcheck(*(word.format(journal=journal) for word in words), env=env, cwd=work)
    assert run.returncode in (0, 1, 2, 3, 4), run.stderr
    written = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    del written["roomcheck.toml"]  # The settings themselves.
    told = written | {"output": (run.stdout + run.stderr).encode()}
    assert any(told.values())
    assert [name for name, text in told.items() if CANARY.encode() in text or BASIC in text] == []
