"""Names of services for the DNS servers of the nodes."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2

POLL_SECONDS = 0.5


def publish(client: httpx2.Client, folders: Sequence[Path], stopping: threading.Event) -> None:
    """Write the names and addresses of all services to these folders whenever they change."""
    known = ""
    while not stopping.wait(POLL_SECONDS):
        names = "".join(_lines(client))
        if names != known:
            for each in folders:
                (each / "services").write_text(names)
        known = names


def _lines(client: httpx2.Client) -> Iterator[str]:
    for each in client.get("/api/v1/services").raise_for_status().json()["items"]:
        name, namespace = each["metadata"]["name"], each["metadata"]["namespace"]
        yield f"{each['spec']['clusterIP']} {name}.{namespace}.svc.cluster.local\n"
