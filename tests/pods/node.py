"""Nodes of a cluster: kubelet, containerd, kube-proxy, kube-router and a DNS server, in namespaces."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.cluster import LIMIT_SECONDS, ROOT, Cluster, until
from tests.containers.namespaces import GROUPS, SYSTEM, isolated, new_network
from tests.servers.process import running

PROGRAMS = {"node": ("kubelet", "kube-proxy"), "kube-router": ()}
"""Programs that `make test-pods` builds, and the names by which the first is started."""
BUILT = ROOT / "build/control-plane"
SCRIPT = Path(__file__).with_name("node.sh")
GATEWAY = "10.210.0.1"
"""The address of this process, and of the control plane."""
OUTSIDE = "203.0.113.1"
"""Another one, which is not in the networks of the cluster."""
DNS = "169.254.20.10"
"""Where NodeLocal DNSCache is on each node."""
PODS = "10.244.0.0/16"
PAUSE = "local/pause:1"
"""The image of pods without programs, which also holds the namespaces of all others."""
CONTAINERD = """version = 3
root = "/srv/containerd"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "docker.io/{pause}"

[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  # Root may lack the capability to lower a score.
  restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["/usr/lib/cni"]
  conf_dir = "{folder}/cni"
"""


@dataclass(frozen=True)
class Node:
    """A node, and its folder."""

    name: str
    folder: Path

    @property
    def pid(self) -> int:
        """The first process of the node."""
        return int((self.folder / "pid").read_text())

    def load(self, archive: Path) -> None:
        """Import images."""
        inside = ["nsenter", f"--target={self.pid}", "--mount", "--net"]
        with archive.open("rb") as file:
            subprocess.run(
                [*inside, "ctr", "--namespace=k8s.io", "images", "import", "-"],
                stdin=file,
                check=True,
                capture_output=True,
            )

    def network(self, address: str) -> Path:
        """Return the network namespace of the pod that has this address."""
        for each in Path(f"/proc/{self.pid}/root/run/netns").iterdir():
            command = ["nsenter", f"--net={each}", "ip", "-oneline", "-4", "address"]
            if f" {address}/" in subprocess.run(command, check=True, capture_output=True, text=True).stdout:
                return each
        raise LookupError(f"no pod on {self.name} has the address {address}")


def require() -> None:
    """Skip the test where no node can run."""
    if os.geteuid() != 0:
        pytest.skip("nodes need root here")
    if (GROUPS / "cgroup.controllers").exists():
        pytest.skip("nodes were only tried with version 1 of control groups")
    if not (SYSTEM / "ready").exists() or not all((BUILT / each).exists() for each in PROGRAMS):
        pytest.skip("there are no nodes: install debootstrap and Go 1.26, and run make test-pods as root")


@contextmanager
def machine_room() -> Iterator[None]:
    """Move this thread, and what it starts, to a network for nodes during the block."""
    with new_network():
        for command in (
            "link set lo up",
            f"address add {OUTSIDE}/32 dev lo",
            "link add nodes type bridge",
            f"address add {GATEWAY}/24 dev nodes",
            "link set nodes up",
        ):
            _ip(command)
        # Pods of one node reach those of another through here.
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        yield


@contextmanager
def node(cluster: Cluster, number: int, group: str) -> Iterator[Node]:
    """Run a node of a cluster while the block runs."""
    made = Node(f"node-{number}", cluster.folder / f"node-{number}")
    pods, address = f"10.244.{number}.0/24", f"10.210.0.{10 + number}"
    _write_programs(made.folder / "bin")
    _write_settings(made, cluster, pods, f"/{group}/{made.name}")
    for each in GROUPS.iterdir():
        (each / group / made.name).mkdir(parents=True, exist_ok=True)
    command = ["sh", str(made.folder / "bin/node.sh"), str(made.folder), made.name, address, GATEWAY, DNS]
    with running(
        isolated(made.folder, made.folder / "data", *command),
        ready=lambda: _started(made.folder / "pid"),
        log=made.folder / "node.log",
        timeout=LIMIT_SECONDS,
        stop=signal.SIGKILL,
    ):
        _ip(f"link add {made.name} type veth peer name eth0 netns {made.pid}")
        _ip(f"link set {made.name} master nodes up")
        _ip(f"route add {pods} via {address}")
        until(lambda: made.name in _ready(cluster))
        yield made


def _started(pid: Path) -> bool:
    return pid.exists() and pid.read_text() != ""


def _ready(cluster: Cluster) -> set[str]:
    """Return the names of the nodes that are ready."""
    return {
        each["metadata"]["name"]
        for each in cluster.get("nodes")
        if any(
            (condition["type"], condition["status"]) == ("Ready", "True")
            for condition in each["status"].get("conditions", [])
        )
    }


def _write_programs(folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copy(SCRIPT, folder)
    for name, others in PROGRAMS.items():
        shutil.copy(BUILT / name, folder)
        for each in others:
            (folder / each).symlink_to(name)


def _write_settings(made: Node, cluster: Cluster, pods: str, group: str) -> None:
    folder = made.folder
    (folder / "names").mkdir()
    (folder / "cni").mkdir()
    shutil.copy(cluster.folder / "kubeconfig", folder)
    (folder / "containerd.toml").write_text(CONTAINERD.format(folder=folder, pause=PAUSE))
    addresses = {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": pods}]]}
    # No bridge: the rules of a node also apply between its own pods.
    link = {"type": "ptp", "ipam": {**addresses, "routes": [{"dst": "0.0.0.0/0"}]}}
    _write(folder / "cni/pods.conflist", {"cniVersion": "1.0.0", "name": "pods", "plugins": [link]})
    proxy = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
        "clusterCIDR": PODS,
        "clientConnection": {"kubeconfig": str(folder / "kubeconfig")},
        # These limits are the whole machine's.
        "conntrack": {"maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
    _write(folder / "kube-proxy.json", proxy)
    kubelet = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": group,
        "failCgroupV1": False,
        "failSwapOn": False,
        "clusterDNS": [DNS],
        "clusterDomain": "cluster.local",
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        # The disk is the whole machine's, and images that are deleted cannot be pulled again.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
    }
    _write(folder / "kubelet.json", kubelet)


def _write(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(json.dumps(settings, indent=2))


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True)
