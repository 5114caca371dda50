"""Bundles are written whole or not at all, and no document's name leaves the folder."""

import os
from pathlib import Path
from typing import Any

import pytest

from conformance.commands.writing import write_bundle
from conformance.support.errors import UsageError
from contracts.faults import ContractError
from contracts.starter import Draft, documents

MADE = documents(Draft(name="chat", events=(("say", "said"),)))


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_every_document_is_written(tmp_path: Path) -> None:
    write_bundle(tmp_path / "a" / "b", MADE, "json", schema=False, beside={"seen.json": "{}\n"})
    assert sorted(tree(tmp_path / "a" / "b")) == ["bundle.json", "events/said.json", "events/say.json", "seen.json"]


def test_a_bundle_that_is_not_in_order_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        write_bundle(tmp_path / "new", {**MADE, "events/x": {"event": "x"}}, "json", schema=True)
    assert {one.file for one in caught.value.faults} == {tmp_path / "new" / "events" / "x.json"}
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_refused_in_either_form(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "say.yaml").write_text("mine")
    with pytest.raises(UsageError, match=r"say\.yaml is there already"):
        write_bundle(tmp_path, MADE, "json", schema=False)
    assert tree(tmp_path) == {"events/say.yaml": "mine"}


def test_a_file_that_cannot_be_moved_to_its_place_takes_the_others_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, linked = os.link, list[Any]()

    def full(source: Any, target: Any) -> None:
        if linked:
            raise OSError(28, "No space left on device", str(target))
        linked.append(target)
        link(source, target)

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_bundle(tmp_path / "new", MADE, "json", schema=False)
    assert list(tmp_path.iterdir()) == []


def test_documents_are_replaced_where_they_are_named(tmp_path: Path) -> None:
    write_bundle(tmp_path, MADE, "json", schema=False)
    before = tree(tmp_path)
    said = {**MADE["events/said"], "summary": "Somebody said something."}
    write_bundle(tmp_path, {"events/said": said}, "json", schema=False, replacing=frozenset({"events/said"}))
    after = tree(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"events/said.json"}
    assert "Somebody said something." in after["events/said.json"]


@pytest.mark.parametrize(
    "name", ["../x", "events/../../x", "/etc/x", "events/.x", "schema/x", "events/X", "", "a" * 300]
)
def test_a_name_that_leaves_the_folder_or_surprises_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises((ValueError, UsageError)):
        write_bundle(tmp_path / "new", {**MADE, name: {}}, "json", schema=False)
    assert list(tmp_path.iterdir()) == []
