"""A shop on one machine with a real Docker: releases under load, a backup, and its restore."""

import httpx2
import pytest

from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.paging import walk
from templates.shared.acceptance.seeder import Seeder
from tests.deploy.customers import Load
from tests.generated.migrations import add_migration
from tests.generated.running import PACKAGE

from .engine import Engine
from .machines import machine
from .stacks import Stack

pytestmark = pytest.mark.long
PAUSE_SECONDS = 0.2
"""The edge limits how much one address may ask."""


@pytest.mark.parametrize(("edge", "database"), [("nginx", "postgresql"), ("haproxy", "mysql")])
def test_releases_fail_no_request_and_a_backup_is_restored(docker: Engine, edge: str, database: str) -> None:
    """No request fails, also while the schema changes; a restored backup has the orders before it only."""
    with machine(docker, f"machine-{edge}", load_balancer=edge, database=database) as (shop, http):
        check(shop, http)


def check(shop: Stack, http: httpx2.Client) -> None:
    """Release a migration, roll back, back up and restore."""
    identity = Accounts(http)
    seeder = Seeder(identity.sign_in(shop.admin), identity)
    load = Load(seeder, PAUSE_SECONDS)
    with load.running():
        add_migration(shop.project / "src" / PACKAGE / "catalog/migrations")
        shop.make("release", "TAG=1.1.0")
        shop.make("rollback", "TAG=1.0.0")
        before = set(load.accepted)
        saved = shop.make("backup").strip()
    print(f"{len(load.accepted)} orders during a release, a rollback and a backup; {len(load.failed)} failed")
    assert load.failed == []
    late = load.users[0].order({seeder.product(price=1): 1})["id"]
    shop.make("restore", f"BACKUP={saved}")
    orders = {each["id"] for user in load.users for each in walk(user, "/v1/orders", 100)}
    assert before <= orders
    assert late not in orders
    assert seeder.customer(balance=100).order({seeder.product(price=100): 1})["state"] == "CONFIRMED"
