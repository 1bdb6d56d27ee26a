"""Tests of SIGTERM: accepted requests are answered, and clients are warned before connections close."""

import asyncio
import signal
import time
from pathlib import Path
from uuid import uuid4

import httpx2

from acceptance.identity import Identity, discover
from acceptance.seeder import Seeder

from .conftest import serve
from .processes import STOP_SECONDS, Process

CLIENTS = 16
STOCK = 1_000_000
WARM = 4 * CLIENTS
"""How many orders must be answered before the shop is told to stop."""
WARM_SECONDS = 120


async def order_until_refused(
    client: httpx2.AsyncClient, token: str, sku: str, answers: asyncio.Semaphore
) -> int:
    """Place orders one after another until the shop is gone; return how many were answered."""
    answered = 0
    while True:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        body = {"items": [{"sku": sku, "quantity": 1}]}
        try:
            answer = await client.post("/v1/orders", json=body, headers=headers)
        except httpx2.TransportError:
            return answered
        assert answer.status_code == 202, answer.text
        answered += 1
        answers.release()


async def stop_under_load(process: Process, token: str, sku: str) -> int:
    """Stop the process while clients place orders; return how many were answered."""
    answers = asyncio.Semaphore(0)
    async with (
        httpx2.AsyncClient(base_url=process.url, timeout=STOP_SECONDS, trust_env=False) as client,
        asyncio.TaskGroup() as clients,
    ):
        running = [
            clients.create_task(order_until_refused(client, token, sku, answers)) for _ in range(CLIENTS)
        ]
        async with asyncio.timeout(WARM_SECONDS):
            for _ in range(WARM):
                await answers.acquire()
        process.popen.send_signal(signal.SIGTERM)
    return sum(task.result() for task in running)


def test_no_accepted_order_is_lost(
    environment: dict[str, str], admin: str, shop: Process, tmp_path: Path
) -> None:
    """Each order that took stock was answered to its client."""
    stopping = serve(environment, tmp_path)
    with httpx2.Client(base_url=shop.url, trust_env=False) as client:
        identity: Identity = discover(client)
        seeder = Seeder(identity.sign_in(admin), identity)
        customer = seeder.customer(balance=1_000_000_000)
        sku = seeder.product(price=1, stock=STOCK)
        assert customer.token is not None
        answered = asyncio.run(stop_under_load(stopping, customer.token(), sku))
        assert stopping.popen.wait(STOP_SECONDS) == 0
        assert answered >= WARM
        assert seeder.stock(sku) == (STOCK - answered, 0)


def test_a_stopping_shop_still_serves_while_it_drains(
    environment: dict[str, str], shop: Process, tmp_path: Path
) -> None:
    """The shop reports that it is not ready, and closes connections, before it refuses any."""
    stopping = serve({**environment, "DRAIN_SECONDS": "3"}, tmp_path)
    with httpx2.Client(base_url=stopping.url, trust_env=False) as client:
        stopping.popen.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 2
        while client.get("/readyz").status_code == 200:
            assert time.monotonic() < deadline
        answer = client.get("/v1/products")
        assert (answer.status_code, answer.headers["Connection"]) == (200, "close")
    assert stopping.popen.wait(STOP_SECONDS) == 0
