"""The reference of all rules in Markdown, from what they say of themselves; `docs/rules.md` is kept from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.align.rule import rules as reading_rules
from conformance.diff.rule import Rule as ChangeRule
from conformance.diff.rule import rules as change_rules
from conformance.judge.rule import Rule, fuzz_rules, record_rules, rules
from conformance.support.errors import UsageError
from conformance.support.suggest import nearest

HEAD = """# Rules

<!-- Made by `roomcheck rules manual`: change the rules' own files, and make it anew. -->

Each is explained by itself: what it requires, why, the clause, and an example on both sides. The examples are of a
service of pens and notes (`contracts/example`, `contracts/example-more`), and `roomcheck rules explain RULE` prints
them, too. A line of a script is what an actor did or saw: `->` it emitted, `<-` it received, `<=` an ack came back,
`http` a call and its answer.
"""
QUOTED = "<!-- roomcheck: ignore * an example of another service, on both sides -->"


def manual() -> str:
    """The whole page."""
    checked = _checked("## Of a running service\n", rules())
    fuzzed = _checked("## Of a service that is sent bad input by `roomcheck fuzz`\n", fuzz_rules())
    alone = [rule for rule in record_rules() if rule not in rules()]
    recorded = _checked("## Of what `roomcheck record` has recorded\n", alone)
    return "\n".join((HEAD, *checked, *fuzzed, *recorded, *_read(), *_compared()))


def _checked(heading: str, own: Sequence[Rule]) -> Iterator[str]:
    yield heading
    for rule in own:
        yield f"### {rule.id}\n"
        yield _paragraphs(rule.title, rule.why)
        level = "" if rule.level.value == "fail" else f" What it finds is a {rule.level.value}."
        yield f"Clause: *{rule.clause}*{level}\n"
        yield from _example("Silent on", rule.silent)
        yield from _example("Speaks on", rule.speaks)


def _read() -> Iterator[str]:
    yield "## Of documents and source\n"
    for rule in reading_rules():
        yield f"### {rule.id}\n"
        yield _paragraphs(rule.title, rule.why)
        yield f"Clause: *{rule.clause}*\n"
        for what, texts in (("Silent on", rule.silent), ("Speaks on", rule.speaks)):
            for file, text in texts.items():
                yield from _example(f"{what} `{file}`", text)


def _compared() -> Iterator[str]:
    yield "## Of two versions of contracts\n"
    yield "Their examples are edits of a bundle: a file, a place in it, and what is written there.\n"
    for rule in change_rules():
        yield f"### {rule.id}\n"
        yield _paragraphs(rule.title, rule.why)
        yield f"Clause: *{rule.clause}*\n"
        for what, text in (("Harmless", rule.silent), ("Matters", rule.speaks)):
            if text:
                yield from _example(what, text)


def _paragraphs(title: str, why: str) -> str:
    return "\n\n".join(part for part in (title, why.strip()) if part) + "\n"


def _example(what: str, text: str) -> Iterator[str]:
    fence = "`" * max(3, 1 + max((len(run) for run in text.split() if set(run) == {"`"}), default=0))
    while fence in text:
        fence += "`"
    yield f"{what}:\n\n{QUOTED}\n{fence}text\n{text.strip()}\n{fence}\n"


def explain(name: str) -> str:
    """What a rule requires, why, and a script on each side of it.

    Raises:
        UsageError: there is no such rule.
    """
    change = next((rule for rule in change_rules() if rule.id == name), None)
    if change is not None:
        return _change_explained(change)
    known = (*rules(), *fuzz_rules(), *(rule for rule in record_rules() if rule not in rules()))
    rule = next((rule for rule in known if rule.id == name), None)
    if rule is None:
        names = [*(rule.id for rule in known), *(rule.id for rule in change_rules())]
        hint = nearest(name, names, "`roomcheck rules list` names them")
        raise UsageError(f"there is no rule {name!r}; {hint}")
    return "\n".join(
        (
            f"{rule.id} ({rule.level.value})",
            "",
            rule.title,
            *(("", rule.why) if rule.why else ()),
            "",
            f"Clause: {rule.clause}",
            f"Acts:   {', '.join(planner.__name__.replace('_', '-') for planner in rule.acts) or 'none'}",
            "",
            f"Silent on (contracts: {rule.bundle}):",
            *_script(rule.silent),
            "",
            "Speaks on:",
            *_script(rule.speaks),
        )
    )


def _change_explained(rule: ChangeRule) -> str:
    """The same of a rule of two versions of contracts."""
    edits = [line for what, text in (("Harmless", rule.silent), ("Matters", rule.speaks)) if text
             for line in ("", f"{what} (an edit of contracts/{rule.bundle}):", *_script(text))]  # fmt: skip
    return "\n".join((rule.id, "", rule.title, "", rule.why, "", f"Clause: {rule.clause}", *edits))


def _script(text: str) -> list[str]:
    return [f"  {line}" for line in text.strip().splitlines() if line.strip()]
