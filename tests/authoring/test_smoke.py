"""Smoke commands run in a temporary project with a time limit, and leave nothing behind."""

import os
import time
from pathlib import Path

from blueprint.authoring.smoke import run_smoke_command, run_smoke_commands, sample_project, smoke_commands
from blueprint.patterns import load_pattern
from tests.patterns_on_disk import tiny, write_pattern


def test_commands_are_templates(tmp_path: Path) -> None:
    """A smoke command is a template that can use the name of the package."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(smoke=["test -f src/{{ package }}/main.py"])))
    assert smoke_commands(pattern) == ["test -f src/my_shop/main.py"]


def test_the_sample_project_is_temporary(tmp_path: Path) -> None:
    """The sample project has the default answers and secrets, and is deleted afterwards."""
    pattern = load_pattern(write_pattern(tmp_path))
    with sample_project(pattern) as folder:
        assert (folder / ".env").is_file()
        assert run_smoke_command("test -f src/my_shop/main.py && pwd", folder, 60).output.strip() == str(
            folder.resolve()
        )
    assert not folder.exists()


def test_a_failure_keeps_the_end_of_the_output(tmp_path: Path) -> None:
    """The result of a failed command contains the end of both output streams, with a size limit."""
    ran = run_smoke_command("seq 100000; echo wrong >&2; exit 3", tmp_path, 60)
    assert ran.status == 3
    assert ran.output.endswith("\n100000\nwrong\n")
    assert len(ran.output) <= 4_000


def test_a_command_that_times_out_is_killed_with_its_children(tmp_path: Path) -> None:
    """A timeout also kills background processes of the command."""
    ran = run_smoke_command("sleep 600 & echo $! > child; wait", tmp_path, 0.5)
    assert ran.status is None
    assert ends(int((tmp_path / "child").read_text()))


def test_background_processes_of_a_successful_command_are_killed(tmp_path: Path) -> None:
    """Background processes are killed even if the command succeeds."""
    ran = run_smoke_command("sleep 600 >/dev/null 2>&1 & echo $! > child", tmp_path, 60)
    assert ran.status == 0
    assert ends(int((tmp_path / "child").read_text()))


def test_a_command_has_empty_input_and_no_make_variables(tmp_path: Path) -> None:
    """A command cannot ask questions, and its `make` does not join one that started blueprint."""
    ran = run_smoke_command('cat; echo "[$MAKEFLAGS]"', tmp_path, 60)
    assert (ran.status, ran.output) == (0, "[]\n")


def ends(process: int) -> bool:
    """Whether a process ends within five seconds; a zombie counts as ended."""
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_smoke_commands_can_run_for_every_pair_of_answers(tmp_path: Path) -> None:
    """A fault that the defaults do not show is found with pairs, with the answers that reproduce it."""
    smoke = ["true", "test ! -e deploy || grep -q postgresql README.md"]
    layers = [{"from": "files", "to": "."}, {"from": "deploy", "to": "deploy", "when": "kubernetes"}]
    options = {name: tiny()["options"][name] for name in ("database", "kubernetes")}
    content = tiny(smoke=smoke, layers=layers, options=options, values={}, look=[])
    files = {"files/README.md.jinja": "{{ database }}\n", "deploy/app.yaml": "x: 1\n"}
    pattern = load_pattern(write_pattern(tmp_path, content, files))

    defaults = [*run_smoke_commands(pattern, 60, pairs=False)]
    assert [(ran.status, ran.answers) for ran in defaults] == [(0, {}), (0, {})]
    *passed, failed = run_smoke_commands(pattern, 60, pairs=True)
    assert len(passed) > 2  # More than the commands of one project.
    assert {ran.status for ran in passed} == {0}
    assert failed.status == 1
    assert failed.answers["database"] == "mysql"
    assert "kubernetes" not in failed.answers
