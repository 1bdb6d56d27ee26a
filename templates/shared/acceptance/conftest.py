"""Fixtures of the acceptance suite: the shop at SHOP_URL, its administrator, and a few customers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx2
import pytest

from .client import ShopClient, User, connect
from .identity import Accounts, Identity, discover
from .seeder import Seeder


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--base-url` and `--admin`."""
    group = parser.getgroup("shop", "the shop under test")
    group.addoption("--base-url", default=os.environ.get("SHOP_URL"), help="http://host:port (SHOP_URL)")
    group.addoption("--admin", default=os.environ.get("SHOP_ADMIN"), help="id:secret (SHOP_ADMIN)")


@pytest.fixture(scope="session")
def http(pytestconfig: pytest.Config) -> Iterator[httpx2.Client]:
    """Connection pool that all clients of this run share."""
    base_url = pytestconfig.getoption("base_url", None) or os.environ.get("SHOP_URL")
    assert base_url, "set SHOP_URL or --base-url to the URL of a running shop"
    with connect(base_url) as client:
        yield client


@pytest.fixture(scope="session")
def shop(http: httpx2.Client) -> ShopClient:
    """Anonymous client of the shop."""
    return ShopClient(http)


@pytest.fixture(scope="session")
def identity(http: httpx2.Client) -> Identity:
    """Source of users."""
    return discover(http)


@pytest.fixture(scope="session")
def admin(identity: Identity, pytestconfig: pytest.Config) -> User:
    """Administrator of the shop."""
    credential = pytestconfig.getoption("admin", None) or os.environ.get("SHOP_ADMIN")
    assert credential, "set SHOP_ADMIN or --admin to the id:secret of the shop's administrator"
    return identity.sign_in(credential)


@pytest.fixture(scope="session")
def seeder(admin: User, identity: Identity) -> Seeder:
    """Creates products and customers for a test."""
    return Seeder(admin, identity)


@pytest.fixture(scope="session")
def alice(seeder: Seeder) -> User:
    """A customer with plenty of money. Shared by the tests of one process, which run one after another."""
    return seeder.customer(balance=1_000_000_000)


@pytest.fixture(scope="session")
def bob(seeder: Seeder) -> User:
    """Another customer with plenty of money, who must not see alice's data."""
    return seeder.customer(balance=1_000_000_000)


@pytest.fixture
def accounts(identity: Identity) -> Accounts:
    """Accounts of the shop; skips the test where the shop has none."""
    if not isinstance(identity, Accounts):
        pytest.skip("auth=oauth2: the issuer manages the accounts, so /v1/auth does not exist")
    return identity
