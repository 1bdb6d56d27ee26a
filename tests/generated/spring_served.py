"""A shop of the Spring stack that serves: its database, its log, and a collector of its traces."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2

from tests.servers.databases import postgresql
from tests.servers.process import free_port, running

ADMIN = {"email": "admin@example.com", "password": "a password for tests"}
START_SECONDS = 300


@dataclass(frozen=True)
class Served:
    """A running shop."""

    url: str
    log: Path
    spans: list[bytes]
    database: ExitStack
    """Closing it stops the database."""

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the log, each of which is a JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def token(self) -> str:
        """Return an access token of the administrator."""
        answer = httpx2.post(f"{self.url}/v1/auth/login", json=ADMIN, trust_env=False)
        return str(answer.raise_for_status().json()["access_token"])


@contextmanager
def served(project: Path, java_home: str, folder: Path) -> Iterator[Served]:
    """Serve a shop with sample products on a new PostgreSQL."""
    with ExitStack() as stack:
        database = stack.enter_context(ExitStack())
        database_url = database.enter_context(postgresql(folder)).replace("+asyncpg", "")
        collector, spans = stack.enter_context(_collector())
        url = f"http://127.0.0.1:{free_port()}"

        def ready() -> bool:
            try:
                return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
            except httpx2.TransportError:
                return False

        command = [f"{java_home}/bin/java", "-XX:TieredStopAtLevel=1", "-jar", f"{project}/target/shop.jar"]
        command += ["migrate", "seed", "serve", f"--server.port={url.rpartition(':')[2]}"]
        unlimited = ("ORDERS_PER_USER", "LOGINS_PER_EMAIL", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS")
        variables = {
            "DATABASE_URL": database_url,
            "SIGNING_KEYS": "A" * 43,
            "ADMIN_EMAIL": ADMIN["email"],
            "ADMIN_PASSWORD": ADMIN["password"],
            "MAIL_FOLDER": "mail",
            "ACCESS_LOG": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
            **dict.fromkeys(unlimited, "100000/minute"),
        }
        log = folder / "shop.log"
        env = os.environ | variables
        stack.enter_context(
            running(command, ready=ready, log=log, env=env, cwd=folder, timeout=START_SECONDS)
        )
        yield Served(url, log, spans, database)


@contextmanager
def _collector() -> Iterator[tuple[str, list[bytes]]]:
    """Yield the address of a collector of traces, and the requests that it gets."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                bodies.append(body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
