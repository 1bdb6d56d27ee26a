"""Tests of overlays: the sizes are those that kustomize renders."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint.deployment.kustomize import objects_of
from blueprint.deployment.objects import objects_in
from blueprint.deployment.sizes import deployed_in
from blueprint.documents import parse_stream
from tests.servers.process import program

from .projects import DEVELOPMENT, PATTERNS, PRODUCTION

BASE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {tier: front}}
spec:
  template:
    metadata: {labels: {tier: front}}
    spec:
      containers:
        - {name: api, image: shop, resources: {requests: {cpu: 100m, memory: 64Mi}}}
        - {name: proxy, image: proxy, resources: {requests: {cpu: 50m, memory: 32Mi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: back}
spec:
  replicas: 2
  template:
    metadata: {labels: {tier: back}}
    spec: {containers: [{name: worker, image: shop}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 4
"""
OF_SHOP = "apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}"
OF_BACK = "apiVersion: apps/v1, kind: Deployment, metadata: {name: back}"
OF_PODS = "spec: {template: {spec: {containers: [%s]}}}"
LARGER = OF_PODS % "{name: api, resources: {requests: {cpu: 700m}}}"
FEWER = OF_PODS % "{name: proxy, $patch: delete}"


def patch(text: str, target: str = "") -> str:
    """Return a kustomization with one patch."""
    return f"patches: [{{patch: '{text}'{', target: ' + target if target else ''}}}]"


FEATURES = {
    "operation": patch("- {op: replace, path: /spec/maxReplicas, value: 9}", "{kind: Horizontal.*}"),
    "merge": patch(f"{{{OF_SHOP}, {LARGER}}}"),
    "labels": patch("- {op: add, path: /spec/replicas, value: 3}", '{labelSelector: "tier in (front, a)"}'),
    "file": "patches: [{path: patch.yaml}]",
    "deletion": patch(f"{{{OF_BACK}, $patch: delete}}"),
    "fewer containers": patch(f"{{{OF_SHOP}, {FEWER}}}"),
    "removal": patch("- {op: remove, path: /spec/template/spec/containers/1}", "{name: shop, kind: Dep.*}"),
    "replicas": "replicas: [{name: back, count: 5}]",
    "names": "namePrefix: a-\nnameSuffix: -z\nreplicas: [{name: back, count: 5}]",
    "selectors": "labels: [{pairs: {app.kubernetes.io/name: shop}, includeSelectors: true}]",
    "templates": "labels: [{pairs: {app.kubernetes.io/name: shop}, includeTemplates: true}]",
    "component": "components: [component]",
    "component with a file": "components: [patching]",
}


def kubectl_kustomize(folder: Path) -> str:
    """Return what kustomize renders."""
    done = subprocess.run(
        [program("kubectl"), "kustomize", str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout


def assert_same_sizes(overlay: Path) -> None:
    """Compare the sizes of an overlay with those of what kustomize renders."""
    rendered = deployed_in([*objects_in(parse_stream(kubectl_kustomize(overlay)), "rendered")])
    read = deployed_in(objects_of(overlay))
    # Our images are those of the base: a new name or tag changes no size.
    assert {pods._replace(image="") for pods in read.pods} == {
        pods._replace(image="") for pods in rendered.pods
    }
    assert set(read.topics) == set(rendered.topics)
    assert (read.volumes_gb, read.skipped) == (rendered.volumes_gb, rendered.skipped)


@pytest.mark.slow
@pytest.mark.parametrize("overlay", [DEVELOPMENT, PRODUCTION])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_overlay_is_read_as_kustomize_renders_it(
    fresh: Callable[[str], Path], pattern: str, overlay: str
) -> None:
    """Each overlay of each pattern has the same pods, bounds, volumes and topics."""
    assert_same_sizes(fresh(pattern) / overlay)


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_changes_sizes_as_kustomize_does(feature: str, tmp_path: Path) -> None:
    """Patches, replicas, prefixes, labels and components are applied as kustomize applies them."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base/shop.yaml").write_text(BASE)
    (tmp_path / "base/kustomization.yaml").write_text("resources: [shop.yaml]\n")
    overlay = tmp_path / "overlay"
    (overlay / "component").mkdir(parents=True)
    (overlay / "kustomization.yaml").write_text(f"resources: [../base]\n{FEATURES[feature]}\n")
    (overlay / "component/kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas: [{name: back, count: 7}]\n"
    )
    (overlay / "patch.yaml").write_text(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\n"
        "spec: {minReplicas: 3}\n"
    )
    (overlay / "patching").mkdir()
    (overlay / "patching/kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: own.yaml}]\n"
    )
    (overlay / "patching/own.yaml").write_text(f"{{{OF_BACK}, spec: {{replicas: 8}}}}\n")
    assert_same_sizes(overlay)
