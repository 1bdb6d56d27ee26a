"""Test data of the benchmark, created through the shop's API before measuring."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle

from templates.shared.acceptance.client import User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder

from .wrk import UNIQUE, Request

CUSTOMERS, PRODUCTS = 100, 256
PLENTY = 1_000_000_000
CATEGORY = "bench"


@dataclass(frozen=True, slots=True)
class Goods:
    """Administrator, customers with enough money, and SKUs with stock for all orders."""

    admin: User
    customers: Sequence[User]
    skus: Sequence[str]


def make(url: str, admin: str) -> Goods:
    """Create customers and products through the API; `admin` is `email:password`."""
    http = connect(url)
    accounts = Accounts(http)
    seeder = Seeder(accounts.sign_in(admin), accounts)
    with ThreadPoolExecutor(4) as pool:
        customers = list(pool.map(lambda _: seeder.customer(balance=PLENTY), range(CUSTOMERS)))
        skus = list(pool.map(lambda _: seeder.product(100, PLENTY, category=CATEGORY), range(PRODUCTS)))
    return Goods(seeder.admin, customers, skus)


def products(goods: Goods) -> list[Request]:
    """Return requests that read each product."""
    return [Request("GET", f"/v1/products/{sku}") for sku in goods.skus]


def pages(goods: Goods) -> list[Request]:
    """Return requests for pages of 20 products."""
    return [Request("GET", f"/v1/products?limit=20&category={CATEGORY}")]


def stock(goods: Goods) -> list[Request]:
    """Return requests for the stock of each SKU: one row by its key, uncached."""
    return [Request("GET", f"/v1/stock/{sku}", _signed(goods.admin)) for sku in goods.skus]


def deliveries(goods: Goods) -> list[Request]:
    """Return requests that set each SKU's stock to a new value: one row changed."""
    return [
        Request("PUT", f"/v1/stock/{sku}", _json(goods.admin), json.dumps({"on_hand": count}).encode())
        for count in (PLENTY, PLENTY - 1)
        for sku in goods.skus
    ]


def orders(goods: Goods, *, hot: bool = False) -> list[Request]:
    """Return orders of one unit of each SKU by alternating customers; all of one SKU if `hot`."""
    return [
        Request(
            "POST",
            "/v1/orders",
            {**_json(customer), "Idempotency-Key": UNIQUE, "X-User": customer.id},
            json.dumps({"items": [{"sku": goods.skus[0] if hot else sku, "quantity": 1}]}).encode(),
        )
        for customer, sku in zip(cycle(goods.customers), goods.skus, strict=False)
    ]


def logins(goods: Goods) -> list[Request]:
    """Return the login request of each customer."""
    return [
        Request("POST", "/v1/auth/login", {"Content-Type": "application/json"}, _credential(customer))
        for customer in goods.customers
    ]


def _credential(user: User) -> bytes:
    email, _, password = user.credential.partition(":")
    return json.dumps({"email": email, "password": password}).encode()


def _json(user: User) -> dict[str, str]:
    return {**_signed(user), "Content-Type": "application/json"}


def _signed(user: User) -> dict[str, str]:
    token = user.token() if user.token else ""
    return {"Authorization": f"Bearer {token}"}
