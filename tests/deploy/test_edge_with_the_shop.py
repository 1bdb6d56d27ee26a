"""Two copies of the shop behind either edge: killing one under load fails no read."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.generated.environment import python_for_all
from tests.servers.process import free_port, listening, running

from . import edges
from .clients import ask, load, wait_for
from .projects import Project

pytestmark = pytest.mark.slow

PACKAGE = "corner_shop"


def environment(project: Project, folder: Path) -> dict[str, str]:
    """Variables for a shop without servers."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(project.folder / "src"),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/shop.db",
        "SIGNING_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    }


@contextmanager
def copy(
    project: Project, folder: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[int, int]]:
    """Run one copy of the shop, with more `variables`; yield its process and port."""
    port = free_port()
    command = [python_for_all(), "-m", f"{PACKAGE}.app", "serve", "--port", str(port)]
    env, log = {**environment(project, folder), **variables}, folder / f"shop-{port}.log"
    with running(command, ready=lambda: listening(port), log=log, env=env, cwd=folder) as process:
        yield process.pid, port


def kill(process: int) -> None:
    """Kill a process and its children with SIGKILL, as a crashed container would end."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for each in [process, *map(int, children)]:
        os.kill(each, signal.SIGKILL)


@pytest.mark.parametrize("kind", ["nginx", pytest.param("haproxy", marks=pytest.mark.thorough)])
def test_killing_a_copy_fails_no_read(projects: list[Project], tmp_path: Path, kind: str) -> None:
    """Every read succeeds while one of two copies is killed."""
    project = next(
        each for each in projects if (each.options["load_balancer"], each.options["auth"]) == (kind, "jwt")
    )
    env = environment(project, tmp_path)
    migrate = [python_for_all(), "-m", f"{PACKAGE}.app", "migrate"]
    subprocess.run(migrate, env=env, cwd=tmp_path, check=True, capture_output=True)
    with ExitStack() as stack:
        copies = [stack.enter_context(copy(project, tmp_path)) for _ in range(2)]
        text = project.text(edges.CONFIGURATION[kind])
        ports = [port for _, port in copies]
        port = stack.enter_context(edges.serve(kind, text, ports, tmp_path, [edges.NO_LIMIT[kind]]))
        wait_for(port, seconds=30)
        with load(port, path="/readyz", posts=False) as result:
            time.sleep(1)
            kill(copies[0][0])
            time.sleep(2)
        assert ask(port, "/v1/products").status == 200
    assert result.answers > 100
    assert result.failed_reads == []
