"""Constants that the files of a folder declare, read without importing them."""

import sys
from pathlib import Path

import pytest

from conformance.stage.observing.observatory import set_up
from conformance.support.discovery import declared


def package(folder: Path, name: str, **files: str) -> str:
    (folder / name).mkdir()
    for file, text in {"__init__": "", **files}.items():
        (folder / name / f"{file}.py").write_text(text)
    return name


def test_a_constant_is_read_from_each_file_that_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = package(tmp_path, "declaring", one='raise SystemExit\nKEYS = {"a": {"b": True}}\n', two="OTHER = 1\n")
    assert declared(name, "KEYS") == {"one": {"a": {"b": True}}}
    assert f"{name}.one" not in sys.modules


def test_a_constant_that_is_computed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="malformed"):
        declared(package(tmp_path, "computing", one="KEYS = dict(a=1)\n"), "KEYS")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ()),
        ({"redis_url": "redis://127.0.0.1"}, ("redis",)),
        ({"admin": False, "admin_namespace": "/a"}, ()),
        ({"admin": True, "redis_url": "redis://127.0.0.1"}, ("admin_ui", "redis")),
        ({"redis_prefix": "x"}, ()),
    ],
)
def test_the_first_setting_of_an_observer_switches_it_on(
    settings: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert set_up(settings) == expected
