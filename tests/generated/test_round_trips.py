"""How often an order waits for the database: what a slow network to it multiplies."""

import time
from pathlib import Path

import pytest

from tests.servers.databases import SERVERS

from .two_replicas import two_replicas

pytestmark = pytest.mark.thorough
ORDERS = 20
# Of an order of one product, with each response, price and item of one product (docs/decisions/0102).
ROUND_TRIPS = {"postgresql": 7, "mysql": 13}


@pytest.mark.parametrize("server", SERVERS)
def test_round_trips_of_an_order(server: str, tmp_path: Path) -> None:
    """An order of one product takes at most the round trips to the database that the decision record says."""
    with two_replicas(server, tmp_path) as stage:
        sku = stage.seeder.product(stock=2 * ORDERS)
        trips = []
        for _ in range(ORDERS):
            before = stage.proxy.round_trips
            assert stage.behind_proxy.order(stage.customer, sku).status_code == 202
            trips.append(stage.proxy.round_trips - before)
            # The relay of events and the poll for them are counted too, but not in every order.
            time.sleep(0.2)
    assert min(trips) == ROUND_TRIPS[server], trips
