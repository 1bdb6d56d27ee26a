"""A shop of the Spring stack that serves: its database, its log, and a collector of its traces."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2

from tests.servers.databases import postgresql
from tests.servers.process import eventually

from .audited import SETTINGS
from .spring import serving, without_driver


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
        administrator = {"email": SETTINGS["ADMIN_EMAIL"], "password": SETTINGS["ADMIN_PASSWORD"]}
        answer = httpx2.post(f"{self.url}/v1/auth/login", json=administrator, trust_env=False)
        return str(answer.raise_for_status().json()["access_token"])


@contextmanager
def served(project: Path, folder: Path) -> Iterator[Served]:
    """Serve a shop with sample products on a new PostgreSQL."""
    with ExitStack() as stack:
        database = stack.enter_context(ExitStack())
        database_url = without_driver(database.enter_context(postgresql(folder)))
        collector, spans = stack.enter_context(_collector())
        variables = SETTINGS | {
            "DATABASE_URL": database_url,
            "MAIL_FOLDER": "mail",
            "ACCESS_LOG": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
        }
        shop = stack.enter_context(serving(project, folder, variables, "migrate", "seed", "serve"))
        eventually(lambda: shop.ready() == 200)
        yield Served(f"http://127.0.0.1:{shop.port}", shop.log, spans, database)


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
