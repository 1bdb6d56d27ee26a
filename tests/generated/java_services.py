"""Services of an event-driven shop in Python that run in Java instead.

Imported by a program in the folder of the shop in Python. JAVA_SERVICES is JSON: the names of the services,
the command of Java, and the folder of the built shop in Java.
"""

import json
import os
import re
from importlib import import_module
from typing import Any
from unittest.mock import patch

SETTINGS: dict[str, Any] = json.loads(os.environ["JAVA_SERVICES"])
IN_JAVA: list[str] = SETTINGS["services"]

processes: Any = import_module("dev.processes")
workspace: Any = import_module("dev.workspace")


class Mixed(workspace.Workspace):  # type: ignore[misc]
    """The processes of the shop, some of which run another program."""

    def command(self, service: str, port: str) -> list[str]:
        """Return the command that serves one service; in Java, it also migrates its database."""
        if service not in IN_JAVA:
            command: list[str] = super().command(service, port)
            return command
        jar = f"{SETTINGS['shop']}/services/{service}/target/{service}.jar"
        return [*SETTINGS["java"], "-jar", jar, "migrate", "serve", f"--server.port={port}"]

    def _migrate(self) -> None:
        own = [service for service in workspace.SERVICES if service.name not in IN_JAVA]
        with patch.object(workspace, "SERVICES", own):
            super()._migrate()

    def _run(self, name: str, command: list[str]) -> None:
        start = processes.start_program if name in IN_JAVA else self._start_process
        with patch.object(self, "_start_process", start):
            super()._run(name, command)

    def _environment(self, name: str) -> dict[str, str]:
        environment: dict[str, str] = super()._environment(name)
        if name in IN_JAVA:
            # Drivers of Python have no place in an address of Java.
            environment["DATABASE_URL"] = re.sub(r"^(\w+)\+\w+", r"\1", environment["DATABASE_URL"])
        return environment
