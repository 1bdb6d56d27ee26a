"""Measurements of each shop."""

import asyncio
import time
from datetime import datetime
from statistics import mean, quantiles
from typing import Any
from uuid import uuid4

import httpx2

from bench.shop import goods, openloop
from bench.shop.figures import Aim, Figure
from bench.shop.goods import Goods
from bench.shop.rounds import Contender, Pace
from bench.shop.wrk import throughput
from blueprint.advise.prices import default_prices

from . import load, usage
from .shops import Running

READS = "Catalogue reads through NGINX"
MIXED = "Mixed load, open loop (90 % browsing, 10 % orders)"
ORDERS = "Orders, from the request to their end"
HOPS = "The price of a hop"
COST = "What it takes"
CPU = "CPU of an order, from the request to its end"
MEMORY = "Memory at rest (PSS)"
# Ten times what the article claims for a monolith, and five times its claim for microservices.
AIM = 5_000
MIXED_RATE = 150
DECISION_RATE = 20
CLIENTS = 32
ENOUGH = 200


def shop(running: Running, pace: Pace, *, orders_only: bool = False) -> list[Figure]:
    """Return all figures of a shop, or those of orders and memory, labeled with its name."""
    market = goods.make(running.uncached, running.administrator)
    figures = _memory(running)
    if not orders_only:
        figures += _reads(running, market, pace)
        figures += _mixed(running, pace)
        figures += _hops(running, market)
    figures += _decisions(running, market, pace)
    figures += _orders(running, market, pace)
    return figures


def _memory(running: Running) -> list[Figure]:
    parts = {name: usage.memory_mib(pids) for name, pids in running.processes.items()}
    name = f"{running.pattern}: memory at rest (PSS)"
    return [
        Figure(COST, name, "MiB", (sum(parts.values()),)),
        *(Figure(MEMORY, f"{running.pattern}: {part}", "MiB", (mib,)) for part, mib in parts.items()),
    ]


def _reads(running: Running, market: Goods, pace: Pace) -> list[Figure]:
    one = goods.products(market)
    figures = []
    ways = {"micro-cache": (running.gateway, Aim(at_least=AIM)), "no cache": (running.uncached, None)}
    for what, (url, aim) in ways.items():
        throughput([url], one, connections=CLIENTS, seconds=1)
        rates = tuple(
            throughput([url], one, connections=CLIENTS, seconds=pace.seconds) for _ in range(pace.rounds)
        )
        name = f"{running.pattern}, {what}"
        figures.append(Figure(READS, name, "req/s", rates, aim=aim))
    way = Contender(f"{running.pattern}, micro-cache", [running.gateway], one)
    figures.append(openloop.browsing(READS, way, market.skus, openloop.CLIENT_RATE, pace, Aim(at_most=100)))
    return figures


def _mixed(running: Running, pace: Pace) -> list[Figure]:
    before = usage.cpu_seconds(running.pids)
    told = load.run(running, "--rate", str(MIXED_RATE), "--seconds", str(3 * pace.seconds))
    cpu = usage.cpu_seconds(running.pids) - before
    figures = [
        Figure(MIXED, f"{running.pattern}, {operation}: {which}", "ms", (latencies[which],))
        for operation, latencies in told["operations"].items()
        for which in ("mean", "p99")
    ]
    per_request = cpu / told["answered"]
    node = default_prices().of("aws", "node")
    dollars = per_request * 1e6 / 3600 * node.usd / (node.vcpu or 1)
    name = f"{running.pattern}: CPU of the services"
    figures.append(Figure(COST, name, "ms/request", (per_request * 1000,)))
    figures.append(Figure(COST, f"{running.pattern}: a million requests", "USD", (dollars,)))
    return figures


def _orders(running: Running, market: Goods, pace: Pace) -> list[Figure]:
    rates, costs = [], []
    for _ in range(pace.rounds):
        before, start = _ended(running, market), time.time()
        used = usage.cpu_by_part(running.processes)
        throughput([running.uncached], goods.orders(market), connections=CLIENTS, seconds=2 * pace.seconds)
        while (now := _audit(running, market))["counts"]["orders_pending"]:
            time.sleep(0.5)
        orders = _count(now) - before
        rates.append(orders / (_last_end(market) - start))
        after = usage.cpu_by_part(running.processes)
        costs.append({part: 1000 * (after[part] - used[part]) / orders for part in after})
    report = _at_rest(running, market)
    broken = sum(not invariant["ok"] for invariant in report["invariants"].values())
    name = f"{running.pattern}: invariants broken, {report['counts']['orders']:,} orders audited"
    return [
        Figure(ORDERS, running.pattern, "orders/s", tuple(rates)),
        Figure(CPU, f"{running.pattern}: all", "ms", tuple(sum(cost.values()) for cost in costs)),
        *(
            Figure(CPU, f"{running.pattern}: {part}", "ms", tuple(cost[part] for cost in costs))
            for part in costs[0]
        ),
        Figure(ORDERS, name, "", (broken,), aim=Aim(at_most=0)),
    ]


