"""The command `record`. Nothing heavy is imported before it is called."""

from __future__ import annotations

from conformance.commands import options
from conformance.commands.shell import VERSION, console, faults
from conformance.support.interrupt import current


def record(
    url: options.ServiceUrl = None,
    port: options.ProxyPort = 4002,
    host: options.Host = "127.0.0.1",
    journal: options.Journal = None,
    contracts: options.RecordContracts = None,
    target: options.TargetName = None,
    settings: options.SettingsFile = None,
    max_size_mb: options.MaxSize = 200.0,
    ca_file: options.Ca = None,
    insecure: options.Insecure = False,
    report: options.Report = None,
    history: options.History = None,
    fail_on: options.FailOn = "fail",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Record what real clients and a service send each other, as a proxy, and judge it.

    It ends with Ctrl-C, SIGTERM or its terminal. Point clients to the address that it prints.
    """
    with faults():
        from conformance.commands import recording
        from conformance.target.resolve import TargetOptions

        wish = TargetOptions(
            url=url, target=target, settings=settings, contracts=contracts, ca_file=ca_file, insecure=insecure
        )
        ask = recording.RecordOptions(
            wish=wish,
            host=host,
            port=port,
            journal=journal,
            most_mb=max_size_mb,
            reports=tuple(report or ()),
            history=history,
            fail_on=fail_on,
            version=VERSION,
        )
        with current().noted():
            recording.finish(recording.run(ask, console(), console(stderr=True)), quiet=quiet, verbose=verbose)
