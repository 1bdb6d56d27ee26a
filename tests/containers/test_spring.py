"""Shops in Java in real containers: their images, with layers and a cache of the loaded classes."""

import json
import time
from datetime import datetime

import httpx2
import pytest

from .engine import Engine
from .stacks import Stack, stack

pytestmark = pytest.mark.long
START_SECONDS = 300
TICKS = 100
"""Of a second of CPU time, in /proc."""


def test_a_shop_in_java_works_in_containers(docker: Engine) -> None:
    """It is built, starts, gets products, serves orders, keeps its invariants and its contract."""
    with stack(docker, "java", "monolith", stack="spring") as shop:
        shop.try_out()
        print(shop.accept())
        with docker.network():
            # With `on`, the JVM does not start without its cache.
            print("with the AOT cache:", start(shop, "on"))
            print("without:", start(shop, "off"))


def test_services_in_java_work_in_containers(docker: Engine) -> None:
    """All services are built, start, get products, serve orders and keep their invariants."""
    with stack(docker, "java-services", "microservices", stack="spring") as shop:
        shop.try_out()
        print(docker.docker("stats", "--no-stream", "--format={{.Name}} {{.MemUsage}}"))


def start(shop: Stack, cache: str) -> str:
    """Start one copy more, and return what it took until it was ready."""
    # The warm-up takes its own time in any case.
    options = (
        "--detach",
        "--no-deps",
        f"--env=JDK_JAVA_OPTIONS=-XX:AOTMode={cache}",
        "--env=WARM_UP_SECONDS=0",
    )
    name = shop.compose("--file=deploy/compose.yaml", "run", *options, "app").strip()
    state = json.loads(shop.docker.docker("inspect", name))[0]
    started = datetime.fromisoformat(state["State"]["StartedAt"]).timestamp()
    address = next(iter(state["NetworkSettings"]["Networks"].values()))["IPAddress"]
    while not is_ready(address):
        assert time.time() < started + START_SECONDS, shop.docker.docker("logs", name)
        time.sleep(0.05)
    seconds = time.time() - started
    stat = shop.docker.docker("exec", name, "cat", "/proc/1/stat").rpartition(") ")[2].split()
    memory = shop.docker.docker("stats", "--no-stream", "--format={{.MemUsage}}", name)
    shop.docker.docker("rm", "--force", name)
    return f"ready after {seconds:.1f} s and {sum(map(int, stat[11:13])) / TICKS:.1f} s of CPU time; {memory}"


def is_ready(address: str) -> bool:
    """Whether the shop at an address of the engine's network is ready."""
    try:
        return httpx2.get(f"http://{address}:8000/readyz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False
