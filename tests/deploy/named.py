"""Small servers in this process, one for each service: each answers its own name."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Keeps quiet when a health check hangs up."""

    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Say nothing: what a test asked for and did not get, it sees."""


@contextmanager
def serve(names: Iterable[str]) -> Iterator[dict[str, list[int]]]:
    """Run a server for each name, and give the port of each."""
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
            """Keep quiet."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
