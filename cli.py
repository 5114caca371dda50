"""The command line: parse, call one function, exit. What is heavy is imported inside the commands."""

from __future__ import annotations

import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Until signals are taken: Ctrl-C tells no traceback.

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, ROOT)
from conformance.support import own_packages

sys.path.remove(ROOT)
own_packages.come_first(ROOT)

from conformance.support.interrupt import Interruption

INTERRUPTION = Interruption()
INTERRUPTION.install()  # Before anything that takes time: until a command begins, a signal just ends the process.

from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from conformance.commands import contracts as contract_files
from conformance.commands import contracts_diff, coverage, exchange, fuzz, infer, init, new_contracts, options, record
from conformance.commands import report as reporting
from conformance.commands.panels import Panels
from conformance.commands.shell import VERSION, Verdict, console, counted, die, faults, finish, run_to_its_end, say

app = typer.Typer(
    name="roomcheck",
    cls=Panels,
    help="Check that a running Socket.IO service keeps its documented event contracts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 holds, 1 broken, 2 usage, 3 unreachable, 4 cannot tell, 5 internal error, 130 interrupted.",
)
contracts_app = typer.Typer(no_args_is_help=True, help="List, show, validate and compare contracts.")
rules_app = typer.Typer(no_args_is_help=True, help="List and explain the rules of check.")
app.command()(init.init)
app.command()(init.doctor)
app.command()(fuzz.fuzz)
app.command()(record.record)
app.command()(reporting.report)
app.command()(reporting.history)
app.add_typer(contracts_app, name="contracts")
app.add_typer(rules_app, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"roomcheck {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Check that a running Socket.IO service keeps its documented event contracts."""


@app.command()
def check(
    url: options.Url = None,
    target: options.TargetName = None,
    settings: options.SettingsFile = None,
    api_url: options.ApiUrl = None,
    contracts: options.Contracts = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    transport: options.Transport = "websocket",
    report: options.Report = None,
    journal: options.Journal = None,
    history: options.History = None,
    fail_on: options.FailOn = "fail",
    min_verified: options.MinVerified = None,
    timeout_s: options.Timeout = None,
    max_time_s: options.MaxTime = None,
    seed: options.Seed = 0,
    token: options.Token = None,
    jwt_key: options.JwtKey = None,
    triggers: options.Triggers = None,
    known_failures: options.KnownFailures = None,
    wait_for_s: options.WaitFor = None,
    redis_url: options.Redis = None,
    admin: options.Admin = False,
    ca_file: options.Ca = None,
    insecure: options.Insecure = False,
    list_only: options.ListOnly = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Check a running service, clause by clause."""
    with faults():
        from conformance.commands import check
        from conformance.target.resolve import TargetOptions

        wish = TargetOptions(
            url=url, target=target, settings=settings, api_url=api_url, contracts=contracts, token=token,
            jwt_key=jwt_key, triggers=triggers, known_failures=known_failures, timeout_s=timeout_s,
            wait_for_s=wait_for_s, redis_url=redis_url, admin=admin, ca_file=ca_file, insecure=insecure,
        )  # fmt: skip
        ask = check.CheckOptions(
            wish=wish,
            select=tuple(select or ()),
            ignore=tuple(ignore or ()),
            transport=transport,
            reports=tuple(report or ()),
            journal=journal,
            history=history,
            fail_on=fail_on,
            min_verified=min_verified,
            max_s=max_time_s,
            seed=seed,
            version=VERSION,
        )
        if list_only:
            _listing(check.listing(ask))
        with INTERRUPTION.noted():
            finish(check.run(ask, console(stderr=True), quiet=quiet), quiet=quiet, verbose=verbose)


def _listing(rows: list[tuple[str, list[str]]]) -> NoReturn:
    for rule, subjects in rows:
        typer.echo(rule)
        for subject in subjects:
            say(f"  {subject}")
    raise typer.Exit


@app.command()
def judge(
    journal: Annotated[Path, typer.Argument(help="A journal that a check wrote.")],
    contracts: Annotated[
        str | None, typer.Option(metavar="DIR", help="Contracts in place of the run's own.", callback=options.given)
    ] = None,
    report: Annotated[list[str] | None, typer.Option(metavar="FORMAT=PATH", help="Also write a report.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every finding in full.")] = False,
) -> None:
    """Judge a recorded run again, without the service."""
    with faults():
        from conformance.commands import judge

        finish(judge.rejudge(journal, contracts, tuple(report or ())), quiet=False, verbose=verbose)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def load(
    context: typer.Context,
    target: options.TargetName = None,
    token: options.Token = None,
    jwt_key: options.JwtKey = None,
) -> None:
    """Load-test a service with many rooms; account for every delivery.

    [URL] is the service; without it, --host and --target the embedded one is loaded for 20 s. Every option that is
    not listed by `roomcheck load --help-all` is passed on to Locust.
    """
    with faults():
        from loadtests.run.program import LoadOptions
        from loadtests.run.program import load as run

        raise Verdict(run(LoadOptions(words=tuple(context.args), target=target, token=token, jwt_key=jwt_key)))


@app.command()
def align(
    documents: options.Documents = None,
    source: options.Sources = None,
    client_source: options.ClientSources = None,
    contracts: options.Contracts = None,
    target: options.WireTarget = None,
    wire: options.Wire = None,
    settings: options.SettingsFile = None,
    token: options.Token = None,
    jwt_key: options.JwtKey = None,
    select: options.SelectRules = None,
    ignore: options.IgnoreRules = None,
    only: options.Only = None,
    fix: options.Fix = False,
    diff: options.Diff = False,
    update_blocks: options.UpdateBlocks = False,
    links: options.Links = True,
    report: options.Report = None,
    journal: options.Journal = None,
    history: options.History = None,
    quiet: options.Quiet = False,
) -> None:
    """Compare guides, AsyncAPI and source code with the contracts."""
    with faults():
        from conformance.commands.align import AlignOptions, run

        ask = AlignOptions(
            documents=tuple(documents or ()),
            sources=tuple(source or ()),
            clients=tuple(client_source or ()),
            contracts=contracts,
            wire=wire,
            target=target,
            settings=settings,
            token=token,
            jwt_key=jwt_key,
            select=tuple(select or ()),
            ignore=tuple(ignore or ()),
            only_wrong=options.only_wrong(only),
            change=fix,
            show_change=diff,
            update_blocks=update_blocks,
            links=links,
            reports=tuple(report or ()),
            journal=journal,
            history=history,
            version=VERSION,
        )
        raise Verdict(run(ask, console(), console(stderr=True), quiet=quiet))


@app.command()
def serve(
    host: options.Host = "127.0.0.1",
    port: options.Port = 4001,
    contracts: options.ServedContracts = None,
    target: options.TargetName = None,
    settings: options.SettingsFile = None,
    jwt_key: options.RequiredKey = None,
    jwt_public_key: options.RequiredPublicKey = None,
    admin: options.ServedAdmin = False,
    verbose: options.EveryEvent = False,
    database: options.Database = ":memory:",
    lie: options.ReferenceLie = None,
    internal_token: options.InternalToken = None,
) -> None:
    """Run a service that keeps your contracts, or the reference service, honest or with one fault."""
    with faults():
        from conformance.commands import serve as command

        ask = command.ServeOptions(
            host=host,
            port=port,
            contracts=contracts,
            database=database,
            lie=lie,
            jwt_key=jwt_key,
            jwt_public_key=jwt_public_key,
            internal_token=internal_token,
            admin=admin,
            target=target,
            settings=settings,
            verbose=verbose,
        )
        command.serve(ask, say, partial(say, err=True))


@app.command()
def selftest(
    lie: options.Lies = None,
    contracts: options.OwnContracts = None,
    select: options.About = None,
    fail_under: options.FailUnder = None,
    max_time: options.LiesFor = None,
    timeout: options.Timeout = None,
    json: options.Json = None,
    list_only: options.ListLies = False,
    verbose: options.EachLie = False,
) -> None:
    """Prove that each rule catches a faulty service; or that your contracts notice one."""
    with faults():
        given: dict[str, object] = {
            "--select": select,
            "--fail-under": fail_under,
            "--max-time": max_time,
            "--timeout": timeout,
        }
        given |= {"--json": json, "--list": list_only or None, "--verbose": verbose or None}
        if contracts is None:
            from conformance.commands import selftest as command

            for option, value in given.items():
                if value is not None:
                    die(f"{option}: used with --contracts only; name the contracts to lie about", 2)
            raise Verdict(command.selftest(tuple(lie or ()), console(), console(stderr=True)))
        from conformance.commands.general_lies import Options, selftest_contracts

        wanted = Options(
            contracts=contracts,
            lies=tuple(lie or ()),
            select=tuple(select or ()),
            max_s=max_time,
            fail_under=fail_under,
            timeout_s=timeout,
            json=json,
            verbose=verbose,
            only_list=list_only,
        )
        raise Verdict(selftest_contracts(wanted, console(), console(stderr=True)))


@contracts_app.command("list")
def contracts_list(
    folder: Annotated[str | None, typer.Argument(metavar="[DIR]", help="The same as --contracts.")] = None,
    contracts: options.SomeContracts = "sos",
) -> None:
    """List every event and call."""
    with faults():
        from contracts.load import load
        from contracts.show import table

        console().print(table(load(folder or contracts)))


@contracts_app.command("show")
def contracts_show(
    event: Annotated[str, typer.Argument(help="An event, or an HTTP call.")], contracts: options.SomeContracts = "sos"
) -> None:
    """Show the contract of one event or call."""
    with faults():
        from contracts.load import load
        from contracts.show import detail

        text = detail(load(contracts), event)
        if text is None:
            die(f"no event or call is called {event!r}; `roomcheck contracts list` names them", 2)
        say(text)


@contracts_app.command("validate")
def contracts_validate(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="A folder of contracts, or a bundled name.")] = "sos",
) -> None:
    """Check contracts, and print every fault with its file and line."""
    with faults():
        from contracts.load import load

        bundle = load(folder)
        events, calls = counted(len(bundle.events), "event"), counted(len(bundle.calls), "HTTP call")
        say(f"{bundle.place}: {events} and {calls}, all in order")


contracts_app.command()(new_contracts.new)
contracts_app.command()(contracts_diff.diff)
contracts_app.command()(infer.infer)
contracts_app.command()(coverage.coverage)
contracts_app.command()(contract_files.schema)
contracts_app.command()(contract_files.manual)
contracts_app.command()(exchange.export)
contracts_app.command("import")(exchange.import_)


@rules_app.command("list")
def rules_list() -> None:
    """List every rule with what it requires."""
    with faults():
        from conformance.judge.rule import fuzz_rules, rules

        for rule in (*rules(), *fuzz_rules()):
            typer.echo(f"{rule.id:36} {rule.title}")


@rules_app.command("explain")
def rules_explain(rule: Annotated[str, typer.Argument(help="The rule's id.")]) -> None:
    """Show what a rule requires, why, and an example of each verdict."""
    with faults():
        from conformance.commands.rules import explain

        typer.echo(explain(rule))


@rules_app.command("manual")
def rules_manual() -> None:
    """Print the reference of all rules in Markdown, as `docs/rules.md` has it."""
    with faults():
        from conformance.commands.rules import manual

        typer.echo(manual(), nl=False)


def run() -> NoReturn:
    """Run a command, and end with its exit code."""
    run_to_its_end(app, INTERRUPTION)


if __name__ == "__main__":
    run()

# Part of the distribution roomcheck.
