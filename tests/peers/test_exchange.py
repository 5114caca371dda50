"""Exported contracts, held against the programs that read them: AsyncAPI's own parser, and TypeScript's compiler."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.data_text import as_json, as_yaml
from contracts.exchange.formats import asyncapi, typescript
from contracts.exchange.source import exported
from tests.running import HANG_S, ROOT, lacking
from tests.unit.contracts.bundles import ALL, loaded

pytestmark = pytest.mark.peer

NODE = ROOT / "tests" / "peers" / "exchange"
CASES = ROOT / "tests" / "cases"
VARIED = (str(CASES / "harbour_namespaces" / "contracts"),)
"""What is read in `make test`; the parser takes a second for three."""


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


TAKEN = "declare function taken<T>(): <V extends T>(value: V) => void;"
"""Fields that no schema names may be in a value, which is an error of TypeScript in a literal alone."""


def examples(name: str, stem: str) -> Iterator[str]:
    """Every example of a bundle as a value of its type; those that lack a field or have another value must not be."""
    one = loaded(name)
    yield f'import type {{ Namespaces }} from "./{stem}.js";'
    yield TAKEN
    for _, event in one.source.events:
        for way, side in typescript.SIDES.items():
            part = event.get(way, {})
            if "by" in part or "payload" not in part:
                continue
            for namespace in one.bundle.events[event["event"]].namespaces or (one.bundle.namespace,):
                place = "".join(f"[{json.dumps(one)}]" for one in (namespace, side, event["event"]))
                kind = f"Parameters<Namespaces{place}>[0]"
                given = part.get("examples", {})
                wrong = [one["payload"] for one in given.get("invalid", ()) if one["keyword"] in ("required", "enum")]
                for value in [*given.get("valid", ()), *wrong]:
                    if value in wrong:
                        yield "// @ts-expect-error"
                    yield f"taken<{kind}>()({as_code(value)});"


def as_code(value: Any) -> str:
    """A value in JavaScript, binary data as bytes."""
    return re.sub(r'\{"\$binary": "[^"]*"\}', "new Uint8Array()", json.dumps(value))


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
        (tmp_path / f"{stem}_examples.ts").write_text("\n".join(examples(name, stem)), "utf-8")
    wrong = sum(file.read_text().count("@ts-expect-error ") for file in (NODE / "types").glob("*.ts"))
    assert wrong >= 30
    held = [file.read_text() for file in tmp_path.glob("*_examples.ts")]
    assert sum(text.count("taken<") for text in held) > 300
    assert sum(text.count("@ts-expect-error") for text in held) > 100
    run = node("node_modules/typescript/bin/tsc", "-p", ".", cwd=tmp_path)
    assert (run.stdout, run.returncode) == ("", 0)
