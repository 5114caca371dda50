"""AsyncAPI of contracts: what is written is read back as the same contracts."""

from pathlib import Path

import pytest

from contracts.data_text import as_json, as_yaml
from contracts.exchange.asyncapi_import import imported
from contracts.exchange.formats import asyncapi
from contracts.load import HERE
from tests.unit.contracts.bundles import EACH, by_name, documents, loaded

EXAMPLE = HERE / "example"


@pytest.mark.parametrize("name", EACH)
def test_the_export_of_a_bundle_is_imported_as_the_same_bundle(name: str, tmp_path: Path) -> None:
    one = loaded(name)
    made = asyncapi.made(one)
    for file, text in ((tmp_path / "a.yaml", as_yaml(made)), (tmp_path / "a.json", as_json(made))):
        file.write_text(text)
        back = imported(file, "other")
        assert (by_name(back.documents), back.notes) == (documents(one), [])
