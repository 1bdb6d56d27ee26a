"""Two orchestrators: processes of the orders service on one database."""

import asyncio
import copy
import random
import threading
import time
from collections.abc import Callable

import pytest

from acceptance.client import User, connect
from acceptance.simultaneous import run_simultaneously

from .experiment import Experiment
from .network import STEPS, Deliver, after, delay_response, deliver, lose_response
from .shop import FAULT_SECONDS, FaultyShop
from .traffic import traffic

# An attempt of a call takes at most a second, so calls that are held longer are not awaited any more.
GATHER_SECONDS = 0.7
# The lease of a saga (sagas/domain.py), and the time until the other process looks for expired ones.
LEASE_SECONDS = 17.0


def via(user: User, url: str) -> User:
    """Return the same user, calling the process at `url` instead of the gateway."""
    other = copy.copy(user)
    other.http = connect(url)
    return other


def test_two_orchestrators_end_every_order_although_one_is_killed(experiment: Experiment) -> None:
    """Orders are placed and cancelled at both on an unreliable network; one is killed twice."""
    chance = random.Random(2)
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.run_replica("orders") as url:
        endpoints = [customer, via(customer, url)]
        experiment.shop.network.choose_fault = lambda: chance.choice(
            [deliver, delay_response(0.3), lose_response]
        )

        def order(number: int) -> None:
            placed = experiment.place(endpoints[number % 2], {sku: 1})
            if experiment.final_state(endpoints[1], placed) == "CONFIRMED":
                run_simultaneously(lambda endpoint: experiment.cancel(endpoint, placed), endpoints)

        for step in ("debit", "restock"):
            planned = experiment.shop.network.plan(step, after(lambda: experiment.shop.crash("orders")))
            run_simultaneously(order, range(12))
            experiment.count_fault(step, "one of two orchestrators killed", planned.injected.is_set())
        experiment.verify()
    assert experiment.faults.total() == 2
    assert experiment.outcomes["CANCELLED"]


class HeldCall:
    """A fault that delivers a call, and keeps its response until `release` is set."""

    def __init__(self, release: threading.Event) -> None:
        self.is_held = False
        self._release = release

    async def __call__(self, send: Deliver) -> bytes:
        """Deliver the call."""
        response = await send()
        self.is_held = True
        await asyncio.to_thread(self._release.wait, FAULT_SECONDS)
        return response


def crash(shop: FaultyShop) -> None:
    """Kill one process, and restart it."""
    shop.crash("orders")


def pause(shop: FaultyShop) -> None:
    """Suspend one process until its leases have expired, and then let it continue where it was."""
    shop.pause("orders")
    time.sleep(LEASE_SECONDS)
    shop.resume("orders")


@pytest.mark.parametrize(("act", "kind"), [(crash, "killed"), (pause, "paused")])
def test_the_other_orchestrator_ends_the_orders_of_each_step(
    experiment: Experiment, act: Callable[[FaultyShop], None], kind: str
) -> None:
    """One process fails while it waits for responses of several steps; then again for the other steps."""
    missing = set(STEPS) - {"look up"}
    with experiment.shop.run_replica("orders"), traffic(experiment):
        deadline = time.monotonic() + FAULT_SECONDS
        while missing:
            assert time.monotonic() < deadline, missing
            release = threading.Event()
            calls = {step: HeldCall(release) for step in missing}
            for step, call in calls.items():
                experiment.shop.network.plan(step, call)
            while not any(call.is_held for call in calls.values()):
                time.sleep(0.01)
            time.sleep(GATHER_SECONDS)
            reached = {step for step, call in calls.items() if call.is_held}
            act(experiment.shop)
            release.set()
            experiment.shop.recover()
            for step in reached:
                experiment.count_fault(step, f"one of two orchestrators {kind}")
            missing -= reached
    experiment.verify()
