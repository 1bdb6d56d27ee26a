"""Customers of a running shop, who show whether a release or a backup fails a request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx2

from templates.shared.acceptance.client import User
from templates.shared.acceptance.seeder import Seeder
from tests.background import at_work

CLIENTS = 4


class Load:
    """Customers who order and read the catalog all the time, with a pause after each order."""

    def __init__(self, seeder: Seeder, pause: float) -> None:
        self.accepted: list[str] = []
        self.failed: list[str] = []
        self.users = [seeder.customer(balance=1_000_000) for _ in range(CLIENTS)]
        self._sku = seeder.product(price=1, stock=1_000_000)
        self._pause = pause
        self._stopping = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send requests during the block."""
        hooks = self.users[0].http.event_hooks["response"]
        hooks.append(self._note)
        try:
            with at_work([partial(self._work, user) for user in self.users], self._stopping):
                yield
        finally:
            hooks.remove(self._note)

    def _note(self, response: httpx2.Response) -> None:
        """Note an error: a client repeats a request after 503, which would hide it."""
        if response.is_server_error:
            self.failed.append(response.read().decode())

    def _work(self, user: User) -> None:
        while not self._stopping.wait(self._pause):
            try:
                order = user.place({self._sku: 1}, expect=None)
                product = user.http.get(f"/v1/products/{self._sku}")
            except httpx2.TransportError as error:
                self.failed.append(repr(error))
                continue
            self.failed += [each.text for each in (order, product) if each.is_client_error]
            if order.status_code == 202:
                self.accepted.append(order.json()["id"])
