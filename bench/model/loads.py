"""Load test of a running shop with the mix of the model, and the model's estimates for the same load."""

import math
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bench.architectures.shops import Running
from bench.shop.machine import busy_from_now
from blueprint.advise.candidates import built_in_candidates
from blueprint.advise.capacity_plan import Shape
from blueprint.advise.datafiles import load as constants_of
from blueprint.advise.latency import latency_of
from blueprint.advise.profiles import Profile
from blueprint.advise.ranges import likely_range, range_text
from blueprint.advise.request_mix import cpu_per_request, request_mix
from templates.shared.acceptance.demands import processes
from templates.shared.acceptance.demands.measure import KINDS, ROUNDS, SETTLE_SECONDS, Bench
from templates.shared.acceptance.load.figures import Latency

from .speed import Speed

# More writes than a usual shop has, so that a run has a hundred orders.
READS = 0.8
LOADS = (0.2, 0.3, 0.4)
"""Shares of the cores that the system takes by the estimate.

Beside the load generator, more is served only by queueing. A request in a process that mostly sleeps costs up
to twice the CPU time of one in a busy process; replicas are sized to be busy for 60 %.
"""
REQUESTS = 1600
"""Requests of a run, whatever its load: a percentile needs a few requests that were slower."""
SLOWER_REQUESTS = 3
LIMIT = 0.25
"""Largest relative error of an estimate that is shown as one number."""
CORES = os.cpu_count() or 1
SHOWN = ("browse", "cart", "order", "order_end")


