"""What orders make of the answers of others."""

from uuid import UUID

import msgspec

from ..chassis.connections import Connection
from ..chassis.events import Event
from ..choreography.events import PaymentDebited, PaymentDeclined, StockRefused
from ..choreography.steps import Step
from ..orders.book import OrderBook
from ..orders.domain import Reason, State


class OrderSteps:
    """Decides orders. An answer that comes after the decision changes nothing: it is known already."""

    def __init__(self, book: OrderBook) -> None:
        self._book = book
        self.steps: dict[str, Step] = {
            "PaymentDebited": self._confirm,
            "PaymentDeclined": self._decline,
            "StockRefused": self._refuse,
        }

    async def _confirm(self, transaction: Connection, event: Event) -> None:
        paid = msgspec.json.decode(event.data, type=PaymentDebited)
        await self._decide(transaction, paid.user_id, paid.order_id, State.CONFIRMED)

    async def _decline(self, transaction: Connection, event: Event) -> None:
        declined = msgspec.json.decode(event.data, type=PaymentDeclined)
        reason = Reason.PAYMENT_DECLINED
        await self._decide(transaction, declined.user_id, declined.order_id, State.REJECTED, reason)

    async def _refuse(self, transaction: Connection, event: Event) -> None:
        refused = msgspec.json.decode(event.data, type=StockRefused)
        reason = Reason.OUT_OF_STOCK
        await self._decide(transaction, refused.user_id, refused.order_id, State.REJECTED, reason)

    async def _decide(
        self,
        transaction: Connection,
        user_id: UUID,
        order_id: UUID,
        state: State,
        reason: Reason | None = None,
    ) -> None:
        purchase = await self._book.find(user_id, order_id)
        # The order was stored before anybody could hear of it.
        assert purchase is not None
        await self._book.move(transaction, purchase, state, reason)
