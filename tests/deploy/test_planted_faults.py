"""Each check finds the fault that it is meant for."""

import subprocess
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from tests.servers.process import program

from .checks import compose, flows, manifests, metrics, references, variables
from .checks.manifests import Manifest
from .projects import PROJECT, Project

pytestmark = pytest.mark.slow
Overlays = dict[tuple[str, str], tuple[Project, list[Manifest]]]
Change = Callable[[Any], None]


@pytest.fixture
def development(overlays: Overlays) -> list[Manifest]:
    """Copy of the largest development overlay, to break."""
    built = [manifests for (_, overlay), (_, manifests) in overlays.items() if overlay == "development"]
    return deepcopy(max(built, key=len))


@pytest.fixture
def shop(projects: list[Project]) -> dict[str, Any]:
    """Copy of the largest Compose file, to break."""
    return deepcopy(max((project.compose for project in projects), key=lambda each: len(each["services"])))


def get(built: list[Manifest], kind: str, name: str = PROJECT) -> Manifest:
    """Return the manifest of a kind and name."""
    (found,) = (each for each in references.of_kind(built, kind) if each["metadata"]["name"] == name)
    return found


def container(built: list[Manifest], kind: str = "Deployment", name: str = PROJECT) -> Manifest:
    """Return the first container of a workload."""
    found: Manifest = get(built, kind, name)["spec"]["template"]["spec"]["containers"][0]
    return found


def settings(built: list[Manifest]) -> list[str]:
    """Check references to settings, with the keys of the shop's Secret."""
    variables = (each for _, one in manifests.containers(built) for each in one.get("env", []))
    return references.settings(
        built,
        {each["valueFrom"]["secretKeyRef"]["key"] for each in variables if "valueFrom" in each} - {"NOBODY"},
    )


def half_flows(built: list[Manifest]) -> list[str]:
    """Return the flows that only one end allows."""
    return flows.allowed(built)[1]


def images(built: list[Manifest]) -> list[str]:
    """Return the images that are not pinned."""
    return manifests.images(built, f"{PROJECT}:development")


