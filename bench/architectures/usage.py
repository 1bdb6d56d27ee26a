"""CPU time and memory of processes."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.shop import memory

SERVERS = ("postgres", "redis-server", "java", "nginx")
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time (user and system, in seconds) of the processes and their living children."""
    return sum(_ticks(each) for pid in pids for each in memory.family(pid)) / TICKS


def cpu_seconds_of(program: str) -> float:
    """Return the CPU time of this process's descendants that run a program of this name."""
    ours = (each for each in memory.family(os.getpid()) if _program(each) == program)
    return sum(_ticks(each) for each in ours) / TICKS


def cpu_by_part(processes: Mapping[str, Iterable[int]]) -> dict[str, float]:
    """Return the CPU time of each service, and of each server that this process has started."""
    services = {name: cpu_seconds(pids) for name, pids in processes.items()}
    servers = {program: cpu_seconds_of(program) for program in SERVERS}
    return services | {name: seconds for name, seconds in servers.items() if seconds}


def memory_mib(pids: Iterable[int]) -> float:
    """Return the proportional memory (PSS) of the processes and their children in MiB."""
    return sum(memory.of_process(pid).pss for pid in pids)


def _program(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _ticks(pid: int) -> int:
    # The program's name, in parentheses, may contain spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11], fields[12]
    return int(user) + int(system)
