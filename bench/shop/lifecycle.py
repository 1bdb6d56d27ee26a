"""Startup time and memory of a process, and broken invariants."""

from collections.abc import Sequence

from templates.shared.acceptance.client import User

from . import memory
from .figures import Aim, Figure
from .stack import Shop, Worker

GROUP = "One process"


def cold_start(shop: Shop, rounds: int) -> Figure:
    """Return the time from starting a process to its first 200 on /readyz."""
    starts = []
    for _ in range(rounds):
        with shop.serving(1) as workers:
            starts += [worker.started_in for worker in workers]
    return Figure(GROUP, "cold start to ready", "s", tuple(starts))


def footprint(when: str, workers: Sequence[Worker]) -> list[Figure]:
    """Return the memory of each worker process, including its children."""
    used = [memory.of_process(worker.pid) for worker in workers]
    return [
        Figure(GROUP, f"memory {when}, RSS", "MiB", tuple(each.rss for each in used)),
        Figure(GROUP, f"memory {when}, PSS", "MiB", tuple(each.pss for each in used)),
    ]


def audit(administrator: User) -> Figure:
    """Return the number of the shop's invariants that are broken after the load."""
    report = administrator.get("/internal/audit").json()
    broken = sum(not invariant["ok"] for invariant in report["invariants"].values())
    name = f"invariants broken, {report['counts']['orders']:,} orders audited"
    return Figure("After all load", name, "", (broken,), aim=Aim(at_most=0))
