"""Network policies admit exactly the traffic of the architecture, by the judgment of another program.

Cyclonus tests the network plugins of clusters, and decides about each connection as the specification says.
`make test-linters` builds it. Our own reading of the policies is in tests/deploy/checks/flows.py.
"""

import json
import re
import subprocess
from collections.abc import Callable
from copy import deepcopy
from ipaddress import ip_address, ip_network
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from . import test_distributed_kubernetes, test_kubernetes
from .checks import custom, flows
from .checks.manifests import Manifest, workloads
from .checks.references import of_kind, port_numbers
from .conftest import Overlays
from .test_linters import linter

pytestmark = pytest.mark.long
OUTSIDE = {"10.0.0.0/8": "10.1.2.3", "169.254.0.0/16": "169.254.20.10", "0.0.0.0/0": "198.51.100.1"}
"""An address in each range that policies name, and in no smaller one."""
VERDICT = re.compile(r"(?i)is allowed\?\s*\|\s*(true|false)")
Peer = dict[str, Any]


def test_a_monolith_admits_its_flows(overlays: Overlays, tmp_path: Path) -> None:
    """Each connection of the architecture is admitted, and each other one is refused, in every overlay."""
    for (_, overlay), (project, built) in overlays.items():
        expected = test_kubernetes.expected_flows(project, overlay)
        assert wrong(built, expected, flows.component_of, tmp_path) == set()


def test_services_admit_their_calls(distributed_overlays: Overlays, tmp_path: Path) -> None:
    """Each call of the architecture is admitted, and each other one is refused, in every overlay."""
    for (_, overlay), (project, built) in distributed_overlays.items():
        expected = test_distributed_kubernetes.expected_flows(project, overlay)
        assert wrong(built, expected, flows.service_of, tmp_path) == set()


def test_an_open_policy_is_found(overlays: Overlays, tmp_path: Path) -> None:
    """Without the denial of all other traffic, more connections are admitted than the architecture has."""
    (_, overlay), (project, built) = next(iter(overlays.items()))
    expected = test_kubernetes.expected_flows(project, overlay)
    opened = [each for each in deepcopy(built) if each["metadata"]["name"] != "default-deny"]
    assert wrong(opened, expected, flows.component_of, tmp_path)


def wrong(
    built: list[Manifest], expected: set[flows.Flow], called: Callable[[flows.Labels], str], folder: Path
) -> set[flows.Flow]:
    """Return the connections that are admitted and should not be, or the reverse."""
    (namespace,) = (each["metadata"]["name"] for each in of_kind(built, "Namespace"))
    pods = {called(pod["metadata"]["labels"]): pod for _, pod in workloads(built)}
    inside = {
        name: peer(f"192.168.0.{number}", namespace, pod["metadata"]["labels"])
        for number, (name, pod) in enumerate(pods.items(), 1)
    }
    dns = {(name, server, port) for name in inside for server, port in test_kubernetes.DNS}
    expected = expected | dns
    neighbors = {name for flow in expected for name in flow[:2] if str(name).startswith("namespace:")}
    outside = {
        name: peer(f"192.168.1.{number}", str(name).partition(":")[2], {})
        for number, name in enumerate(sorted(neighbors), 1)
    } | {cidr: {"IP": address} for cidr, address in OUTSIDE.items()}
    everyone = inside | outside
    connections = [
        (source, target, port)
        for source, target in product(everyone, everyone)
        if source in inside or target in inside
        for port in sorted({port for _, _, port in expected})
    ]
    traffic = [
        {
            "Source": everyone[source],
            "Destination": everyone[target],
            "ResolvedPort": port,
            "ResolvedPortName": port_name(pods[target], port) if target in pods else "",
            "Protocol": "TCP",
        }
        for source, target, port in connections
    ]
    admitted = {
        flow for flow, verdict in zip(connections, ask(built, traffic, folder), strict=True) if verdict
    }
    return admitted ^ {
        flow for flow in connections if flow in expected or in_a_range(flow, expected, outside)
    }


def in_a_range(flow: flows.Flow, expected: set[flows.Flow], outside: dict[str, Peer]) -> bool:
    """Whether the address of the target is in a range that is expected for this source and port."""
    source, target, port = flow
    return target in outside and any(
        ip_address(outside[target]["IP"]) in ip_network(cidr) and (source, cidr, port) in expected
        for cidr in OUTSIDE
    )


def ask(built: list[Manifest], traffic: list[dict[str, Any]], folder: Path) -> list[bool]:
    """Return for each connection whether the policies of the manifests admit it."""
    (namespace,) = (each["metadata"]["name"] for each in of_kind(built, "Namespace"))
    policies = list(of_kind(built, "NetworkPolicy"))
    for policy in custom.policies(built):
        # The API server adds the defaults.
        rules = [
            rule | {"ports": [port | {"protocol": "TCP"} for port in rule["ports"]]}
            for rule in policy["spec"]["ingress"]
        ]
        spec = policy["spec"] | {"ingress": rules, "policyTypes": ["Ingress"]}
        policies.append({"metadata": {"name": "strimzi", "namespace": namespace}, "spec": spec})
    listed = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList", "items": policies}
    (folder / "policies.yaml").write_text(yaml.safe_dump(listed))
    (folder / "traffic.json").write_text(json.dumps(traffic))
    command = [str(linter("cyclonus")), "analyze", "--mode=query-traffic", "--simplify-policies=false"]
    command += [f"--policy-path={folder / 'policies.yaml'}", f"--traffic-path={folder / 'traffic.json'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [verdict.lower() == "true" for verdict in VERDICT.findall(done.stdout)]


def peer(address: str, namespace: str, labels: flows.Labels) -> Peer:
    """Return a pod as Cyclonus reads it."""
    names = {"kubernetes.io/metadata.name": namespace}
    return {
        "IP": address,
        "Internal": {"PodLabels": labels, "NamespaceLabels": names, "Namespace": namespace},
    }


def port_name(pod: Manifest, port: int) -> str:
    """Return the name of a port of a pod; an empty text if it has none."""
    names = (name for name, number in port_numbers(pod).items() if number == port and isinstance(name, str))
    return next(names, "")
