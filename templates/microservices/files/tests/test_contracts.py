"""Each service offers what the others expect of it."""

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

Ask = Callable[[str], Any]
CALLERS = [service.name for service in SERVICES if service.calls]


@pytest.fixture(scope="module")
def environments(
    variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """The variables of each service; none of them runs."""
    return Workspace(tmp_path_factory.mktemp("contracts"), variables).environments


@pytest.fixture(scope="module")
def expectations(environments: dict[str, dict[str, str]]) -> Ask:
    """What a service expects of others."""
    return cache(lambda service: ask(consumer_expectations.__file__, service, environments[service]))


@pytest.fixture(scope="module")
def document(environments: dict[str, dict[str, str]]) -> Ask:
    """The OpenAPI document of a service."""
    return cache(lambda service: ask(provider_openapi.__file__, service, environments[service]))


def ask(script: str, service: str, variables: dict[str, str], sources: Path | None = None) -> Any:
    """Run a script as the service, and return what it prints."""
    outcome = run_isolated(service, variables, script, PACKAGE, service, sources=sources)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.mark.parametrize("service", CALLERS)
def test_what_a_service_expects_is_offered(service: str, expectations: Ask, document: Ask) -> None:
    """The path, the method, what is sent, and what is read of the answer."""
    found = [each for one in expectations(service) for each in mismatches(one, document(one["provider"]))]
    assert not found


@pytest.mark.parametrize("service", CALLERS)
def test_a_service_expects_something_of_all_it_may_call(service: str, expectations: Ask) -> None:
    """And of nobody else."""
    assert {one["provider"] for one in expectations(service)} == {to for by, to in EDGES if by == service}


PLANTED = {
    "another path": ('"/reservations/{order_id}"', '"/holds/{order_id}"'),
    "an answer without a field": ("    reserved: bool", "    held: bool"),
    "an answer with another type": ("    reserved: bool", "    reserved: str"),
    "a field that nobody sends": ("    items:", "    by: str\n    items:"),
    "a field that is not taken": ("    items:", "    units:"),
}


@pytest.mark.parametrize("change", PLANTED)
def test_what_does_not_fit_is_found(
    change: str, expectations: Ask, environments: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """A change of inventory that would break orders, planted in a copy."""
    sources = shutil.copytree(PROJECT / "services/inventory/src", tmp_path / "src")
    internal = sources / PACKAGE / "inventory_service/internal.py"
    old, new = PLANTED[change]
    text = internal.read_text()
    assert old in text
    internal.write_text(text.replace(old, new))
    changed = ask(provider_openapi.__file__, "inventory", environments["inventory"], sources)
    ours = [one for one in expectations("orders") if one["provider"] == "inventory"]
    assert any(mismatch for one in ours for mismatch in mismatches(one, changed))
