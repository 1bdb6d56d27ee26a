"""Small servers in this process, one for each service; each returns its name."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Server that does not report aborted health checks."""

    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Log nothing; tests check the responses."""


@contextmanager
def serve(names: Iterable[str]) -> Iterator[dict[str, list[int]]]:
    """Run a server for each name, and yield their ports."""
    with ExitStack() as stack:
        yield {name: [stack.enter_context(_server(name))] for name in names}


@contextmanager
def _server(name: str) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.dumps({"service": name, "path": self.path}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Log nothing."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
