"""Exported contracts, held against the programs that read them: AsyncAPI's own parser, and TypeScript's compiler."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.exchange.data_text import as_json, as_yaml
from contracts.exchange.formats import asyncapi, typescript
from contracts.exchange.source import exported
from tests.running import HANG_S, ROOT, lacking
from tests.unit.contracts.bundles import ALL, loaded

pytestmark = pytest.mark.peer

NODE = ROOT / "tests" / "peers" / "exchange"
CASES = ROOT / "tests" / "cases"
VARIED = (str(CASES / "ferry_arguments" / "contracts"), str(CASES / "harbour_namespaces" / "contracts"))
"""Bundles that have what others have not: several arguments, binary data, namespaces, acks, tokens."""
TYPED = ("ferry_arguments", "darkroom_binary", "lighthouse_acks")


def node(*words: str, cwd: Path = NODE) -> subprocess.CompletedProcess[str]:
    if shutil.which("node") is None or not (NODE / "node_modules" / "typescript").exists():
        lacking("Node with the packages of tests/peers/exchange")
    return subprocess.run(["node", *words], cwd=cwd, capture_output=True, text=True, timeout=HANG_S)


def parsed(files: list[Path]) -> dict[str, Any]:
    """What the official parser says of documents."""
    run = node("parse.mjs", *map(str, files))
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def holds(names: list[str] | tuple[str, ...], folder: Path, written: Callable[[Any], str]) -> None:
    files = [folder / f"{number}.txt" for number in range(len(names))]
    for file, name in zip(files, names, strict=True):
        file.write_text(written(asyncapi.made(exported(name))), "utf-8")
    wrong = asyncapi.made(exported("example"))
    wrong["operations"]["receive_who"]["channel"] = {"$ref": "#/channels/none"}
    (folder / "wrong").write_text(as_yaml(wrong), "utf-8")
    found = parsed([*files, folder / "wrong"])
    assert 0 in [one["severity"] for one in found[str(folder / "wrong")]["diagnostics"]]
    for file, name in zip(files, names, strict=True):
        bundle = loaded(name).bundle
        ways = sum((one.request is not None) + (one.broadcast is not None) for one in bundle.events.values())
        assert found[str(file)]["read"], (name, found[str(file)])
        assert len(found[str(file)]["operations"]) >= ways
        assert [one for one in found[str(file)]["diagnostics"] if one["severity"] == 0] == [], name


def test_the_official_parser_reads_asyncapi_without_an_error(tmp_path: Path) -> None:
    holds(VARIED, tmp_path, as_yaml)


@pytest.mark.long
def test_the_official_parser_reads_that_of_every_bundle(tmp_path: Path) -> None:
    holds(ALL, tmp_path, as_json)


def test_right_use_of_the_types_compiles_and_every_wrong_use_does_not(tmp_path: Path) -> None:
    """Each wrong use stands below a `@ts-expect-error`, which is an error itself where the use compiles.

    The types are compiled as `.ts`, since the declarations of libraries, which need not be checked, are all `.d.ts`.
    """
    for file in (*(NODE / "types").glob("*.ts"), NODE / "tsconfig.json", NODE / "package.json"):
        shutil.copy(file, tmp_path)
    (tmp_path / "node_modules").symlink_to(NODE / "node_modules")
    for name in ALL:
        stem = Path(name).parent.name if "/" in name else name
        (tmp_path / f"{stem}.ts").write_text(typescript.made(exported(name)), "utf-8")
    wrong = sum(file.read_text().count("@ts-expect-error ") for file in (NODE / "types").glob("*.ts"))
    assert wrong >= 30
    run = node("node_modules/typescript/bin/tsc", "-p", ".", cwd=tmp_path)
    assert (run.stdout, run.returncode) == ("", 0)
