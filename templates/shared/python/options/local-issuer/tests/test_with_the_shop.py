"""Tests of the real issuer process, with the shop as its resource server."""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from chassis.auth.module import AccessSettings, build
from chassis.auth.security import Principal

PACKAGE = __package__.rpartition(".")[0]
SOURCES = Path(__file__).parents[3]
SECRET = secrets.token_urlsafe()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the running issuer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "OIDC_ISSUER": address}
    environment |= {"OIDC_AUDIENCE": "shop", "ADMIN_CLIENT_ID": "admin", "ADMIN_CLIENT_SECRET": SECRET}
    process = subprocess.Popen([sys.executable, "-m", PACKAGE], env=environment)
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def test_the_shop_recognizes_a_client_that_registered_itself(address: str) -> None:
    client = httpx2.post(f"{address}/register", json={}).json()
    caller = _caller(address, _token(address, client["client_id"], client["client_secret"]))
    assert str(caller.id) == client["client_id"]
    assert caller.roles == {"customer"}


def test_the_issuers_administrator_is_an_administrator_of_the_shop(address: str) -> None:
    assert _caller(address, _token(address, "admin", SECRET)).roles == {"admin", "customer"}


def _caller(address: str, token: str) -> Principal:
    async def run() -> Principal:
        access = build(AccessSettings(oidc_issuer=address))
        await access.start()
        try:
            return await access.verifier.verify(token)
        finally:
            await access.stop()

    return asyncio.run(run())


def _token(address: str, id: str, secret: str) -> str:
    form = {"grant_type": "client_credentials"}
    answer = httpx2.post(f"{address}/token", data=form, auth=(id, secret)).raise_for_status()
    return str(answer.json()["access_token"])


def _wait(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx2.get(f"{address}/jwks").raise_for_status()
            return
        except httpx2.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
