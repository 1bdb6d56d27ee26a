"""Definitions of custom resources that the tests' cluster serves, since no operator is installed."""

import json
import os
import subprocess
from pathlib import Path

from tests.generated.spring import java_home, one_build_at_a_time
from tests.servers.process import program

from .cluster import Cluster, Object

POM = Path(__file__).with_name("strimzi.xml")
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
STRIMZI = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")
"""Classes of the custom resources of Strimzi, of which its own program makes the definitions."""


def install(cluster: Cluster) -> None:
    """Define the kinds of these modules and of Strimzi, and loosely those of metrics-server."""
    for file in (*(file for module in MODULES for file in files(module)), *_strimzi(cluster.folder)):
        cluster.kubectl("apply", "--server-side", "--filename", str(file))
    # The autoscaler reads usage from the API, so ordinary objects do instead of metrics-server.
    cluster.create(_loose("metrics.k8s.io", "v1beta1", "PodMetrics", plural="pods"))


def files(module: str) -> list[Path]:
    """Return the files with the definitions of a module, which is downloaded at first."""
    command = [program("go"), "mod", "download", "-json", module]
    done = subprocess.run(command, cwd=os.sep, capture_output=True, check=True)
    return sorted(Path(json.loads(done.stdout)["Dir"]).glob(MODULES[module]))


def _strimzi(folder: Path) -> list[Path]:
    """Return files with the definitions of Strimzi, which are written to the folder."""
    written = {f"io.strimzi.api.kafka.model.{each}": folder / f"{each}.yaml" for each in STRIMZI}
    arguments = "--target-kube 1.25+ --crd-api-version v1 --api-versions v1 --storage-version v1 --yaml"
    places = " ".join(f"{name}={path}" for name, path in written.items())
    command = [program("mvn"), "-q", "-B", "-f", str(POM), "exec:java", f"-Dexec.args={arguments} {places}"]
    with one_build_at_a_time():
        subprocess.run(command, env=os.environ | {"JAVA_HOME": java_home()}, check=True)
    return list(written.values())


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