FAULTS: list[tuple[str, Callable[[list[Manifest]], list[str]], Change, str]] = [
    (
        "removed API",
        manifests.schema,
        lambda m: get(m, "HorizontalPodAutoscaler").update(apiVersion="autoscaling/v2beta2"),
        "not served",
    ),
    ("unknown field", manifests.schema, lambda m: get(m, "Deployment")["spec"].update(replica=2), "replica"),
    (
        "bad quantity",
        manifests.resources,
        lambda m: container(m)["resources"]["limits"].update(memory="384MB"),
        "384MB",
    ),
    (
        "request above limit",
        manifests.resources,
        lambda m: container(m)["resources"]["requests"].update(cpu="9"),
        "more cpu",
    ),
    ("no limit", manifests.resources, lambda m: container(m)["resources"].pop("limits"), "limits"),
    (
        "latest",
        images,
        lambda m: container(m, "StatefulSet", "database").update(image="postgres:latest"),
        "not pinned",
    ),
    (
        "no tag",
        images,
        lambda m: container(m, "StatefulSet", "database").update(image="postgres"),
        "not pinned",
    ),
    (
        "selector",
        references.selectors,
        lambda m: get(m, "Deployment")["spec"]["template"]["metadata"]["labels"].update(
            {flows.COMPONENT: "web"}
        ),
        "not its own",
    ),
    (
        "service selector",
        references.selectors,
        lambda m: get(m, "Service")["spec"]["selector"].update({flows.COMPONENT: "web"}),
        "no pod has",
    ),
    (
        "budget selector",
        references.selectors,
        lambda m: get(m, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"].update(
            {flows.COMPONENT: "web"}
        ),
        "no pod has",
    ),
    (
        "target port",
        references.services,
        lambda m: get(m, "Service")["spec"]["ports"][0].update(targetPort="web"),
        "no container port",
    ),
    (
        "route",
        references.services,
        lambda m: get(m, "Service").get("metadata", {}).update(name="other"),
        "no service",
    ),
    (
        "scale target",
        references.targets,
        lambda m: get(m, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"].update(name="other"),
        "does not exist",
    ),
    (
        "fixed replicas",
        references.targets,
        lambda m: get(m, "Deployment")["spec"].update(replicas=2),
        "itself",
    ),
    (
        "bounds",
        references.targets,
        lambda m: get(m, "HorizontalPodAutoscaler")["spec"].update(minReplicas=9),
        "above",
    ),
    (
        "secret key",
        settings,
        lambda m: container(m)["env"][0]["valueFrom"]["secretKeyRef"].update(key="NOBODY"),
        "not documented",
    ),
    (
        "config map",
        settings,
        lambda m: container(m)["envFrom"][0]["configMapRef"].update(name="other"),
        "no ConfigMap",
    ),
    ("account", settings, lambda m: m.remove(get(m, "ServiceAccount")), "no service account"),
    (
        "mount",
        references.volumes,
        lambda m: container(m)["volumeMounts"][0].update(name="other"),
        "no volume",
    ),
    ("unused volume", references.volumes, lambda m: container(m)["volumeMounts"].clear(), "not mounted"),
    (
        "file",
        references.volumes,
        lambda m: container(m, name="collector")["volumeMounts"][0].update(subPath="other"),
        "no file",
    ),
    (
        "probe port",
        references.probes,
        lambda m: container(m)["readinessProbe"]["httpGet"].update(port="web"),
        "which does not exist",
    ),
    ("no probe", references.probes, lambda m: container(m).pop("livenessProbe"), "no livenessProbe"),
    (
        "lost log",
        references.migrations,
        lambda m: get(m, "Job", f"{PROJECT}-migrate")["spec"]["template"]["spec"].update(
            restartPolicy="OnFailure"
        ),
        "deletes its pod",
    ),
    (
        "impatient rollout",
        references.migrations,
        lambda m: get(m, "Deployment")["spec"].update(progressDeadlineSeconds=600),
        "gives up before",
    ),
    ("open", flows.unguarded, lambda m: m.remove(get(m, "NetworkPolicy", "default-deny")), "default-deny"),
    (
        "half a flow",
        half_flows,
        lambda m: m.remove(get(m, "NetworkPolicy", "database-from-api")),
        "is allowed by only one end",
    ),
]


@pytest.mark.parametrize(
    ("check", "change", "complaint"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS]
)
def test_fault_in_manifests_is_found(
    development: list[Manifest], check: Callable[[list[Manifest]], list[str]], change: Change, complaint: str
) -> None:
    """A check passes before the fault is planted, and fails after."""
    assert check(development) == []
    change(development)
    assert any(complaint in problem for problem in check(development))


def test_additional_flow_is_found(development: list[Manifest]) -> None:
    """A wider policy changes the flows that are compared with the architecture."""
    before, _ = flows.allowed(development)
    policy = get(development, "NetworkPolicy", "api-to-database")
    policy["spec"]["egress"].append({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443}]})
    assert flows.allowed(development)[0] - before == {("api", "0.0.0.0/0", 443)}


def secrets(shop: dict[str, Any]) -> list[str]:
    """Check secrets, with all variables documented but one."""
    used = {match[1] for match in compose.VARIABLE.finditer(yaml.dump(shop, width=10**6))}
    return compose.secrets(shop, used - {"UNKNOWN"})


def mounts(shop: dict[str, Any]) -> list[str]:
    """Check references, with all mounted files present but one."""
    files = [volume.split(":")[0] for each in shop["services"].values() for volume in each.get("volumes", [])]
    return compose.references(shop, {f"deploy/{file[2:]}" for file in files if file != "./other"})


