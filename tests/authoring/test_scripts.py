"""`pattern check` finds scripts, briefs, messages and includes that cannot be used."""

from pathlib import Path

import pytest

from blueprint.authoring.package import pack
from blueprint.authoring.pattern_location import pattern_location
from blueprint.authoring.smoke import sample_project
from blueprint.patterns import Boolean
from blueprint.sources import find_pattern, scripts_of

from .starters import check, write_starter

TASKS = "tasks:\n  - {script: task.py, when: container}\n  - {run: touch made.txt}\n"
MIGRATIONS = "migrations:\n  - {version: 0.1.0, script: old.sh, stage: before, brief: old.md}\n"
FILES = {"task.py": "print('container')\n", "old.sh": "true\n", "old.md": "Do it.\n"}


def problems(folder: Path) -> list[tuple[str, str]]:
    """Return code and message of each problem."""
    return [(problem.code, problem.message) for problem in check(folder).problems]


def append(folder: Path, text: str) -> Path:
    """Append `text` to the pattern.yaml in `folder`."""
    with (folder / "pattern.yaml").open("a") as file:
        file.write(text)
    return folder


def test_a_pattern_with_tasks_migrations_and_messages_passes(tmp_path: Path) -> None:
    """The starter with everything has no problem, and its package has the scripts and briefs as well."""
    starter = write_starter(tmp_path / "starter", files=FILES)
    append(starter, f"{TASKS}{MIGRATIONS}messages:\n  before_new: 'For {{{{ project }}}}'\n")
    assert problems(starter) == []
    packed = pack(pattern_location(str(starter)), tmp_path, as_wheel=False)
    shown = {script.text for script in scripts_of(find_pattern(str(packed.path)))}
    assert shown >= {"touch made.txt", "print('container')\n", "true\n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tasks: [{script: none.py}]\n", "bad-script"),
        ("tasks: [{script: ../task.py}]\n", "hostile"),
        ("tasks: [{script: broken.py}]\n", "bad-script"),
        ("tasks: [{script: task.rb}]\n", "bad-script"),
        ("tasks: [{run: x, script: task.py}]\n", "bad-pattern"),
        ("tasks: [{run: x, when: contaner}]\n", "undefined"),
        ("migrations: [{version: 0.1.0}]\n", "bad-pattern"),
        ("migrations: [{version: 0.1.0, brief: none.md}]\n", "bad-script"),
        ("migrations: [{version: 9.0.0, script: old.sh}]\n", "bad-script"),
        ("messages: {before_new: '{{ greeting }}'}\n", "undefined"),
        ("messages: {after_new: '{{ gretting }}'}\n", "undefined"),
        ("messages: {afternew: x}\n", "bad-pattern"),
        ("include: [../none]\n", "hostile"),
        ("include: [./none]\n", "bad-pattern"),
        ("include: [none]\n", "bad-pattern"),
    ],
)
def test_what_cannot_be_used_is_one_problem_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """Each fault is reported once, in the line of the pattern.yaml that has it."""
    files = {**FILES, "broken.py": "def\n", "task.rb": ""}
    starter = append(write_starter(tmp_path / "starter", files=files), text)
    found = check(starter).problems
    assert [problem.code for problem in found] == [expected]
    assert found[0].line == len((starter / "pattern.yaml").read_text().splitlines())


def test_an_option_that_only_a_script_uses_is_used(tmp_path: Path) -> None:
    """A script gets all answers, so an option that it names is not reported as unused."""
    option = "options:                            #"
    added = f"options:\n  depth: {{type: integer, question: How deep?, default: 1}}\n{' ' * 36}#"
    starter = write_starter(tmp_path / "starter", ("pattern.yaml", option, added))
    assert [code for code, _ in problems(starter)] == ["unused-option"]
    append(starter, "tasks: [{run: 'echo depth'}]\n")
    assert problems(starter) == []


def test_smoke_commands_see_what_tasks_made(tmp_path: Path) -> None:
    """The sample project of the smoke commands is made with the tasks, unlike golden trees."""
    starter = append(write_starter(tmp_path / "starter", files=FILES), TASKS)
    pattern = pattern_location(str(starter)).load()
    assert isinstance(pattern.options["container"], Boolean)
    with sample_project(pattern) as folder:
        assert (folder / "made.txt").exists()
