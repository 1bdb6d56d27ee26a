"""The image: its content, its user, and how it is built."""

import re

from .checks.manifests import pinned
from .projects import Project


def instructions(project: Project) -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, with continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", project.text("Dockerfile"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def test_base_images_are_pinned(projects: list[Project]) -> None:
    """Each stage starts from an exact version of its base image."""
    for project in projects:
        bases = [rest.split()[0] for word, rest in instructions(project) if word == "FROM"]
        assert len(bases) == 2
        assert all(pinned(base) for base in bases)


def test_runs_as_an_unprivileged_user(projects: list[Project]) -> None:
    """The image runs as the numeric non-root user of the manifests, which Kubernetes can verify."""
    for project in projects:
        (user,) = (rest for word, rest in instructions(project) if word == "USER")
        assert user == "10001:10001"


def test_wheels_are_verified_by_their_hashes(projects: list[Project]) -> None:
    """Only the pinned wheels of requirements/ are installed."""
    for project in (each for each in projects if each.in_python):
        (install,) = (rest for word, rest in instructions(project) if word == "RUN" and "pip" in rest)
        assert {"--require-hashes", "--only-binary"} <= set(install.split())
        assert install.split()[-1] == "/build/requirements/runtime.txt"
        assert "requirements/runtime.txt" in project.files


def test_starts_without_a_shell(projects: list[Project]) -> None:
    """The program starts without a shell, so that signals reach it; its other commands are no servers."""
    for project in projects:
        found = dict(instructions(project))
        program = (
            '"python", "-m", "corner_shop.app"' if project.in_python else '"java", "-XX:AOTCache=shop.aot"'
        )
        assert found["CMD"].startswith(f"[{program}, ")
        assert '"serve"' in found["CMD"]
        assert found["HEALTHCHECK"] == "NONE"


def test_only_sources_and_requirements_enter_the_context(projects: list[Project]) -> None:
    """The build context is an allowlist, so secrets, tests, documents and .git are never copied."""
    java = ["!.mvn", "!mvnw", "!pom.xml", "!src/main"]
    for project in projects:
        rules = [line for line in project.text(".dockerignore").splitlines() if line and line[0] != "#"]
        assert rules[0] == "*"
        admitted = ["!requirements", "!src"] if project.in_python else java
        assert [rule for rule in rules if rule.startswith("!")] == admitted
        assert ("**/tests" in rules) == project.in_python


def test_the_cache_of_classes_fits_what_runs(projects: list[Project]) -> None:
    """It is trained in the last stage, with its options, and with the class path as the program names it."""
    for project in (each for each in projects if not each.in_python):
        steps = instructions(project)
        last = steps[max(number for number, (word, _) in enumerate(steps) if word == "FROM") :]
        words = [word for word, _ in last]
        (training,) = (rest for word, rest in last if word == "RUN")
        assert words.index("ENV") < words.index("RUN") < words.index("USER")
        assert re.search(r"java -XX:AOTCacheOutput=shop\.aot \S+ -jar shop\.jar serve", training)
        assert '"-XX:AOTCache=shop.aot", "-jar", "shop.jar"' in dict(last)["CMD"]


def test_builds_with_the_oldest_builder(projects: list[Project]) -> None:
    """The Dockerfile needs no BuildKit features, and no network before the base image."""
    for project in projects:
        text = project.text("Dockerfile")
        assert "# syntax=" not in text
        assert "<<" not in text
        assert "--link" not in text
        assert "--mount" not in text
