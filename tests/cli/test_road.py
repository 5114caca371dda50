"""The road to a target: TLS, proxies, load balancers, and services that are not there yet."""

import contextlib
import json
import socket
import sys
import threading
from pathlib import Path

import pytest

from conformance.stage.clients.network import proxy_of
from conformance.target.target import Target
from tests.deploying import authority, nginx
from tests.forks import Fork
from tests.running import HANG_S, KEY, clean_environment, free_port, peer, roomcheck, served, settings, started

pytestmark = pytest.mark.peer

AUTH = {"kind": "jwt", "key": KEY}
SOME = ("--select", "broadcast-arrives", "--select", "socket-connects")


@pytest.fixture
def ca(tmp_path: Path):
    return authority(tmp_path)


def test_an_authority_of_ones_own_is_trusted_by_settings_and_by_flag(ca, tmp_path: Path) -> None:
    with peer("--jwt-key", KEY) as url, nginx(tmp_path, [url], ca.issue("server")) as front:
        path = settings(tmp_path, realtime_urls=[front], auth=AUTH, tls={"ca_file": "ca.pem"})
        by_settings = roomcheck("check", "--target", "it", "--settings", str(path), *SOME)
        by_flag = roomcheck("check", front, "--jwt-key", KEY, "--ca", str(ca.file), *SOME)
    for run in (by_settings, by_flag):
        assert "HOLDS" in run.stdout, run.stdout + run.stderr
        assert "warning" not in run.stderr


def test_a_certificate_that_nobody_vouches_for_is_refused_with_advice(ca, tmp_path: Path) -> None:
    with peer() as url, nginx(tmp_path, [url], ca.issue("server")) as front:
        run = roomcheck("check", front)
    assert run.returncode == 3
    assert "shows a TLS certificate that is not valid: unable to get local issuer certificate" in run.stderr
    assert "name its authority with tls.ca_file or --ca, or switch verification off with --insecure" in run.stderr
    assert run.stderr.count("\n") == 1


def test_insecure_trusts_anybody_and_warns(ca, tmp_path: Path) -> None:
    with peer("--jwt-key", KEY) as url, nginx(tmp_path, [url], ca.issue("server")) as front:
        run = roomcheck("check", front, "--jwt-key", KEY, "--insecure", *SOME)
    assert "HOLDS" in run.stdout, run.stdout + run.stderr
    assert run.stderr == "roomcheck: warning: TLS certificates are not verified\n"


def test_a_client_certificate_is_shown_by_sockets_and_calls(ca, tmp_path: Path) -> None:
    certificate, key = ca.issue("client")
    with peer("--jwt-key", KEY) as url, nginx(tmp_path, [url], ca.issue("server"), clients=ca.file) as front:
        tls = {"ca_file": "ca.pem", "cert_file": certificate.name, "key_file": key.name}
        with_it = settings(tmp_path, realtime_urls=[front], auth=AUTH, tls=tls)
        welcome = roomcheck("check", "--target", "it", "--settings", str(with_it), *SOME)
        without = settings(tmp_path, realtime_urls=[front], auth=AUTH, tls={"ca_file": "ca.pem"})
        turned_away = roomcheck("check", "--target", "it", "--settings", str(without), *SOME)
    assert "HOLDS" in welcome.stdout, welcome.stdout + welcome.stderr
    assert turned_away.returncode == 3
    assert "400" in turned_away.stderr


def test_polling_through_a_balancer_keeps_its_cookie(tmp_path: Path) -> None:
    # Without the cookie every second poll of a session would come to the node that does not know it. Each node keeps
    # its messages to itself: only that sessions hold is judged here.
    with (
        peer("--jwt-key", KEY) as one,
        peer("--jwt-key", KEY) as other,
        nginx(tmp_path, [one, other]) as front,
    ):
        for transport in ("polling", "upgrade"):
            run = roomcheck("check", front, "--jwt-key", KEY, "--transport", transport, "--select", "socket-connects")
            assert "HOLDS  1 pass, 0 fail" in run.stdout, run.stdout + run.stderr


