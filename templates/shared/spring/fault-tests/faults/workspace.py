"""Workspace: all services and a gateway as processes on this machine."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from .architecture import EDGES, PROJECT, SERVICE_OF, SERVICES
from .processes import Process, free_port

JAVA = str(Path(os.environ.get("JAVA_HOME", "")) / "bin/java")
# As `make run` starts the services.
OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m")


class Workspace:
    """The processes of the shop, each on a free port."""

    def __init__(
        self, folder: Path, common: Mapping[str, str], *, database_url: Callable[[str], str] | None = None
    ) -> None:
        """`folder` holds the logs; `common` are environment variables of every process."""
        self.folder = folder
        names = ["gateway", *(service.name for service in SERVICES)]
        self.urls = {name: f"http://127.0.0.1:{free_port()}" for name in names}
        self.url = self.urls["gateway"]
        self.processes: dict[str, Process] = {}
        variables = {**os.environ, **common}
        addresses = {f"{service.name.upper()}_URL": self.urls[service.name] for service in SERVICES}
        self.environments = {"gateway": variables | addresses | {"PYTHONPATH": str(PROJECT)}}
        keys = _service_keys()
        for service in SERVICES:
            self.environments[service.name] = {
                **variables,
                **keys.get(service.name, {}),
                **{f"{other.upper()}_URL": self.urls[other] for other in service.calls},
                # Every service verifies the tokens that identity signs.
                "IDENTITY_URL": self.urls[SERVICE_OF["identity"]],
                **({"DATABASE_URL": database_url(service.name)} if database_url else {}),
            }

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Run all processes while the block runs."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start all processes, and return when the gateway is ready."""
        for service in SERVICES:
            self.launch(service.name)
        for process in self.processes.values():
            process.wait_for("/readyz")
        port = self.url.rpartition(":")[2]
        self._run("gateway", [sys.executable, "-m", f"{__package__}.gateway", port])
        self.processes["gateway"].wait_for("/readyz")

    def launch(self, name: str) -> None:
        """Start the process of one service."""
        self._run(name, self.command(name, self.urls[name].rpartition(":")[2]))

    def command(self, service: str, port: str) -> list[str]:
        """Return the command that migrates the database of a service, and serves."""
        return self.program(service, "migrate", "serve", f"--server.port={port}")

    def program(self, service: str, *arguments: str) -> list[str]:
        """Return the command that runs the program of a service with these arguments."""
        jar = PROJECT / "services" / service / "target" / f"{service}.jar"
        # A killed process cannot remove its temporary folders.
        temporary = self.log(service).parent
        temporary.mkdir(parents=True, exist_ok=True)
        return [JAVA, *OPTIONS, f"-Djava.io.tmpdir={temporary}", "-jar", str(jar), *arguments]

    def stop(self) -> None:
        """Terminate all processes, the gateway first, and wait for them."""
        running = [process for process in reversed(self.processes.values()) if process.popen.poll() is None]
        for process in running:
            process.popen.terminate()
        for process in running:
            process.stop()

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.folder / "log" / name / "process.log"

    def _run(self, name: str, command: list[str]) -> None:
        folder = self.log(name).parent
        folder.mkdir(parents=True, exist_ok=True)
        self.processes[name] = Process(command, self.urls[name], self._environment(name), folder)

    def _environment(self, name: str) -> dict[str, str]:
        return self.environments[name]


def _service_keys() -> dict[str, dict[str, str]]:
    """Return new keys: the private one of each caller, and to its providers the public one."""
    program = [JAVA, str(PROJECT / "scripts/KeyPair.java")]
    pairs = {
        caller: subprocess.run(program, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        for caller in dict.fromkeys(caller for caller, _ in EDGES)
    }
    keys = {caller: {"SERVICE_KEY": secret} for caller, (secret, _) in pairs.items()}
    for provider in {provider for _, provider in EDGES}:
        callers = [f"{caller}={pairs[caller][1]}" for caller, called in EDGES if called == provider]
        keys.setdefault(provider, {})["CALLERS"] = ",".join(callers)
    return keys
