"""A shop on one machine with a real Docker: releases under load, a backup, and its restore."""

import ssl

import httpx2
import pytest

from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.paging import walk
from templates.shared.acceptance.seeder import Seeder
from tests.deploy.customers import Load
from tests.generated.migrations import add_migration
from tests.generated.running import PACKAGE

from .engine import Engine
from .stacks import Stack, stack

pytestmark = pytest.mark.long
PAUSE_SECONDS = 0.2
"""The edge limits how much one address may ask."""


def test_releases_fail_no_request_and_a_backup_is_restored(docker: Engine) -> None:
    """No request fails, also while the schema changes; a restored backup has the orders before it only."""
    with stack(docker, "machine", "monolith", kubernetes=False, host="machine") as machine:
        machine.make("deploy/.env")
        environment = machine.project / "deploy/.env"
        # Caddy itself signs the certificate of this name.
        environment.write_text(environment.read_text().replace("DOMAIN=shop.example.com", "DOMAIN=localhost"))
        first = machine.make("release", "TAG=1.0.0")
        assert first.splitlines()[-1] == "Released 1.0.0."
        with (
            docker.network(),
            httpx2.Client(
                base_url="https://localhost", verify=authority(machine), timeout=60, trust_env=False
            ) as http,
        ):
            check(machine, http)


def authority(machine: Stack) -> ssl.SSLContext:
    """Return what trusts the authority of Caddy."""
    files = [f"--file=deploy/{each}" for each in ("compose.yaml", "machine/compose.yaml")]
    root = machine.compose(
        *files, "exec", "--no-TTY", "tls", "cat", "/data/caddy/pki/authorities/local/root.crt"
    )
    return ssl.create_default_context(cadata=root)


def note(response: httpx2.Response, errors: list[int]) -> None:
    """Add the status of a response that is an error of the shop."""
    if response.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
        errors.append(response.status_code)


def check(machine: Stack, http: httpx2.Client) -> None:
    """Release a migration, roll back, back up and restore."""
    errors: list[int] = []
    # The customers repeat what is refused with 503, which would hide it.
    http.event_hooks = {"response": [lambda response: note(response, errors)]}
    identity = Accounts(http)
    seeder = Seeder(identity.sign_in(machine.admin), identity)
    load = Load(seeder, PAUSE_SECONDS)
    with load.running():
        add_migration(machine.project / "src" / PACKAGE / "catalog/migrations")
        machine.make("release", "TAG=1.1.0")
        machine.make("rollback", "TAG=1.0.0")
        before = set(load.accepted)
        saved = machine.make("backup").strip()
    print(f"{len(load.accepted)} orders during a release, a rollback and a backup; {len(load.failed)} failed")
    assert (load.failed, errors) == ([], [])
    late = load.users[0].order({seeder.product(price=1): 1})["id"]
    machine.make("restore", f"BACKUP={saved}")
    orders = {each["id"] for user in load.users for each in walk(user, "/v1/orders", 100)}
    assert before <= orders
    assert late not in orders
    assert seeder.customer(balance=100).order({seeder.product(price=100): 1})["state"] == "CONFIRMED"
