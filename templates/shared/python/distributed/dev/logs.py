"""One stream of the logs of all processes."""

from collections.abc import Mapping
from pathlib import Path


class LogFollower:
    """Prints what processes add to their log files, each line with the name of its process."""

    def __init__(self, logs: Mapping[str, Path]) -> None:
        self._logs = logs
        self._printed = {name: path.stat().st_size for name, path in logs.items()}
        self._width = max(map(len, logs))

    def print_new(self) -> None:
        """Print the lines that were completed since the last call."""
        for name, path in self._logs.items():
            with path.open("rb") as file:
                file.seek(self._printed[name])
                lines = file.read().rpartition(b"\n")[0]
            if lines:
                self._printed[name] += len(lines) + 1
                for line in lines.decode(errors="replace").split("\n"):
                    print(f"{name:<{self._width}} | {line}", flush=True)
