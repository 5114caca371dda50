"""Coverage counts where a run names the whole documentation: a guide to one part checked alone is no drift."""

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
