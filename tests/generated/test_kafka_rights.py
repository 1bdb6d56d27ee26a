"""Event-driven shops work with the topics, users and rights that production gives them."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.patterns import Value
from tests.servers.databases import postgresql
from tests.servers.kafka import guarded_kafka

from .environment import python_for_all
from .projects import tree_of, write
from .running import end_of, run, shop
from .spring import make, one_build_at_a_time, tools
from .test_spring_events_at_work import SERVICES, java_services

pytestmark = pytest.mark.long
HERE = Path(__file__).parent
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
    shutil.copy(HERE / "java_services.py", project)
    assert_orders_end(project, tmp_path, {"JAVA_SERVICES": json.dumps(java_services(java, SERVICES))})


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
        variables = {
            "PYTHONPATH": os.pathsep.join(("libs/src", ".")),
            "SIGNING_KEYS": secrets.token_urlsafe(32),
            "ADMIN_EMAIL": "admin@example.com",
            "ADMIN_PASSWORD": secrets.token_urlsafe(12),
            "AUDIT_ENABLED": "true",
            **more,
        }
        command = [python_for_all(), str(HERE / "guarded_choreography.py"), json.dumps(settings)]
        done = run(command, project, variables)
    assert done.returncode == 0, end_of(done)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["orders"] == {
        "paid": ["CONFIRMED", None],
        "too many": ["REJECTED", "out_of_stock"],
        "too expensive": ["REJECTED", "payment_declined"],
        "cancelled": ["CANCELLED", None],
    }
    assert result["cart"] == []
    assert result["audit"]["ok"], result["audit"]
    assert result["audit"]["at_rest"], result["audit"]
    readers = {f"orders.v1.{group}.dlq" for group in ("inventory", "cart", "payments", "notifications")}
    for letters in result["dead letters"]:
        assert {letter.rpartition(":")[0] for letter in letters} == readers
    assert not {*result["dead letters"][0]} & {*result["dead letters"][1]}


def specs(project: Path, file: str) -> dict[str, Any]:
    """Return the specs of the objects in a file of the production overlay, by their names."""
    objects = yaml.safe_load_all((project / OVERLAY / file).read_text())
    return {each["metadata"]["name"]: each["spec"] for each in objects}