class Run(NamedTuple):
    """One run of a load: latencies by operation; CPU in ms, and seconds that passed, for each request.

    `cores_busy` is the share of the cores that anything on this machine used, `work_ms` the time of the work
    that measures its speed.
    """

    latencies: Mapping[str, Latency]
    cpu_ms: Mapping[str, float]
    seconds: float
    cores_busy: float
    work_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the model beside that of a load test; `sd` is the sigma of one that is shown as a range."""

    load: str
    figure: str
    unit: str
    estimate: float
    measured: float
    sd: float = 0.0

    @property
    def shown(self) -> str:
        """The estimate as `recommend` shows it."""
        return range_text(self.estimate, self.sd) if self.sd else f"{self.estimate:.2f}"

    @property
    def holds(self) -> bool:
        """Whether what was measured is in the range, or within 25 % of the number."""
        if not self.sd:
            return abs(self.off) <= LIMIT
        low, high = likely_range(self.estimate, self.sd)
        return low <= self.measured <= high

    @property
    def off(self) -> float:
        """Relative error of the estimate; positive if it is too high."""
        return self.estimate / self.measured - 1 if self.measured else float("inf")


def held(rows: Sequence[Row]) -> int:
    """Return how many of the estimates hold."""
    return sum(row.holds for row in rows)


def compare(
    bench: Bench,
    running: Running,
    groups: processes.Groups,
    profile: Profile,
    speed: Speed,
    work_ms: float | None,
) -> list[Row]:
    """Return every figure that `recommend` prints, at each of the loads.

    `work_ms` is how long the work of `speed` took while the profile was measured, if it was on this machine.
    """
    loads = _loads(groups, profile)
    return [
        row
        for load in loads
        for row in _at(load, bench, running, groups, profile, speed, work_ms, largest_load=load == loads[-1])
    ]


def _loads(groups: processes.Groups, profile: Profile) -> list[int]:
    """Return the loads in requests per second; two digits, so that they can be read."""
    mix = request_mix(READS)
    request_ms = sum(cpu_per_request(profile, part, mix) for part in groups)
    return [int(float(f"{1000 * CORES * share / request_ms:.2g}")) for share in LOADS]


def _at(
    load: int,
    bench: Bench,
    running: Running,
    groups: processes.Groups,
    profile: Profile,
    speed: Speed,
    work_ms: float | None,
    *,
    largest_load: bool,
) -> Iterator[Row]:
    shape = next(c.shape for c in built_in_candidates() if c.name == running.pattern)
    mix = request_mix(READS)
    operations = {KINDS[kind].operation: share for kind, share in mix.items() if share}
    # The demands are those of the calmest round, too: other programs are not part of the estimate.
    rounds = [_run(bench, operations, load, groups, speed) for _ in range(ROUNDS)]
    run = min(rounds, key=lambda run: run.latencies["order_end"].p95)
    latencies, used = run.latencies, run.cpu_ms
    pace = run.work_ms / (work_ms or run.work_ms)
    print(
        f"{load}/s: cores busy for {run.cores_busy:.0%}, work takes {pace:.2f} times as long as before",
        file=sys.stderr,
    )
    name, sd = f"{load}/s", constants_of("model")["targets"]["latency_sd"]
    busy = [
        _with_shared_cores(each, run.cores_busy)
        for each in _utilization(profile, shape, running, pace * load, mix)
    ]
    for kind in SHOWN:
        operation = kind if kind == "order_end" else KINDS[kind].operation
        latency = latencies[operation]
        for percentile in (50, 95):
            if latency.count * (100 - percentile) < 100 * SLOWER_REQUESTS:
                continue
            estimate = latency_of(profile, shape, kind, busy, pace, percentile)
            measured = getattr(latency, f"p{percentile}")
            yield Row(name, f"{kind}: p{percentile}", "ms", estimate, measured, sd)
    ours = [part for part in profile.parts if part in groups]
    expected = {
        part: pace * (cpu_per_request(profile, part, mix) + run.seconds * profile.rest_cpu_ms.get(part, 0.0))
        for part in groups
    }
    yield Row(
        name, "CPU of the shop", "ms/request", sum(expected[p] for p in ours), sum(used[p] for p in ours)
    )
    yield Row(name, "CPU of the database", "ms/request", expected["database"], used["database"])
    if largest_load:
        busiest = max(ours, key=lambda part: used[part])
        figure = f"requests per replica of {busiest} at 60 %"
        yield Row(name, figure, "req/s", 600 / expected[busiest], 600 / used[busiest])
    memory = processes.memory_mib(groups)
    largest = max(ours, key=lambda part: memory[part])
    yield Row(name, f"memory of {largest}", "MiB", profile.memory_mib[largest], memory[largest])


def _run(
    bench: Bench, operations: Mapping[str, float], load: int, groups: processes.Groups, speed: Speed
) -> Run:
    """Send the load once."""
    before, start, busy = processes.cpu_ms(groups), time.monotonic(), busy_from_now()
    figures = bench.run(operations, load, REQUESTS / load)
    cores_busy, work_ms = busy(), speed.work_ms(start, time.monotonic())
    time.sleep(SETTLE_SECONDS)
    elapsed, after, requests = time.monotonic() - start, processes.cpu_ms(groups), figures.scheduled
    latencies = {name: Latency.of(seconds) for name, seconds in figures.latencies.items()}
    return Run(
        {name: each for name, each in latencies.items() if each},
        {name: (after[name] - before[name]) / requests for name in groups},
        elapsed / requests,
        cores_busy,
        work_ms,
    )


def _utilization(
    profile: Profile, shape: Shape, running: Running, load: float, mix: Mapping[str, float]
) -> list[float]:
    """Return how busy each process of a part is at this load."""
    return [
        load * cpu_per_request(profile, part, mix) / 1000 / len(running.processes[part])
        for part in shape.parts
    ]


def _with_shared_cores(busy: float, cores_busy: float) -> float:
    """Return how busy a process would be that delays requests alone as much as this one and the cores do.

    The model gives each process the cores that it asks for; here all share those of one machine. A request
    then also waits for a core: rho^(sqrt(2 (c + 1)) - 1) / (c (1 - rho)) of its CPU time with c cores that
    others keep busy for rho (Sakasegawa, 1977).
    """
    rho = min(0.99, max(0.0, cores_busy - busy / CORES))
    for_a_core = math.pow(rho, math.sqrt(2 * (CORES + 1)) - 1) / (CORES * (1 - rho))
    delay = busy / (1 - busy) + for_a_core
    return delay / (1 + delay)
