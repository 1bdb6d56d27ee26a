"""A collector of traces (OTLP over HTTP), which writes spans to a file as processes of a shop in Python do.

python span_collector.py PORT FILE, with the libraries of a shop in Python.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
SERVICE = "service.name"


def lines(body: bytes) -> list[str]:
    """Return the spans of a request, each as JSON."""
    service = import_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    found = []
    for resource in service.ExportTraceServiceRequest.FromString(body).resource_spans:
        name = attributes(resource.resource)[SERVICE]
        for scope in resource.scope_spans:
            found += [json.dumps({"service": name} | described(span)) for span in scope.spans]
    return found


def described(span: Any) -> dict[str, Any]:
    """Return what the tests need of a span."""
    return {
        "trace": span.trace_id.hex(),
        "span": span.span_id.hex(),
        "parent": span.parent_span_id.hex() or None,
        "kind": KINDS[span.kind],
        "name": span.name,
        "attributes": attributes(span),
    }


def attributes(described: Any) -> dict[str, str]:
    """Return the attributes that are texts."""
    return {each.key: each.value.string_value for each in described.attributes}


def main(port: str, file: str) -> None:
    """Collect until the process is terminated."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            spans = lines(self.rfile.read(int(self.headers["Content-Length"])))
            with Path(file).open("a") as written:
                written.writelines(f"{span}\n" for span in spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
