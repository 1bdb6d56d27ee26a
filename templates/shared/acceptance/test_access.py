"""Who may do what: authentication, roles, and objects of other users (I10)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .client import ShopClient, User
from .conventions import assert_problem
from .identity import METADATA, Identity, OAuthClients
from .seeder import Seeder, assert_eventually

PRIVATE: list[tuple[str, str, Any]] = [
    ("GET", "/v1/me", None),
    ("GET", "/v1/cart", None),
    ("PUT", "/v1/cart/items/x", {"quantity": 1}),
    ("DELETE", "/v1/cart/items/x", None),
    ("DELETE", "/v1/cart", None),
    ("POST", "/v1/orders", {}),
    ("GET", "/v1/orders", None),
    ("GET", "/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057", None),
    ("POST", "/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057/cancel", None),
    ("GET", "/v1/wallet", None),
    ("GET", "/v1/payments?order_id=01890a5d-ac96-774b-bcce-b302099a8057", None),
]
MONEY = {"amount": 1, "currency": "EUR"}
ADMINISTRATIVE: list[tuple[str, str, Any]] = [
    ("POST", "/v1/products", {"sku": "x", "name": "x", "description": "x", "category": "x", "price": MONEY}),
    ("PATCH", "/v1/products/x", {"name": "x"}),
    ("GET", "/v1/stock/x", None),
    ("PUT", "/v1/stock/x", {"on_hand": 1}),
    ("POST", "/v1/wallet/top-ups", {"user_id": "01890a5d-ac96-774b-bcce-b302099a8057", "amount": MONEY}),
]


def call(client: ShopClient, method: str, path: str, body: Any, **headers: str) -> Any:
    """One call with the headers that any of them may need."""
    options = {} if body is None else {"json": body}
    return client.request(method, path, headers={"Idempotency-Key": str(uuid4()), **headers}, **options)


@pytest.mark.parametrize(("method", "path", "body"), PRIVATE + ADMINISTRATIVE)
def test_nobody_in_particular_is_unauthenticated(shop: ShopClient, method: str, path: str, body: Any) -> None:
    """Everything but the catalogue wants a token."""
    assert_problem(call(shop, method, path, body), 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), ADMINISTRATIVE)
def test_customer_is_no_administrator(alice: User, method: str, path: str, body: Any) -> None:
    """A customer is refused what the administrator may do."""
    assert_problem(call(alice, method, path, body), 403, "forbidden")


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer " + "x" * 3000]
)
def test_what_is_no_token_is_refused(shop: ShopClient, value: str) -> None:
    """Odd Authorization headers are answered as any missing token is."""
    assert_problem(shop.get("/v1/me", headers={"Authorization": value}), 401, "unauthenticated")


def test_changed_token_is_refused(shop: ShopClient, alice: User) -> None:
    """A token whose payload, signature or algorithm was changed proves nothing."""
    assert alice.token is not None
    header, payload, signature = alice.token().split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    middle = len(signature) // 2
    flipped = signature[:middle] + ("A" if signature[middle] != "A" else "B") + signature[middle + 1 :]
    for forged in (f"{header}.{payload}.{flipped}", f"{unsigned}.{payload}.", f"{header}.{payload}."):
        response = shop.get("/v1/me", headers={"Authorization": f"Bearer {forged}"})
        assert_problem(response, 401, "unauthenticated")


def test_order_of_another_user_is_not_found(alice: User, bob: User, seeder: Seeder) -> None:
    """Neither reading nor cancelling tells that the order exists (I10)."""
    order = alice.order({seeder.product(): 1})
    assert_problem(bob.get(f"/v1/orders/{order['id']}"), 404, "not-found")
    assert_problem(bob.get(f"/v1/orders/{order['id']}", params={"wait": 1}), 404, "not-found")
    assert_problem(bob.cancel(order["id"]), 404, "not-found")
    assert alice.wait_for_end(order["id"])["state"] == "CONFIRMED"


def test_lists_show_the_callers_own_only(alice: User, bob: User, seeder: Seeder) -> None:
    """Orders, payments and cart of one user are nowhere in another's lists (I10)."""
    sku = seeder.product()
    order = alice.order({sku: 1})
    assert_eventually(lambda: alice.get("/v1/orders").json()["items"][0]["id"], order["id"])
    assert order["id"] not in {each["id"] for each in bob.get("/v1/orders").json()["items"]}
    assert_eventually(lambda: len(alice.payments(order["id"])), 1)
    assert bob.payments(order["id"]) == []
    assert_eventually(lambda: alice.put(f"/v1/cart/items/{sku}", json={"quantity": 1}).status_code, 200)
    assert sku not in {item["sku"] for item in bob.get("/v1/cart").json()["items"]}
    alice.delete("/v1/cart")


def test_administrator_reads_no_orders_of_others(alice: User, admin: User, seeder: Seeder) -> None:
    """No user reads another's order, whatever the role (I10)."""
    order = alice.order({seeder.product(): 1})
    assert_problem(admin.get(f"/v1/orders/{order['id']}"), 404, "not-found")


def test_resource_server_has_no_accounts_of_its_own(shop: ShopClient, identity: Identity) -> None:
    """With auth=oauth2 the issuer owns the accounts and the keys."""
    if not isinstance(identity, OAuthClients):
        pytest.skip("auth=jwt: the shop has accounts of its own")
    for call_name in ("register", "login", "refresh", "logout"):
        assert_problem(shop.post(f"/v1/auth/{call_name}", json={}), 404, "not-found")
    assert_problem(shop.get("/.well-known/jwks.json"), 404, "not-found")
    metadata = shop.get(METADATA).json()
    assert len(metadata["authorization_servers"]) == 1
    assert isinstance(metadata["scopes_supported"], list)


def test_shop_with_accounts_names_no_issuer(shop: ShopClient, accounts: Identity) -> None:
    """With auth=jwt the protected-resource document, by which clients tell the modes apart, is absent."""
    assert_problem(shop.get(METADATA), 404, "not-found")
