"""A machine that a shop is released on, with a stand-in for Docker."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.generated.running import shop

STANDIN = Path(__file__).with_name("docker_standin.py")
OPTIONS: dict[str, Any] = {"kubernetes": False, "host": "machine", "observability": False}


class Machine:
    """A generated project and its containers."""

    def __init__(self, folder: Path, pattern: str = "monolith", **options: Any) -> None:
        self.project = shop(pattern, folder / "project", OPTIONS | options)
        self.environment = self.project / "deploy/.env"
        self._folder = folder / "docker"
        self._folder.mkdir()
        docker = folder / "bin/docker"
        docker.parent.mkdir()
        docker.write_text(f'#!/bin/sh\nexec {sys.executable} {STANDIN} "$@"\n')
        docker.chmod(0o755)
        self._path = f"{docker.parent}{os.pathsep}{os.environ['PATH']}"
        self.install({})
        self.make("deploy/.env")

    def install(self, programs: Mapping[str, Any]) -> None:
        """Say which services are processes."""
        (self._folder / "programs.json").write_text(json.dumps(programs))

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make, with more variables for the stand-in."""
        environment = {**os.environ, "PATH": self._path, "STANDIN": str(self._folder), **variables}
        command = ["make", "--silent", f"PYTHON={sys.executable}", *arguments]
        return subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False
        )

    def containers(self) -> list[str]:
        """Return service and image of the containers that run, sorted."""
        state = json.loads((self._folder / "containers.json").read_text())
        return sorted(
            f"{each['service']} {each['image']}"
            for each in state.values()
            if not (self._folder / f"{each['number']}.stopped").exists()
        )

    def calls(self, word: str) -> list[str]:
        """Return the calls of Docker so far that have a word."""
        lines = (self._folder / "calls").read_text().splitlines()
        return [line for line in lines if word in line.split()]

    def images(self) -> list[str]:
        """Return the images that exist, the oldest first."""
        return (self._folder / "images").read_text().split()

    def remember_images(self, images: Iterable[str]) -> None:
        """Add images of earlier releases."""
        with (self._folder / "images").open("a") as file:
            file.writelines(f"{each}\n" for each in images)

    def stop_all(self) -> None:
        """Stop all containers."""
        for name in json.loads((self._folder / "containers.json").read_text()):
            environment = {**os.environ, "STANDIN": str(self._folder)}
            subprocess.run([sys.executable, str(STANDIN), "stop", name], env=environment, check=True)
