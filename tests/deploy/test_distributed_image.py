"""One Dockerfile builds the image of each service, and each contains only what it needs to start."""

from pathlib import Path

import pytest

from . import architecture, images
from .checks.manifests import pinned
from .projects import EVENT_DRIVEN, PROJECT, Project
from .test_image import instructions


def test_bases_users_and_wheels_are_fixed(distributed: list[Project]) -> None:
    """Images have exact base versions, a numeric non-root user, and wheels with pinned hashes."""
    for project in distributed:
        found = instructions(project)
        bases = [rest.split()[0] for word, rest in found if word == "FROM"]
        assert len(bases) == 2
        assert all(pinned(base) for base in bases)
        assert [rest for word, rest in found if word == "USER"] == ["10001:10001"]
        (install,) = (rest for word, rest in found if word == "RUN" and "pip" in rest)
        assert {"--require-hashes", "--only-binary"} <= set(install.split())
        assert "requirements/runtime.txt" in project.files


def test_wheels_are_shared_by_all_images(distributed: list[Project]) -> None:
    """Wheels are installed before the build argument SERVICE, so that all images share the layer."""
    for project in distributed:
        words = [word for word, _ in instructions(project)]
        first = words.index("ARG")
        assert [word for word in words[:first] if word == "RUN"] == ["RUN"]


def test_no_health_check_is_inherited(distributed: list[Project]) -> None:
    """The image has no HEALTHCHECK, because workers from the same image are not servers."""
    for project in distributed:
        assert dict(instructions(project))["HEALTHCHECK"] == "NONE"


def test_only_sources_and_requirements_enter_the_context(distributed: list[Project]) -> None:
    """The build context is an allowlist, so secrets, tests, documents and .git are never copied."""
    for project in distributed:
        rules = [line for line in project.text(".dockerignore").splitlines() if line and line[0] != "#"]
        assert rules[0] == "*"
        allowed = {rule for rule in rules if rule.startswith("!")}
        assert allowed == {"!requirements", "!libs", "!services"}
        assert {"**/tests", "**/conftest.py"} <= set(rules)


def test_builds_with_the_oldest_builder(distributed: list[Project]) -> None:
    """The Dockerfile needs no BuildKit features, and no network before the base image."""
    for project in distributed:
        text = project.text("Dockerfile")
        assert not any(word in text for word in ("# syntax=", "<<", "--link", "--mount"))


def test_signals_reach_the_program(distributed: list[Project]) -> None:
    """The shell that expands the service's name is replaced by the program."""
    for project in distributed:
        shell, option, script, _ = images.entry_point_of(project)
        assert (shell, option) == ("sh", "-c")
        assert script.startswith("exec python -m corner_shop.${SERVICE}_service")


@pytest.mark.thorough
def test_every_service_has_its_commands(distributed: list[Project], tmp_path: Path) -> None:
    """Each command runs with only the sources that the image contains."""
    project = next(each for each in distributed if each.options["extra_services"])
    for service in architecture.services(project):
        done = images.run(project, service, tmp_path / service, {}, "--help")
        assert done.returncode == 0, done.stderr
        commands = {"serve", "migrate"} if service in architecture.stateful(project) else {"serve"}
        assert all(command in done.stdout for command in commands)


@pytest.mark.slow
def test_one_service_has_no_code_of_another(distributed: list[Project], tmp_path: Path) -> None:
    """The image of the cart does not contain payments."""
    folder = tmp_path / "cart"
    images.run(distributed[0], "cart", folder, {}, "--help")
    found = (*folder.iterdir(), *(folder / "corner_shop").iterdir())
    packages = {path.name for path in found if path.is_dir()}
    assert {"cart", "cart_service", "chassis"} <= packages
    assert not packages & {"payments", "orders", "catalog", "inventory", "identity"}


@EVENT_DRIVEN
@pytest.mark.slow
def test_any_image_can_create_the_topics(distributed: list[Project], tmp_path: Path) -> None:
    """The command that creates the topics runs from any image."""
    job = distributed[0].compose["services"]["topics"]
    service = job["image"].removeprefix(f"{PROJECT}-").removesuffix(":local")
    command = [*job["entrypoint"], *job["command"]]
    done = images.run(distributed[0], service, tmp_path, {}, "--help", entry_point=command)
    assert done.returncode == 0, done.stderr
