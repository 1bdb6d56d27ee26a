"""CPU time and memory of the processes of a shop and of its servers, read from /proc."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Groups = Mapping[str, Sequence[int]]
"""First processes of each deployable or server by its name; their descendants belong to them."""

SERVERS = {
    "postgres": "database",
    "mysqld": "database",
    "mariadbd": "database",
    "redis-server": "cache",
    "valkey-server": "cache",
    "memcached": "cache",
    "java": "broker",
}
_TICKS = os.sysconf("SC_CLK_TCK")
_PROGRAM = re.compile(r"-m\0\w+\.(?:(app)|(\w+)_service)\0|-jar\0[^\0]*?(?:\b(shop)|([\w-]+)-service)\.jar\0")


def find() -> dict[str, list[int]]:
    """Return the processes of the shop and of its servers that run on this machine."""
    groups: dict[str, list[int]] = {}
    for pid in sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        if name := _group(pid):
            groups.setdefault(name, []).append(pid)
    parents = {pid: _parent(pid) for pids in groups.values() for pid in pids}
    return {name: [pid for pid in pids if parents[pid] not in pids] for name, pids in groups.items()}


def cpu_ms(groups: Groups) -> dict[str, float]:
    """Return the CPU time (user and system) of each group in ms, with its living descendants."""
    return {name: sum(map(_ticks, _family(pids))) * 1000 / _TICKS for name, pids in groups.items()}


def memory_mib(groups: Groups) -> dict[str, float]:
    """Return the memory in MiB of one copy of each group as if it ran alone, as it does in a container.

    Pages that its processes share count once, also if processes of other groups share them.
    """
    return {name: sum(map(_alone, pids)) / len(pids) for name, pids in groups.items()}


def _group(pid: int) -> str | None:
    try:
        program = Path(f"/proc/{pid}/comm").read_text().strip()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:  # it ended
        return None
    found = _PROGRAM.search(command)
    if found is None:
        return SERVERS.get(program)
    return found[2] or found[4] or "app"


def _family(pids: Sequence[int]) -> set[int]:
    return {each for pid in pids for each in _descendants(pid)}


def _descendants(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _descendants(int(child))


def _parent(pid: int) -> int:
    return int(_stat(pid)[1] or 0)


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12])


def _stat(pid: int) -> list[str]:
    try:
        # The program's name, in parentheses, may contain spaces.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 13


def _alone(pid: int) -> float:
    family = [_memory(each) for each in _family([pid])]
    return sum(private for private, _ in family) + max((shared for _, shared in family), default=0.0)


def _memory(pid: int) -> tuple[float, float]:
    """Return the private and the shared memory of a process in MiB; all is private if only that is known."""
    for name in ("smaps_rollup", "status"):  # the first is readable only by the owner of the process
        try:
            text = Path(f"/proc/{pid}/{name}").read_text()
        except OSError:
            continue
        return _mib("Private_.*|VmRSS", text), _mib("Shared_.*", text)
    return 0.0, 0.0


def _mib(names: str, text: str) -> float:
    return sum(map(int, re.findall(rf"^(?:{names}):\s+(\d+) kB", text, re.MULTILINE))) / 1024
