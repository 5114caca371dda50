"""The command `fuzz`. Nothing heavy is imported before it is called."""

from __future__ import annotations

from conformance.commands import options
from conformance.commands.shell import VERSION, console, faults, finish
from conformance.support.interrupt import current


def fuzz(
    url: options.Url = None,
    target: options.TargetName = None,
    settings: options.SettingsFile = None,
    api_url: options.ApiUrl = None,
    contracts: options.Contracts = None,
    count: options.Count = 500,
    rate: options.Rate = 50.0,
    seed: options.Seed = 0,
    max_time_s: options.MaxTime = None,
    only: options.OnlyValue = None,
    owned: options.Owned = False,
    transport: options.Transport = "websocket",
    report: options.Report = None,
    journal: options.Journal = None,
    history: options.History = None,
    fail_on: options.FailOn = "fail",
    min_verified: options.MinVerified = None,
    timeout_s: options.Timeout = None,
    token: options.Token = None,
    jwt_key: options.JwtKey = None,
    triggers: options.Triggers = None,
    known_failures: options.KnownFailures = None,
    wait_for_s: options.WaitFor = None,
    ca_file: options.Ca = None,
    insecure: options.Insecure = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Send a service what its contracts forbid, and judge what comes of it.

    A target that is neither on this machine nor in a private network is refused.
    """
    with faults():
        from conformance.commands import check, fuzzing
        from conformance.target.resolve import TargetOptions

        wish = TargetOptions(
            url=url, target=target, settings=settings, api_url=api_url, contracts=contracts, token=token,
            jwt_key=jwt_key, triggers=triggers, known_failures=known_failures, timeout_s=timeout_s,
            wait_for_s=wait_for_s, ca_file=ca_file, insecure=insecure,
        )  # fmt: skip
        own = check.CheckOptions(
            wish=wish,
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
        ask = fuzzing.FuzzOptions(check=own, count=count, rate_per_s=rate, only=tuple(only or ()), owned=owned)
        with current().noted():
            finish(fuzzing.run(ask, console(stderr=True), quiet=quiet), quiet=quiet, verbose=verbose)
