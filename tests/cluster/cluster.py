"""A real Kubernetes control plane for tests: etcd, API server, controllers and scheduler, on free ports."""

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.servers.process import free_port, program, running

ROOT = Path(__file__).parent.parent.parent
BINARY = ROOT / "build/control-plane/kube"
"""All parts in one program, which `make test-cluster` builds."""
PARTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
LIMIT_SECONDS = 300.0
"""Longest time until something happens that has to happen."""
DOTS = "Warning: metadata.name: this is used in Pod names and hostnames"
"""A tag such as 1.0.0 ends the name of a Job. Nothing uses the name of its pod as a host."""
Object = dict[str, Any]


@dataclass(frozen=True)
class Cluster:
    """A control plane and its kubectl, in a folder."""

    folder: Path
    url: str
    token: str

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which programs find this kubectl, and kubectl this cluster."""
        return {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "KUBECONFIG": str(self.folder / "kubeconfig"),
        }

    def client(self) -> httpx2.Client:
        """Return a client of the API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        # The API server has signed its certificate itself.
        return httpx2.Client(base_url=self.url, headers=headers, verify=False, trust_env=False, timeout=60)

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl, and return how it ended."""
        return subprocess.run(
            [str(self.folder / "bin/kubectl"), *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Return what kubectl prints. It must succeed, and warn of nothing but the names of migrations."""
        done = self.run(*arguments, stdin=stdin)
        said = [line for line in done.stderr.splitlines() if not line.startswith(DOTS)]
        assert (done.returncode, said) == (0, []), (arguments, done.stderr)
        return done.stdout

    def create(self, *objects: Object) -> None:
        """Create objects, which kubectl reads as JSON."""
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("create", "--filename", "-", stdin=json.dumps(listed))

    def get(self, kind: str, namespace: str = "default", labels: str = "") -> list[Object]:
        """Return the objects of a kind."""
        found = self.run("get", kind, "--namespace", namespace, "--selector", labels, "--output", "json")
        assert found.returncode == 0, found.stderr
        items: list[Object] = json.loads(found.stdout)["items"]
        return items


def until(reached: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not reached():
        assert time.monotonic() < deadline, f"not reached within {LIMIT_SECONDS:.0f} s"
        time.sleep(0.3)


@contextmanager
def control_plane(folder: Path, address: str = "127.0.0.1") -> Iterator[Cluster]:
    """Run a control plane while the block runs; skip the test if it has not been built."""
    if not BINARY.exists():
        pytest.skip("there is no control plane: install Go 1.26, and run make test-cluster")
    (folder / "bin").mkdir()
    for part in PARTS:
        (folder / "bin" / part).symlink_to(BINARY)
    cluster = Cluster(folder, f"https://{address}:{free_port()}", secrets.token_hex())
    _write_credentials(cluster)
    store, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    with ExitStack() as stack, cluster.client() as client:

        def start(part: str, *arguments: str, ready: Callable[[], bool] = lambda: True) -> None:
            command = [str(folder / "bin" / part), *arguments]
            log = folder / f"{part}.log"
            # Nothing is kept, and a graceful end would wait for open connections.
            stack.enter_context(
                running(command, ready=ready, log=log, timeout=LIMIT_SECONDS, stop=signal.SIGKILL)
            )

        start("etcd", *_store_arguments(folder, store, peers), ready=lambda: _ok(store, "/health"))
        start(
            "kube-apiserver",
            *_server_arguments(cluster, store),
            ready=lambda: _answers(client, "/readyz"),
        )
        shared = [f"--kubeconfig={folder / 'kubeconfig'}", "--leader-elect=false", "--secure-port=0"]
        start("kube-scheduler", *shared)
        start(
            "kube-controller-manager",
            *shared,
            *_controller_arguments(folder),
            ready=lambda: _answers(client, "/api/v1/namespaces/default/serviceaccounts/default"),
        )
        yield cluster


def _store_arguments(folder: Path, clients: str, peers: str) -> list[str]:
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",
    ]


def _server_arguments(cluster: Cluster, store: str) -> list[str]:
    folder = cluster.folder
    return [
        f"--etcd-servers={store}",
        f"--bind-address={httpx2.URL(cluster.url).host}",
        f"--secure-port={cluster.url.rpartition(':')[2]}",
        # An address of no machine: loopback is refused here, and pods do not call the API.
        "--advertise-address=192.0.2.1",
        f"--cert-dir={folder / 'certificates'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={folder / 'accounts.key'}",
        f"--service-account-signing-key-file={folder / 'accounts.key'}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--allow-privileged=true",
        "--kubelet-preferred-address-types=InternalIP",
    ]


def _controller_arguments(folder: Path) -> list[str]:
    return [
        f"--service-account-private-key-file={folder / 'accounts.key'}",
        # Made-up nodes send no heartbeats.
        "--node-monitor-grace-period=24h",
        # Pods of made-up nodes use their CPU at once.
        "--horizontal-pod-autoscaler-sync-period=1s",
        "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
        "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
    ]


def _write_credentials(cluster: Cluster) -> None:
    folder = cluster.folder
    key = [program("openssl"), "genrsa", "-out", str(folder / "accounts.key"), "2048"]
    subprocess.run(key, check=True, capture_output=True)
    (folder / "tokens.csv").write_text(f"{cluster.token},tests,tests,system:masters\n")
    named: Object = {"cluster": "tests", "user": "tests"}
    server = {"server": cluster.url, "insecure-skip-tls-verify": True}
    # kubectl reads JSON as well, because it is YAML.
    (folder / "kubeconfig").write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "tests",
                "contexts": [{"name": "tests", "context": named}],
                "clusters": [{"name": "tests", "cluster": server}],
                "users": [{"name": "tests", "user": {"token": cluster.token}}],
            }
        )
    )


def _ok(url: str, path: str) -> bool:
    with httpx2.Client(base_url=url, trust_env=False) as client:
        return _answers(client, path)


def _answers(client: httpx2.Client, path: str) -> bool:
    try:
        return client.get(path).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False
