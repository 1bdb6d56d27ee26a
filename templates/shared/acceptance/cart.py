"""A user's cart, as the tests fill and read it."""

from __future__ import annotations

from .client import User
from .seeder import VISIBLE_SECONDS, assert_eventually


def put(user: User, sku: str, quantity: int) -> None:
    """Put a product into the cart, once the cart service can read it."""
    path = f"/v1/cart/items/{sku}"
    assert_eventually(lambda: user.put(path, json={"quantity": quantity}).status_code, 200, VISIBLE_SECONDS)


def content(user: User) -> dict[str, int]:
    """Return the cart as {sku: quantity}."""
    return {item["sku"]: item["quantity"] for item in user.get("/v1/cart").json()["items"]}
