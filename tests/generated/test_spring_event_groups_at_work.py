"""Event-driven shops of the Spring stack pass their own tests with several contexts in a service."""

from pathlib import Path

import pytest

from . import described
from .groupings import EVENTS_CHOSEN
from .projects import write
from .spring import make, tools

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("one_build_at_a_time")]


@pytest.mark.parametrize("name", ["one", "coarse"])
def test_a_grouped_shop_passes_all_tests(name: str, tmp_path: Path) -> None:
    """Contexts of a service call each other directly, and their events go through topics."""
    shop = write(described.rendered("event-driven", EVENTS_CHOSEN[name], stack="spring"), tmp_path / "shop")
    make(shop, tools(), "test")
