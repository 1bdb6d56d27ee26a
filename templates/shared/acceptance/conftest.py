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
    """Where the shop is, and who administers it."""
    group = parser.getgroup("shop", "the shop under test")
    group.addoption("--base-url", default=os.environ.get("SHOP_URL"), help="http://host:port (SHOP_URL)")
    group.addoption("--admin", default=os.environ.get("SHOP_ADMIN"), help="id:secret (SHOP_ADMIN)")


@pytest.fixture(scope="session")
def http(pytestconfig: pytest.Config) -> Iterator[httpx2.Client]:
    """The connection pool that every caller of this run shares."""
    base_url = pytestconfig.getoption("base_url", None) or os.environ.get("SHOP_URL")
    assert base_url, "set SHOP_URL (or --base-url) to the address of a running shop"
    with connect(base_url) as client:
        yield client


@pytest.fixture(scope="session")
def shop(http: httpx2.Client) -> ShopClient:
    """The shop as an anonymous visitor calls it."""
    return ShopClient(http)


@pytest.fixture(scope="session")
def identity(http: httpx2.Client) -> Identity:
    """The shop's way to get users."""
    return discover(http)


@pytest.fixture(scope="session")
def admin(identity: Identity, pytestconfig: pytest.Config) -> User:
    """The administrator."""
    credential = pytestconfig.getoption("admin", None) or os.environ.get("SHOP_ADMIN")
    assert credential, "set SHOP_ADMIN (or --admin) to id:secret of the shop's administrator"
    return identity.sign_in(credential)


@pytest.fixture(scope="session")
def seeder(admin: User, identity: Identity) -> Seeder:
    """Makes products and customers for a test."""
    return Seeder(admin, identity)


@pytest.fixture(scope="session")
def alice(seeder: Seeder) -> User:
    """A customer with plenty of money. Shared by the tests of one process, which run one after another."""
    return seeder.customer(balance=1_000_000_000)


@pytest.fixture(scope="session")
def bob(seeder: Seeder) -> User:
    """Another customer with plenty of money, who is up to no good."""
    return seeder.customer(balance=1_000_000_000)


@pytest.fixture
def accounts(identity: Identity) -> Accounts:
    """The shop's own accounts; skips where the shop has none."""
    if not isinstance(identity, Accounts):
        pytest.skip("auth=oauth2: the issuer owns the accounts, /v1/auth does not exist")
    return identity
