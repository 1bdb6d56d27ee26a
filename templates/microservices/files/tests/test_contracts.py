"""Contracts between services: each provider offers what its consumers expect."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dev.architecture import EDGES, PACKAGE, SERVICES
from dev.workspace import Workspace

from .contracts import consumer_expectations, provider_openapi
from .contracts.compare import mismatches
from .isolation import PROJECT, run_isolated

Read = Callable[[str], Any]
CALLERS = [service.name for service in SERVICES if service.calls]


@pytest.fixture(scope="module")
def environments(
    variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """The environment variables of each service; no service runs."""
    return Workspace(tmp_path_factory.mktemp("contracts"), variables).environments


@pytest.fixture(scope="module")
def expectations(environments: dict[str, dict[str, str]]) -> Read:
    """Returns the recorded calls of a service."""
    return cache(lambda service: run_script(consumer_expectations.__file__, service, environments[service]))


@pytest.fixture(scope="module")
def document(environments: dict[str, dict[str, str]]) -> Read:
    """Returns the OpenAPI document of a service."""
    return cache(lambda service: run_script(provider_openapi.__file__, service, environments[service]))


def run_script(script: str, service: str, variables: dict[str, str], sources: Path | None = None) -> Any:
    """Run a script as the service; return what it prints as JSON."""
    outcome = run_isolated(service, variables, script, PACKAGE, service, sources=sources)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.mark.parametrize("service", CALLERS)
def test_providers_offer_what_a_service_expects(service: str, expectations: Read, document: Read) -> None:
    """Compares path, method, request and the response fields that are read."""
    found = [each for one in expectations(service) for each in mismatches(one, document(one["provider"]))]
    assert not found


@pytest.mark.parametrize("service", CALLERS)
def test_a_service_calls_exactly_the_providers_it_may_call(service: str, expectations: Read) -> None:
    """The recorded calls match the edges of the architecture."""
    assert {one["provider"] for one in expectations(service)} == {to for by, to in EDGES if by == service}


PLANTED = {
    "another path": ('"/reservations"', '"/holds"'),
    "a response without a field": ("    reserved: set[UUID]", "    held: set[UUID]"),
    "a response with another type": ("    reserved: set[UUID]", "    reserved: str"),
    "a required field that is not sent": ("    orders:", "    by: str\n    orders:"),
    "a field that is sent but unknown": ("    orders:", "    units:"),
}


@pytest.mark.parametrize("change", PLANTED)
def test_an_incompatible_provider_is_detected(
    change: str, expectations: Read, environments: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """A copy of inventory with a change that would break orders is detected."""
    sources = shutil.copytree(PROJECT / "services/inventory/src", tmp_path / "src")
    internal = sources / PACKAGE / "inventory_service/internal.py"
    old, new = PLANTED[change]
    text = internal.read_text()
    assert old in text
    internal.write_text(text.replace(old, new))
    changed = run_script(provider_openapi.__file__, "inventory", environments["inventory"], sources)
    ours = [one for one in expectations("orders") if one["provider"] == "inventory"]
    assert any(mismatch for one in ours for mismatch in mismatches(one, changed))
