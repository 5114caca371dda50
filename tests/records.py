"""Journals that tests make up: honest ones in short, and one whose every text is hostile."""

import msgspec

from conformance.journal import records as journals
from conformance.journal.records import (
    Aligned,
    Footer,
    Gated,
    Header,
    Ledger,
    Measured,
    Note,
    Played,
    Record,
    Timed,
    Witnessed,
)
from conformance.model.transcript import Got, Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict, summary

HOSTILE = (
    "<script>alert(1)</script>", "]]>", "\x1b[2J\x07", "::error::x\n::error::y", "\ud800", "\x00", "\u202e",
    "'\"><img src=x onerror=alert(1)>", "=1+1", "{{ 7 * 7 }}", "a" * 1_000_000,
)  # fmt: skip
"""What a service, or a file's name, may be made of."""


def header(*events: str) -> Header:
    return Header(
        version="0",
        began="2026-01-01T00:00:00Z",
        target="http://127.0.0.1:1",
        api="http://127.0.0.1:1",
        bundle="contracts/sos/bundle.json",
        bundle_version="1.1",
        transports=("websocket",),
        rules=("order-is-kept",),
        seed=0,
        nonce="n",
        events=events,
    )


def transcript(*entries: object) -> Transcript:
    return Transcript(act="act", rooms=("r",), entries=tuple(entries), began_s=0.0, ended_s=1.0)  # type: ignore[arg-type]


def hostile_records() -> list[Record]:
    records: list[Record] = [header(*HOSTILE[:-1])]
    for number, text in enumerate(HOSTILE):
        got = Got(at_s=1.0, actor="ann", event=text, args=({"text": text},))
        records.append(Played(transcript=transcript(got)))
        # One text without an end is enough of each.
        for outcome in Outcome if len(text) < 1000 else (Outcome.FAIL,):
            records.append(
                Verdict(
                    rule="order-is-kept",
                    subject=f"{text}{number}{outcome}",
                    transport="websocket",
                    outcome=outcome,
                    message=text,
                    clause=text,
                    source=text,
                    expected=text,
                    got=text,
                    evidence=(text,),
                    act="act",
                    hint=text,
                )
            )
        records.append(NotExercised(rule="order-is-kept", subject=text, transport="websocket", reason=text))
    return records


def hostile_load() -> list[Record]:
    """What only a load has, hostile where a text stands."""
    records: list[Record] = []
    for number, text in enumerate(HOSTILE):
        counts = {"connected": 3, "ok": 2, text[:200]: number}
        for at_s in (1.0 + 2 * number, 2.0 + 2 * number):
            workers = {text[:200]: {"lag_ms": 1.0, "cpu_percent": 2.0}}
            records.append(
                Measured(
                    at_s=at_s, sockets=3, rooms=1, counts=counts, delivery_ms={"p50": 1.0}, deliveries=number,
                    workers=workers,
                )
            )  # fmt: skip
        records.append(Ledger(scenario=text, counts=counts))
        records.append(Ledger(scenario=text, step=text, counts=counts))
        tags = {"scenario": text, "event": text, "room_size": text}
        histogram = [(1.0, 3), (2.0, 1)]
        records.append(Timed(metric="delivery", tags=tags, least=0.9, mean=1.2, most=2.0, histogram=histogram))
        records.append(Gated(gate=text, outcome=text, value=None))
        records.append(
            Witnessed(defect=text, room=text, socket=1, at_s=2.0, due_s=1.0, stream=1, number=1, frame=text, why=text)
        )
    return records


def hostile(command: str) -> journals.Journal:
    """A journal of a command in which every text is hostile."""
    first, *records = hostile_records()
    assert isinstance(first, Header)
    nasty = dict.fromkeys(HOSTILE[:-1], "::error file=x::y:1")
    header = msgspec.structs.replace(
        first, command=command, target="".join(HOSTILE[:-1]), bundle_name=HOSTILE[0], target_name=HOSTILE[0],
        nodes=HOSTILE[:3], again=HOSTILE[:-1], places=nasty, load=dict(zip(HOSTILE[:-1], HOSTILE[:-1], strict=True)),
        began="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    notes: list[Record] = [Note(text=text, remark=remark) for text in HOSTILE for remark in (False, True)]
    rows = {text: tuple((word, text, text) for word in ("ok", "wrong", "missing")) for text in HOSTILE[:-1]}
    matrix: list[Record] = [Aligned(columns=HOSTILE[:3], rows=rows)] if command == "align" else []
    return finished([header, *records, *notes, *matrix, *(hostile_load() if command == "load" else [])])


def many(count: int) -> journals.Journal:
    """A journal of so many verdicts, of every outcome in turn."""
    outcomes = tuple(Outcome)
    verdicts: list[Record] = [
        Verdict(
            rule=f"rule-{number % 50}", subject=f"event:{number}", transport="websocket",
            outcome=outcomes[number % len(outcomes)], message=f"the {number}th", clause="clause", source="source",
            expected="this", got="that", evidence=("   1.0 ms  ann  -> x",), act="act", known="known",
        )
        for number in range(count)
    ]  # fmt: skip
    return finished([header("event:1"), *verdicts])


def finished(records: list[Record]) -> journals.Journal:
    verdicts = [record for record in records if isinstance(record, Verdict)]
    return journals.gather([*records, Footer(summary=summary(verdicts), exit_code=1, took_s=1.0)], "test")
