"""The layers, held by the imports: every package has a row of what it may import, and no import goes in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.running import ROOT

TOPS = ("contracts", "conformance", "reports", "loadtests")

MAY_IMPORT = {
    "contracts": "",
    "contracts.exchange": "contracts",
    "contracts.exchange.formats": "contracts.exchange contracts",
    # Of a check: from what knows nothing of Socket.IO to what a person types.
    "conformance.support": "contracts",
    "conformance.model": "support contracts",
    "conformance.target": "model support contracts",
    "conformance.plan": "target model support contracts",
    "conformance.analysis": "plan target model support contracts",
    "conformance.rules": "analysis plan target model contracts",
    "conformance.fuzz_rules": "analysis plan target model contracts",
    "conformance.record_rules": "rules analysis plan target model contracts",
    "conformance.judge": "analysis plan target model support contracts",
    "conformance.journal": "target model support",
    "conformance.stage.clients": "target model support contracts",
    "conformance.stage.observing": "stage.clients target model support contracts",
    "conformance.stage.observers": "stage.observing stage.clients target model support contracts",
    "conformance.stage": "stage.clients stage.observing analysis plan target model support contracts",
    "conformance.recording": "journal stage.clients analysis plan target model support contracts",
    "conformance.reference": "support",
    "conformance.reference.lies": "reference",
    "conformance.server": "reference target support contracts",
    "conformance.lying": "server analysis plan target model support contracts",
    "conformance.lying.lies": "lying server analysis plan model contracts",
    "conformance.inference": "model contracts",
    "conformance.coverage": "model contracts",
    "conformance.align": "journal model support contracts",
    "conformance.align.rules": "align support contracts",
    "conformance.diff": "model support contracts",
    "conformance.diff.rules": "diff contracts",
    "conformance.engine": "recording stage stage.clients stage.observing lying server reference journal judge analysis"
    " plan target"
    " model support contracts",
    # Reports read journals.
    "reports.parts": "journal model support",
    "reports": "reports.parts diff align journal judge model support",
    "reports.comparison": "reports reports.parts journal support",
    "reports.output": "reports.comparison reports reports.parts journal model support target",
    # What a person types.
    "conformance.commands": "contracts.exchange contracts.exchange.formats engine recording lying server diff align inference coverage"
    " reference journal judge plan target model support contracts"
    " reports reports.output reports.parts",
    "conformance.launch.roomcheck": "",
    # Of a load: from what is pure to what Locust is given.
    "loadtests.dialects": "support contracts",
    "loadtests.ledger": "loadtests.dialects model contracts",
    "loadtests.verdict": "loadtests.ledger journal model support",
    "loadtests.worker.wire": "support contracts",
    "loadtests.worker": "loadtests.worker.wire loadtests.ledger loadtests.dialects journal target model support"
    " contracts",
    "loadtests.workload": "loadtests.worker loadtests.verdict loadtests.ledger loadtests.dialects judge target model"
    " support contracts",
    "loadtests.scenarios": "loadtests.workload loadtests.worker loadtests.verdict loadtests.ledger loadtests.dialects model",
    "loadtests.output": "loadtests.workload loadtests.worker loadtests.verdict loadtests.ledger loadtests.dialects"
    " reports.output judge journal target model support contracts",
    "loadtests.run": "loadtests.output loadtests.workload loadtests.worker loadtests.worker.wire loadtests.verdict"
    " loadtests.ledger loadtests.dialects target model support contracts",
    "loadtests.locust_hooks": "loadtests.run loadtests.scenarios loadtests.output loadtests.workload loadtests.worker"
    " loadtests.worker.wire loadtests.verdict loadtests.ledger journal model support contracts",
    "loadtests": "loadtests.locust_hooks",
}
"""What a package may import beside itself; names without `loadtests.` or `reports.` are those of `conformance`."""

PURE = ("contracts.model", "conformance.model", "conformance.plan", "conformance.analysis", "conformance.rules",
        "conformance.judge", "loadtests.dialects", "loadtests.ledger", "loadtests.verdict")  # fmt: skip
"""What neither waits nor reads a clock, and so imports nothing that does, through whatever else it imports."""

NO_IO = {"socket", "asyncio", "time", "httpx", "aiohttp", "socketio", "subprocess", "threading", "os", "sys"}


def full(name: str) -> str:
    """The whole name of a package in a row of the table."""
    return name if name.partition(".")[0] in ("contracts", "reports", "loadtests") else f"conformance.{name}"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def files() -> dict[str, Path]:
    """Every module of the project, by its name."""
    found = {module_of(path): path for top in TOPS for path in sorted((ROOT / top).rglob("*.py"))}
    return found | {"cli": ROOT / "cli.py"}


def package_of(module: str) -> str:
    path = files().get(module)
    return module if path is None or path.name == "__init__.py" else module.rpartition(".")[0]


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports, inside of functions too: modules of ours by their whole names."""
    return frozenset(_imports(ast.parse(files()[module].read_text())))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in files() else node.module


def reached(module: str) -> Iterator[str]:
    """Everything that a module imports, and what that imports, and so on."""
    seen, left = set[str](), [module]
    while left:
        for found in imports(left.pop()):
            if found not in seen:
                seen.add(found)
                yield found
                if found in files():
                    left.append(found)


def test_every_package_has_a_row_and_every_row_a_package() -> None:
    packages = {module for module, path in files().items() if path.name == "__init__.py"} - {"conformance"}
    assert packages == set(MAY_IMPORT)


def test_the_rows_are_in_layers() -> None:
    above = set(MAY_IMPORT)
    for package, allowed in MAY_IMPORT.items():
        above.discard(package)
        assert not above & {full(name) for name in allowed.split()}, package


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_its_row_says(package: str) -> None:
    allowed = {full(name) for name in MAY_IMPORT[package].split()} | {package}
    for module in files():
        if package_of(module) == package:
            ours = {package_of(name) for name in imports(module) if name in files()}
            assert not ours - allowed, module


def test_no_import_goes_in_a_circle() -> None:
    assert [module for module in files() if module in set(reached(module))] == []


@pytest.mark.parametrize("module", [m for m in files() if m.startswith(tuple(f"{p}." for p in PURE)) or m in PURE])
def test_what_is_pure_reaches_nothing_that_waits_or_reads_a_clock(module: str) -> None:
    assert not {name.partition(".")[0] for name in reached(module)} & NO_IO


def test_a_client_library_is_imported_only_where_there_are_sockets() -> None:
    for module in files():
        roots = {name.partition(".")[0] for name in imports(module)}
        if not module.startswith(
            ("conformance.stage", "conformance.reference", "conformance.server", "conformance.lying", "loadtests")
        ):
            assert "socketio" not in roots, module
        if not module.startswith("loadtests"):
            assert not roots & {"locust", "gevent"}, module


def test_files_and_functions_are_short() -> None:
    for path in files().values():
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
    for path in [*files().values(), *(ROOT / "tests").glob("*.py"), *(ROOT / "tests" / "unit").rglob("*.py")]:
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "sleep" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("asyncio.sleep", "time.sleep", "gevent.sleep"):
                # Of 0 seconds: whatever else is due has its turn.
                assert ast.unparse(node) in ("asyncio.sleep(0)", "gevent.sleep(0)"), f"{path}:{node.lineno}"
