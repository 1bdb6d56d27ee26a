"""What is done to place an order, and to cancel one."""

from ..chassis.clock import now
from ..orders.domain import Purchase, Reason, State
from .domain import Saga, Stage
from .ports import Money, Stock
from .store import Sagas


class Story:
    """Carries an order from whatever has been decided of it to its end.

    Two decisions are stored before they are acted on: that the order is paid, after which it can only be
    confirmed, and that it is given up, after which it can only be rejected. All steps between two decisions
    are taken again by whoever resumes the saga. That is harmless, and cheaper than storing each of them.
    """

    def __init__(self, sagas: Sagas, stock: Stock, money: Money) -> None:
        self._sagas = sagas
        self._stock = stock
        self._money = money

    async def go_on(self, saga: Saga, purchase: Purchase) -> None:
        """Bring the saga to its end; raise what a step raises, or `Overtaken`."""
        match saga.stage:
            case Stage.TRYING:
                await self._place(saga, purchase)
            case Stage.PAID:
                await self._confirm(saga, purchase)
            case Stage.GIVING_UP:
                await self._reject(saga, purchase)
            case Stage.CANCELLING:
                await self._cancel(saga, purchase)

    async def _place(self, saga: Saga, purchase: Purchase) -> None:
        order = purchase.order
        if now() >= saga.deadline:
            await self._place_late(saga, purchase)
            return
        quantities = {line.sku: line.quantity for line in order.items}
        if not await self._stock.reserve(order.id, quantities):
            # A refusal is final and nothing was paid: there is nothing to give back.
            await self._sagas.end(saga, purchase, State.REJECTED, Reason.OUT_OF_STOCK)
        elif await self._money.debit(purchase.user_id, order.id, order.total.amount):
            await self._go_through(saga, purchase)
        else:
            await self._give_up(saga, purchase, Reason.PAYMENT_DECLINED)

    async def _place_late(self, saga: Saga, purchase: Purchase) -> None:
        """Ask whether the order was paid in time; past the deadline, nothing is taken any more."""
        if await self._money.paid(purchase.user_id, purchase.order.id):
            await self._go_through(saga, purchase)
        else:
            await self._give_up(saga, purchase, Reason.TIMEOUT)

    async def _go_through(self, saga: Saga, purchase: Purchase) -> None:
        await self._confirm(await self._sagas.turn(saga, Stage.PAID), purchase)

    async def _give_up(self, saga: Saga, purchase: Purchase, reason: Reason) -> None:
        await self._reject(await self._sagas.turn(saga, Stage.GIVING_UP, reason), purchase)

    async def _confirm(self, saga: Saga, purchase: Purchase) -> None:
        await self._stock.commit(purchase.order.id)
        await self._sagas.end(saga, purchase, State.CONFIRMED)

    async def _reject(self, saga: Saga, purchase: Purchase) -> None:
        # Also after a debit was declined: an earlier try may be on its way still, to a wallet filled by then.
        await self._money.refund(purchase.user_id, purchase.order.id)
        await self._stock.release(purchase.order.id)
        await self._sagas.end(saga, purchase, State.REJECTED, saga.reason)

    async def _cancel(self, saga: Saga, purchase: Purchase) -> None:
        await self._stock.restock(purchase.order.id)
        await self._money.refund(purchase.user_id, purchase.order.id)
        await self._sagas.end(saga, purchase, State.CANCELLED)
