"""Run the edge of a generated project in front of servers on this machine."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pytest

from tests.servers.process import free_port, listening, program, running

if TYPE_CHECKING:
    from .projects import Project

Change = tuple[str, str | Callable[[re.Match[str]], str]]
Servers = Sequence[int] | Mapping[str, Sequence[int]]
"""Ports behind the edge: of the copies of the shop or of each service."""

NO_LIMIT: dict[str, Change] = {
    "nginx": (r"rate=100r/s", "rate=1000000r/s"),
    "haproxy": (r"sc_http_req_rate\(0\) gt 200", "sc_http_req_rate(0) gt 1000000"),
}
"""Changes that remove the rate limit of one client."""

HAPROXY = Path(__file__).parents[2] / "templates/shared/deploy/haproxy"

CONFIGURATION = {"nginx": "deploy/nginx/nginx.conf", "haproxy": "deploy/haproxy/haproxy.cfg"}


def change(text: str, changes: Sequence[Change]) -> str:
    """Apply each (pattern, replacement); raise ValueError for a pattern that is not found."""
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text)
        if count == 0:
            raise ValueError(f"{pattern} is not in the configuration")
    return text


def localised(edge: str, text: str, servers: Servers, port: int, folder: Path) -> str:
    """Return the configuration with this machine's addresses, ports and folders instead of the container's.

    A service without ports gets an unreachable address.
    """
    nowhere = "127.0.0.1:9"
    ports = servers if isinstance(servers, Mapping) else {"app": servers}

    def addresses(name: str) -> list[str]:
        return [f"127.0.0.1:{port}" for port in ports.get(name, ())] or [nowhere]

    if edge == "nginx":
        text = change(
            text,
            [
                (
                    r"server ([\w-]+):8000 resolve (.*);",
                    lambda found: " ".join(f"server {each} {found[2]};" for each in addresses(found[1])),
                ),
                (r"listen 8080;", f"listen 127.0.0.1:{port};"),
                (r"listen 127\.0\.0\.1:8081;", f"listen 127.0.0.1:{free_port()};"),
                (r"/tmp/|/var/cache/nginx/", f"{folder}/"),  # noqa: S108 - the container's, replaced
            ],
        )
        return re.sub(r"server \w+:\d+ resolve;", f"server {nowhere};", text)
    text = change(
        text,
        [
            (
                r"server-template ([\w-]+) \d+ [\w-]+:8000",
                lambda found: "\n    ".join(
                    f"server {found[1]}{number} {each}" for number, each in enumerate(addresses(found[1]), 1)
                ),
            ),
            (r"bind :8080", f"bind 127.0.0.1:{port}"),
            (r"bind 127\.0\.0\.1:8081", f"bind 127.0.0.1:{free_port()}"),
            (r" resolvers docker init-addr libc,none", ""),
            (r"errorfile (\d+) \S+", lambda found: f"errorfile {found[1]} {_error_file(folder, found[1])}"),
        ],
    )
    if not answers_malformed_requests("haproxy"):
        text = re.sub(r" *errorfile (414|431) .*\n", "", text)
    text = re.sub(r"bind :8405", f"bind 127.0.0.1:{free_port()}", text)
    return re.sub(r"(server \w+) (keycloak|grafana):\d+", rf"\1 {nowhere}", text)


def answers_malformed_requests(edge: str) -> bool:
    """Whether the configuration decides how this machine's edge answers them: HAProxy 3.3 and later."""
    return edge == "nginx" or haproxy_version() >= (3, 3)


def haproxy_version() -> tuple[int, ...]:
    """Return the version of this machine's HAProxy."""
    text = subprocess.run([program("haproxy"), "-v"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"version (\d+)\.(\d+)\.(\d+)", text)
    assert found
    return tuple(map(int, found.groups()))


def _error_file(folder: Path, status: str) -> Path:
    """Write the file of an error beside the configuration."""
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HAPROXY), trim_blocks=True)  # noqa: S701
    file = folder / f"{status}.http"
    file.write_text(templates.get_template(f"errors/{status}.http.jinja").render())
    return file


def trial(project: "Project", monkeypatch: pytest.MonkeyPatch) -> list[Change]:
    """Add what compose.trial.yaml adds to the edge: a variable, or a part of the configuration."""
    if project.options["load_balancer"] == "nginx":
        return [(r"/etc/nginx/trial/\*\.conf", str(project.folder / "deploy/nginx/trial.conf"))]
    for name, value in project.trial["services"]["edge"]["environment"].items():
        monkeypatch.setenv(name, value)
    return []


def check(edge: str, configuration: Path) -> str:
    """Check a configuration with the server itself; return its complaints."""
    if edge == "nginx":
        command = [program("nginx"), "-t", "-q", "-c", str(configuration)]
    else:
        command = [program("haproxy"), "-c", "-q", "-f", str(configuration)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (
        "" if result.returncode == 0 and "[WARNING]" not in result.stderr else result.stdout + result.stderr
    )


@contextmanager
def serve(
    edge: str, text: str, servers: Servers, folder: Path, changes: Sequence[Change] = ()
) -> Iterator[int]:
    """Run the edge with the configuration `text`, in front of `servers`; yield its port."""
    port = free_port()
    configuration = folder / Path(CONFIGURATION[edge]).name
    configuration.write_text(change(localised(edge, text, servers, port, folder), changes))
    if edge == "nginx":
        # As root, its workers would run as `nobody`, who cannot write to this folder.
        user = "user root; " if os.geteuid() == 0 else ""
        command = [program("nginx"), "-c", str(configuration), "-g", f"{user}daemon off;"]
    else:
        command = [program("haproxy"), "-db", "-f", str(configuration)]
    with running(command, ready=lambda: listening(port), log=folder / f"{edge}.log"):
        yield port
