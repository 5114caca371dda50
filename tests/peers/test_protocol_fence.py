"""A service that answers nothing of the contract still answers the protocol: that shows what it has read."""

import json
from pathlib import Path

import pytest

from tests.peers.test_overload import FAIL, MEMBERS, TAKEN, UNCLEAR, asked, outcomes
from tests.running import PEER, lacking, roomcheck, started

DEAF = """
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const server = createServer((request, response) => { response.statusCode = 404; response.end(); });
const io = new Server(server);
io.on('connection', (socket) => { socket.on('other', (what) => io.emit('another', what)); });
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
"""


def probed(actor: str, asked_s: float, came_s: float) -> str:
    """The answer to a question of the protocol."""
    return f"@{came_s} {actor} probed {asked_s}\n"


def test_what_was_read_and_had_no_effect_is_missing() -> None:
    both = probed("ann", 4.0, 4.1) + probed("bob", 4.2, 4.3)
    assert outcomes("request-has-its-effect", MEMBERS + TAKEN + both) == FAIL


def test_an_answer_of_before_the_deadline_proves_nothing() -> None:
    both = probed("ann", 1.2, 1.3) + probed("bob", 1.4, 1.5)
    assert outcomes("request-has-its-effect", MEMBERS + TAKEN + both) == UNCLEAR


def test_an_answer_on_another_socket_proves_nothing_at_once() -> None:
    text = MEMBERS + TAKEN + probed("bob", 4.0, 4.6)
    assert outcomes("request-has-its-effect", text, ended_s=4.7) == UNCLEAR


def test_a_request_without_its_answer() -> None:
    unanswered = MEMBERS + asked("ann", 1.0, None, number=1)
    assert outcomes("request-has-its-effect", unanswered) == UNCLEAR
    assert outcomes("request-has-its-effect", unanswered + probed("ann", 4.0, 4.1) + probed("ann", 4.2, 4.3)) == FAIL


@pytest.mark.peer
@pytest.mark.parametrize("transport", ["websocket", pytest.param("polling", marks=pytest.mark.long)])
def test_a_service_that_knows_none_of_the_names_is_told_so(transport: str, tmp_path: Path) -> None:
    if not (PEER / "node_modules").is_dir():
        lacking("the Node peer")
    report, program = tmp_path / "report.json", tmp_path / "deaf.cjs"
    program.write_text(DEAF.replace("'socket.io'", json.dumps(str(PEER / "node_modules" / "socket.io"))))
    with started("node", str(program)) as (_, line):
        run = roomcheck("check", line.strip(), "--contracts", "example", "--transport", transport, "--timeout", "0.3",
                        "--select", "request-has-its-effect", "--select", "payload-keeps-its-schema",
                        "--report", f"json={report}")  # fmt: skip
    failed = {v["subject"]: v["got"] for v in json.loads(report.read_text())["verdicts"] if v["outcome"] == "fail"}
    assert failed == {"room:enter": "no answer", "who": "no answer"}, run.stdout
    assert run.returncode == 1


def test_an_honest_service_is_not_asked(tmp_path: Path) -> None:
    journal = tmp_path / "run.ndjson"
    run = roomcheck("check", "--select", "request-has-its-effect", "--journal", str(journal))
    assert run.returncode == 0, run.stdout
    assert '"kind":"probed"' not in journal.read_text()
