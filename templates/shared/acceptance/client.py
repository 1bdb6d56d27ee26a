"""HTTP clients of the shop: anonymous, customer and administrator."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from .conventions import check_answer

CONNECTIONS = 128
KEEP_ALIVE_SECONDS = 2.0
TERMINAL = frozenset({"CONFIRMED", "REJECTED", "CANCELLED"})
RETRY_SECONDS = 120.0
END_SECONDS = 30.0
_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


def connect(base_url: str) -> httpx2.Client:
    """Return a connection pool to the shop, safe to share between threads. Ignores proxy variables."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEP_ALIVE_SECONDS)
    return httpx2.Client(base_url=base_url, timeout=60.0, limits=limits, trust_env=False)


class ShopClient:
    """Client that sends requests, with a bearer token if it has one, and checks each response."""

    def __init__(self, http: httpx2.Client, token: Callable[[], str] | None = None) -> None:
        self.http = http
        self.token = token

    def build(
        self, method: str, path: str, *, headers: Mapping[str, str | bytes] | None = None, **content: Any
    ) -> httpx2.Request:
        """Return a request of this client, ready to send."""
        sent: dict[str, Any] = dict(headers or {})
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token()}"
        return self.http.build_request(method, path, headers=sent, **content)

    def send(self, request: httpx2.Request, *, repeatable: bool = False) -> httpx2.Response:
        """Return the response; retries after 429, and after 503 where a repetition is safe."""
        repeatable |= request.method in _IDEMPOTENT or "Idempotency-Key" in request.headers
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            response = self.http.send(request)
            check_answer(response)
            busy = response.status_code == 429 or (response.status_code == 503 and repeatable)
            if not busy or request.url.path == "/readyz" or time.monotonic() > deadline:
                return response
            time.sleep(max(1, int(response.headers["retry-after"])))
            if self.token is not None:
                # The shop may be down for longer than the token is valid.
                request.headers["Authorization"] = f"Bearer {self.token()}"

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Build a request and send it."""
        return self.send(self.build(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """GET `path`."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        """POST to `path`."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx2.Response:
        """PUT to `path`."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx2.Response:
        """PATCH `path`."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        """DELETE `path`."""
        return self.request("DELETE", path, **options)


class User(ShopClient):
    """Client with an account: places and cancels orders, reads wallet and payments."""

    def __init__(self, http: httpx2.Client, token: Callable[[], str], credential: str) -> None:
        super().__init__(http, token)
        self.credential = credential
        me = self.get("/v1/me")
        assert me.status_code == 200, me.text
        self.id: str = me.json()["id"]

    def place_request(self, items: Mapping[str, int] | None, key: str | None = None) -> httpx2.Request:
        """Return the POST that orders `{sku: quantity}`, or the cart if None; creates a key by default."""
        body = {} if items is None else {"items": [{"sku": s, "quantity": q} for s, q in items.items()]}
        return self.build(
            "POST", "/v1/orders", json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())}
        )

    def place(
        self, items: Mapping[str, int] | None, key: str | None = None, expect: int | None = 202
    ) -> httpx2.Response:
        """Send `place_request` and expect this status; None accepts any."""
        response = self.send(self.place_request(items, key))
        assert expect in (None, response.status_code), response.text
        return response

    def wait_for_end(self, order_id: str, leaving: str = "PENDING") -> dict[str, Any]:
        """Return the order once it is terminal and has left the state `leaving`; fails after 30 s."""
        deadline = time.monotonic() + END_SECONDS
        while True:
            response = self.get(f"/v1/orders/{order_id}", params={"wait": 5})
            assert response.status_code == 200, response.text
            order: dict[str, Any] = response.json()
            if order["state"] in TERMINAL and order["state"] != leaving:
                return order
            assert time.monotonic() < deadline, f"still {order['state']} after {END_SECONDS:.0f} s: {order}"
            if order["state"] == leaving != "PENDING":
                time.sleep(0.05)

    def order(self, items: Mapping[str, int] | None) -> dict[str, Any]:
        """Place an order and return it once it is terminal."""
        return self.wait_for_end(self.place(items).json()["id"])

    def cancel_request(self, order_id: str) -> httpx2.Request:
        """Return the POST that cancels an order."""
        return self.build("POST", f"/v1/orders/{order_id}/cancel")

    def cancel(self, order_id: str) -> httpx2.Response:
        """Send `cancel_request`."""
        return self.send(self.cancel_request(order_id))

    def balance(self) -> int:
        """Return the wallet's balance in minor units."""
        return int(self.get("/v1/wallet").json()["balance"]["amount"])

    def payments(self, order_id: str) -> list[tuple[str, int]]:
        """Return the payments of an order as (kind, amount in minor units), debits first."""
        response = self.get("/v1/payments", params={"order_id": order_id})
        assert response.status_code == 200, response.text
        return sorted((each["kind"], each["amount"]["amount"]) for each in response.json()["items"])
