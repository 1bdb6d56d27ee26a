"""Measuring demands: processes are found and counted, and the result is YAML."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from acceptance.demands import processes
from acceptance.demands.report import conditions, to_yaml

BUSY = "import time\nprint('ready', flush=True)\nend = time.process_time() + 0.5\n"
BUSY += "while time.process_time() < end: pass\ntime.sleep(60)\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that looks like a service of a shop, and works for half a second."""
    package = tmp_path / "demo" / "parcels_service"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(BUSY)
    command = [sys.executable, "-m", "demo.parcels_service", "serve"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_service_is_found_with_its_cpu_time_and_memory(service: subprocess.Popen[bytes]) -> None:
    """A process that runs a service is found by its module; its CPU time and its memory are counted."""
    found = {name: pids for name, pids in processes.find().items() if service.pid in pids}
    assert list(found) == ["parcels"]
    groups = {"parcels": [service.pid]}
    deadline = time.monotonic() + 20
    while processes.cpu_ms(groups)["parcels"] < 450 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 450 <= processes.cpu_ms(groups)["parcels"] < 2_000
    assert 2 < processes.memory_mib(groups)["parcels"] < 100


@pytest.mark.parametrize(
    ("jar", "group"),
    [("target/shop.jar", "app"), ("orders/target/orders-service.jar", "orders"), ("kafka.jar", None)],
)
def test_a_program_in_java_is_found_by_its_jar(tmp_path: Path, jar: str, group: str | None) -> None:
    """A shop or service in Java is a group; other programs in Java are not part of a shop."""
    sleeping = [sys.executable, "-c", "input()", "-jar", jar, "serve"]
    with subprocess.Popen(sleeping, cwd=tmp_path, stdin=subprocess.PIPE) as process:
        try:
            while not Path(f"/proc/{process.pid}/cmdline").read_bytes():  # exec sets it a moment later
                time.sleep(0.01)
            found = [name for name, pids in processes.find().items() if process.pid in pids]
        finally:
            process.kill()
    assert found == ([group] if group else [])


def test_a_process_that_has_ended_counts_nothing() -> None:
    """A process that no longer exists has used no CPU time and no memory."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    groups = {"gone": [process.pid]}
    assert processes.cpu_ms(groups) == processes.memory_mib(groups) == {"gone": 0}


def test_the_result_is_yaml() -> None:
    """A nested result is written as YAML, with one line for each mapping of numbers."""
    document = {"patterns": {"monolith": {"measured": conditions(), "cpu_ms": {"browse": {"app": 1.5}}}}}
    text = to_yaml(document)
    assert yaml.safe_load(text) == document
    assert "      browse: {app: 1.5}\n" in text
    assert str(os.cpu_count()) in document["patterns"]["monolith"]["measured"]["processor"]
