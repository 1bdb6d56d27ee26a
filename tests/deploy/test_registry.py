"""The registry that a project's images come from."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern, pattern_names
from tests.generated.running import shop

from .projects import PROJECT, Project, build


@pytest.mark.slow
@pytest.mark.parametrize("pattern", pattern_names())
@pytest.mark.parametrize("registry", ["ghcr.io/team", "localhost:5000", "10.0.0.1:5000/team"])
def test_jobs_are_named_by_their_tag(pattern: str, registry: str, tmp_path: Path) -> None:
    """All images are of the registry, and Jobs are named by the tag, though an address can have a port."""
    options: dict[str, Any] = {"image_registry": registry, "observability": False}
    project = Project(options, shop(pattern, tmp_path / "project", options), pattern)
    jobs = [each for each in build(project, "production") if each["kind"] == "Job"]
    assert jobs
    for job in jobs:
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert container["image"].startswith(f"{registry}/{PROJECT}")
        assert job["metadata"]["name"].endswith("-1.0.0"), job["metadata"]["name"]


@pytest.mark.parametrize("registry", ["", "a b", "a\nb", "x: {", "Registry.example.com"])
def test_what_is_no_registry_is_refused(registry: str) -> None:
    """A registry that would break a manifest is refused."""
    with pytest.raises(AnswersError, match="image_registry"):
        check_answers(find_pattern("monolith"), PROJECT, {"image_registry": registry})
