"""`python -m bench.events`: product views through a real Kafka broker into analytics, and the limits."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

import pytest

from bench.architectures.usage import cpu_seconds_of
from bench.shop import machine
from bench.shop.figures import Aim, Figure, show
from tests.generated.environment import python_for_all
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
# The article claims 5,000 events/s at 50 ms.
RATE, AIM_MS = 20_000, 50
# Warm-up: connections are opened and the broker's JVM compiles.
WARM_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """Setup of a run: the number of partitions and of consumers."""

    partitions: int
    consumers: int


def main() -> int:
    """Run the benchmark that the command line describes."""
    parser = argparse.ArgumentParser(prog="bench.events", description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="events per second")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    settings = (Setting(1, 1), Setting(4, 1), Setting(4, 2))
    try:
        with machine.watched() as told:
            figures = [
                figure for setting in settings for figure in _figures(setting, options.rate, options.seconds)
            ]
    except pytest.skip.Exception as reason:
        print(f"Skipped: {reason}", file=sys.stderr)
        return 0
    show(told, figures, as_json=options.json)
    return 0


def _figures(setting: Setting, rate: int, seconds: int) -> list[Figure]:
    with ExitStack() as during:
        folder = Path(during.enter_context(tempfile.TemporaryDirectory(prefix="bench-events-")))
        folder.chmod(0o711)
        project = _project(folder / "shop", setting.partitions)
        broker = during.enter_context(kafka(folder))
        database = during.enter_context(postgresql(folder, fsync=True))
        _run(
            project,
            "-m",
            "choreography",
            "create-topics",
            BUS_URL=broker.url,
            BUS_PARTITIONS=setting.partitions,
        )
        consumers = [
            during.enter_context(_consumer(project, broker.url, database)) for _ in range(setting.consumers)
        ]
        time.sleep(2)
        before, stolen = _servers(), machine.stolen_from_now()
        producer = [
            python_for_all(),
            str(HERE / "producing.py"),
            broker.url,
            str(rate),
            str(WARM_SECONDS),
            str(seconds),
        ]
        done = subprocess.run(
            producer, cwd=project, env=_environment(project), check=True, capture_output=True
        )
        sent = json.loads(done.stdout)
        used = {name: after - before[name] for name, after in _servers().items()}
        lost = stolen()
        time.sleep(2)
        told = [_stopped(consumer) for consumer in consumers]
    latencies = [each for consumer in told for each in consumer["latencies"]]
    group = f"{setting.partitions} partitions, {setting.consumers} consumers, {rate:,} events/s asked for"
    spread = quantiles(latencies, n=100)
    return [
        Figure(
            group, "published", "events/s", (sent["timed"] / sent["elapsed"],), aim=Aim(at_least=0.97 * rate)
        ),
        Figure(
            group,
            "published, and not counted",
            "",
            (sent["sent"] - sum(each["counted"] for each in told),),
            aim=Aim(at_most=0),
        ),
        Figure(group, "from due to counted: mean", "ms", (mean(latencies),), aim=Aim(at_most=AIM_MS)),
        Figure(group, "from due to counted: p50", "ms", (spread[49],)),
        Figure(group, "from due to counted: p99", "ms", (spread[98],)),
        Figure(group, "producer: CPU", "cores", (sent["cpu"] / sent["elapsed"],)),
        Figure(group, "consumers: CPU", "cores", (sum(each["cpu"] for each in told) / sent["elapsed"],)),
        *(
            Figure(group, f"{name}: CPU, warming up included", "cores", (cpu / (WARM_SECONDS + seconds),))
            for name, cpu in used.items()
        ),
        Figure(group, "taken by other guests of the host", "cores", (lost * (os.cpu_count() or 1),)),
    ]


def _servers() -> dict[str, float]:
    """Return the CPU time that the servers have used, in seconds."""
    return {"broker": cpu_seconds_of("java"), "database": cpu_seconds_of("postgres")}


def _project(folder: Path, partitions: int) -> Path:
    command = [sys.executable, "-m", "blueprint", "new", "shop", "--pattern", "event-driven", "--yes"]
    command += ["--output", str(folder), f"--set=partitions={partitions}"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return folder


def _environment(project: Path, **more: object) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join(str(project / part) for part in ("libs/src", "services/analytics/src"))
    return {**inherited, "PYTHONPATH": path, **{name: str(value) for name, value in more.items()}}


def _run(project: Path, *arguments: str, **variables: object) -> None:
    command = [python_for_all(), *arguments]
    environment = _environment(project, **variables)
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)


@contextmanager
def _consumer(project: Path, bus: str, database: str) -> Iterator[subprocess.Popen[str]]:
    command = [python_for_all(), str(HERE / "consuming.py"), bus, database]
    with subprocess.Popen(
        command,
        cwd=project,
        env=_environment(project),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the consumer did not start")
        yield process
        process.kill()


def _stopped(consumer: subprocess.Popen[str]) -> dict[str, Any]:
    told, _ = consumer.communicate(timeout=60)
    answer: dict[str, Any] = json.loads(told)
    return answer


if __name__ == "__main__":
    sys.exit(main())
