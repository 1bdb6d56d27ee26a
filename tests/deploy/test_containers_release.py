"""`make release` and `make rollback` on Amazon ECS, with a stand-in for OpenTofu, Docker and the AWS CLI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generated.running import shop

pytestmark = pytest.mark.slow
STANDIN = Path(__file__).with_name("cloud_standin.py")


class Cloud:
    """A generated project, and what its commands have changed."""

    def __init__(self, folder: Path) -> None:
        self.project = shop("monolith", folder / "project", {"kubernetes": False, "host": "containers"})
        self._folder = folder / "cloud"
        self._folder.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        for name in ("tofu", "aws", "docker"):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec {sys.executable} {STANDIN} {name} "$@"\n')
            program.chmod(0o755)
        self._path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make, with more variables for the stand-in."""
        return self._run(["make", "--silent", f"PYTHON={sys.executable}", *arguments], variables)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the shop."""
        return self._run([sys.executable, "scripts/containers.py", "run", *words], {})

    def _run(self, command: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": self._path, "STANDIN": str(self._folder), **variables}
        return subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False
        )

    def calls(self) -> list[str]:
        """Return the calls so far, without options."""
        lines = (self._folder / "calls").read_text().splitlines()
        return [" ".join(word for word in line.split() if not word.startswith("-chdir")) for line in lines]

    def forget_calls(self) -> None:
        """Begin with an empty list of calls."""
        (self._folder / "calls").write_text("")

    @property
    def release(self) -> str:
        """The release that runs."""
        return (self._folder / "service").read_text()

    @property
    def recorded(self) -> str:
        """The file with the release."""
        return (self.project / "deploy/containers/release.auto.tfvars").read_text()


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    """A cloud with release 1.0.0 of a monolith."""
    cloud = Cloud(tmp_path)
    done = cloud.make("release", "TAG=1.0.0")
    assert (done.returncode, done.stderr) == (0, "")
    cloud.forget_calls()
    return cloud


def steps(cloud: Cloud) -> list[str]:
    """Return the programs and their commands, for those that change something."""
    changing = ("tofu apply", "docker build", "docker push", "aws run-task")
    words = (f"{line.split()[0]} {each}" for line in cloud.calls() for each in line.split()[1:])
    return [each for each in words if each in changing]


def test_a_release_is_one_command(cloud: Cloud) -> None:
    """The image is pushed and the schema migrated before tasks are replaced, and a file has the tag."""
    done = cloud.make("release", "TAG=1.1.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["the log of the task", "Released 1.1.0."]
    assert steps(cloud) == ["tofu apply", "docker build", "docker push", "aws run-task", "tofu apply"]
    first, last = (line for line in cloud.calls() if line.startswith("tofu apply"))
    assert "-exclude=aws_ecs_service.shop" in first
    assert last == "tofu apply -var=release=1.1.0"
    assert (cloud.release, cloud.recorded) == ("1.1.0", 'release = "1.1.0"\n')


def test_a_rollback_neither_builds_nor_migrates(cloud: Cloud) -> None:
    """It needs the image of the older release, which is still there."""
    cloud.make("release", "TAG=1.1.0")
    cloud.forget_calls()
    done = cloud.make("rollback", "TAG=1.0.0", "ARGS=--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert steps(cloud) == ["tofu apply"]
    assert "tofu apply -var=release=1.0.0 -auto-approve" in cloud.calls()
    assert cloud.release == "1.0.0"
    refused = cloud.make("rollback", "TAG=0.9.0")
    assert refused.returncode != 0
    assert "There is no image" in refused.stderr
    assert cloud.release == "1.0.0"


@pytest.mark.parametrize(
    ("fault", "message"),
    [("migrate", "The task failed with status 3; its log is above."), ("start", "CannotPullContainerError")],
)
def test_a_failed_migration_ends_the_release(cloud: Cloud, fault: str, message: str) -> None:
    """No task is replaced, and the same tag goes on with the image that was pushed."""
    done = cloud.make("release", "TAG=1.1.0", FAILING=fault)
    assert done.returncode != 0
    assert message in done.stderr
    assert "The old release still serves." in done.stderr
    assert (cloud.release, cloud.recorded) == ("1.0.0", 'release = "1.0.0"\n')
    cloud.forget_calls()
    assert cloud.make("release", "TAG=1.1.0").returncode == 0
    assert steps(cloud) == ["tofu apply", "aws run-task", "tofu apply"]


def test_tasks_that_do_not_become_ready_fail_the_release(cloud: Cloud) -> None:
    """ECS goes back to the old tasks without an error of OpenTofu, so the command looks."""
    done = cloud.make("release", "TAG=1.1.0", UNHEALTHY="yes")
    assert done.returncode != 0
    assert "ECS has gone back to the old ones" in done.stderr
    assert (cloud.release, cloud.recorded) == ("1.0.0", 'release = "1.0.0"\n')


def test_a_plan_that_is_declined_ends_the_release(cloud: Cloud) -> None:
    """Nothing is built or migrated."""
    done = cloud.make("release", "TAG=1.1.0", FAILING="apply")
    assert done.returncode != 0
    assert "tofu failed with status 1; its message is above." in done.stderr
    assert steps(cloud) == ["tofu apply"]


def test_other_commands_run_in_a_task(cloud: Cloud) -> None:
    """The words of the command follow those of the program."""
    done = cloud.command("dead-letters", "--retry", "7")
    assert (done.returncode, done.stdout) == (0, "the log of the task\n")
    (call,) = (each for each in cloud.calls() if "run-task" in each)
    assert '"command": ["python", "-m", "shop.app", "dead-letters", "--retry", "7"]' in call


def test_what_cannot_be_a_tag_is_refused(cloud: Cloud) -> None:
    """The message says what to write, and nothing is called."""
    for tag in ("", "latest_1", "V1", "-1", "1" * 65):
        done = cloud.make("release", f"TAG={tag}")
        assert done.returncode != 0
        assert "Say which tag, in lower case: make release TAG=1.1.0" in done.stderr
    assert cloud.calls() == []


def test_nothing_runs_before_the_first_release(tmp_path: Path) -> None:
    """The message says how to begin."""
    done = Cloud(tmp_path).make("rollback", "TAG=1.0.0")
    assert done.returncode != 0
    assert "Nothing runs yet. Release it first: make release TAG=1.0.0" in done.stderr
