"""The Gateway of each overlay has the listeners that its routes name, and admits nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .checks.references import of_kind
from .conftest import Overlays
from .projects import Project, load

pytestmark = pytest.mark.slow


@pytest.fixture
def everyone(overlays: Overlays, distributed_overlays: Overlays) -> Overlays:
    """The overlays behind a Gateway, of the monolith and of the distributed shops."""
    both = {**overlays, **distributed_overlays}
    return {key: found for key, found in both.items() if "routing" not in found[0].options}


def test_routes_are_accepted(everyone: Overlays) -> None:
    """Each route names a listener that admits its namespace and its host; in production, only HTTPS does."""
    assert everyone
    for (_, overlay), (project, built) in everyone.items():
        (namespace,) = (each["metadata"]["name"] for each in of_kind(built, "Namespace"))
        for spec in (each["spec"] for each in of_kind(built, "HTTPRoute")):
            (parent,), (host,) = spec["parentRefs"], spec["hostnames"]
            named = parent["sectionName"]
            (listener,) = (each for each in listeners(project, overlay) if each["name"] == named)
            assert listener["allowedRoutes"]["namespaces"]["selector"]["matchLabels"] == {
                "kubernetes.io/metadata.name": namespace
            }
            assert listener["protocol"] == ("HTTPS" if overlay == "production" else "HTTP")
            assert listener.get("hostname", host) == host


def test_production_redirects_requests_without_tls(everyone: Overlays) -> None:
    """Only the redirect is behind the listener without TLS, which admits no other namespace."""
    for (_, overlay), (project, _) in everyone.items():
        if overlay == "production":
            (plain,) = (each for each in listeners(project, overlay) if each["protocol"] == "HTTP")
            assert plain["allowedRoutes"] == {"namespaces": {"from": "Same"}}
            (route,) = of_kind(load(gateway(project, overlay)), "HTTPRoute")
            assert route["spec"]["parentRefs"] == [{"name": "gateway", "sectionName": plain["name"]}]
            (rule,) = route["spec"]["rules"]
            assert rule["filters"][0]["requestRedirect"]["scheme"] == "https"


def listeners(project: Project, overlay: str) -> Iterator[dict[str, Any]]:
    """Yield the listeners of the Gateway of an overlay."""
    (found,) = of_kind(load(gateway(project, overlay)), "Gateway")
    yield from found["spec"]["listeners"]


def gateway(project: Project, overlay: str) -> Path:
    """Return the path of the file with the Gateway of an overlay."""
    return project.folder / "deploy/kubernetes/gateway" / f"{overlay}.yaml"
