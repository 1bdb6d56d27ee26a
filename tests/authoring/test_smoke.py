"""Smoke commands run in a project of their own, for a bounded time, and leave nothing behind."""

import os
import time
from pathlib import Path

from blueprint.authoring.smoke import run_smoke_command, sample_project, smoke_commands
from blueprint.patterns import load_pattern
from tests.patterns_on_disk import tiny, write_pattern


def test_commands_are_templates(tmp_path: Path) -> None:
    """They see what the project is called."""
    pattern = load_pattern(write_pattern(tmp_path, tiny(smoke=["test -f src/{{ package }}/main.py"])))
    assert smoke_commands(pattern) == ["test -f src/my_shop/main.py"]


def test_a_project_is_made_and_goes(tmp_path: Path) -> None:
    """In a temporary folder, with the defaults and its secrets."""
    pattern = load_pattern(write_pattern(tmp_path))
    with sample_project(pattern) as folder:
        assert (folder / ".env").is_file()
        assert run_smoke_command("test -f src/my_shop/main.py && pwd", folder, 60).output.strip() == str(
            folder.resolve()
        )
    assert not folder.exists()


def test_a_failure_keeps_the_end_of_the_output(tmp_path: Path) -> None:
    """Of both streams, however much there is."""
    ran = run_smoke_command("seq 100000; echo wrong >&2; exit 3", tmp_path, 60)
    assert ran.status == 3
    assert ran.output.endswith("\n100000\nwrong\n")
    assert len(ran.output) <= 4_000


def test_what_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    """Also what went to the background."""
    ran = run_smoke_command("sleep 600 & echo $! > child; wait", tmp_path, 0.5)
    assert ran.status is None
    assert ends(int((tmp_path / "child").read_text()))


def test_what_is_left_in_the_background_ends_too(tmp_path: Path) -> None:
    """Even if the command itself has succeeded."""
    ran = run_smoke_command("sleep 600 >/dev/null 2>&1 & echo $! > child", tmp_path, 60)
    assert ran.status == 0
    assert ends(int((tmp_path / "child").read_text()))


def test_a_command_has_nobody_to_ask(tmp_path: Path) -> None:
    """Its input is empty, and it is not part of a `make` that may have started us."""
    ran = run_smoke_command('cat; echo "[$MAKEFLAGS]"', tmp_path, 60)
    assert (ran.status, ran.output) == (0, "[]\n")


def ends(process: int) -> bool:
    """Whether a process ends: it may take a moment until it is gone, or is a zombie of somebody else."""
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
