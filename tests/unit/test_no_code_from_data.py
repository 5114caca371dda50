"""Nothing that is read is run: the product has no pickle, no `eval`, no unsafe YAML, and no shell with input in it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT

PRODUCT = [ROOT / "cli.py", *(path for top in ("contracts", "conformance", "reports", "loadtests")
                              for path in sorted((ROOT / top).rglob("*.py")))]  # fmt: skip

MODULES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "code", "codeop", "imp",
           "commands", "pty", "jsonpickle", "xmlrpc"}  # fmt: skip
"""Modules that run what they read, or that nothing needs but to run it."""

CALLS = {
    *("eval", "exec", "compile", "__import__", "execfile"),
    *(
        "builtins.eval",
        "builtins.exec",
        "builtins.compile",
        "builtins.__import__",
        "runpy.run_path",
        "runpy.run_module",
    ),
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_shell"),
    *(f"yaml.{kind}" for kind in ("load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all")),
    *("yaml.Loader", "yaml.FullLoader", "yaml.UnsafeLoader", "yaml.CLoader", "yaml.CFullLoader", "yaml.CUnsafeLoader"),
    *("jinja2.Template", "tempfile.mktemp", "numpy.load", "torch.load"),
}
"""Names that run what they are given. The `Template` of jinja2 escapes nothing."""

STARTING = re.compile(r"subprocess\.(Popen|run|call|check_call|check_output)|asyncio\.(subprocess\.)?create_subprocess_exec"
                      r"|os\.(exec|spawn|posix_spawn)\w*")  # fmt: skip
STARTERS = {
    "loadtests/run/program.py",
    "loadtests/worker/tokens.py",
    "conformance/stage/clients/tokens.py",
    "conformance/support/git_files.py",
}
"""What starts programs: Locust and the embedded service, the command of `auth.command`, and git."""

IMPORTED = {"conformance/launch/roomcheck/__init__.py", "conformance/support/own_packages.py"}


SUSPECT = re.compile(
    r"\b(" + "|".join(sorted({name.rpartition(".")[2] for name in CALLS} | MODULES | {"shell"})) + r")\b"
)
"""What has none of these words need not be parsed."""


def told(text: str) -> Iterator[str]:
    """What a module does that runs data: the names by which it does, whatever they are imported as."""
    tree = ast.parse(text)
    names = dict(_bound(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases if alias.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                yield module
            case ast.Name() | ast.Attribute():
                if (name := _full(node, names)) in CALLS:
                    yield name
            case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=module), ast.Constant(value=str(name)), *_]):
                if f"{names.get(module, module)}.{name}" in CALLS:
                    yield f"{module}.{name}"
            case ast.Call(keywords=keywords) if any(_shell(keyword) for keyword in keywords):
                yield "shell"
            case ast.Call(func=function, args=[(ast.Constant() | ast.JoinedStr() | ast.BinOp()), *_]):
                if STARTING.fullmatch(_full(function, names) or ""):
                    yield "a command as one text"
            case _:
                pass


def found_in(text: str) -> list[str]:
    """The same, of a text that may be innocent at first sight."""
    return list(told(text)) if SUSPECT.search(text) or "subprocess" in text else []


def _shell(keyword: ast.keyword) -> bool:
    return keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)


def _bound(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that imports bind, with what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _full(node: ast.AST, names: dict[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return names.get(name, name)
        case ast.Attribute(value=inner, attr=attribute) if (before := _full(inner, names)) is not None:
            return f"{before}.{attribute}"
    return None


@pytest.mark.parametrize("text", [
    "import pickle",
    "from pickle import loads",
    "def f():\n    import marshal as m",
    "import shelve, json",
    "eval(x)",
    "e = eval\ne(x)",
    "map(exec, lines)",
    "import builtins as b\nb.exec(x)",
    "import yaml\nyaml.load(x, Loader=yaml.SafeLoader)",
    "from yaml import unsafe_load as safe_load\nsafe_load(x)",
    "import yaml\nyaml.compose(x, Loader=yaml.Loader)",
    "import yaml\ngetattr(yaml, 'UnsafeLoader')",
    "import os\nos.system(x)",
    "from os import popen\npopen(x)",
    "import subprocess\nsubprocess.run(x, shell=True)",
    "import subprocess as s\ns.Popen(x, shell=flag)",
    "import subprocess\nsubprocess.getoutput(x)",
    "import subprocess\nsubprocess.run(f'cat {x}')",
    "import subprocess\nsubprocess.call('cat ' + x)",
    "import asyncio\nasyncio.create_subprocess_shell(x)",
    "import runpy\nrunpy.run_path(x)",
    "import jinja2\njinja2.Template(x)",
])  # fmt: skip
def test_what_runs_data_is_seen(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize("text", [
    "import pickletools\npickletools.genops(x)",
    "import ast\nast.literal_eval(x)",
    "import re\nre.compile(x)",
    "self.eval(x)",
    "import yaml\nyaml.compose(x, Loader=yaml.SafeLoader)\nyaml.safe_load(x)",
    "import subprocess\nsubprocess.run([sys.executable, '-c', CODE])",
    "import subprocess\nsubprocess.run(words, shell=False)",
    "import json\njson.load(x)",
])  # fmt: skip
def test_what_only_reads_data_is_not(text: str) -> None:
    assert list(told(text)) == []


def test_the_product_runs_nothing_that_it_reads() -> None:
    found = {str(path.relative_to(ROOT)): found_in(path.read_text()) for path in PRODUCT}
    assert len(found) > 400
    assert {path: names for path, names in found.items() if names} == {}


def test_programs_are_started_in_four_places_alone_each_with_a_list_of_words() -> None:
    found = {str(path.relative_to(ROOT)) for path in PRODUCT if _starts(path)}
    assert found == STARTERS


def _starts(path: Path) -> bool:
    text = path.read_text()
    if not re.search("subprocess|exec|spawn", text):
        return False
    tree = ast.parse(text)
    names = dict(_bound(tree))
    return any(
        isinstance(node, ast.Call) and STARTING.fullmatch(_full(node.func, names) or "") for node in ast.walk(tree)
    )


def test_code_that_is_given_to_a_program_as_text_has_only_a_path_in_it() -> None:
    tree = ast.parse((ROOT / "loadtests/run/program.py").read_text())
    filled = {ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue)
              and any(node in ast.walk(text) for text in _programs(tree))}  # fmt: skip
    assert filled == {"ROOT"}


def _programs(tree: ast.Module) -> list[ast.expr]:
    """The constants that hold programs."""
    return [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and (node.targets[0].id.startswith("AS_") or node.targets[0].id == "OURS")]  # fmt: skip


def test_rules_of_security_are_on_and_each_exception_has_its_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in settings["select"]
    assert {rule for rule in settings["ignore"] if re.fullmatch(r"S\d+", rule)} == {"S105", "S106"}
    ours = re.compile(r"^(cli|contracts|conformance|reports|loadtests|\*)")
    for glob, rules in settings["per-file-ignores"].items():
        assert not (ours.match(glob) and any(rule.startswith("S") for rule in rules)), glob
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in PRODUCT
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# noqa: [A-Z0-9, ]*\bS\d{3}(?! - \S|\d|[A-Z0-9, ]* - \S)", line)
        or re.search(r"# noqa(?!:)", line)
    ]
    assert bare == []
