"""What `docs/deploy` deploys: files that keep the published schemas, and commands that run a load between hosts."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from compose_spec import PyCompose

from tests.forks import LOCUST, Fork
from tests.hosts import FIRST, hosts, on
from tests.load.test_scenarios import ledger
from tests.running import ROOT, clean_environment, is_limited

DEPLOY = ROOT / "docs" / "deploy"
SCHEMAS = json.loads((Path(__file__).parent / "schemas" / "kubernetes-1.37.json").read_text())
KINDS = {
    "Service": "io.k8s.api.core.v1.Service",
    "Job": "io.k8s.api.batch.v1.Job",
    "Deployment": "io.k8s.api.apps.v1.Deployment",
}
PORT, RUN_S = 4000, 90


@cache
def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


# --- the published schemas ---------------------------------------------------------------------------------------


def of_kubernetes(document: dict[str, Any]) -> None:
    schema = {**SCHEMAS, "$ref": f"#/$defs/{KINDS[document['kind']]}"}
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_documents_of_kubernetes_keep_its_schemas() -> None:
    found = documents("kubernetes.yaml")
    assert {one["kind"] for one in found} == set(KINDS)
    for one in found:
        of_kubernetes(one)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "template", "spec", "containers", 0, "arguments"), ["--master"]),
        (("spec", "template", "spec", "containers", 0, "args"), "--master"),
        (("spec", "replica"), 4),
        (("spec", "template", "spec", "containers", 0, "ports"), [{"containerPort": "five"}]),
        (("apiVersion",), "v1"),
    ],
)
def test_a_slip_in_a_document_of_kubernetes_is_noticed(path: tuple[Any, ...], value: object) -> None:
    (document,) = (deepcopy(one) for one in documents("kubernetes.yaml") if one["kind"] == "Deployment")
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        of_kubernetes(document)


def of_compose(document: dict[str, Any]) -> None:
    """Read by types of the Compose specification; merge keys are YAML's and have been resolved."""
    PyCompose.from_json(json.dumps(document)).validate()


def test_the_compose_file_keeps_the_specification() -> None:
    (document,) = documents("compose.yaml")
    of_compose(document)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dockerfile:", "dockrfile:"),
        ("    ports:", "    port:"),
        ("soft: 200000", "sft: 200000"),
        ('["--master", "--class-picker"]', "{master: true}"),
    ],
)
def test_a_slip_in_the_compose_file_is_noticed(before: str, after: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert before in text
    with pytest.raises(ValueError, match=r"line 1"):
        of_compose(yaml.safe_load(text.replace(before, after)))


# --- the commands ------------------------------------------------------------------------------------------------


def entry() -> list[str]:
    """What the image runs before the words of a file."""
    found = re.search(r"^ENTRYPOINT (\[.*\])", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    words: list[str] = json.loads(found[1])
    return words


def run(host: str, words: list[str], **environment: str) -> Fork:
    return Fork([*entry(), *words], of=LOCUST, env=clean_environment() | environment, host=host)


@contextlib.contextmanager
def serving() -> Iterator[list[str]]:
    """A service on the first of three hosts; the names of all."""
    words = ("tests.peers.crooked", "--host", FIRST, "--port", str(PORT))
    with hosts(3) as names, Fork(words, env=clean_environment(), host=names[0], stderr=None) as service:
        assert service.stdout is not None
        assert service.stdout.readline()
        try:
            yield names
        finally:
            service.kill()
            service.wait()


def test_the_commands_of_kubernetes_run_a_load_between_hosts() -> None:
    """As they stand in the file, of a smaller size; the name of the master is an address here."""
    small = {
        "expect-workers": "2", "users": "4", "spawn-rate": "4", "run-time": "8s", "sockets-per-user": "5",
        "host": f"http://{FIRST}:{PORT}", "master-host": FIRST,
    }  # fmt: skip

    def words(kind: str) -> list[str]:
        (document,) = (one for one in documents("kubernetes.yaml") if one["kind"] == kind)
        (container,) = document["spec"]["template"]["spec"]["containers"]
        options = (re.fullmatch(r"--([a-z-]+)=.*", word) for word in container["args"])
        return [
            f"--{option[1]}={small[option[1]]}" if option is not None and option[1] in small else word
            for option, word in zip(options, container["args"], strict=True)
        ]

    with serving() as names:
        workers = [run(name, words("Deployment")) for name in names[1:]]
        with run(names[0], words("Job")) as master:
            _, said = master.communicate(RUN_S)
        codes = []
        for worker in workers:
            worker.communicate(RUN_S)
            codes.append(worker.returncode)
            worker.close()
    # Beside other work the generator may not keep up, which is what it has to say then.
    assert master.returncode == 0 or is_limited(master.returncode or 0, said), said
    assert codes == [0, 0]
    told = ledger(said)
    assert told["connected"] == 20
    assert told["ok"] > 0
    assert re.search(r"gate delivery: p\(99\)<500: (holds|broken) \(", said)


def test_the_commands_of_the_compose_file_run_a_master_with_its_web_ui_and_a_worker_on_another_host() -> None:
    (document,) = documents("compose.yaml")
    master, worker = (document["services"][name] for name in ("master", "worker"))
    assert master["environment"]["LOCUST_HOST"].startswith("${LOCUST_HOST:?")
    assert worker["command"][-1] == "${MASTER:-master}"
    (ui,) = (re.search(r":(\d+)$", port) for port in master["ports"] if port.startswith("127.0.0.1"))
    assert ui is not None
    asks = f"""
import json, threading, urllib.request as r
pause = threading.Event()
def ask(path, data=None):
    return r.urlopen('http://127.0.0.1:{ui[1]}/' + path, data, timeout=20).read().decode()
ask('swarm', b'user_count=2&spawn_rate=2&user_classes=Chat&host=http://{FIRST}:{PORT}')
while not json.loads(ask('rooms.json'))['deliveries']:
    pause.wait(0.3)
ask('stop', b'')
print(ask('rooms.json'))
"""
    with serving() as names:
        first = run(names[0], master["command"], LOCUST_HOST=f"http://{FIRST}:{PORT}")
        assert first.stderr is not None
        assert any("Starting web interface" in line for line in first.stderr)
        with run(names[1], [*worker["command"][:-1], FIRST]) as other:
            assert any("is ready" in line or "reported as ready" in line for line in first.stderr)
            asked = subprocess.run(
                on(names[0], sys.executable, "-c", asks), capture_output=True, text=True, timeout=RUN_S, check=False
            )
            first.terminate()
            first.communicate(RUN_S)
            other.communicate(RUN_S)
        first.close()
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told["ledger"][0]["others"]["connected"] == 2
    assert told["verdict"]["code"] == 0, told["verdict"]


def test_the_settings_of_the_kernel_that_are_asked_for_can_be_made_in_a_network_of_its_own() -> None:
    (compose,) = documents("compose.yaml")
    (workers,) = (one for one in documents("kubernetes.yaml") if one["kind"] == "Deployment")
    asked = dict(compose["services"]["worker"]["sysctls"])
    of_pods = workers["spec"]["template"]["spec"]["securityContext"]["sysctls"]
    assert {one["name"]: one["value"] for one in of_pods} == asked
    with hosts(1) as (host,):
        for name, value in asked.items():
            path = f"/proc/sys/{name.replace('.', '/')}"
            write = f"open({path!r}, 'w').write({value!r}); print(open({path!r}).read())"
            made = subprocess.run(
                on(host, sys.executable, "-c", write), capture_output=True, text=True, timeout=20, check=True
            )
            assert made.stdout.split() == value.split()
