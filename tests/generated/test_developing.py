"""`make dev` of a generated project: addresses, one format of logs, and a restart after each change."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.servers.process import free_port, running

from .environment import environment_for_all
from .projects import PATTERNS
from .running import PACKAGE, shop

SECONDS = 300
NOISE = re.compile(r"alembic|setup plugin|Context impl|stamina|HTTP Request|^\[\w+\]", re.MULTILINE)


def wait_for(condition: Callable[[], bool], log: Path) -> None:
    """Wait until the condition holds; show the log if it does not."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_change_is_served_without_a_command(pattern: str, tmp_path: Path) -> None:
    """The shop prints its addresses, logs each request, and restarts when a file changes."""
    project = shop(pattern, tmp_path / "shop", {})
    log = tmp_path / "dev.log"
    url = f"http://127.0.0.1:{(port := free_port())}"

    def answers() -> bool:
        try:
            return bool(urlopen(f"{url}/v1/products?limit=1", timeout=5).status == 200)
        except (URLError, OSError):
            return False

    command = ["make", "dev", f"VENV={environment_for_all()}", f"PORT={port}"]
    with running(command, ready=answers, log=log, cwd=project, timeout=SECONDS):
        wait_for(lambda: "Administrator:  " in log.read_text(), log)
        assert answers()
        wait_for(lambda: "GET /v1/products 200" in log.read_text(), log)
        assert f"The shop:       {url}\n" in log.read_text()
        assert "/docs\n" in log.read_text()
        assert "Administrator:  admin@example.com, with ADMIN_PASSWORD of .env\n" in log.read_text()
        assert NOISE.findall(log.read_text()) == []

        (module,) = project.glob(f"**/{PACKAGE}/catalog/api.py")
        with module.open("a") as file:
            file.write('\nprint("started with the change", flush=True)\n')
        wait_for(lambda: "started with the change" in log.read_text(), log)
        wait_for(answers, log)
