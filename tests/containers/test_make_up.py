"""`make up` on a real Docker, and the commands for the shop that it starts."""

import re
from typing import Any

import pytest

from .engine import Engine
from .stacks import stack

pytestmark = pytest.mark.long
URL = "http://127.0.0.1:8080"
SHOP = f"SHOP={URL}"
PATTERNS = {
    "monolith": {"load_balancer": "nginx"},
    "microservices": {"load_balancer": "haproxy"},
}
REFUSED = "503"
"""Status by which a shop refuses what is too much for this machine."""


@pytest.mark.parametrize(("pattern", "options"), PATTERNS.items())
def test_a_shop_in_containers_works(docker: Engine, pattern: str, options: dict[str, Any]) -> None:
    """It is built, starts, gets products, fails no request but those it refuses, and keeps its invariants."""
    with stack(docker, pattern, pattern, **options) as shop:
        shop.make("up")
        shop.make("seed", SHOP)
        load = shop.make("load", SHOP, "RATE=10", "SECONDS=20")
        print(load)
        assert set(re.findall(r"(?m)(?:: |, )(\w+): \d+", load)) <= {REFUSED}
        print(shop.make("audit", SHOP))
        shop.make("down")
