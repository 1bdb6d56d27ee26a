"""Memory of a process and its descendants."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident (RSS) and proportional (PSS, with shared pages divided among processes) memory in MiB."""

    rss: float
    pss: float


def of_process(pid: int) -> Memory:
    """Return the memory of process `pid` and its descendants."""
    pids = family(pid)
    return Memory(
        sum(_mebibytes(each, "Rss") for each in pids), sum(_mebibytes(each, "Pss") for each in pids)
    )


def family(pid: int) -> list[int]:
    """Return the process and its descendants."""
    return [pid, *_descendants(pid)]


def _descendants(pid: int) -> list[int]:
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return children + [below for child in children for below in _descendants(child)]


def _mebibytes(pid: int, field: str) -> float:
    found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
