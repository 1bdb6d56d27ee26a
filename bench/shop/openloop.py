"""Latency measured by the generated project's load client, from the scheduled time of each request."""

import asyncio
import time
from collections.abc import Sequence
from random import Random

from templates.shared.acceptance.load.arrivals import poisson
from templates.shared.acceptance.load.report import ClientSide, summary
from templates.shared.acceptance.load.run import Runner
from templates.shared.acceptance.load.workload import Workload

from .figures import Aim, Figure
from .rounds import Contender, Pace
from .wrk import FailedRequests

CLIENT_RATE = 2_500
"""Requests per second that the client, one Python process, can send without being the bottleneck."""


def browsing(group: str, way: Contender, skus: Sequence[str], rate: float, pace: Pace, aim: Aim) -> Figure:
    """Return the mean latency in ms of random product reads at `rate` (at most CLIENT_RATE) per second."""
    rate = min(rate, CLIENT_RATE)
    means = [_mean(way.servers[0], skus, rate, pace) for _ in range(pace.rounds)]
    return Figure(group, f"{way.name}: mean at {rate:,.0f}/s", "ms", tuple(means), aim=aim)


def _mean(url: str, skus: Sequence[str], rate: float, pace: Pace) -> float:
    random = Random()  # noqa: S311
    runner = Runner(
        url, pace.connections, Workload({"browse": 1}, list(skus), [], random), retry_idempotent=False
    )
    cpu = time.process_time()
    elapsed = asyncio.run(_run(runner, rate, pace.seconds, random))
    client = ClientSide(elapsed, time.process_time() - cpu, runner.pool.waited, pace.connections, 0)
    told = summary(runner.figures, client)
    if told["failed"]:
        raise FailedRequests(str(told["errors"]))
    return float(told["operations"]["browse"]["mean"])


async def _run(runner: Runner, rate: float, seconds: int, random: Random) -> float:
    elapsed = await runner.open_loop(poisson(rate, seconds, random))
    runner.pool.close()
    return elapsed
