"""What the processes import of which tests fork programs: all that a program would import itself, once."""

import contextlib
import functools
import gc
import importlib
import pkgutil
import sys
from types import FunctionType, ModuleType
from typing import Any

PLAIN, LOCUST = "plain", "locust"
IMPORTED = {
    PLAIN: ("contracts", "conformance", "reports", "loadtests.run.program"),
    LOCUST: (
        *("locust", "locust.main", "contracts", "loadtests.scenarios", "loadtests.worker", "loadtests.locust_hooks"),
        "conformance.rules",
    ),
}
"""What the processes that fork import; of our own packages, with the modules inside."""
SCHEMAS = ("jsonschema", "jsonschema_rs", "rfc3339_validator")
LATER = {
    PLAIN: (
        *SCHEMAS,
        "typer._adapters",
        "rich._emoji_codes",
        "uvloop",
        "uvicorn.protocols.http.auto",
        "uvicorn.protocols.websockets.auto",
        "uvicorn.lifespan.off",
        "httpcore",
        "anyio._backends._asyncio",
        "markdown_it",
    ),
    LOCUST: SCHEMAS,
}
"""What commands import as they go: half of what a small one costs."""


def import_all(of: str) -> None:
    """Import what programs of a kind need, and freeze it."""
    for name in (*IMPORTED[of], *LATER[of]):
        found = importlib.import_module(name)
        if name in IMPORTED[of] and name.partition(".")[0] != LOCUST and hasattr(found, "__path__"):
            for module in pkgutil.walk_packages(found.__path__, f"{name}."):
                importlib.import_module(module.name)
    if of == PLAIN:
        _read_parameters("conformance.commands")
    gc.freeze()  # What is shared stays so: a collection would write to every page of it.


def _read_parameters(package: str) -> None:
    """Have typer read the parameters of commands once for all: 20 ms, of 50 that the smallest command takes."""
    main: Any = importlib.import_module("typer.main")
    main.get_params_from_function = functools.cache(main.get_params_from_function)
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{package}."):
            for function in _own_functions(module):
                with contextlib.suppress(NameError):  # No command: its annotations are for the type checker alone.
                    main.get_params_from_function(function)


def _own_functions(module: ModuleType) -> list[FunctionType]:
    return [one for one in vars(module).values() if isinstance(one, FunctionType) and one.__module__ == module.__name__]
