"""Fixtures that tell the fault tests how to run the shop."""

import os
import secrets
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def variables() -> dict[str, str]:
    """The environment variables of all processes."""
    unlimited = ("ORDERS_PER_USER", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS")
    return {
        "AUDIT_ENABLED": "true",
        "SIGNING_KEYS": secrets.token_urlsafe(32),
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": secrets.token_urlsafe(12),
        **dict.fromkeys(unlimited, "100000/minute"),
    }


@pytest.fixture(scope="session")
def admin(variables: dict[str, str]) -> str:
    """The administrator's credential, `id:secret`."""
    return f"{variables['ADMIN_EMAIL']}:{variables['ADMIN_PASSWORD']}"


@pytest.fixture(scope="session")
def database_url() -> Callable[[str], str]:
    """Return the URL of a service's database: that in TEST_DATABASE_URL, where each has its own schemas."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server is None:
        # The embedded database admits one process, and the tests start a second one of a service.
        pytest.exit("Set TEST_DATABASE_URL to an empty database, which the fault tests may fill.", 2)
    return lambda _service: server
