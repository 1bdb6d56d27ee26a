"""Fake inventory and payments, behind a simulated network that can lose, delay and duplicate calls."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class ConnectionLost(Exception):
    """No response arrived."""


@dataclass
class FakeInventory:
    """Inventory in memory, with the guarantees of the real service."""

    on_hand: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)
    reservations: dict[UUID, str] = field(default_factory=dict)
    quantities: dict[UUID, Mapping[str, int]] = field(default_factory=dict)

    def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve the units, or refuse."""
        if order_id not in self.reservations:
            free = all(self.on_hand[sku] - self.reserved[sku] >= n for sku, n in quantities.items())
            self.reservations[order_id] = "HELD" if free else "REFUSED"
            if free:
                self.quantities[order_id] = quantities
                self.reserved.update(quantities)
        return self.reservations[order_id] in {"HELD", "COMMITTED"}

    def commit(self, order_id: UUID) -> None:
        """Remove the reserved units from stock."""
        if self._move(order_id, "HELD", "COMMITTED"):
            self.reserved.subtract(self.quantities[order_id])
            self.on_hand.subtract(self.quantities[order_id])

    def release(self, order_id: UUID) -> None:
        """Release the units, and refuse a later reservation."""
        if self._move(order_id, "HELD", "RELEASED"):
            self.reserved.subtract(self.quantities[order_id])
        self.reservations.setdefault(order_id, "RELEASED")

    def restock(self, order_id: UUID) -> None:
        """Return the units to stock."""
        if self._move(order_id, "COMMITTED", "RESTOCKED"):
            self.on_hand.update(self.quantities[order_id])

    def _move(self, order_id: UUID, source: str, target: str) -> bool:
        if self.reservations.get(order_id) != source:
            return False
        self.reservations[order_id] = target
        return True


@dataclass
class FakePayments:
    """Wallets in memory, with the guarantees of the real service."""

    balance: Counter[UUID] = field(default_factory=Counter)
    entries: dict[UUID, list[tuple[str, int]]] = field(default_factory=dict)

    def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Debit the amount, or decline."""
        if order_id not in self.entries and self.balance[user_id] >= amount:
            self.balance[user_id] -= amount
            self.entries[order_id] = [("debit", amount)]
        return self.paid(user_id, order_id)

    def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Refund the debit, and decline a later one."""
        entries = self.entries.setdefault(order_id, [("void", 0)])
        if len(entries) == 1 and entries[0][0] == "debit":
            entries.append(("refund", entries[0][1]))
            self.balance[user_id] += entries[0][1]

    def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Return whether there is a debit without a refund."""
        return [kind for kind, _ in self.entries.get(order_id, [])] == ["debit"]


class Gate:
    """A point at which calls wait until a test opens it."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def pass_through(self) -> None:
        """Wait until the gate is opened."""
        self.reached.set()
        await self.opened.wait()


class Network:
    """Network of one process. `faults` is the fraction of calls with a random fault.

    A gate holds the calls of one step, `before` their effect or `after` it.
    """

    def __init__(self, faults: float = 0.0, seed: int = 0) -> None:
        self.faults = faults
        self.gates: dict[tuple[str, str], Gate] = {}
        self.calls: list[str] = []
        self.down: set[str] = set()
        self._random = random.Random(seed)
        self._late: set[asyncio.Task[None]] = set()

    def gate(self, step: str, moment: str) -> Gate:
        """Hold the calls of a step; return the gate."""
        self.gates[step, moment] = Gate()
        return self.gates[step, moment]

    async def call(self, step: str, effect: Callable[[], T]) -> T:
        """Apply the effect late, twice or not at all; return its result, or raise `ConnectionLost`."""
        self.calls.append(step)
        await self._pass(step, "before")
        if step in self.down:
            raise ConnectionLost(step)
        if self._random.random() < self.faults:
            result = await self._call_with_fault(step, effect)
        else:
            await asyncio.sleep(0)
            result = effect()
        await self._pass(step, "after")
        return result

    async def drain(self) -> None:
        """Wait for delayed calls to take effect."""
        while self._late:
            await asyncio.gather(*self._late)

    async def _pass(self, step: str, moment: str) -> None:
        if gate := self.gates.get((step, moment)):
            await gate.pass_through()

    async def _call_with_fault(self, step: str, effect: Callable[[], T]) -> T:
        match self._random.choice(["request lost", "reply lost", "late", "slow", "doubled"]):
            case "request lost":
                raise ConnectionLost(step)
            case "reply lost":
                effect()
                raise ConnectionLost(step)
            case "late":
                self._later(effect)
                raise ConnectionLost(step)
            case "doubled":
                self._later(effect)
        await asyncio.sleep(self._random.uniform(0, 0.05))
        return effect()

    def _later(self, effect: Callable[[], T]) -> None:
        async def apply_late(seconds: float) -> None:
            await asyncio.sleep(seconds)
            effect()

        task = asyncio.create_task(apply_late(self._random.uniform(0, 0.3)))
        self._late.add(task)
        task.add_done_callback(self._late.discard)


@dataclass
class RemoteInventory:
    """Client of the fake inventory, over the network."""

    inventory: FakeInventory
    network: Network

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Call `reserve`."""
        return await self.network.call("reserve", lambda: self.inventory.reserve(order_id, quantities))

    async def commit(self, order_id: UUID) -> None:
        """Call `commit`."""
        await self.network.call("commit", lambda: self.inventory.commit(order_id))

    async def release(self, order_id: UUID) -> None:
        """Call `release`."""
        await self.network.call("release", lambda: self.inventory.release(order_id))

    async def restock(self, order_id: UUID) -> None:
        """Call `restock`."""
        await self.network.call("restock", lambda: self.inventory.restock(order_id))


@dataclass
class RemotePayments:
    """Client of the fake payments, over the network."""

    payments: FakePayments
    network: Network

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Call `debit`."""
        return await self.network.call("debit", lambda: self.payments.debit(user_id, order_id, amount))

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Call `refund`."""
        await self.network.call("refund", lambda: self.payments.refund(user_id, order_id))

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Call `paid`."""
        return await self.network.call("paid", lambda: self.payments.paid(user_id, order_id))
