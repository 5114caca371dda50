"""The file of a scenario of one's own is read, or said to be what it is in one message."""

from pathlib import Path

import pytest

from conformance.support.errors import UsageError
from loadtests.worker.own_code import is_own, where
from loadtests.workload.own_scenario import is_file, load

FINE = "from loadtests.workload.scenario import Scenario as Base\n\nclass Any(Base):\n    '''Fine.'''\n"


def test_a_file_is_a_scenario_named_by_it(tmp_path: Path) -> None:
    file = tmp_path / "my-rooms_2.py"
    file.write_text("import beside\n" + FINE)
    (tmp_path / "beside.py").write_text("")
    name, kind = load(str(file))
    assert (name, kind.__name__) == ("MyRooms2", "Any")


def test_a_class_that_others_are_based_on_is_none(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(FINE + "class Last(Any):\n    pass\n")
    assert load(str(file))[1].__name__ == "Last"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "expected one class that is based on loadtests.workload.scenario.Scenario, and it has none"),
        (FINE + "class Other(Base): pass\n", "and it has Any, Other"),
        (FINE + "    options = ('burst',)\n", "options of Any: expected a tuple of loadtests.workload.option.Option"),
        (FINE + "    options = 1\n", "options of Any: expected a tuple"),
        ("def x(:\n", "mine.py, line 1: SyntaxError: invalid syntax"),
        ("\nimport nothing_at_all\n", "mine.py, line 2: ModuleNotFoundError: No module named 'nothing_at_all'"),
        ("raise SystemExit(3)\n", "mine.py, line 1: SystemExit: 3"),
        ("open('/nowhere/x')\n", "mine.py, line 1: FileNotFoundError: "),
    ],
)
def test_what_is_no_scenario_is_said(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(UsageError) as error:
        load(str(file))
    assert says in str(error.value)
    assert str(error.value).startswith(f"--scenario: {file}")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.py", "there is no file "),
        ("", "is a folder; expected a Python file"),
        ("2.py", "has to begin with a letter"),
        ("mine.txt", "expected a Python file, whose name ends with .py"),
        ("link.py", "there is no file "),
    ],
)
def test_a_file_that_cannot_be_one_is_said(name: str, says: str, tmp_path: Path) -> None:
    for file in ("2.py", "mine.txt"):
        (tmp_path / file).write_text(FINE)
    (tmp_path / "link.py").symlink_to(tmp_path / "gone.py")
    with pytest.raises(UsageError, match=says):
        load(str(tmp_path / name))


def test_a_name_is_no_file() -> None:
    assert [is_file(one) for one in ("Chat", "chat.py", "./chat", "a/b")] == [False, True, True, True]


def test_an_error_of_ours_is_not_theirs() -> None:
    error = KeyError("x")
    assert not is_own(error)
    assert where(error) == "KeyError: 'x'"
