"""What administrators see of the orders of all users."""

from uuid import UUID

from chassis.http.paging import Page, page_of
from chassis.http.problems import NotFound

from .domain import OrderDetails, OrderFilter, OwnedOrder
from .repository import OrderRepository
from .service import id_before


class OrderAdministration:
    """Finds the orders of all users; for administrators only."""

    def __init__(self, repository: OrderRepository) -> None:
        self._repository = repository

    async def page(self, chosen: OrderFilter, cursor: str | None, limit: int) -> Page[OwnedOrder]:
        """Return a page of the chosen orders, newest first."""
        orders = await self._repository.newest_of_all(chosen, id_before(cursor), limit + 1)
        return page_of(orders, limit, lambda owned: str(owned.order.id))

    async def read(self, order_id: UUID) -> OrderDetails:
        """Return the order with its history; raise `NotFound`."""
        details = await self._repository.details(order_id)
        if details is None:
            raise NotFound(f"There is no order {order_id}.")
        return details
