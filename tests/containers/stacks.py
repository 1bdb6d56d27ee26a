"""Generated shops in containers."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.generated.environment import environment_for_all, python_for_all
from tests.generated.running import shop

from .engine import Engine
from .images import provide

URL = "http://127.0.0.1:8080"
"""Address of the shop that `make up` starts."""
SHOP = f"SHOP={URL}"
REFUSED = "503"
"""Status by which a shop refuses what is too much for this machine."""
WITHOUT_COLLECTORS: dict[str, Any] = {"observability": False}
"""No package has Grafana, Jaeger or the collector of OpenTelemetry."""


@dataclass(frozen=True)
class Stack:
    """A generated project, and the engine that runs it."""

    docker: Engine
    project: Path

    def make(self, *arguments: str) -> str:
        """Run make in the project, and return what it prints. It must succeed."""
        command = ["make", "--silent", f"VENV={environment_for_all()}", f"PYTHON={sys.executable}"]
        return self._run([*command, *arguments])

    def compose(self, *arguments: str) -> str:
        """Run Docker Compose in the project, and return what it prints. It must succeed."""
        return self._run(["docker", "compose", *arguments])

    def try_out(self) -> None:
        """Run `make up` and the commands for what it starts; print their reports."""
        self.make("up")
        self.make("seed", SHOP)
        self.load()
        print(self.make("audit", SHOP))

    def load(self) -> None:
        """Run the load client, and print its report. Orders succeed; the shop may refuse some requests."""
        report = self.make("load", SHOP, "RATE=10", "SECONDS=20")
        print(report)
        assert set(re.findall(r"(?m)(?:: |, )(\w+): \d+", report)) <= {REFUSED}
        assert re.search(r"(?m)^order +[1-9]", report)

    def accept(self) -> str:
        """Run the acceptance suite, and return its last line. It must pass."""
        command = [python_for_all(), "-m", "pytest", "-p", "no:cacheprovider", "acceptance"]
        return self._run([*command, f"--base-url={URL}", f"--admin={self.admin}"]).splitlines()[-1]

    def configure(self, variable: str, value: str) -> None:
        """Set a variable in deploy/.env."""
        path = self.project / "deploy/.env"
        others = [line for line in path.read_text().splitlines() if not line.startswith(f"{variable}=")]
        path.write_text("\n".join([*others, f"{variable}={value}", ""]))

    @property
    def admin(self) -> str:
        """The credential of the administrator."""
        lines = (self.project / "deploy/.env").read_text().splitlines()
        values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return f"{values['ADMIN_EMAIL']}:{values['ADMIN_PASSWORD']}"

    def _run(self, command: list[str]) -> str:
        done = self.docker.run(command, self.project)
        assert done.returncode == 0, (command, done.stdout[-4000:], done.stderr[-4000:])
        return done.stdout


@contextmanager
def stack(docker: Engine, name: str, pattern: str, **options: Any) -> Iterator[Stack]:
    """Generate a shop whose images exist; afterwards, remove what it runs, and its data."""
    project = shop(pattern, docker.folder / name, WITHOUT_COLLECTORS | options)
    provide(docker, project)
    try:
        yield Stack(docker, project)
    finally:
        docker.clear()
