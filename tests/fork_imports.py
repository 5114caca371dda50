"""What the processes import of which tests fork programs: all that a program would import itself, once."""

import gc
import importlib
import pkgutil

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
    gc.freeze()  # What is shared stays so: a collection would write to every page of it.