class Tunnels:
    """A proxy for TLS: whatever name is asked for, the tunnel ends at one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            read = client.recv(65536)
            if not read:
                return
            head += read
        self.asked.append(head.split(b"\r\n")[0].decode())
        service = socket.create_connection(("127.0.0.1", self._port))
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=self._pump, args=(service, client), daemon=True).start()
        self._pump(client, service)

    @staticmethod
    def _pump(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while read := one.recv(65536):
                other.sendall(read)
            other.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listening.close()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_proxy_of_the_environment_is_used(transport: str, tmp_path: Path) -> None:
    # Nobody but the proxy knows where sos.example is.
    with peer("--jwt-key", KEY) as url, nginx(tmp_path, [url]) as through:
        run = roomcheck("check", "http://sos.example", "--jwt-key", KEY, "--transport", transport, *SOME,
                        env={"HTTP_PROXY": through, "http_proxy": through})  # fmt: skip
    assert "HOLDS" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_tls_goes_through_the_proxy_in_a_tunnel(ca, transport: str, tmp_path: Path) -> None:
    with (
        peer("--jwt-key", KEY) as url,
        nginx(tmp_path, [url], ca.issue("server")) as front,
        contextlib.closing(Tunnels(int(front.rpartition(":")[2]))) as through,
    ):
        run = roomcheck("check", "https://sos.example", "--jwt-key", KEY, "--ca", str(ca.file), "--transport",
                        transport, *SOME, env={"HTTPS_PROXY": through.url})  # fmt: skip
    assert "HOLDS" in run.stdout, run.stdout + run.stderr
    assert set(through.asked) == {"CONNECT sos.example:443 HTTP/1.1"}


def test_this_machine_and_what_is_exempt_are_never_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "intern.example")
    target = Target(urls=("http://sos.example",))
    assert proxy_of(target, "http://sos.example/x") == "http://proxy:3128"
    assert proxy_of(target, "http://intern.example/x") is None
    assert proxy_of(target, "http://127.0.0.1:4001") is None
    assert proxy_of(target, "http://localhost:4001") is None
    assert proxy_of(target, "http://[::1]:4001") is None
    assert proxy_of(Target(urls=("http://sos.example",), direct=True), "http://sos.example") is None


def test_a_check_waits_for_a_service_that_is_still_starting() -> None:
    port = free_port()
    words = ["check", f"http://127.0.0.1:{port}", "--wait-for", "30", *SOME]
    check = Fork(("cli", *words), env=clean_environment())
    with started(sys.executable, "-m", "cli", "serve", "--port", str(port)):
        out, err = check.communicate(timeout=HANG_S)
    assert check.returncode == 0, out + err


def test_a_check_does_not_wait_for_ever() -> None:
    run = roomcheck("check", f"http://127.0.0.1:{free_port()}", "--wait-for", "0.3")
    assert run.returncode == 3
    assert "nothing answers at" in run.stderr
    assert run.stderr.endswith("(waited for 0.3 s)\n")


def test_headers_go_with_sockets_and_calls_but_internal_ones_with_their_triggers_alone(tmp_path: Path) -> None:
    seen = tmp_path / "seen.ndjson"
    program = f"""
import json
from conformance.reference.host import make, serve_for_ever
service = make()
service.internal = "internal secret"
seen = open({str(seen)!r}, "w", buffering=1)
app = service.app
async def noting(scope, receive, send):
    if scope["type"] in ("http", "websocket"):
        headers = {{name.decode(): value.decode() for name, value in scope["headers"]}}
        print(json.dumps([scope["path"], headers]), file=seen)
    await app(scope, receive, send)
service.app = noting
serve_for_ever("127.0.0.1", 0, service, "noting", lambda line: print(line, flush=True))
"""
    with started(sys.executable, "-c", program) as (_, line):
        url = line.split()[2].rstrip(",")
        headers = {"x-gateway": "open sesame", "X-Internal-Token": "internal secret"}
        path = settings(tmp_path, realtime_urls=[url], triggers="internal", headers=headers)
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "broadcast-arrives")
    assert run.returncode == 0, run.stdout + run.stderr
    found = [json.loads(line) for line in seen.read_text().splitlines()]
    assert {path.split("/")[1] for path, _ in found} == {"socket.io", "internal"}
    assert all(headers.get("x-gateway") == "open sesame" for _, headers in found)
    with_secret = {path for path, headers in found if "x-internal-token" in headers}
    assert with_secret
    assert all("/messaging/" in path or "/status" in path for path in with_secret)


def test_the_api_may_be_elsewhere(tmp_path: Path) -> None:
    database = tmp_path / "messages.db"
    with served("--database", str(database)) as sockets, served("--database", str(database)) as api:
        path = settings(tmp_path, realtime_urls=[sockets], api_url=api)
        run = roomcheck(
            "check", "--target", "it", "--settings", str(path), "--select", "created-is-stored-and-read-back"
        )
    assert "HOLDS  1 pass, 0 fail" in run.stdout, run.stdout + run.stderr
