"""The options that commands share, with their help. Nothing heavy is imported: `--help` reads this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.support.errors import NO_VALUE


def given(value: str | None) -> str | None:
    """Refuse an option that is given without a value, as by a variable of the shell that is not set.

    Raises:
        BadParameter: it is empty: what would be done by default is not what was asked for.
    """
    if value is not None and not value.strip():
        raise typer.BadParameter(NO_VALUE)
    return value


TargetName = Annotated[
    str | None,
    typer.Option("--target", metavar="NAME", help="Target named in the settings.", show_default=False, callback=given),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="Settings. Default: roomcheck.toml, here or in a parent folder."),
]
Url = Annotated[str | None, typer.Argument(metavar="[URL]", help="URL of the service. Default: an embedded one.")]
ApiUrl = Annotated[str | None, typer.Option(metavar="URL", help="URL of its HTTP API, if it is elsewhere.")]
Contracts = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Folder of contracts, or a bundled name. Default: sos.", callback=given),
]
Select = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Judge only these rules or events.")]
Ignore = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Leave out these rules or events.")]
SelectRules = Annotated[list[str] | None, typer.Option("--select", metavar="GLOB", help="Judge only these rules.")]
IgnoreRules = Annotated[list[str] | None, typer.Option("--ignore", metavar="GLOB", help="Leave out these rules.")]
Transport = Annotated[str, typer.Option(help="Transport to use: websocket, polling, upgrade or all.")]
Report = Annotated[list[str] | None, typer.Option(metavar="FORMAT=PATH", help="Also write a report.")]
Journal = Annotated[Path | None, typer.Option(metavar="PATH", help="Write a journal: everything that was seen.")]
History = Annotated[
    Path | None,
    typer.Option(
        "--history",
        envvar="ROOMCHECK_HISTORY",
        metavar="FILE",
        help="Add the run to this file (`roomcheck history`).",
    ),
]
FailOn = Annotated[str, typer.Option(help="Lowest outcome that fails the run: fail or warning.")]
MinVerified = Annotated[
    float | None,
    typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 4 if less was verified. Default: 50."),
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="S", min=0.05, help="Deadline in seconds, in place of each contract's."),
]
MaxTime = Annotated[
    float | None,
    typer.Option("--max-time", metavar="S", min=1, help="End the check after so many seconds. Default: 600."),
]
Seed = Annotated[int, typer.Option(help="Seed of the values that are sent.")]
Count = Annotated[int, typer.Option(metavar="N", min=1, help="Send this many values at most.")]
Rate = Annotated[float, typer.Option(metavar="N", min=0.1, help="Send this many events and calls in a second at most.")]
OnlyValue = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="'EVENT JSON'", help="Send this value, as failures print them; again for more."),
]
Owned = Annotated[bool, typer.Option("--i-own-this-target", help="Fuzz a target that is not in a private network.")]
SAFER = "Prefer the variable, or the settings: other users see the arguments of a command."
Token = Annotated[
    str | None,
    typer.Option(envvar="ROOMCHECK_TOKEN", help=f"Token of all actors, for sockets and HTTP. {SAFER}", callback=given),
]
JwtKey = Annotated[
    str | None,
    typer.Option(
        envvar="ROOMCHECK_JWT_KEY", help=f"HS256 key to sign a token for each actor with. {SAFER}", callback=given
    ),
]
Triggers = Annotated[str | None, typer.Option(metavar="NAME", help="What causes broadcasts: api, internal or none.")]
KnownFailures = Annotated[
    Path | None, typer.Option(metavar="FILE", help="File of known failures, with reason and owner.")
]
WaitFor = Annotated[
    float | None,
    typer.Option("--wait-for", metavar="S", min=0, help="Seconds to wait until the service answers."),
]
Redis = Annotated[
    str | None, typer.Option("--redis", metavar="URL", help="Redis of the adapter, to observe room names in.")
]
Admin = Annotated[bool, typer.Option("--admin", help="Observe room names in the Admin UI.")]
Ca = Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="Extra CA certificates to trust (PEM).")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Do not verify TLS certificates.")]
ListOnly = Annotated[bool, typer.Option("--list", help="List what would be judged, and exit.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing if everything holds.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every finding in full.")]
Urls = Annotated[
    list[str] | None, typer.Option("--url", metavar="URL", help="URL that sockets connect to; one for each node.")
]
NewTarget = Annotated[str, typer.Option("--target", metavar="NAME", help="Name of the target.")]
NewSettings = Annotated[Path, typer.Option("--settings", metavar="FILE", help="File to write or to add to.")]
AuthKind = Annotated[
    str | None, typer.Option("--auth", metavar="KIND", help="Authentication: none, token, command or jwt.")
]
Algorithm = Annotated[str | None, typer.Option("--algorithm", metavar="NAME", help="For jwt: HS256, RS256, ES256 ...")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="Key file of jwt: private key (PEM) or shared secret.")
]
SomeContracts = Annotated[
    str, typer.Option("--contracts", metavar="DIR", help="Folder of contracts, or bundled name.", callback=given)
]
OwnContracts = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="DIR",
        help="Tell lies about these contracts: a folder, or a bundled name.",
        callback=given,
    ),
]
Lies = Annotated[list[str] | None, typer.Option("--lie", metavar="NAME", help="Tell only these lies.")]
About = Annotated[
    list[str] | None, typer.Option("--select", metavar="GLOB", help="Lie only about these events, calls or rooms.")
]
FailUnder = Annotated[
    float | None,
    typer.Option(metavar="PERCENT", min=0, max=100, help="Exit with 1 if fewer lies are noticed. Default: 0."),
]
LiesFor = Annotated[
    float | None, typer.Option("--max-time", metavar="S", min=1, help="Begin no other lie after so many seconds.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="PATH", help="Also write what came of each lie as JSON.")]
ListLies = Annotated[bool, typer.Option("--list", help="List the lies that can be told, and exit.")]
EachLie = Annotated[bool, typer.Option("--verbose", "-v", help="Show each lie, and all that noticed it.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.", min=0, max=65535)]
ServedContracts = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="DIR",
        help="Folder of contracts to keep; or sos or sos-built, which the reference service keeps. Default: sos.",
        callback=given,
    ),
]
RequiredKey = Annotated[
    str | None,
    typer.Option(
        "--jwt-key", envvar="ROOMCHECK_JWT_KEY", help="Require tokens signed with this HS256 key.", callback=given
    ),
]
RequiredPublicKey = Annotated[
    Path | None,
    typer.Option("--jwt-public-key", metavar="FILE", help="Require RS256 or ES256 tokens that this PEM key verifies."),
]
ServedAdmin = Annotated[bool, typer.Option("--admin", help="Serve the Admin UI at /admin, open to all.")]
EveryEvent = Annotated[bool, typer.Option("--verbose", "-v", help="Print a line for every event and call.")]
Database = Annotated[str, typer.Option(metavar="FILE", help="SQLite file for the messages of the reference service.")]
ReferenceLie = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Break the contract of the reference service in one way; `list` lists all ways."),
]
InternalToken = Annotated[
    str | None,
    typer.Option(
        envvar="ROOMCHECK_INTERNAL_TOKEN",
        help="Offer the internal calls of the reference service, with this secret.",
        callback=given,
    ),
]
ServiceUrl = Annotated[str | None, typer.Argument(metavar="URL", help="URL of the service.", show_default=False)]
ProxyPort = Annotated[int, typer.Option("--port", help="Port to listen on; 0 picks a free one.", min=0, max=65535)]
RecordContracts = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="DIR",
        help="Judge what passes by these contracts: a folder, or a bundled name.",
        callback=given,
    ),
]
MaxSize = Annotated[float, typer.Option("--max-size", metavar="MB", min=0.01, help="Record no more than so many MB.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]
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
    Path | None, typer.Option("--wire", metavar="JOURNAL", help="Journal of a check, for the column `wire`.")
]
WireTarget = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="NAME|URL", help="Service to check now, for the column `wire`.", show_default=False
    ),
]
Only = Annotated[str | None, typer.Option(metavar="wrong", help="Show only the rows of the matrix that are wrong.")]
Fix = Annotated[bool, typer.Option("--fix", help="Fix what has only one possible meaning, and show the diff.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what --fix would change, without changing it.")]
UpdateBlocks = Annotated[bool, typer.Option("--update-blocks", help="Update the generated tables.")]
Links = Annotated[bool, typer.Option("--links/--no-links", help="Check that linked files exist.")]


def only_wrong(word: str | None) -> bool:
    """Whether `--only wrong` was given.

    Raises:
        UsageError: another word was.
    """
    if word not in (None, "wrong"):
        from conformance.support.errors import UsageError

        raise UsageError(f"--only: expected wrong, got {word!r}")
    return word == "wrong"
