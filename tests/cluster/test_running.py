"""What protects a running shop on a real control plane: drains, autoscaling and the security of pods."""

import json
from collections import Counter

import pytest

from .cluster import Object, until
from .nodes import ZONES
from .shops import Shop

pytestmark = pytest.mark.long


def test_drains_leave_all_pods_but_one(released: Shop) -> None:
    """Even if all nodes are to be drained, a pod is evicted only after the one before is back elsewhere."""
    cluster, everyone = released.cluster, len(released.ready())
    options = (f"--pod-selector=app.kubernetes.io/name={released.namespace}", "--delete-emptydir-data")
    first = released.pods()[0]["spec"]["nodeName"]
    assert cluster.run("drain", first, *options).returncode == 0
    until(lambda: len(released.ready()) == everyone)
    assert first not in {pod["spec"]["nodeName"] for pod in released.pods()}
    stuck = cluster.run("drain", *ZONES, *options, "--timeout=10s")
    cluster.kubectl("uncordon", *ZONES)
    assert stuck.returncode != 0
    assert "violate the pod's disruption budget" in stuck.stderr
    until(lambda: len(released.ready()) == everyone)


def test_load_adds_pods_and_a_release_keeps_them(released: Shop) -> None:
    """Busy pods are doubled up to the maximum, evenly over zones, and a release changes neither."""
    (scaler,) = released.get("horizontalpodautoscalers")
    most: int = scaler["spec"]["maxReplicas"]

    def busy() -> bool:
        released.cluster.run("apply", "--filename", "-", stdin=json.dumps(_usage(released.pods())))
        return len(released.ready()) == most

    until(busy)
    assert _skew(released.pods()) <= 1
    assert released.make("release", "TAG=1.1.0") == (0, "")
    until(released.settled)
    assert len(released.ready()) == most
    assert _skew(released.pods()) <= 1


def _usage(pods: list[Object]) -> Object:
    """Return what metrics-server would report if each pod used the CPU that it has requested."""
    reports = [
        {
            "apiVersion": "metrics.k8s.io/v1beta1",
            "kind": "PodMetrics",
            "metadata": {key: pod["metadata"][key] for key in ("name", "namespace", "labels")},
            "timestamp": pod["metadata"]["creationTimestamp"],
            "window": "15s",
            "containers": [
                {"name": each["name"], "usage": each["resources"]["requests"]}
                for each in pod["spec"]["containers"]
            ],
        }
        for pod in pods
    ]
    return {"apiVersion": "v1", "kind": "List", "items": reports}


def _skew(pods: list[Object]) -> int:
    zones = Counter(ZONES[pod["spec"]["nodeName"]] for pod in pods)
    return max(zones.values()) - min(zones[zone] for zone in ZONES.values())


@pytest.mark.parametrize(
    "spec",
    [{"containers": [{"name": "shell", "image": "shell:1.0", "securityContext": {"privileged": True}}]},
     {"containers": [{"name": "shell", "image": "shell:1.0"}], "hostNetwork": True}],
    ids=["privileged", "in the network of the node"],
)  # fmt: skip
def test_an_insecure_pod_is_refused(released: Shop, spec: Object) -> None:
    """The namespace admits restricted pods only."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "planted"}, "spec": spec}
    namespace = ("--namespace", released.namespace)
    refused = released.cluster.run("create", *namespace, "--filename", "-", stdin=json.dumps(pod))
    assert refused.returncode != 0
    assert 'violates PodSecurity "restricted' in refused.stderr
