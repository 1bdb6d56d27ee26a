"""Event-driven shops work with the topics, users and rights that production gives them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.patterns import Value
from tests.servers.databases import postgresql
from tests.servers.kafka import guarded_kafka

from .choreographies import SERVICES, java_services, place_orders
from .projects import tree_of, write
from .running import shop
from .spring import make, one_build_at_a_time, tools

pytestmark = pytest.mark.long
PATTERN = "event-driven"
OVERLAY = "deploy/kubernetes/overlays/production"
OPTIONS: dict[str, Value] = {"kubernetes": True, "cache": "memory"}


def test_services_in_python_end_their_orders(tmp_path: Path) -> None:
    """Orders of every kind end, audited, over TLS with passwords and rights."""
    project = shop(PATTERN, tmp_path / "shop", OPTIONS)
    assert_orders_end(project, tmp_path, {})


def test_services_in_java_end_their_orders(tmp_path: Path) -> None:
    """The same with the services of orders in Java."""
    project = shop(PATTERN, tmp_path / "shop", OPTIONS)
    java = write(tree_of({"stack": "spring", **OPTIONS}, pattern=PATTERN), tmp_path / "java")
    with one_build_at_a_time():
        make(java, tools(), "dev/target/dev.jar")
    assert_orders_end(project, tmp_path, {"JAVA_SERVICES": java_services(java, SERVICES)})


def assert_orders_end(project: Path, folder: Path, more: Mapping[str, str]) -> None:
    """Check how the orders of a shop end whose Kafka is that of production."""
    (folder / "broker").mkdir()
    with postgresql(folder) as url, guarded_kafka(folder / "broker") as (administered, guarded, authority):
        settings = {
            "folder": str(folder / "var"),
            "database": url,
            "open": administered,
            "guarded": guarded,
            "authority": str(authority),
            "topics": specs(project, "topics.yaml"),
            "users": specs(project, "users.yaml"),
        }
        result = place_orders("guarded_choreography.py", project, settings, more)
    readers = {f"orders.v1.{group}.dlq" for group in ("inventory", "cart", "payments", "notifications")}
    for letters in result["dead letters"]:
        assert {letter.rpartition(":")[0] for letter in letters} == readers
    assert not {*result["dead letters"][0]} & {*result["dead letters"][1]}


def specs(project: Path, file: str) -> dict[str, Any]:
    """Return the specs of the objects in a file of the production overlay, by their names."""
    objects = yaml.safe_load_all((project / OVERLAY / file).read_text())
    return {each["metadata"]["name"]: each["spec"] for each in objects}
