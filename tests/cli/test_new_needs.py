"""Tests of `blueprint new --needs`: the recommended sizes are in the files of the project."""

import tarfile
from pathlib import Path

import pytest
import yaml

import blueprint as blueprint_package
from tests.patterns_on_disk import TINY, TINY_FILES, tiny, write_pattern

from .running import blueprint

PRESETS = Path(blueprint_package.__file__).parent / "needs/data/presets"
NEEDS = "traffic: {mean_rps: 200, peak_rps: 1500}\nteam: {engineers: 6}\nsurroundings: {host: kubernetes}\n"


@pytest.fixture
def here(here: Path) -> Path:
    """Return an empty folder with a needs.yaml file."""
    (here / "needs.yaml").write_text(NEEDS)
    return here


def hpa(project: Path) -> tuple[int, int]:
    """Return the minimum and maximum replicas in the manifest of the autoscaler."""
    manifest = yaml.safe_load((project / "deploy/kubernetes/base/autoscaler.yaml").read_text())
    return manifest["spec"]["minReplicas"], manifest["spec"]["maxReplicas"]


@pytest.mark.slow
def test_the_peak_rate_sets_the_bounds_of_the_autoscaler(here: Path) -> None:
    """The autoscaler has the recommended bounds, and four times the peak rate gives more cores at most."""
    recommended = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json["answers"]
    blueprint("new", "shop", "--needs", "needs.yaml", "--json", cwd=here)
    assert hpa(here / "shop") == (recommended["replicas"], recommended["max_replicas"])

    most = recommended["max_replicas"] * recommended["cpu_millicores"]

    (here / "needs.yaml").write_text(NEEDS.replace("1500", "6000"))
    made = blueprint("new", "busy", "--needs", "needs.yaml", "--json", cwd=here).json
    assert hpa(here / "busy") == (made["answers"]["replicas"], made["answers"]["max_replicas"])
    assert hpa(here / "busy")[1] * made["answers"]["cpu_millicores"] > 3 * most


@pytest.mark.parametrize(
    ("preset", "pattern"), [("marketplace", "microservices"), ("iot-telemetry", "event-driven")]
)
def test_the_recommended_pattern_and_sizes_are_generated(here: Path, preset: str, pattern: str) -> None:
    """The project has the pattern and the sizes that `blueprint recommend` prints."""
    needs = PRESETS / f"{preset}.yaml"
    advised = blueprint("recommend", "--needs", needs, "--json", cwd=here).json["answers"]
    made = blueprint("new", "shop", "--needs", needs, "--json", cwd=here).json
    assert made["pattern"]["name"] == advised.pop("pattern") == pattern
    assert made["answers"].items() >= advised.items()
    assert f"Chosen option: **{pattern}**" in (here / "shop/docs/adr/0000-architecture.md").read_text()


def test_a_few_recommended_services_are_generated_as_groups(here: Path) -> None:
    """A recommendation of a few services groups the contexts of the project, whose orders need no saga."""
    needs = (PRESETS / "growing-shop.yaml").read_text().replace("engineers: 18", "engineers: 200")
    (here / "needs.yaml").write_text(needs)
    done = blueprint("new", "shop", "--needs", "needs.yaml", "--json", cwd=here)
    groups = [["orders", "inventory", "payments", "cart", "catalog"], ["identity"]]
    assert done.json["answers"]["deployables"] == groups
    architecture = yaml.safe_load((here / "shop/architecture.yaml").read_text())
    assert set(architecture["services"]) == {"identity", "orders"}


def test_each_service_has_the_recommended_replicas_in_its_manifest(here: Path) -> None:
    """The manifests have the recommended replicas, and the busiest service has the most."""
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


@pytest.mark.parametrize("pattern", ["monolith", "event-driven"])
def test_prometheus_reminds_of_the_decision(pattern: str, here: Path) -> None:
    """The review triggers are rules that the project's Prometheus loads, in Compose and in Kubernetes."""
    rules = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json["prometheus_rules"]
    blueprint("new", "shop", "--needs", "needs.yaml", "--pattern", pattern, "--json", cwd=here)
    watched = here / "shop/deploy/observability"
    (group,) = yaml.safe_load((watched / "review.yaml").read_text())["groups"]
    assert {"ArchitectureReviewDue", "TrafficPastSizes"} <= {rule["alert"] for rule in group["rules"]}
    assert [rule["alert"] for rule in group["rules"]] == [rule["alert"] for rule in rules]
    assert "review.yaml" in yaml.safe_load((watched / "prometheus.yaml").read_text())["rule_files"]
    for manifest in (
        "compose.yaml",
        "observability/kustomization.yaml",
        "kubernetes/overlays/development/observability.yaml",
    ):
        assert "review.yaml" in (here / "shop/deploy" / manifest).read_text(), manifest


