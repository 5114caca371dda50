"""The service as built: contracts that take over what is the same, and a service that speaks both dialects."""

import json
from pathlib import Path

import pytest

from contracts.faults import ContractError
from contracts.load import load
from tests.running import KEY, roomcheck, served, settings

RENAMED = {
    "message:typing:start": "message:typing:broadcast",
    "message:typing:stop": "message:typing:stopped",
    "participant:joined:broadcast": "participant:joined",
    "participant:left:broadcast": "participant:left",
}


def verdicts(path: Path) -> list[dict[str, str]]:
    return json.loads(path.read_text())["verdicts"]


@pytest.mark.parametrize("transport", ["polling", pytest.param("websocket", marks=pytest.mark.long)])
def test_the_service_as_built_keeps_the_contracts_as_built(transport: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with served("--jwt-key", KEY, "--contracts", "sos-built", "--admin") as url:
        run = roomcheck("check", url, "--jwt-key", KEY, "--contracts", "sos-built", "--admin", "--transport", transport,
                        "--report", f"json={report}")  # fmt: skip
    assert [v for v in verdicts(report) if v["outcome"] != "pass"] == []
    assert json.loads(report.read_text())["not_exercised"] == []
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_embedded_service_speaks_the_dialect_of_the_contracts() -> None:
    run = roomcheck("check", "--contracts", "sos-built")
    assert run.returncode == 0, run.stdout
    assert "against sos-built" in run.stdout


def test_each_dialect_is_caught_by_the_contracts_of_the_other(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for serving, asked in (("sos-built", "sos"), ("sos", "sos-built")):
        with served("--jwt-key", KEY, "--contracts", serving) as url:
            chosen = ("--select", "broadcast-keeps-its-name", "--select", "broadcast-arrives")
            run = roomcheck("check", url, "--jwt-key", KEY, "--contracts", asked, *chosen, "--timeout", "1",
                            "--report", f"json={report}")  # fmt: skip
        failed = {v["subject"] for v in verdicts(report) if v["outcome"] == "fail"}
        wanted = set(RENAMED) if asked == "sos" else set(RENAMED.values())
        assert wanted <= failed
        assert run.returncode == 1


def test_internal_triggers_provoke_the_events_as_built(tmp_path: Path) -> None:
    with served("--contracts", "sos-built", "--internal-token", "a secret of its own") as url:
        path = settings(tmp_path, realtime_urls=[url], contracts="sos-built", triggers="internal",
                        headers={"x-internal-token": "a secret of its own"})  # fmt: skip
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--select", "broadcast-arrives")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "not exercised" not in run.stdout


def test_what_is_the_same_is_taken_over_and_not_copied() -> None:
    documented, built = load("sos"), load("sos-built")
    for name in ("error", "participants:active:request"):
        assert built.events[name].place == documented.events[name].place
    assert set(documented.events) < set(built.events)
    assert built.room == documented.room
    assert built.calls["health"].place == documented.calls["health"].place


def bundle(folder: Path, **head: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bundle.json").write_text(json.dumps({"bundle": folder.name, "extends": "example", **head}))
    return folder


def fault(folder: Path) -> str:
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return str(caught.value).replace(str(folder), folder.name)


def test_a_bundle_extends_a_bundled_one_or_a_folder_and_leaves_out_what_it_has_not(tmp_path: Path) -> None:
    first = bundle(tmp_path / "first", version="2", without=["who", "note:added", "add-note"])
    with pytest.raises(ContractError, match="add-note"):
        load(str(first))
    second = bundle(tmp_path / "second", version="2")
    third = bundle(tmp_path / "third", extends="../second", version="3", without=["who"])
    assert load(str(second)).version == "2"
    assert set(load(str(second)).events) - set(load(str(third)).events) == {"who"}


def test_what_is_wrong_with_an_extension_is_said(tmp_path: Path) -> None:
    assert "no contracts here" in fault(bundle(tmp_path / "a", extends="no-such-bundle"))
    assert 'the extended bundle has no "whom" to be without' in fault(bundle(tmp_path / "b", without=["whom"]))
    assert "this bundle extends itself" in fault(bundle(tmp_path / "c", extends="../c"))
    assert "unknown key `extend`; did you mean `extends`?" in fault(bundle(tmp_path / "d", extend="example"))


def test_the_reference_service_lies_in_one_dialect() -> None:
    run = roomcheck("serve", "--contracts", "sos-built", "--lie", "ghosts-stay")
    assert run.returncode == 2
    assert "lies are told in the dialect sos" in run.stderr
