"""Shops of each stack: generated, built and migrated, each with its own database on one server."""

import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bench.shop.stack import ROOT, Worker, worker
from tests.generated.environment import python_for_all
from tests.generated.spring import java_home, make, one_build_at_a_time, tools, without_driver
from tests.servers.process import free_port

OPTIONS = ("database=postgresql", "cache=redis", "auth=jwt", "load_balancer=nginx", "observability=no")
EMAIL = "admin@example.com"
GENEROUS = "100000000/minute"


@dataclass(frozen=True, slots=True)
class Stack:
    """A shop that is built and migrated: its commands, their folder and variables, and the administrator."""

    name: str
    program: Sequence[str]
    port_option: str
    folder: Path
    variables: Mapping[str, str]
    administrator: str

    def run(self, command: str) -> None:
        """Run a command of the shop until it ends."""
        subprocess.run(
            [*self.program, command], check=True, cwd=self.folder, env=self.variables, capture_output=True
        )

    @contextmanager
    def serving(self) -> Iterator[Worker]:
        """Serve with one process while the block runs."""
        port = free_port()
        command = [*self.program, "serve", f"{self.port_option}={port}"]
        with worker(command, port, self.folder, self.variables) as process:
            yield process


def python(folder: Path, database: str, cache: str) -> Stack:
    """Return the shop in Python."""
    project = _generated("python", folder)
    variables, administrator = _variables(database, cache)
    program = [python_for_all(), "-m", "shop.app"]
    return Stack("Python", program, "--port", project, variables | {"PYTHONPATH": "src"}, administrator)


def java(folder: Path, database: str, cache: str) -> tuple[Stack, Stack]:
    """Return the shop in Java, without and with the cache of its classes, built as its image does it."""
    project = _generated("spring", folder)
    with one_build_at_a_time():
        make(project, tools(), "target/shop.jar")
    program = f"{java_home()}/bin/java"
    unpacked = folder / "unpacked"
    unpack = ["-Djarmode=tools", "-jar", "target/shop.jar", "extract", "--destination", str(unpacked)]
    subprocess.run([program, *unpack], check=True, cwd=project, capture_output=True)
    variables, administrator = _variables(without_driver(database), cache)
    variables |= _variables_of_the_jvm(project)
    # As the image does it, with the embedded database.
    without = {name: value for name, value in variables.items() if name not in ("DATABASE_URL", "CACHE_URL")}
    train = ["-XX:AOTCacheOutput=shop.aot", "-Dspring.context.exit=onRefresh", "-jar", "shop.jar", "serve"]
    for arguments in (["-jar", "shop.jar", "migrate"], train):
        subprocess.run([program, *arguments], check=True, cwd=unpacked, env=without, capture_output=True)

    def stack(name: str, *options: str) -> Stack:
        whole = [program, *options, "-jar", "shop.jar"]
        return Stack(name, whole, "--server.port", unpacked, variables, administrator)

    return stack("Java"), stack("Java, AOT cache", "-XX:AOTCache=shop.aot")


def new_database(server: str, name: str) -> str:
    """Create a database on a server, and return its URL."""
    url = urlsplit(server)
    address = ["-h", "127.0.0.1", "-p", str(url.port), "-U", str(url.username)]
    subprocess.run(["createdb", *address, name], check=True)
    return url._replace(path=f"/{name}").geturl()


def _generated(stack: str, folder: Path) -> Path:
    project = folder / "shop"
    command = [sys.executable, "-m", "blueprint", "new", "shop", "--pattern", "monolith", "--yes"]
    command += ["--output", str(project), f"--set=stack={stack}", *(f"--set={each}" for each in OPTIONS)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return project


def _variables_of_the_jvm(project: Path) -> dict[str, str]:
    """Return the variables by which the image sizes the JVM, and the memory that its container has."""
    lines = (project / "Dockerfile").read_text().splitlines()
    variables = dict(shlex.split(line)[1].split("=", 1) for line in lines if line.startswith("ENV "))
    app = yaml.safe_load((project / "deploy/compose.yaml").read_text())["services"]["app"]
    memory = app["deploy"]["resources"]["limits"]["memory"]
    options = f"{variables['JAVA_TOOL_OPTIONS']} -XX:MaxRAM={memory}"
    return {"MALLOC_ARENA_MAX": variables["MALLOC_ARENA_MAX"], "JAVA_TOOL_OPTIONS": options}


def _variables(database: str, cache: str) -> tuple[dict[str, str], str]:
    password = secrets.token_urlsafe(12)
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    limits = ("ORDERS_PER_USER", "LOGINS_PER_EMAIL", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS")
    variables = {
        **inherited,
        "DATABASE_URL": database,
        "CACHE_URL": cache,
        "SIGNING_KEYS": secrets.token_urlsafe(32),
        "ADMIN_EMAIL": EMAIL,
        "ADMIN_PASSWORD": password,
        "AUDIT_ENABLED": "true",
        **dict.fromkeys(limits, GENEROUS),
    }
    return variables, f"{EMAIL}:{password}"
