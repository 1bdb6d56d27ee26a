"""Definitions of custom resources that the tests' cluster serves, since no operator is installed."""

import json
import os
import subprocess
from pathlib import Path

from tests.servers.process import program

from .cluster import Cluster, Object

GATEWAY = "sigs.k8s.io/gateway-api@v1.6.3"
MODULES = {
    "github.com/kedacore/keda/v2@v2.21.0": "config/crd/bases/*.yaml",
    "github.com/fluxcd/kustomize-controller@v1.9.6": "config/crd/bases/*.yaml",
    "github.com/fluxcd/source-controller@v1.9.6": "config/crd/bases/*gitrepositories.yaml",
    "github.com/argoproj/argo-cd/v3@v3.5.7": "manifests/crds/application-crd.yaml",
    GATEWAY: "config/crd/standard/gateway*.yaml",
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": (
        "example/prometheus-operator-crd/*_podmonitors.yaml"
    ),
}
"""Go modules that have the definitions of their kinds, and where."""
STRIMZI = ("Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser")
"""Strimzi publishes no package with its definitions. tests/deploy/checks/custom.py checks these fields."""


def install(cluster: Cluster) -> None:
    """Define the kinds of these modules, and loosely those of Strimzi and metrics-server."""
    for module in MODULES:
        for file in files(module):
            cluster.kubectl("apply", "--server-side", "--filename", str(file))
    loose = [_loose("kafka.strimzi.io", "v1", kind) for kind in STRIMZI]
    # The autoscaler reads usage from the API, so ordinary objects do instead of metrics-server.
    cluster.create(*loose, _loose("metrics.k8s.io", "v1beta1", "PodMetrics", plural="pods"))


def files(module: str) -> list[Path]:
    """Return the files with the definitions of a module, which is downloaded at first."""
    command = [program("go"), "mod", "download", "-json", module]
    done = subprocess.run(command, cwd=os.sep, capture_output=True, check=True)
    return sorted(Path(json.loads(done.stdout)["Dir"]).glob(MODULES[module]))


def _loose(group: str, version: str, kind: str, plural: str = "") -> Object:
    """Return a definition that accepts all fields."""
    plural = plural or f"{kind.lower()}s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural},
            "scope": "Namespaced",
            "versions": [served],
        },
    }
