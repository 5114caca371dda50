"""Checks the service of a bundle, in this process."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conformance.engine.check import EVERYTHING, CheckRequest, Result, check
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Transport
from conformance.model.verdict import Outcome
from conformance.server.host import embedded_service
from conformance.server.service import Service
from conformance.support.event_loop import on_uvloop
from conformance.target.auth import auth_of
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, Target
from contracts.load import load
from tests.running import KEY, ROOT

BUNDLES = tuple(
    path.parent
    for path in sorted(
        [*(ROOT / "contracts").glob("*/bundle.json"), *(ROOT / "tests").glob("*/*/contracts/bundle.json")]
    )
)
"""Every bundle of the project whose service is honest."""


def name_of(folder: Path) -> str:
    """What a bundle is called in tests."""
    return folder.parent.name if folder.name == "contracts" else folder.name


def described(folder: Path) -> dict[str, Any]:
    """What the settings say of the service of a case; a key for the bundles that come with Roomcheck."""
    expected = folder.parent / "expected.json"
    if folder.name == "contracts":
        target: dict[str, Any] = json.loads(expected.read_text()).get("target", {})
        return target
    # A token would be larger than the packets of that one.
    return {} if folder.name == "example-more" else {"auth": {"kind": "jwt", "key": KEY}}


def played(folder: Path, transports: Iterable[Transport] = ("websocket",), select: tuple[str, ...] = ()) -> Result:
    """A check of the service of a bundle."""
    return checked_as(described(folder), folder, transports, select)


def checked_as(
    target: dict[str, Any],
    folder: Path,
    transports: Iterable[Transport] = ("websocket",),
    select: tuple[str, ...] = (),
    kind: type[Service] = Service,
) -> Result:
    """A check of the service of a bundle, with rooms observed in its Admin UI.

    Args:
        target: what the settings say of it.
        kind: the honest service, or another.
    """
    auth = auth_of(target["auth"], ROOT, "auth", Secrets()) if "auth" in target else Auth()
    bundle, parser = load(str(folder)), target.get("parser", "default")

    async def whole() -> Result:
        async with embedded_service(kind(bundle, auth, parser=parser)) as url:
            aimed = Target(
                urls=(url,),
                auth=auth,
                namespace=bundle.namespace,
                path=bundle.path,
                parser=parser,
                observers={"admin": True},
                direct=True,
            )
            order = CheckRequest(
                bundle=bundle,
                target=aimed,
                rules=rules(),
                selection=Selection(rules=select) if select else EVERYTHING,
                transports=tuple(transports),
            )
            return await check(order, write=lambda record: None)

    return on_uvloop(whole(), quiet=True)


def wrong(result: Result) -> list[str]:
    """What a check accuses, and what was wrong with the check itself."""
    bad = (Outcome.FAIL, Outcome.WARNING, Outcome.ERROR)
    found = [f"{one.rule}: {one.subject}: {one.message}" for one in result.verdicts if one.outcome in bad]
    return found + [why for why in (result.doubt, result.lost) if why]


def passed(result: Result) -> set[str]:
    """What was verified, as `rule: subject`."""
    return {f"{one.rule}: {one.subject}" for one in result.verdicts if one.outcome is Outcome.PASS}
