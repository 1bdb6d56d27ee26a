"""`make release` and `make rollback` on one machine, with a stand-in for Docker."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .machines import Machine
from .projects import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with release 1.0.0 of a monolith."""
    machine = Machine(tmp_path)
    done = machine.make("release", "TAG=1.0.0")
    assert (done.returncode, done.stderr) == (0, "")
    return machine


def app(tag: str) -> list[str]:
    """Return both containers of the shop with a tag."""
    return [f"app {PROJECT}:{tag}"] * 2


def apps(machine: Machine) -> list[str]:
    """Return the containers of the shop that run."""
    return [each for each in machine.containers() if each.startswith("app ")]


def test_a_release_is_one_command(machine: Machine) -> None:
    """It builds and migrates before containers are replaced, and the file of variables has its tag."""
    assert apps(machine) == app("1.0.0")
    done = machine.make("release", "TAG=1.1.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "app: 2 started, 2 replaced",
        "edge: 1 started, 1 replaced",
        "Released 1.1.0.",
    ]
    assert apps(machine) == app("1.1.0")
    services = [each.partition(" ")[0] for each in machine.containers()]
    assert services == ["app", "app", "cache", "database", "edge", "tls"]
    assert "RELEASE=1.1.0" in machine.environment.read_text().splitlines()
    assert machine.environment.stat().st_mode & 0o777 == 0o600
    assert len(machine.calls("migrate")) == 2


def test_one_copy_more_runs_during_a_release(machine: Machine) -> None:
    """The limits of the copies, and of one more, have to fit into the memory."""
    machine.make("release", "TAG=1.1.0")
    scales = re.findall(r"--scale=app=(\d)", "\n".join(machine.calls("up")))
    assert scales == ["1", "2", "3", "3"]


def test_a_rollback_neither_builds_nor_migrates(machine: Machine) -> None:
    """It needs the images of the older release, which are still there."""
    machine.make("release", "TAG=1.1.0")
    done = machine.make("rollback", "TAG=1.0.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert apps(machine) == app("1.0.0")
    assert (len(machine.calls("build")), len(machine.calls("migrate"))) == (2, 2)
    refused = machine.make("rollback", "TAG=0.9.0")
    assert refused.returncode != 0
    assert f"There is no image {PROJECT}:0.9.0." in refused.stderr
    assert apps(machine) == app("1.0.0")


def test_a_failed_migration_ends_the_release(machine: Machine) -> None:
    """No container is replaced."""
    done = machine.make("release", "TAG=1.1.0", FAILING="migrate")
    assert done.returncode != 0
    assert "migrate failed; its log is above. The old release still serves." in done.stderr
    assert apps(machine) == app("1.0.0")
    assert "RELEASE=1.0.0" in machine.environment.read_text()


@pytest.mark.parametrize("fault", ["UNHEALTHY", "CRASHING"])
def test_a_container_that_does_not_become_healthy_is_removed(machine: Machine, fault: str) -> None:
    """The log is shown, all old containers still serve, and a mended release is possible."""
    script = machine.project / "scripts/machine.py"
    text = script.read_text()
    script.write_text(text.replace("default=300", "default=1"))
    done = machine.make("release", "TAG=1.1.0", **{fault: "app"})
    assert done.returncode != 0
    assert "the log of app\napp did not become healthy within 1 s" in done.stderr
    assert apps(machine) == app("1.0.0")
    assert machine.make("release", "TAG=1.1.1").returncode == 0
    assert apps(machine) == app("1.1.1")


def test_two_releases_take_turns(machine: Machine) -> None:
    """The second one begins when the first one is done, and all containers are of the same release."""
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda tag: machine.make("release", f"TAG={tag}"), ("1.1.0", "1.2.0")))
    assert [each.returncode for each in done] == [0, 0]
    (tag,) = re.findall(r"(?m)^RELEASE=(.*)$", machine.environment.read_text())
    assert apps(machine) == app(tag)


def test_old_images_are_removed(machine: Machine) -> None:
    """Those of the last five releases are kept, and the disk does not fill."""
    machine.remember_images(f"{PROJECT}:1.{number}.0" for number in range(1, 6))
    assert machine.make("release", "TAG=1.6.0").returncode == 0
    assert machine.images() == [f"{PROJECT}:1.{number}.0" for number in range(2, 7)]


def test_what_cannot_be_a_tag_is_refused(machine: Machine) -> None:
    """The message says what to write, and nothing is built."""
    for tag in ("", "latest_1", "V1", "-1", "1" * 65):
        done = machine.make("release", f"TAG={tag}")
        assert done.returncode != 0
        assert "Say which tag, in lower case: make release TAG=1.1.0" in done.stderr
    assert len(machine.calls("build")) == 1


def test_without_variables_nothing_is_released(machine: Machine) -> None:
    """The message says how to create them."""
    machine.environment.unlink()
    done = machine.make("release", "TAG=1.1.0")
    assert done.returncode != 0
    assert "deploy/.env is missing." in done.stderr


@pytest.mark.thorough
def test_each_service_is_released(tmp_path: Path) -> None:
    """A shop of services has an image and a migration for each of them, and the edge starts last."""
    machine = Machine(tmp_path, "microservices")
    done = machine.make("release", "TAG=1.0.0")
    assert (done.returncode, done.stderr) == (0, "")
    services = ["cart", "catalog", "identity", "inventory", "orders", "payments"]
    lines = done.stdout.splitlines()
    assert sorted(lines[:-2]) == [f"{each}: 2 started, 0 replaced" for each in services]
    assert lines[-2:] == ["edge: 1 started, 0 replaced", "Released 1.0.0."]
    assert sorted(machine.images()) == [f"{PROJECT}-{each}:1.0.0" for each in services]
    migrations = [each.split()[-1] for each in machine.calls("run")]
    assert sorted(migrations) == [f"{each}-migrate" for each in services]
