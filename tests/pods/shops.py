"""Generated shops as pods, with a database outside of the cluster."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import yaml

from blueprint.patterns import Value
from templates.shared.acceptance.client import connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder
from tests.cluster.cluster import until
from tests.cluster.shops import Shop, shop
from tests.containers.engine import engine
from tests.containers.images import pinned, provide_python
from tests.deploy.customers import Load
from tests.generated.environment import python_for_all
from tests.generated.migrations import add_migration
from tests.generated.running import variables_without_tools
from tests.servers.databases import postgresql

from .edge import edge
from .node import GATEWAY, PAUSE
from .pods import Pods

OPTIONS: dict[str, Value] = {"cache": "memory", "observability": False}
"""The pods are only the shop's."""
RELEASES = ("1.0.0", "1.1.0")
"""Tags of the images; the second has one more migration."""
PAUSE_SECONDS = 0.3
NOT_ROUTED = (
    "test_conventions.py::test_unknown_route_is_a_not_found_problem",
    "test_hostile_input.py::test_invalid_path_segment_is_not_a_product",
    "test_hostile_input.py::test_invalid_sku_in_cart_and_stock_is_refused",
    "test_orders.py::test_nul_in_a_path_is_refused",
    "test_probes.py",
)
"""Acceptance tests with paths that no HTTPRoute has, or that NGINX refuses, so the edge answers itself."""


@dataclass(frozen=True)
class Running:
    """A shop that has been released, its database and the URL of its edge."""

    pods: Pods
    shop: Shop
    database: httpx2.URL
    url: str

    @property
    def admin(self) -> str:
        """The credential of the administrator."""
        values = _values(self.shop)
        return f"{values['ADMIN_EMAIL']}:{values['ADMIN_PASSWORD']}"

    def accept(self) -> str:
        """Run the acceptance suite, and return its last line. It must pass."""
        command = [python_for_all(), "-m", "pytest", "-p", "no:cacheprovider", "acceptance"]
        command += [f"--deselect=acceptance/{each}" for each in NOT_ROUTED]
        command += [f"--base-url={self.url}", f"--admin={self.admin}"]
        done = subprocess.run(
            command,
            cwd=self.shop.folder,
            env=variables_without_tools(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout.splitlines()[-1]

    @contextmanager
    def load(self, pause: float = PAUSE_SECONDS) -> Iterator[None]:
        """Let customers order during the block; then, no request has failed."""
        with connect(self.url) as http:
            identity = Accounts(http)
            load = Load(Seeder(identity.sign_in(self.admin), identity), pause)
            with load.running():
                yield
        print(f"{len(load.accepted)} orders, {len(load.failed)} failed")
        assert load.failed == []
        assert load.accepted

    def update(self) -> None:
        """Release the second release under load, until the pods of the first one are gone."""
        old = self.shop.names()
        with self.load():
            assert self.shop.make("release", f"TAG={RELEASES[1]}") == (0, "")
            # They get no requests now, but some still handle what they got.
            until(lambda: not old & self.shop.names())
        assert self.shop.serving() == {RELEASES[1]}
        assert set(self.shop.migrations().values()) == {"Complete"}

    def drain(self) -> None:
        """Drain one node after the other under load, so that each pod moves, and some of them twice."""
        cluster, old = self.pods.cluster, self.shop.names()
        # Pods for the tests stay.
        options = ("--pod-selector=app.kubernetes.io/component=api", "--delete-emptydir-data")
        # Pods move one by one, so each of them has requests only if customers make no pause.
        with self.load(pause=0):
            for each in self.pods.nodes:
                done = cluster.run("drain", each.name, *options)
                assert done.returncode == 0, done.stderr
                until(self.shop.settled)
                assert each.name not in {pod["spec"]["nodeName"] for pod in self.shop.pods()}
                cluster.kubectl("uncordon", each.name)
        assert not old & self.shop.names()


@contextmanager
def released(pods: Pods, folder: Path, pattern: str, **options: Value) -> Iterator[Running]:
    """Build two releases of a shop, and release the first one."""
    with (
        shop(pods.cluster, folder / "shop", pattern, OPTIONS | options) as made,
        postgresql(folder, address=GATEWAY) as url,
    ):
        database = httpx2.URL(url)
        pods.load(_build(made, folder))
        _connect(made, database)
        assert made.make("release", f"TAG={RELEASES[0]}") == (0, "")
        until(made.settled)
        with edge(pods, made, folder) as base_url:
            yield Running(pods, made, database, base_url)


def _build(made: Shop, folder: Path) -> Path:
    """Return an archive with the images of two releases, and with that of pods without programs."""
    base = next(each for each in pinned(made.folder) if each.startswith("python:"))
    idle = folder / "idle"
    idle.mkdir()
    (idle / "Dockerfile").write_text(f'FROM {base}\nCMD ["/usr/bin/sleep", "infinity"]\n')
    archive = folder / "images.tar"
    with engine(folder) as docker:
        provide_python(docker, base)
        docker.docker("build", "--quiet", f"--tag={PAUSE}", str(idle))
        images = [PAUSE]
        for tag in RELEASES:
            for each in _kustomization(made)["images"]:
                images.append(f"{each['newName']}:{tag}")
                # The image of a monolith is named like the project, those of services add their names.
                service = each["name"].removeprefix(made.namespace).lstrip("-").replace("-", "_")
                arguments = (f"--build-arg=SERVICE={service}", f"--tag={images[-1]}")
                docker.docker("build", "--quiet", *arguments, str(made.folder))
            if tag != RELEASES[-1]:
                (migrations,) = made.folder.glob("**/catalog/migrations")
                add_migration(migrations)
        docker.docker("save", f"--output={archive}", *images)
    return archive


def _connect(made: Shop, database: httpx2.URL) -> None:
    """Create the namespace and the Secret of a shop, and let its pods connect to a database."""
    secrets = _secrets(made)
    if secrets.exists():
        secrets.write_text(re.sub(r"(?m)^DATABASE_URL=.*$", f"DATABASE_URL={database}", secrets.read_text()))
    else:
        _provide_databases(made, database)
        made.edit("host=database.example.com", f"host={database.host}:{database.port}")
    policies = made.kustomization.with_name("networkpolicies.yaml")
    policies.write_text(policies.read_text().replace("port: 5432", f"port: {database.port}"))
    made.cluster.kubectl("apply", "--filename", str(made.kustomization.with_name("namespace.yaml")))
    names = ("--namespace", made.namespace, f"{made.namespace}-secrets")
    made.cluster.kubectl("create", "secret", "generic", *names, f"--from-env-file={secrets}")


def _provide_databases(made: Shop, database: httpx2.URL) -> None:
    """Create the secrets of services, and the database of each, as the development overlay does."""
    command = [sys.executable, "scripts/make_env.py", "deploy/env.example", str(_secrets(made))]
    subprocess.run(command, cwd=made.folder, check=True, capture_output=True)
    address = {"PGHOST": database.host, "PGPORT": str(database.port)}
    environment = {**os.environ, **address, **_values(made)}
    role = ["psql", "--username=shop", "--command=CREATE ROLE postgres SUPERUSER LOGIN"]
    subprocess.run(role, env=environment, check=True, capture_output=True)
    script = str(made.folder / "deploy/postgresql/databases.sh")
    subprocess.run(["sh", script], env=environment, check=True, capture_output=True)


def _kustomization(made: Shop) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(made.kustomization.read_text())
    return content


def _secrets(made: Shop) -> Path:
    return made.folder / "deploy/kubernetes/secrets.env"


def _values(made: Shop) -> dict[str, str]:
    lines = _secrets(made).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
