"""A shop on one machine whose accounts are at an issuer elsewhere."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from templates.shared.acceptance.identity import OAuthClients, discover
from templates.shared.acceptance.seeder import Seeder
from tests.generated.environment import environment_for_all
from tests.generated.running import PACKAGE, shop
from tests.servers.process import running

from .engine import Engine
from .machines import machine

pytestmark = pytest.mark.long
ACCOUNTS = {"auth": "oauth2"}
PORT = 9000
SECRET = "of-the-tests"  # noqa: S105 - nobody else reaches the issuer


def test_the_issuer_of_one_machine_is_elsewhere(docker: Engine) -> None:
    """The shop accepts the tokens of the issuer in deploy/.env, and neither runs nor routes to Keycloak."""
    address = f"http://{docker.address}:{PORT}"
    # Without the keys of its issuer, a shop does not become ready.
    with (
        issuer(docker, address),
        machine(docker, "issuer", {"OIDC_ISSUER": address}, **ACCOUNTS) as (_, http),
    ):
        assert "keycloak" not in docker.docker("ps", "--format={{.Image}}")
        assert http.get("/realms/shop").status_code == 404
        identity = discover(http)
        assert isinstance(identity, OAuthClients)
        seeder = Seeder(identity.sign_in(f"admin:{SECRET}"), identity)
        order = seeder.customer(balance=100).order({seeder.product(price=100): 1})
        assert order["state"] == "CONFIRMED"


@contextmanager
def issuer(docker: Engine, address: str) -> Iterator[None]:
    """Run the local issuer of a shop on the machine, in the network of the engine."""
    project = shop("monolith", docker.folder / "sources", ACCOUNTS)
    folders = [str(Path(__file__).parent), str(project / "src")]
    settings = {"PACKAGE": PACKAGE, "OIDC_ISSUER": address, "ADMIN_CLIENT_SECRET": SECRET}
    granian = [str(environment_for_all() / "bin/granian"), "--interface=asgi", "--factory"]

    def ready() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((docker.address, PORT)) == 0

    with docker.network():
        server = running(
            [*granian, f"--host={docker.address}", f"--port={PORT}", "issuer:create"],
            ready=ready,
            log=docker.folder / "issuer.log",
            env=os.environ | {"PYTHONPATH": os.pathsep.join(folders)} | settings,
        )
        with server:
            yield
