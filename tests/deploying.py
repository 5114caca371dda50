"""Real parts of a deployment, started by tests: Redis, nodes of the peer, nginx with TLS and sticky sessions."""

import contextlib
import datetime
import ipaddress
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.running import HANG_S, free_port, lacking, peer, started


def needed(command: str) -> None:
    """Skip, or in CI fail, where a program is not installed."""
    if shutil.which(command) is None:
        lacking(command)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Debian's redis-server on a free port, keeping nothing: its URL and the program."""
    needed("redis-server")
    port = free_port()
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with started(*words, said="Ready to accept connections") as (program, _):
        yield f"redis://127.0.0.1:{port}/0", program


@contextlib.contextmanager
def nodes(redis_url: str, *options: str, each: Sequence[Sequence[str]] = ((), ())) -> Iterator[list[str]]:
    """Nodes of the peer on one Redis: their URLs. `each` holds what only that node is told."""
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(peer("--redis", redis_url, *options, *own)) for own in each]
        yield made


@dataclass(frozen=True, kw_only=True)
class Keys:
    """PEM files of a key pair."""

    private: Path
    public: Path


def key_pair(folder: Path, kind: str) -> Keys:
    """A key pair for RS256 or ES256."""
    made = rsa.generate_private_key(65537, 2048) if kind == "RS256" else ec.generate_private_key(ec.SECP256R1())
    keys = Keys(private=folder / f"{kind}.pem", public=folder / f"{kind}.pub.pem")
    keys.private.write_bytes(pem(made))
    keys.public.write_bytes(
        made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return keys


def pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A certificate authority of the tests' own, in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> tuple[Path, Path]:
        """A certificate for this machine, or for a client: (certificate, key)."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, key, self.certificate.subject, self.key, is_authority=False)
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(pem(key))
        return files


def authority(folder: Path) -> Authority:
    """A new authority, whose certificate is in `ca.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Roomcheck tests")])
    made = _certificate("Roomcheck tests", key, name, key, is_authority=True)
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(folder=folder, key=key, certificate=made)


def _certificate(name, key, issuer, issuer_key, *, is_authority: bool) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [x509.DNSName("localhost"), x509.DNSName("sos.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    # A connection without the cookie goes anywhere; with it, to the node that its cookie names.
    split_clients "$request_id" $anywhere {{ {split} }}
    map $cookie_node $node {{ default $anywhere; {known} }}
    map $http_upgrade $hop {{ default upgrade; "" ""; }}
    map "$uri $http_upgrade" $refused {{ default 0; {refused} }}
    {upstreams}
    upstream in_turn {{ {servers} }}
    server {{
        listen 127.0.0.1:{port}{tls};
        client_max_body_size 32m;
        location / {{
            if ($refused) {{ return 404; }}
            proxy_pass http://{to};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $hop;
            proxy_read_timeout 60s;
            proxy_buffering off;
            {pin}
        }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(
    folder: Path,
    urls: Sequence[str],
    certificate: tuple[Path, Path] | None = None,
    clients: Path | None = None,
    *,
    sticky: bool = True,
    upgrades_only: bool = False,
) -> Iterator[str]:
    """nginx before some nodes: each client is pinned to a node by a cookie, or each request goes to the next. Its URL.

    `certificate` switches TLS on; `clients` is the authority whose clients alone are let in. With `upgrades_only`
    everything under /socket.io/ that is no websocket is answered with 404.
    """
    needed("nginx")
    port = free_port()
    tls = ""
    if certificate:
        tls = f" ssl; ssl_certificate {certificate[0]}; ssl_certificate_key {certificate[1]}"
        if clients:
            tls += f"; ssl_client_certificate {clients}; ssl_verify_client on"
    hosts = [urlsplit(url).netloc for url in urls]
    share = 100 // len(hosts)
    text = NGINX.format(
        folder=folder,
        port=port,
        tls=tls,
        split=" ".join(f"{share}% n{i};" if i < len(hosts) - 1 else f"* n{i};" for i in range(len(hosts))),
        known=" ".join(f"n{i} n{i};" for i in range(len(hosts))),
        upstreams="\n    ".join(f"upstream n{i} {{ server {host}; keepalive 32; }}" for i, host in enumerate(hosts)),
        servers=" ".join(f"server {host};" for host in hosts),
        to="$node" if sticky else "in_turn",
        pin='add_header Set-Cookie "node=$node; Path=/" always;' if sticky else "",
        refused=r'"~^/socket\.io/ (?!websocket$)" 1;' if upgrades_only else "",
    )
    with _nginx(folder, text):
        yield f"http{'s' if certificate else ''}://127.0.0.1:{port}"


GATEWAY = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 4096; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    split_clients "$request_id" $anywhere {{ 50% n0; * n1; }}
    map $cookie_lb_node $node {{ default $anywhere; n0 n0; n1 n1; }}
    map $http_upgrade $hop {{ default upgrade; "" ""; }}
    upstream n0 {{ server {0}; keepalive 32; }}
    upstream n1 {{ server {1}; keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        if ($http_x_gateway_key != "{key}") {{ return 403; }}
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $hop;
        location /realtime/v1/socket.io/ {{
            proxy_pass http://$node/socket.io/$is_args$args;
            proxy_read_timeout {idle_s}s;
            add_header Set-Cookie "lb_node=$node; Path=/realtime/v1/; HttpOnly; SameSite=Lax" always;
        }}
        location /backend/v2/ {{ rewrite ^/backend/v2/(.*)$ /$1 break; proxy_pass http://n1; }}
    }}
}}
"""


@contextlib.contextmanager
def gateway(folder: Path, urls: Sequence[str], key: str, idle_s: int = 60) -> Iterator[str]:
    """nginx before two nodes as gateways are set up: paths with a prefix, buffers, a key in a header, sticky cookies.

    Socket.IO is at `/realtime/v1/socket.io/`, the API of the second node below `/backend/v2`. A connection on which
    a node sends nothing for `idle_s` is closed. Its URL; what it was asked is in `access.log`.
    """
    needed("nginx")
    port = free_port()
    hosts = [urlsplit(url).netloc for url in urls]
    with _nginx(folder, GATEWAY.format(*hosts, folder=folder, port=port, key=key, idle_s=idle_s)):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _nginx(folder: Path, text: str) -> Iterator[None]:
    """nginx with a configuration, until the end."""
    path = folder / "nginx.conf"
    path.write_text(text)
    program = subprocess.Popen(
        ["nginx", "-c", str(path), "-p", str(folder), "-e", "stderr"], stderr=subprocess.PIPE, text=True
    )
    watchdog = threading.Timer(HANG_S, program.kill)
    watchdog.start()
    try:
        assert program.stderr is not None
        said = next((line for line in program.stderr if "epoll" in line or "emerg" in line), "")
        assert said
        assert "emerg" not in said
        threading.Thread(target=lambda: [None for _ in program.stderr or ()], daemon=True).start()
        watchdog.cancel()
        yield
    finally:
        watchdog.cancel()
        program.send_signal(signal.SIGTERM)
        try:
            program.wait(timeout=HANG_S)
        except subprocess.TimeoutExpired:  # It was asked before it had begun to listen to that.
            program.kill()
            program.wait()
