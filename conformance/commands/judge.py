"""What the commands `judge`, `doctor`, `rules explain` and `selftest` do; `check` has a file of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from conformance.journal import records as journals
from conformance.journal.records import RECORD, Footer, Journal
from conformance.judge.judge import judge
from conformance.judge.known_failures import as_known, excused
from conformance.judge.recorded import doubt as recorded_doubt
from conformance.judge.recorded import judge_recorded
from conformance.judge.rule import record_rules, rules
from conformance.judge.selection import Selection
from conformance.judge.sufficiency import ENOUGH_PERCENT, doubt
from conformance.model.exit_code import Exit, exit_of
from conformance.model.verdict import summary
from conformance.support.errors import UsageError
from conformance.target.capabilities import equip
from contracts.document_text import is_contract_file
from contracts.load import load
from contracts.where import where
from reports.output.destinations import Destination, outlets, report


def rejudge(path: Path, contracts: str | None, reports: tuple[str, ...]) -> Journal:
    """Judge the transcripts of a journal by the rules of today."""
    told = outlets(reports, path)
    old = journals.read(path)
    if old.header.command == "align":
        raise UsageError(
            f"{path}: the journal of an alignment has no transcripts to judge; run `roomcheck align` again"
        )
    if old.header.command == "diff":
        raise UsageError(f"{path}: the journal of a comparison has no transcripts to judge; run `contracts diff` again")
    if old.header.command == "fuzz":
        raise UsageError(
            f"{path}: what a fuzz sent is not part of the contracts by which a journal is judged; render it with"
            " `roomcheck report`, or run `roomcheck fuzz` again with the same --seed and --count"
        )
    if old.header.command == RECORD:
        return _rejudged_recording(path, old, contracts, told)
    bundle = load(contracts or _folder_of(old))
    equipped = equip(bundle, old.header.equipment)
    own = [rule for rule in rules() if rule.id in old.header.rules]
    interrupted = old.footer is not None and old.footer.exit_code == Exit.INTERRUPTED
    verdicts, missing = judge(
        bundle, old.transcripts, own, equipped, interrupted=old.header.transports if interrupted else ()
    )
    chosen = Selection(subjects=old.header.subjects, no_subjects=old.header.no_subjects)
    verdicts = [verdict for verdict in verdicts if chosen.subject(verdict.subject)]
    missing = [one for one in missing if chosen.subject(one.subject)]
    whole = chosen == Selection() and len(own) == len(rules()) and old.footer is not None
    today = datetime.now(UTC).date()
    if old.header.command == "load":  # Its ledger was judged when it ended, and cannot be judged from a sample.
        verdicts += [verdict for verdict in old.verdicts if verdict.rule not in {rule.id for rule in rules()}]
        verdicts = as_known(old.header.known, verdicts, today)
    else:
        verdicts = excused(old.header.known, verdicts, missing, today=today, whole=whole)
    lost = old.footer is not None and old.footer.exit_code == Exit.UNREACHABLE
    least = old.header.min_verified if old.header.min_verified is not None else ENOUGH_PERCENT
    if old.header.command == "load":
        least = 0.0  # Most clauses are no matter of a load, whose ledger accounts for what it is about.
    why = doubt(equipped.bundle, old.transcripts, verdicts, missing, least_percent=least, whole=whole)
    code = exit_of(verdicts, doubt=why, lost=lost)
    ended = old.footer.exit_code if old.footer else Exit.CANNOT_TELL
    if code is Exit.HOLDS and (
        ended == Exit.INTERRUPTED or not old.footer or (old.header.command == "load" and ended != Exit.HOLDS)
    ):
        code = Exit.CANNOT_TELL  # What the run did not come to might not have held.
    notes = old.notes + (() if old.footer else ("the journal is truncated; what it has of the run is judged",))
    made = msgspec.structs.replace(
        old,
        verdicts=tuple(verdicts),
        not_exercised=tuple(missing),
        notes=notes,
        footer=Footer(
            summary=summary(verdicts),
            exit_code=int(code),
            took_s=old.footer.took_s if old.footer else 0.0,
            why=why if code is Exit.CANNOT_TELL else "",
        ),
    )
    report(made, told)
    return made


def _folder_of(journal: Journal) -> str:
    """The folder of the contracts that a run was about."""
    place = Path(journal.header.bundle)
    return str(place.parent if place.stem == "bundle" and is_contract_file(place) else place)


def _rejudged_recording(path: Path, old: Journal, contracts: str | None, told: list[Destination]) -> Journal:
    """Judge a recording, also one that was made without contracts."""
    if contracts is None and not old.header.bundle:
        raise UsageError(f"{path}: it was recorded without contracts; name some with --contracts")
    bundle = load(contracts or _folder_of(old))
    own = [rule for rule in record_rules() if not old.header.rules or rule.id in old.header.rules]
    verdicts, missing = judge_recorded(bundle, old.transcripts, own)
    verdicts = excused(old.header.known, verdicts, missing, today=datetime.now(UTC).date(), whole=False)
    cut = old.footer.why if old.footer else "the journal is truncated; what it has of the recording is judged"
    why = recorded_doubt(verdicts, cut=cut)
    code = exit_of(verdicts, doubt=why)
    header = msgspec.structs.replace(
        old.header,
        bundle=bundle.place,
        bundle_name=bundle.name,
        bundle_version=bundle.version,
        rules=tuple(rule.id for rule in own),
        events=tuple(bundle.events),
        places=where(bundle),
    )
    made = msgspec.structs.replace(
        old,
        header=header,
        verdicts=tuple(verdicts),
        not_exercised=tuple(missing),
        notes=old.notes if old.footer else (*old.notes, cut),
        footer=Footer(
            summary=summary(verdicts),
            exit_code=int(code),
            took_s=old.footer.took_s if old.footer else 0.0,
            why=why if code is Exit.CANNOT_TELL else "",
        ),
    )
    report(made, told)
    return made
