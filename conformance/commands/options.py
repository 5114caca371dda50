"""The options that commands share, with their help. Nothing heavy is imported: `--help` reads this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TargetName = Annotated[
    str | None, typer.Option("--target", metavar="NAME", help="A target of the settings.", show_default=False)
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="By itself: roomcheck.toml, here or above."),
]
Url = Annotated[
    str | None, typer.Argument(metavar="[URL]", help="The service; without it and --target, the embedded one.")
]
ApiUrl = Annotated[str | None, typer.Option(metavar="URL", help="Its HTTP API, if elsewhere.")]
Contracts = Annotated[
    str | None, typer.Option(metavar="DIR", help="A folder of contracts, or a bundled name: sos if nothing says.")
]
Select = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Only these rules or events.")]
Ignore = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Not these rules or events.")]
SelectRules = Annotated[list[str] | None, typer.Option("--select", metavar="GLOB", help="Only these rules.")]
IgnoreRules = Annotated[list[str] | None, typer.Option("--ignore", metavar="GLOB", help="Not these rules.")]
Transport = Annotated[str, typer.Option(help="websocket, polling, upgrade or all.")]
Report = Annotated[list[str] | None, typer.Option(metavar="FORMAT=PATH", help="Write a report, too.")]
Journal = Annotated[Path | None, typer.Option(metavar="PATH", help="Write everything that was seen.")]
History = Annotated[
    Path | None,
    typer.Option(
        "--history", envvar="ROOMCHECK_HISTORY", metavar="FILE", help="Keep the run in this file (`roomcheck history`)."
    ),
]
FailOn = Annotated[str, typer.Option(help="fail or warning: what turns the run red.")]
MinVerified = Annotated[
    float, typer.Option(metavar="PERCENT", min=0, max=100, help="Less than this verified is no success (4).")
]
Timeout = Annotated[
    float | None, typer.Option("--timeout", metavar="S", min=0.05, help="Seconds to wait in place of each deadline.")
]
Seed = Annotated[int, typer.Option(help="Chooses the values that are sent.")]
Token = Annotated[str | None, typer.Option(envvar="ROOMCHECK_TOKEN", help="A token to show, for sockets and HTTP.")]
JwtKey = Annotated[
    str | None, typer.Option(envvar="ROOMCHECK_JWT_KEY", help="HS256 key to mint each actor's token with.")
]
Triggers = Annotated[str | None, typer.Option(metavar="NAME", help="What provokes broadcasts: api, internal or none.")]
KnownFailures = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Failures that are known, with reason and owner.")
]
WaitFor = Annotated[
    float | None, typer.Option("--wait-for", metavar="S", min=0, help="Seconds to wait until the service answers.")
]
Redis = Annotated[
    str | None, typer.Option("--redis", metavar="URL", help="The adapter's Redis, to see the rooms' names in.")
]
Admin = Annotated[bool, typer.Option("--admin", help="See the rooms' names in the Admin UI.")]
Ca = Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="Certificates to trust besides the system's.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Verify no certificates.")]
ListOnly = Annotated[bool, typer.Option("--list", help="Say what would be judged, and stop.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing where all holds.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell every finding in full.")]
Urls = Annotated[list[str] | None, typer.Option("--url", metavar="URL", help="Where sockets connect; once a node.")]
NewTarget = Annotated[str, typer.Option("--target", metavar="NAME", help="How the target is called.")]
NewSettings = Annotated[Path, typer.Option("--settings", metavar="FILE", help="What is written, or added to.")]
AuthKind = Annotated[str | None, typer.Option("--auth", metavar="KIND", help="none, token, command or jwt.")]
Algorithm = Annotated[str | None, typer.Option("--algorithm", metavar="NAME", help="Of jwt: HS256, RS256, ES256 ...")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="Of jwt: the private key (PEM), or the shared secret.")
]
SomeContracts = Annotated[str, typer.Option("--contracts", metavar="DIR", help="A folder, or a bundled name.")]
Force = Annotated[bool, typer.Option("--force", help="Write the file anew.")]
Documents = Annotated[
    list[Path] | None, typer.Argument(metavar="DOCS...", help="Markdown and AsyncAPI files, and folders of them.")
]
ClientSources = Annotated[
    list[Path] | None,
    typer.Option(
        "--client-source",
        metavar="PATH",
        help="Source of a client: TypeScript, JavaScript, Vue, Svelte, Python, Dart, Swift, Kotlin, Java or C#.",
        show_default=False,
    ),
]
Sources = Annotated[
    list[Path] | None,
    typer.Option("--source", metavar="PATH", help="TypeScript, JavaScript or Python of the service; again for more."),
]
Wire = Annotated[
    Path | None, typer.Option("--wire", metavar="JOURNAL", help="What `check --journal` wrote of the service.")
]
WireTarget = Annotated[
    str | None,
    typer.Option("--target", metavar="NAME|URL", help="The running service: it is checked now.", show_default=False),
]
Only = Annotated[str | None, typer.Option(metavar="wrong", help="Only the rows of the matrix that are wrong.")]
Fix = Annotated[bool, typer.Option("--fix", help="Rewrite what can only mean one thing, and show the change.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")]
UpdateBlocks = Annotated[bool, typer.Option("--update-blocks", help="Write the generated tables anew.")]
Links = Annotated[bool, typer.Option("--links/--no-links", help="Look whether linked files are there.")]


def only_wrong(word: str | None) -> bool:
    """Whether `--only wrong` was given.

    Raises:
        UsageError: another word was.
    """
    if word not in (None, "wrong"):
        from conformance.support.errors import UsageError

        raise UsageError(f"--only: expected wrong, got {word!r}")
    return word == "wrong"