def _decisions(running: Running, market: Goods, pace: Pace) -> list[Figure]:
    """Measure the time until an order is terminal, from the scheduled time of the request."""
    waits = asyncio.run(_decide_all(running, market, 3 * pace.seconds))
    mean_ms, p99 = mean(waits) * 1000, quantiles(waits, n=100)[98] * 1000
    name = f"{running.pattern}, {DECISION_RATE}/s: from request to end"
    return [Figure(ORDERS, f"{name}, mean", "ms", (mean_ms,)), Figure(ORDERS, f"{name}, p99", "ms", (p99,))]


async def _decide_all(running: Running, market: Goods, seconds: int) -> list[float]:
    bodies = [{"items": [{"sku": sku, "quantity": 1}]} for sku in market.skus]
    async with httpx2.AsyncClient(base_url=running.uncached, trust_env=False, timeout=60) as client:

        async def decide(number: int, scheduled: float) -> float:
            await asyncio.sleep(scheduled - time.perf_counter())
            customer = market.customers[number % len(market.customers)]
            token = customer.token() if customer.token else ""
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
            body = bodies[number % len(bodies)]
            answer = await client.post("/v1/orders", json=body, headers=headers)
            path = answer.raise_for_status().headers["Location"]
            state = answer.json()["state"]
            while state == "PENDING":
                state = (await client.get(path, params={"wait": 10}, headers=headers)).json()["state"]
            return time.perf_counter() - scheduled

        start = time.perf_counter() + 0.1
        orders = DECISION_RATE * seconds
        return await asyncio.gather(*(decide(n, start + n / DECISION_RATE) for n in range(orders)))


def _hops(running: Running, market: Goods) -> list[Figure]:
    customer = market.customers[0]
    customer.put(f"/v1/cart/items/{market.skus[0]}", json={"quantity": 1})
    token = customer.token() if customer.token else ""
    headers = {"Authorization": f"Bearer {token}"}
    calls = {
        "a product from its process": (running.direct["catalog"], f"/v1/products/{market.skus[0]}"),
        "a product through NGINX": (running.uncached, f"/v1/products/{market.skus[0]}"),
        "a cart, which asks the catalogue": (running.direct["cart"], "/v1/cart"),
    }
    return [
        Figure(HOPS, f"{running.pattern}, {what}", "ms", (_milliseconds(url, path, headers),))
        for what, (url, path) in calls.items()
    ]


def _milliseconds(url: str, path: str, headers: dict[str, str]) -> float:
    """Return the mean time of a single request on an open connection."""
    with httpx2.Client(base_url=url, headers=headers, trust_env=False) as client:
        client.get(path).raise_for_status()
        times = []
        for _ in range(ENOUGH):
            start = time.perf_counter()
            client.get(path)
            times.append(time.perf_counter() - start)
    return mean(times) * 1000


def _audit(running: Running, market: Goods) -> dict[str, Any]:
    token = market.admin.token() if market.admin.token else ""
    answer = httpx2.get(
        f"{running.direct['orders']}/internal/audit",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=60,
    )
    report: dict[str, Any] = answer.raise_for_status().json()
    return report


def _at_rest(running: Running, market: Goods) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while not (report := _audit(running, market))["at_rest"] and time.monotonic() < deadline:
        time.sleep(0.2)
    return report


def _ended(running: Running, market: Goods) -> int:
    return _count(_audit(running, market))


def _last_end(market: Goods) -> float:
    """Return when the last order changed, in seconds since the epoch; polling the audit is too coarse."""
    newest = (customer.get("/v1/orders", params={"limit": 100}).json() for customer in market.customers)
    changed = [order["updated_at"] for orders in newest for order in orders["items"]]
    return max(datetime.fromisoformat(each).timestamp() for each in changed)


def _count(report: dict[str, Any]) -> int:
    counts = report["counts"]
    return int(counts["orders"] - counts["orders_pending"])
