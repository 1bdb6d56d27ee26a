"""Made-up nodes in three zones. Their kubelets report what real ones would, and run no containers.

That is enough for rollouts, drains and autoscaling. What programs do is not seen: a pod is said to be ready
once the migration of its release is done, because this is how programs answer `/readyz`.
"""

import ssl
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import httpx2

from .cluster import Cluster, Object

ZONES = {f"node-{zone}{number}": f"zone-{zone}" for zone in "abc" for number in (1, 2)}
"""The zone of each node."""
CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "250", "ephemeral-storage": "1Ti"}
VOLUMES = 30
POLL_SECONDS = 0.2
PATCH = {"Content-Type": "application/strategic-merge-patch+json"}


class Nodes:
    """The kubelets of all nodes."""

    def __init__(self, client: httpx2.Client) -> None:
        self.migrations: dict[str, Literal["running", "failing"]] = {}
        """Migrations that are not done, by the tag of their image."""
        self._client = client
        self._addresses = 0

    def register(self, port: int) -> None:
        """Create the nodes, whose kubelets listen on `port`, and volumes for their pods."""
        ready = {"type": "Ready", "status": "True", "reason": "Tests", "lastTransitionTime": _now()}
        for name, zone in ZONES.items():
            labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone}
            node = {"metadata": {"name": name, "labels": labels | {"kubernetes.io/os": "linux"}}}
            self._client.post("/api/v1/nodes", json=node).raise_for_status()
            status = {
                "capacity": CAPACITY,
                "allocatable": CAPACITY,
                "conditions": [ready],
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
            }
            self._patch(f"/api/v1/nodes/{name}", status)
        self._provide_volumes()

    def run(self, stop: threading.Event) -> None:
        """Do what kubelets do, until `stop` is set."""
        while not stop.wait(POLL_SECONDS):
            for pod in self._client.get("/api/v1/pods").raise_for_status().json()["items"]:
                if "nodeName" in pod["spec"]:
                    self._advance(pod)

    def _advance(self, pod: Object) -> None:
        """Bring a pod one step on."""
        path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
        tag = pod["spec"]["containers"][0]["image"].rpartition(":")[2]
        migration = self.migrations.get(tag)
        of_job = any(owner["kind"] == "Job" for owner in pod["metadata"].get("ownerReferences", []))
        phase = pod["status"]["phase"]
        if "deletionTimestamp" in pod["metadata"]:
            self._client.request("DELETE", path, params={"gracePeriodSeconds": 0})
        elif phase == "Pending":
            self._start(path, pod, ready=not migration and not of_job)
        elif phase == "Running" and of_job:
            self._end(path, pod, migration)
        elif phase == "Running" and not migration and not _is_ready(pod):
            self._patch(path, _status(pod, "Running", ready=True, state={"running": {"startedAt": _now()}}))

    def _start(self, path: str, pod: Object, *, ready: bool) -> None:
        self._addresses += 1
        address = f"10.9.{self._addresses // 250}.{self._addresses % 250 + 1}"
        status = _status(pod, "Running", ready=ready, state={"running": {"startedAt": _now()}})
        self._patch(path, status | {"podIP": address, "podIPs": [{"ip": address}], "startTime": _now()})

    def _end(self, path: str, pod: Object, migration: str | None) -> None:
        """End a pod of a Job, unless its migration is running."""
        if migration == "running":
            return
        if migration == "failing" and pod["spec"]["restartPolicy"] == "OnFailure":
            restarts = 1 + pod["status"]["containerStatuses"][0]["restartCount"]
            running = {"running": {"startedAt": _now()}}
            self._patch(path, _status(pod, "Running", ready=False, state=running, restarts=restarts))
            return
        ended = {"exitCode": 1 if migration else 0, "startedAt": _now(), "finishedAt": _now()}
        phase = "Failed" if migration else "Succeeded"
        self._patch(path, _status(pod, phase, ready=False, state={"terminated": ended}))

    def _patch(self, path: str, status: Object) -> None:
        answer = self._client.patch(f"{path}/status", json={"status": status}, headers=PATCH)
        # A pod may have been deleted meanwhile.
        if answer.status_code != httpx2.codes.NOT_FOUND:
            answer.raise_for_status()

    def _provide_volumes(self) -> None:
        default = {"storageclass.kubernetes.io/is-default-class": "true"}
        kind = {
            "metadata": {"name": "tests", "annotations": default},
            "provisioner": "kubernetes.io/no-provisioner",
        }
        self._client.post("/apis/storage.k8s.io/v1/storageclasses", json=kind).raise_for_status()
        for number in range(VOLUMES):
            spec = {
                "capacity": {"storage": "1Ti"},
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": "tests",
                "hostPath": {"path": "/nowhere"},
            }
            volume = {"metadata": {"name": f"volume-{number}"}, "spec": spec}
            self._client.post("/api/v1/persistentvolumes", json=volume).raise_for_status()


@contextmanager
def made_up_nodes(cluster: Cluster) -> Iterator[Nodes]:
    """Run the nodes of a cluster while the block runs."""
    stop = threading.Event()
    with _log_server(cluster) as logs, cluster.client() as client, ThreadPoolExecutor(2) as executor:
        nodes = Nodes(client)
        nodes.register(logs.server_port)
        threads = [executor.submit(logs.serve_forever), executor.submit(nodes.run, stop)]
        try:
            yield nodes
        finally:
            stop.set()
            logs.shutdown()
            for each in threads:
                each.result()


class Logs(BaseHTTPRequestHandler):
    """Answers with the log of a pod, as kubelets do."""

    def do_GET(self) -> None:
        _, _, _, pod, _ = self.path.split("/")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"the log of {pod}\n".encode())

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


def _log_server(cluster: Cluster) -> ThreadingHTTPServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The API server does not verify kubelets, so its own certificate will do.
    certificates = cluster.folder / "certificates"
    context.load_cert_chain(certificates / "apiserver.crt", certificates / "apiserver.key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Logs)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def _status(
    pod: Object, phase: str, *, ready: bool, state: Mapping[str, Any], restarts: int = 0
) -> dict[str, Any]:
    """Return the status of a pod whose containers are all in one state."""
    containers = [
        {
            "name": each["name"],
            "image": each["image"],
            "imageID": each["image"],
            "ready": ready,
            "restartCount": restarts,
            "state": state,
        }
        for each in pod["spec"]["containers"]
    ]
    conditions = [
        {"type": each, "status": str(ready), "lastTransitionTime": _now()}
        for each in ("Ready", "ContainersReady")
    ]
    return {"phase": phase, "containerStatuses": containers, "conditions": conditions}


def _is_ready(pod: Object) -> bool:
    return any(each["ready"] for each in pod["status"]["containerStatuses"])


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
