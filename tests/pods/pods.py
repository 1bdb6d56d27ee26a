"""A cluster whose nodes run pods, and what tests see of its pods."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.background import at_work
from tests.cluster import definitions
from tests.cluster.cluster import Cluster, Object, control_plane, until
from tests.containers.namespaces import group, network
from tests.generated.environment import python_for_all

from .names import publish
from .node import GATEWAY, PAUSE, Node, machine_room, node, require

NODES = 2
EDGE = "gateway"
"""The namespace from which generated network policies let requests in."""
CONNECT = """
import socket, sys
with socket.socket() as client:
    client.settimeout(3)
    print(client.connect_ex((sys.argv[1], int(sys.argv[2]))))
"""


@dataclass(frozen=True)
class Pods:
    """A control plane and its nodes."""

    cluster: Cluster
    nodes: list[Node]

    def load(self, archive: Path) -> None:
        """Import images into all nodes."""
        for each in self.nodes:
            each.load(archive)

    def start(self, name: str, namespace: str) -> None:
        """Start a pod that does nothing, and has Python."""
        spec = {"containers": [{"name": "idle", "image": PAUSE}], "terminationGracePeriodSeconds": 0}
        metadata = {"name": name, "namespace": namespace}
        self.cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
        until(lambda: self.pod(name, namespace)["status"]["phase"] == "Running")

    def pod(self, name: str, namespace: str) -> Object:
        """Return a pod."""
        (found,) = (each for each in self.cluster.get("pods", namespace) if each["metadata"]["name"] == name)
        return found

    def reaches(self, name: str, namespace: str, host: str, port: int) -> bool:
        """Whether a pod, which has Python, can connect to a port."""
        command = ("--namespace", namespace, name, "--", "python", "-c", CONNECT, host, str(port))
        return self.cluster.kubectl("exec", *command).strip() == "0"

    @contextmanager
    def network(self, name: str, namespace: str) -> Iterator[None]:
        """Let this thread, and what it starts, use the network of a pod during the block."""
        pod = self.pod(name, namespace)
        (there,) = (each for each in self.nodes if each.name == pod["spec"]["nodeName"])
        with network(there.network(pod["status"]["podIP"])):
            yield


@contextmanager
def pods(folder: Path) -> Iterator[Pods]:
    """Run a cluster; this thread is in its network during the block."""
    require()
    # These may have to be downloaded, and the network of the cluster is not connected to any other.
    files = definitions.files(definitions.GATEWAY)
    python_for_all()
    with ExitStack() as stack:
        stack.enter_context(machine_room())
        cluster = stack.enter_context(control_plane(folder, GATEWAY))
        for each in files:
            cluster.kubectl("apply", "--server-side", "--filename", str(each))
        name = stack.enter_context(group())
        nodes = [stack.enter_context(node(cluster, number, name)) for number in range(1, NODES + 1)]
        cluster.kubectl("create", "namespace", EDGE)
        stopping = threading.Event()
        client = stack.enter_context(cluster.client())
        folders = [each.folder / "names" for each in nodes]
        stack.enter_context(at_work([partial(publish, client, folders, stopping)], stopping))
        yield Pods(cluster, nodes)
