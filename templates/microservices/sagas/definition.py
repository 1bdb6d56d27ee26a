"""Saga definition: the steps that place or cancel an order."""

from chassis.clock import now

from ..orders.domain import OrderRecord, OrderState, RejectionReason
from .domain import Saga, Stage
from .ports import Inventory, Payments
from .repository import SagaRepository


class SagaDefinition:
    """Steps and decisions that take an order from any stage to its final state.

    Two decisions are stored before they are acted on. Once an order is PAID, it can only be confirmed; once
    it is GIVING_UP, it can only be rejected. Steps between two decisions are not stored: a resumed saga
    repeats them, which is safe because they are idempotent, and cheaper than a transaction per step.
    """

    def __init__(self, sagas: SagaRepository, inventory: Inventory, payments: Payments) -> None:
        self._sagas = sagas
        self._inventory = inventory
        self._payments = payments

    async def resume(self, saga: Saga, record: OrderRecord) -> None:
        """Run the saga to its end; raise `LeaseLost`, or the error of a failed step."""
        match saga.stage:
            case Stage.TRYING:
                await self._place(saga, record)
            case Stage.PAID:
                await self._confirm(saga, record)
            case Stage.GIVING_UP:
                await self._reject(saga, record)
            case Stage.CANCELLING:
                await self._cancel(saga, record)

    async def _place(self, saga: Saga, record: OrderRecord) -> None:
        order = record.order
        if now() >= saga.deadline:
            await self._place_after_deadline(saga, record)
            return
        quantities = {line.sku: line.quantity for line in order.items}
        if not await self._inventory.reserve(order.id, quantities):
            # A refusal is final and nothing was paid, so there is nothing to compensate.
            await self._sagas.end(saga, record, OrderState.REJECTED, RejectionReason.OUT_OF_STOCK)
        elif await self._payments.debit(record.user_id, order.id, order.total.amount):
            await self._mark_paid(saga, record)
        else:
            await self._abandon(saga, record, RejectionReason.PAYMENT_DECLINED)

    async def _place_after_deadline(self, saga: Saga, record: OrderRecord) -> None:
        """Confirm the order if it was paid in time; otherwise reject it without another debit."""
        if await self._payments.paid(record.user_id, record.order.id):
            await self._mark_paid(saga, record)
        else:
            await self._abandon(saga, record, RejectionReason.TIMEOUT)

    async def _mark_paid(self, saga: Saga, record: OrderRecord) -> None:
        await self._confirm(await self._sagas.transition(saga, Stage.PAID), record)

    async def _abandon(self, saga: Saga, record: OrderRecord, reason: RejectionReason) -> None:
        await self._reject(await self._sagas.transition(saga, Stage.GIVING_UP, reason), record)

    async def _confirm(self, saga: Saga, record: OrderRecord) -> None:
        await self._inventory.commit(record.order.id)
        await self._sagas.end(saga, record, OrderState.CONFIRMED)

    async def _reject(self, saga: Saga, record: OrderRecord) -> None:
        # Refund even after a declined debit: an earlier attempt may still reach a wallet topped up since.
        await self._payments.refund(record.user_id, record.order.id)
        await self._inventory.release(record.order.id)
        await self._sagas.end(saga, record, OrderState.REJECTED, saga.reason)

    async def _cancel(self, saga: Saga, record: OrderRecord) -> None:
        await self._inventory.restock(record.order.id)
        await self._payments.refund(record.user_id, record.order.id)
        await self._sagas.end(saga, record, OrderState.CANCELLED)
