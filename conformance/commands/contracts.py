"""The commands that help to write contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conformance.commands.shell import die, faults, say


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which one to print: bundle, event, http or triggers.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all of them into this folder.")] = None,
) -> None:
    """Print or write the JSON Schemas of contract files, by which an editor completes them.

    The files in DIR are written anew.
    """
    with faults():
        from contracts.editor_schema import KINDS, editor_schema, file_name, written

        if kind is not None and kind not in KINDS:
            from conformance.support.suggest import nearest

            known = f"known: {', '.join(KINDS)}"
            die(f"no contract file is a {kind!r}; {nearest(kind, KINDS, known)}", 2)
        if out is None and kind is None:
            for name, files in KINDS.items():
                say(f"{name:10} {files}")
            say("`roomcheck contracts schema NAME` prints one, `roomcheck contracts schema --out DIR` writes all")
        elif out is None:
            typer.echo(written(editor_schema(str(kind))), nl=False)
        else:
            write_schemas(out, [kind] if kind else list(KINDS))
            say(f"{out}: {', '.join(file_name(one) for one in ([kind] if kind else KINDS))}")


def manual() -> None:
    """Print the reference of the language of contracts in Markdown, as `docs/contracts.md` has it."""
    with faults():
        from contracts.manual import manual as made

        typer.echo(made(), nl=False)


def write_schemas(folder: Path, kinds: list[str]) -> None:
    """Write the schemas of some kinds of contract files.

    Raises:
        UsageError: the folder or a file cannot be written.
    """
    from conformance.support.errors import UsageError
    from contracts.editor_schema import editor_schema, file_name, written

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            (folder / file_name(kind)).write_text(written(editor_schema(kind)), "utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}") from error
