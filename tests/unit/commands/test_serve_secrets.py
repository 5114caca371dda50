"""What `serve --verbose` tells of its clients holds no secret."""

import pytest

from conformance.commands import serve
from conformance.server import host

KEY = "a canary of a key, long enough for HS256"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSBlbHNlIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def test_no_key_and_no_token_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def run(_host: str, _port: int, running: host.Running, *_: object) -> None:
        running.service.say(f"message is refused: got {KEY!r} and {TOKEN!r}")

    monkeypatch.setattr(serve, "serve_for_ever", run)
    ask = serve.ServeOptions(host="127.0.0.1", port=0, contracts="example", jwt_key=KEY, verbose=True)
    serve.serve(ask, lambda _: None, told.append)
    line = next(line for line in told if "refused" in line)
    assert "(secret)" in line
    assert KEY not in line
    assert TOKEN.split(".")[2] not in line