def test_a_project_without_metrics_has_no_review_rules(here: Path) -> None:
    """Without Prometheus there are no rules; without a recommendation, Prometheus loads none."""
    blueprint("new", "quiet", "--needs", "needs.yaml", "--no-observability", "--json", cwd=here)
    assert not (here / "quiet/deploy/observability").exists()
    blueprint("new", "plain", "--json", cwd=here)
    watched = here / "plain/deploy/observability"
    assert not (watched / "review.yaml").exists()
    assert yaml.safe_load((watched / "prometheus.yaml").read_text())["rule_files"] == ["alerts.yaml"]


def test_the_project_of_a_prototype_fits_one_machine(here: Path) -> None:
    """A prototype gets one copy in the compose file, and no manifests of a cluster."""
    (here / "needs.yaml").write_text("traffic: {mean_rps: 0.1}\nteam: {engineers: 1, stage: prototype}\n")
    blueprint("new", "shop", "--needs", "needs.yaml", "--json", cwd=here)
    services = yaml.safe_load((here / "shop/deploy/compose.yaml").read_text())["services"]
    assert services["app"]["deploy"]["replicas"] == 1
    assert set(services) == {"edge", "app", "migrate", "database"}
    assert not (here / "shop/deploy/kubernetes").exists()


def test_the_project_contains_the_decision_record(here: Path) -> None:
    """The project contains the decision record, and the needs, which give the same recommendation again."""
    blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    folder = here / "shop" / "docs" / "adr"
    assert "Chosen option: **monolith**" in (folder / "0000-architecture.md").read_text()
    first, second = (
        blueprint("recommend", "--needs", path, "--json", cwd=here).json
        for path in (here / "needs.yaml", folder / "needs.yaml")
    )
    assert first == second


def test_the_decision_record_is_not_part_of_the_pristine_render(here: Path) -> None:
    """The pristine render has no decision record, so an update does not regard it as deleted."""
    blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    with tarfile.open(here / "shop/.blueprint/pristine.tar.gz") as pristine:
        assert not [name for name in pristine.getnames() if name.startswith("docs/adr/0000")]


def test_a_flag_overrides_the_recommendation(here: Path) -> None:
    """Flags have priority, and a size for an option that is not taken is left out."""
    arguments = ["--needs", "needs.yaml", "--cache", "memory", "--set", "replicas=4", "--json"]
    answers = blueprint("new", "shop", *arguments, cwd=here).json["answers"]
    assert (answers["cache"], answers["replicas"]) == ("memory", 4)
    assert answers["max_replicas"] > 4
    assert "cache_memory_mib" not in answers


def test_a_pattern_that_did_not_compete_is_sized_too(here: Path) -> None:
    """A user's pattern gets the recommended sizes that it has options for."""
    write_pattern(here / "mine", tiny(name="mine"), TINY_FILES)
    made = blueprint("new", "shop", "-p", "./mine", "--needs", "needs.yaml", "--json", cwd=here).json
    assert made["answers"]["replicas"] >= 2
    assert set(made["answers"]) == set(TINY["options"])
    assert "docs/adr/0000-architecture.md" in {file["path"] for file in made["files"]}


def test_invalid_needs_generate_nothing(here: Path) -> None:
    """The error about invalid needs names the field, and no folder is created."""
    (here / "needs.yaml").write_text("traffic: {peak_rps: -1}\n")
    failed = blueprint("new", "shop", "--needs", "needs.yaml", cwd=here)
    assert failed.status == 7
    assert "traffic.peak_rps" in failed.err
    assert not (here / "shop").exists()


def test_a_recommended_value_that_the_pattern_lacks_is_named(here: Path) -> None:
    """Sizes for Python can be too small for Java, and a pattern of the user can have other databases."""
    small = ["--needs", "small.yaml", "--dry-run", "--json"]
    (here / "small.yaml").write_text("traffic: {mean_rps: 1}\n")
    made = blueprint("new", "shop", "--stack", "spring", *small, cwd=here).json
    assert made["answers"]["memory_mib"] == 512
    assert made["warnings"] == [
        "320 is not valid for memory_mib: a Java process needs at least 448 MiB; "
        "memory_mib has its default instead of the recommended value"
    ]
    database = {**TINY["options"]["database"], "choices": {"mysql": "MySQL."}, "default": "mysql"}
    write_pattern(here / "mine", tiny(name="mine", options={**TINY["options"], "database": database}))
    made = blueprint("new", "shop", "-p", "./mine", *small, cwd=here).json
    assert made["answers"]["database"] == "mysql"
    assert [text.partition(";")[0] for text in made["warnings"]] == ["'postgresql' is not valid for database"]
