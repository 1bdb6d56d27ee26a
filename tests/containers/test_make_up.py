"""`make up` on a real Docker, and the commands for the shop that it starts."""

from typing import Any

import pytest

from .engine import Engine
from .stacks import stack

pytestmark = pytest.mark.long
PATTERNS = {
    "monolith": {"load_balancer": "nginx"},
    "microservices": {"load_balancer": "haproxy"},
    "event-driven": {"load_balancer": "nginx"},
}


@pytest.mark.parametrize(("pattern", "options"), PATTERNS.items())
def test_a_shop_in_containers_works(docker: Engine, pattern: str, options: dict[str, Any]) -> None:
    """It is built, starts, gets products, fails no request but those it refuses, and keeps its invariants."""
    with stack(docker, pattern, pattern, **options) as shop:
        shop.try_out()
        shop.make("down")
