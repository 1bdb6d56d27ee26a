"""Orders of an event-driven shop, placed by a program that runs in its folder."""

import json
import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from .environment import python_for_all
from .running import end_of, run
from .spring import SMALL_JVM, java_home

HERE = Path(__file__).parent
SERVICES = ("identity", "catalog", "inventory", "cart", "orders", "payments", "notifications")
"""The services that take part in orders."""


def java_services(project: Path, services: Collection[str]) -> str:
    """Return JAVA_SERVICES for services of a built shop in Java, as java_services.py reads it."""
    java = [f"{java_home()}/bin/java", *SMALL_JVM]
    return json.dumps({"services": list(services), "java": java, "shop": str(project)})


def place_orders(
    program: str, project: Path, settings: Mapping[str, Any], variables: Mapping[str, str]
) -> dict[str, Any]:
    """Run a program beside this module in the project; return what it prints.

    Fails if an order of any kind did not end as it should, or if the audit finds something.
    """
    common = {
        "PYTHONPATH": os.pathsep.join(("libs/src", ".")),
        "SIGNING_KEYS": secrets.token_urlsafe(32),
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "AUDIT_ENABLED": "true",
    }
    command = [python_for_all(), str(HERE / program), json.dumps(settings)]
    done = run(command, project, common | dict(variables))
    assert done.returncode == 0, end_of(done)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert result["orders"] == {
        "paid": ["CONFIRMED", None],
        "too many": ["REJECTED", "out_of_stock"],
        "too expensive": ["REJECTED", "payment_declined"],
        "cancelled": ["CANCELLED", None],
    }
    assert result["cart"] == []
    assert result["audit"]["ok"], result["audit"]
    assert result["audit"]["at_rest"], result["audit"]
    return result