SHOP_FAULTS: list[tuple[str, Callable[[dict[str, Any]], list[str]], Change, str]] = [
    ("writable", compose.hardening, lambda s: s["app"].update(read_only=False), "writable"),
    ("capabilities", compose.hardening, lambda s: s["edge"].pop("cap_drop"), "capabilities"),
    ("privileges", compose.hardening, lambda s: s["edge"].pop("security_opt"), "privileges"),
    ("limits", compose.hardening, lambda s: s["database"].pop("deploy"), "limits"),
    ("latest", compose.hardening, lambda s: s["edge"].update(image="nginx:latest"), "not pinned"),
    ("no health check", compose.health, lambda s: s["database"].pop("healthcheck"), "no health check"),
    (
        "job with a health check",
        compose.health,
        lambda s: s["migrate"].update(healthcheck={"test": ["NONE"]}),
        "a job has",
    ),
    (
        "costly health check",
        compose.health,
        lambda s: s["app"].update(healthcheck={"test": ["CMD", "python"]}),
        "starts Python",
    ),
    ("built twice", compose.builds, lambda s: s["migrate"].update(build=s["app"]["build"]), "2 times"),
    ("built by nobody", compose.builds, lambda s: s["app"].pop("build"), "nothing builds"),
    ("pulled", compose.builds, lambda s: s["migrate"].pop("pull_policy"), "pulls"),
    ("not there", compose.health, lambda s: s.pop("database"), "which does not exist"),
    (
        "wrong wait",
        compose.health,
        lambda s: s["app"]["depends_on"]["migrate"].update(condition="service_started"),
        "wrong way",
    ),
    ("open port", compose.exposure, lambda s: s["database"].update(ports=["127.0.0.1:5432:5432"]), "opens"),
    ("open to all", compose.exposure, lambda s: s["edge"].update(ports=["8080:8080"]), "opens"),
    ("leads outside", compose.exposure, lambda s: s["app"]["networks"].append("public"), "leads outside"),
    (
        "within reach",
        compose.exposure,
        lambda s: s["database"]["networks"].append("front"),
        "network of the edge",
    ),
    ("no network", mounts, lambda s: s["app"]["networks"].append("other"), "not declared"),
    ("no file", mounts, lambda s: s["edge"]["volumes"].append("./other:/other:ro"), "which does not exist"),
    (
        "written secret",
        secrets,
        lambda s: s["app"]["environment"].update({"ADMIN_PASSWORD": "x"}),
        "written here",
    ),
    (
        "unknown variable",
        secrets,
        lambda s: s["app"]["environment"].update(X="${UNKNOWN:-1}"),
        "not in env.example",
    ),
]


@pytest.mark.parametrize(
    ("check", "change", "complaint"),
    [each[1:] for each in SHOP_FAULTS],
    ids=[each[0] for each in SHOP_FAULTS],
)
def test_fault_in_compose_is_found(
    shop: dict[str, Any], check: Callable[[dict[str, Any]], list[str]], change: Change, complaint: str
) -> None:
    """A check passes before the fault is planted, and fails after."""
    assert check(shop) == []
    change(shop["services"])
    assert any(complaint in problem for problem in check(shop))


def test_fault_in_variables_is_found(projects: list[Project]) -> None:
    """An unread variable and a missing required one are found."""
    read = variables.read_by(projects[0].folder / "src")
    given = variables.of_service(projects[0].compose, "app")
    assert variables.unread(given | {"CACHE_ADDRESS"}, read) == ["CACHE_ADDRESS"]
    needed = next(name for name, required in read.items() if required)
    assert variables.unset(given - {needed}, read) == [needed]


def test_missing_metric_is_found(projects: list[Project]) -> None:
    """A metric that the code no longer exports is found."""
    project = next(each for each in projects if each.options["observability"])
    used = metrics.used(project.folder / "deploy/observability")
    exported = metrics.exported(project.folder / "src")
    del exported["outbox_waiting"]
    assert used - exported.keys() == {"outbox_waiting"}


def test_missing_resource_fails_the_build(projects: list[Project]) -> None:
    """A kustomization with a missing resource does not build, so the fixture of all overlays would fail."""
    project = next(each for each in projects if each.options["kubernetes"])
    text = project.text("deploy/kubernetes/base/kustomization.yaml").replace("service.yaml", "other.yaml")
    folder = project.folder / "broken"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text(text)
    result = subprocess.run([program("kubectl"), "kustomize", str(folder)], capture_output=True, check=False)
    assert result.returncode != 0
