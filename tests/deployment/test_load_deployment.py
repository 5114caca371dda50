"""Load on deployments of real parts: two nodes on Redis behind nginx with TLS and tokens, and nodes that are apart."""

import re
from pathlib import Path

import pytest

from tests.deploying import authority, key_pair, nginx, nodes, redis
from tests.running import load_held, peer, roomcheck, settings

pytestmark = pytest.mark.peer
WORDS = ("--target", "it", "-u", "4", "-r", "4", "-t", "6s", "--sockets-per-user", "5", "--room-size", "6")


@pytest.mark.parametrize("transport", [pytest.param("websocket", marks=pytest.mark.long), "upgrade"])
def test_two_nodes_behind_nginx_with_tls_and_tokens_are_loaded_and_hold(transport: str, tmp_path: Path) -> None:
    keys, ca = key_pair(tmp_path, "RS256"), authority(tmp_path)
    with (
        redis(tmp_path) as (redis_url, _),
        nodes(redis_url, "--jwt-public-key", str(keys.public), "--jwt-issuer", "sso", "--jwt-audience", "sos") as urls,
        nginx(tmp_path, urls, ca.issue("server")) as url,
    ):
        auth = {"kind": "jwt", "algorithm": "RS256", "key_file": keys.private.name, "issuer": "sso", "audience": "sos"}
        path = settings(tmp_path, realtime_urls=[url], tls={"ca_file": ca.file.name}, auth=auth)
        run = roomcheck("load", "--settings", str(path), *WORDS, "--transport", transport, "Chat", "Locations")
    assert load_held(run), run.stdout + run.stderr


def test_members_of_one_room_on_nodes_that_are_apart_lose_what_the_other_node_was_told(tmp_path: Path) -> None:
    with peer() as one, peer() as other:
        path = settings(tmp_path, realtime_urls=[one, other])
        run = roomcheck("load", "--settings", str(path), *WORDS, "Chat", "--chat-rate", "5", "--lost-after", "1")
    assert run.returncode == 1, run.stdout + run.stderr
    told = dict(re.findall(r"^ (\w+) +(\d+) *$", run.stdout, re.MULTILINE))
    # Every message is created on one node, and half of the members of its room are on the other.
    assert int(told["lost"]) == int(told["ok"]) > 0
    assert "duplicate" not in told
