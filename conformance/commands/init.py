"""The commands that describe a target: `init` writes its settings, `doctor` says what of it is reached.

Nothing heavy is imported before they are called.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from conformance.commands import options
from conformance.commands.shell import console, die, faults, say

if TYPE_CHECKING:
    from conformance.target.starter import Draft


def init(
    target: options.NewTarget = "local",
    url: options.Urls = None,
    api_url: options.ApiUrl = None,
    contracts: options.SomeContracts = "sos",
    auth: options.AuthKind = None,
    algorithm: options.Algorithm = None,
    key_file: options.KeyFile = None,
    triggers: options.Triggers = None,
    redis_url: options.Redis = None,
    admin: options.Admin = False,
    settings: options.NewSettings = Path("roomcheck.toml"),
    force: options.Force = False,
) -> None:
    """Write the settings of a target, from flags or by asking.

    Secrets stay in the environment.
    """
    with faults():
        from conformance.target.starter import Draft, write

        asking = not url and sys.stdin.isatty()
        if not url and not asking:
            die("--url: where do sockets connect? Give it once for each node", 2)
        draft = Draft(
            name=target,
            urls=tuple(url or ()),
            api_url=api_url,
            contracts=contracts,
            auth=auth,
            algorithm=algorithm,
            key_file=key_file,
            triggers=triggers,
            redis_url=redis_url,
            admin=admin,
        )
        say(write(_asked(draft) if asking else draft, settings, force=force))


def _asked(draft: Draft) -> Draft:
    """The draft with the answers to what no flag says."""
    from dataclasses import replace

    from conformance.target.starter import KINDS, shared

    name = typer.prompt("Name of the target", default=draft.name)
    urls = typer.prompt("URL that sockets connect to (several nodes: separated by spaces)").split()
    api_url = typer.prompt("URL of the HTTP API (empty: the same)", default="") or None
    auth = draft.auth or typer.prompt(f"Authentication of the actors ({', '.join(KINDS)})", default="none")
    algorithm, key_file = draft.algorithm, draft.key_file
    if auth == "jwt":
        default = "RS256" if key_file else "HS256"
        algorithm = algorithm or typer.prompt("Algorithm of the tokens (HS256, RS256, ES256 ...)", default=default)
        if key_file is None and shared(algorithm):
            key_file = typer.prompt("File of the shared secret (empty: in ROOMCHECK_JWT_KEY)", default="")
        elif key_file is None:
            key_file = typer.prompt("File of the private key (PEM)")
    return replace(
        draft,
        name=name,
        urls=tuple(urls),
        api_url=api_url,
        auth=auth,
        algorithm=algorithm,
        key_file=Path(key_file) if key_file else None,
        triggers=draft.triggers or typer.prompt("What causes broadcasts (api, internal, none)", default="api"),
        redis_url=draft.redis_url or typer.prompt("Redis of the adapter (empty: none)", default="") or None,
        admin=draft.admin or typer.confirm("Observe room names in the Admin UI", default=False),
    )


def doctor(
    url: options.Url = None,
    target: options.TargetName = None,
    settings: options.SettingsFile = None,
    contracts: options.Contracts = None,
    transport: options.Transport = "websocket",
    verbose: options.Verbose = False,
) -> None:
    """Test the connection to a target step by step.

    Each step that fails says which line to add to the settings.
    """
    with faults():
        from conformance.commands import doctor as command
        from conformance.target.resolve import TargetOptions

        wish = TargetOptions(url=url, target=target, settings=settings, contracts=contracts)
        raise SystemExit(command.doctor(wish, transport, console(), verbose=verbose))
