"""`blueprint new --needs`: the numbers of the needs reach the files of the project."""

import tarfile
from pathlib import Path

import pytest
import yaml

import blueprint as blueprint_package
from tests.patterns_on_disk import TINY, TINY_FILES, tiny, write_pattern

from .running import blueprint

PRESETS = Path(blueprint_package.__file__).parent / "needs/data/presets"
NEEDS = "traffic: {mean_rps: 200, peak_rps: 1500}\nteam: {engineers: 6}\n"


@pytest.fixture
def here(here: Path) -> Path:
    """An empty folder with needs in it."""
    (here / "needs.yaml").write_text(NEEDS)
    return here


def hpa(project: Path) -> tuple[int, int]:
    """The bounds in the manifest of the autoscaler."""
    manifest = yaml.safe_load((project / "deploy/kubernetes/base/autoscaler.yaml").read_text())
    return manifest["spec"]["minReplicas"], manifest["spec"]["maxReplicas"]


def test_a_number_from_the_needs_reaches_the_manifest(here: Path) -> None:
    """The peak rate becomes the autoscaler's bound; four times the peak, a larger one."""
    recommended = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json["answers"]
    blueprint("new", "shop", "--needs", "needs.yaml", "--json", cwd=here)
    assert hpa(here / "shop") == (recommended["replicas"], recommended["max_replicas"]) == (3, 18)

    (here / "needs.yaml").write_text(NEEDS.replace("1500", "6000"))
    made = blueprint("new", "busy", "--needs", "needs.yaml", "--json", cwd=here).json
    assert hpa(here / "busy") == (made["answers"]["replicas"], made["answers"]["max_replicas"])
    assert hpa(here / "busy")[1] > 3 * 18


@pytest.mark.parametrize(
    ("preset", "pattern"), [("marketplace", "microservices"), ("iot-telemetry", "event-driven")]
)
def test_whatever_is_recommended_is_made_with_a_size_for_each_service(
    here: Path, preset: str, pattern: str
) -> None:
    """What the recommendation printed is what the project has."""
    needs = PRESETS / f"{preset}.yaml"
    advised = blueprint("recommend", "--needs", needs, "--json", cwd=here).json["answers"]
    made = blueprint("new", "shop", "--needs", needs, "--json", cwd=here).json
    assert made["pattern"]["name"] == advised.pop("pattern") == pattern
    assert made["answers"].items() >= advised.items()
    assert f"Chosen option: **{pattern}**" in (here / "shop/docs/adr/0000-architecture.md").read_text()


def test_a_service_has_a_manifest_of_its_own_size(here: Path) -> None:
    """The busiest may have more replicas than the quietest."""
    made = blueprint("new", "shop", "--needs", PRESETS / "marketplace.yaml", "--json", cwd=here).json
    base = here / "shop/deploy/kubernetes/base"
    sizes = {}
    for service in ("catalog", "payments"):
        patches = yaml.safe_load((base / service / "kustomization.yaml").read_text())["patches"]
        scaler = next(
            each for each in patches if each.get("target", {}).get("kind") == "HorizontalPodAutoscaler"
        )
        sizes[service] = tuple(step["value"] for step in yaml.safe_load(scaler["patch"]))
        names = (f"{service}_replicas", f"{service}_max_replicas")
        assert sizes[service] == tuple(made["answers"][name] for name in names)
    assert sizes["catalog"] > sizes["payments"]


def test_the_decision_lands_in_the_project(here: Path) -> None:
    """With the needs it answers, which give the same answer again."""
    blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    folder = here / "shop" / "docs" / "adr"
    assert "Chosen option: **monolith**" in (folder / "0000-architecture.md").read_text()
    first, second = (
        blueprint("recommend", "--needs", path, "--json", cwd=here).json
        for path in (here / "needs.yaml", folder / "needs.yaml")
    )
    assert first == second


def test_the_decision_is_no_part_of_the_pristine_render(here: Path) -> None:
    """An update must not take it for a file that the template dropped."""
    blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    with tarfile.open(here / "shop/.blueprint/pristine.tar.gz") as pristine:
        assert not [name for name in pristine.getnames() if name.startswith("docs/adr/0000")]


def test_an_explicit_answer_goes_over_the_advice(here: Path) -> None:
    """Flags decide; a size that belongs to an option not taken goes with it."""
    arguments = ["--needs", "needs.yaml", "--cache", "memory", "--set", "replicas=4", "--json"]
    answers = blueprint("new", "shop", *arguments, cwd=here).json["answers"]
    assert (answers["cache"], answers["replicas"], answers["max_replicas"]) == ("memory", 4, 18)
    assert "cache_memory_mib" not in answers


def test_another_pattern_is_sized_too(here: Path) -> None:
    """A pattern of one's own takes the sizes that it has options for."""
    write_pattern(here / "mine", tiny(name="mine"), TINY_FILES)
    made = blueprint("new", "shop", "-p", "./mine", "--needs", "needs.yaml", "--json", cwd=here).json
    assert made["answers"]["replicas"] == 3
    assert set(made["answers"]) == set(TINY["options"])
    assert "docs/adr/0000-architecture.md" in {file["path"] for file in made["files"]}


def test_bad_needs_make_nothing(here: Path) -> None:
    """The field is named, and no folder appears."""
    (here / "needs.yaml").write_text("traffic: {peak_rps: -1}\n")
    failed = blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    assert failed.status == 7
    assert "traffic.peak_rps" in failed.err
    assert not (here / "shop").exists()
