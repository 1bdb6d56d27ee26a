"""The contract of a shop in real containers, through its edge."""

import pytest

from .engine import Engine
from .stacks import stack

pytestmark = pytest.mark.long


def test_a_shop_in_containers_keeps_its_contract(docker: Engine) -> None:
    """The whole acceptance suite passes behind NGINX."""
    with stack(docker, "contract", "monolith", load_balancer="nginx") as shop:
        shop.make("up")
        print(shop.accept())
