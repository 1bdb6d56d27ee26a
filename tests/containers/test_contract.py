"""The contract of a shop in real containers, through its edge."""

import pytest

from .engine import Engine
from .stacks import stack

pytestmark = pytest.mark.long


@pytest.mark.parametrize("edge", ["nginx", "haproxy"])
def test_a_shop_in_containers_keeps_its_contract(docker: Engine, edge: str) -> None:
    """The whole acceptance suite passes behind each edge."""
    with stack(docker, f"contract-{edge}", "monolith", load_balancer=edge) as shop:
        shop.make("up")
        print(shop.accept())
