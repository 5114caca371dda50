"""Coverage counts where a run names all the documentation, or all of a service: a part checked alone is no drift."""

from pathlib import Path

import pytest

from tests.running import roomcheck

PART = (
    "# Events\n\n- `location:broadcast`\n- `location:update`\n- `message:broadcast`\n- `message:history:request`\n"
    "- `message:typing:start`\n- `message:typing:stop`\n- `participant:joined:broadcast`\n"
    "- `participant:left:broadcast`\n- `sos:init`\n- `sos:close`\n"
)
RULE = "contract-event-is-in-documents"


@pytest.mark.parametrize(
    ("words", "code"),
    [(("{guide}",), 0), (("{folder}",), 1), (("{guide}", "--select", RULE), 1), (("{folder}", "--ignore", RULE), 0)],
)
def test_coverage_is_judged_of_the_whole_documentation(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    guide = folder / "guide.md"
    guide.write_text(PART)
    run = roomcheck("align", *(word.format(guide=guide, folder=folder) for word in words))
    assert run.returncode == code, run.stdout
    assert (f"`sos:room:join` in a document, got 10 of 16 events [{RULE}]" in run.stdout) == bool(code)


HANDLERS = "export const typing = (socket) => socket.on('message:typing:start', relay);\n"
SERVER = "import { Server } from 'socket.io';\nnew Server(4001).on('connection', (one) => one.on('sos:init', open));\n"
MAIN = "import socketio\n{}\nsio = socketio.AsyncServer()\nsio.on('sos:init', init)\n"
HANDLED = {"src/typing.ts": HANDLERS}


@pytest.mark.parametrize(
    ("files", "words", "note"),
    [
        (HANDLED, ("src/typing.ts",), "nothing in it sets up a server"),
        (HANDLED, ("src",), "nothing in it sets up a server"),
        (HANDLED | {"src/package.json": "{}"}, ("src",), ""),
        (HANDLED | {"src/package.json": "{}"}, ("src/typing.ts",), "nothing in it sets up a server"),
        (HANDLED | {"src/index.ts": SERVER}, ("src",), ""),
        (HANDLED | {"src/index.ts": f"import {{ a }} from './typing';\n{SERVER}"}, ("src",), ""),
        (
            HANDLED | {"src/index.ts": f"import {{ a }} from './typing';\n{SERVER}"},
            ("src/index.ts",),
            "imports ./typing",
        ),
        (
            HANDLED | {"src/index.ts": f"import {{ a }} from './typing.js';\n{SERVER}"},
            ("src/index.ts", "--source", "{root}/src/typing.ts"),
            "",
        ),
        (HANDLED | {"src/index.ts": f"import {{ a }} from '../more/b';\n{SERVER}"}, ("src",), "imports ../more/b"),
        (HANDLED | {"src/index.ts": f"import type {{ A }} from '../more/b';\n{SERVER}"}, ("src",), ""),
        (HANDLED | {"src/index.ts": f"import '../more/b.css';\n{SERVER}"}, ("src",), ""),
        (HANDLED | {"src/index.ts": f"import {{ a }} from '@/typing';\n{SERVER}"}, ("src",), ""),
        (HANDLED | {"src/index.ts": f"import {{ a }} from '@/places';\n{SERVER}"}, ("src",), "imports @/places"),
        (HANDLED | {"src/tests/typing.test.ts": SERVER}, ("src",), "nothing in it sets up a server"),
        ({"app/main.py": MAIN.format("from chat import join"), "app/chat.py": ""}, ("app/main.py",), "imports chat"),
        ({"app/main.py": MAIN.format("from chat import join"), "app/chat.py": ""}, ("app",), ""),
        ({"app/main.py": MAIN.format("import requests")}, ("app/main.py",), ""),
        (HANDLED, ("src", "--select", "documented-event-is-in-source"), ""),
    ],
)
def test_what_was_not_named_of_the_source_is_not_missing(
    tmp_path: Path, files: dict[str, str], words: tuple[str, ...], note: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    run = roomcheck("align", "--source", f"{tmp_path}/{words[0]}", *(word.format(root=tmp_path) for word in words[1:]))
    assert run.returncode == (0 if note else 1), run.stdout
    assert ("`sos:close` in the source" in run.stdout) == (not note)
    assert ("this is a part of a service" in run.stderr) == bool(note)
    assert note in " ".join(run.stderr.split())
