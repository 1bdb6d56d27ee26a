"""Network flows that a set of NetworkPolicies allows."""

from collections.abc import Callable, Iterator
from typing import Any

from . import custom
from .manifests import Manifest, workloads
from .references import matches, of_kind, port_numbers

COMPONENT = "app.kubernetes.io/component"
NAME = "app.kubernetes.io/name"
Flow = tuple[str, str, int]
Labels = dict[str, str]


def component_of(labels: Labels) -> str:
    """Return the name of a pod in a monolith: its component."""
    return labels[COMPONENT]


def service_of(labels: Labels) -> str:
    """Return the name of a pod of services: `catalog`, `catalog-migrate`, or its component."""
    if custom.CLUSTER in labels:
        return labels[custom.POD].removesuffix("-kafka")
    component = labels[COMPONENT]
    if NAME not in labels:
        return component
    return labels[NAME] if component == "api" else f"{labels[NAME]}-{component}"


def unguarded(manifests: list[Manifest]) -> list[str]:
    """Return the pods that no policy isolates in both directions."""
    closed = {
        direction
        for policy in of_kind(manifests, "NetworkPolicy")
        if policy["spec"]["podSelector"] == {} and not policy["spec"].keys() & {"ingress", "egress"}
        for direction in policy["spec"]["policyTypes"]
    }
    return [f"no default-deny policy for {direction}" for direction in sorted({"Ingress", "Egress"} - closed)]


def allowed(
    manifests: list[Manifest], called: Callable[[Labels], str] = component_of
) -> tuple[set[Flow], list[str]]:
    """Return the allowed flows (source, target, port), and the flows that only one end allows.

    `called` returns the name of a pod; peers outside are named `namespace:NAME` or by their CIDR.
    """
    out = set(_directed(manifests, called, "egress", "to"))
    into = {(peer, pod, port) for pod, peer, port in _directed(manifests, called, "ingress", "from")}
    inside = {called(template["metadata"]["labels"]) for _, template in workloads(manifests)}
    within = {flow for flow in out | into if {flow[0], flow[1]} <= inside}
    half = [f"{flow} is allowed by only one end" for flow in sorted(within & (out ^ into))]
    return (out & into) | ((out | into) - within), half


def _directed(
    manifests: list[Manifest], called: Callable[[Labels], str], rules: str, peers: str
) -> Iterator[Flow]:
    templates = [template for _, template in workloads(manifests)]
    for policy in [*of_kind(manifests, "NetworkPolicy"), *custom.policies(manifests)]:
        for pod in templates:
            if not matches(policy["spec"]["podSelector"], pod["metadata"]["labels"]):
                continue
            for rule in policy["spec"].get(rules, []):
                for peer in rule[peers]:
                    for name, other in _peers(peer, templates, called):
                        listener = pod if rules == "ingress" else other
                        for port in rule["ports"]:
                            number = _number(port["port"], listener)
                            yield called(pod["metadata"]["labels"]), name, number


def _peers(
    peer: dict[str, Any], templates: list[Manifest], called: Callable[[Labels], str]
) -> Iterator[tuple[str, Manifest | None]]:
    if "ipBlock" in peer:
        yield peer["ipBlock"]["cidr"], None
    elif "namespaceSelector" in peer:
        yield f"namespace:{peer['namespaceSelector']['matchLabels']['kubernetes.io/metadata.name']}", None
    else:
        for template in templates:
            if matches(peer["podSelector"], template["metadata"]["labels"]):
                yield called(template["metadata"]["labels"]), template


def _number(port: int | str, listener: Manifest | None) -> int:
    if isinstance(port, int):
        return port
    assert listener is not None
    return port_numbers(listener)[port]
