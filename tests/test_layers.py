"""The layers, held by the imports: contracts, model, rules and judge, stage and reports, command line."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT

PURE = ("contracts/model.py", "conformance/model/", "conformance/plan/", "conformance/analysis/", "conformance/rules/",
        "conformance/judge/", "loadtests/dialects/", "loadtests/ledger/", "loadtests/verdict/")  # fmt: skip
NO_IO = {"socket", "asyncio", "time", "httpx", "aiohttp", "socketio", "subprocess", "threading", "os", "sys"}
ALLOWED = {
    "contracts/": {"contracts"},
    "conformance/rules/": {"contracts", "conformance"},
    "conformance/stage/": {"contracts", "conformance"},
    "conformance/reference/": {"conformance"},
    "reports/": {"contracts", "conformance", "reports"},
}
OURS = {"contracts", "conformance", "reports", "loadtests", "cli"}
NOT_FOR_RULES = {"stage", "reference", "commands", "engine"}


def sources() -> list[Path]:
    return [path for folder in sorted(OURS - {"cli"}) for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    found = set(imports(path))
    roots = {module.partition(".")[0] for module in found}
    for prefix, allowed in ALLOWED.items():
        if name.startswith(prefix):
            assert not (roots & OURS) - allowed, name
    if name.startswith(PURE):
        assert not roots & NO_IO, name
        assert not {module.split(".")[1] for module in found if module.startswith("conformance.")} & NOT_FOR_RULES
    if not name.startswith(("conformance/stage/", "conformance/reference/", "loadtests/")):
        assert "socketio" not in roots, name
    if not name.startswith("loadtests/"):
        assert not roots & {"locust", "gevent"}, name
    if name.startswith("conformance/stage/"):
        assert not any(module.startswith(("conformance.reference", "conformance.rules")) for module in found)


def test_files_and_functions_are_short() -> None:
    for path in [*sources(), ROOT / "cli.py"]:
        assert len(path.read_text().splitlines()) <= 400, path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 60, f"{path}: {node.name}"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    heavy = {"aiohttp", "socketio", "httpx", "jsonschema", "msgspec", "rich", "uvicorn", "starlette", "asyncio"}
    assert not set(loaded.split()) & heavy


def test_nothing_sleeps_to_know_something() -> None:
    for path in [*sources(), *(ROOT / "tests").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("asyncio.sleep", "time.sleep", "gevent.sleep"):
                assert ast.unparse(node) == "asyncio.sleep(0)", f"{path}:{node.lineno}"
