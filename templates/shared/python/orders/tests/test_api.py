"""Tests of the orders API, with an order processor that leaves orders pending."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Response

from chassis.db.database import Database
from chassis.testing import Serve, StubVerifier

from ..api import router
from ..domain import OrderState
from ..repository import OrderRepository
from ..service import Orders
from .shop import Cart, CartItem, Catalog, Limit, ManualOrderProcessor

ITEMS = {"items": [{"sku": "B", "quantity": 2}, {"sku": "A", "quantity": 1}]}


@pytest.fixture
def processor(database: Database) -> ManualOrderProcessor:
    """An order processor whose outcome the test decides."""
    return ManualOrderProcessor(database)


@pytest.fixture
def cart() -> Cart:
    """Carts, all of them empty."""
    return Cart()


@pytest.fixture
def limit() -> Limit:
    """A rate limit that admits everybody."""
    return Limit()


@pytest.fixture
def alice(
    database: Database, serve: Serve, processor: ManualOrderProcessor, cart: Cart, limit: Limit
) -> AsyncClient:
    """A client signed in as Alice, a customer."""
    orders = Orders(OrderRepository(database), Catalog(), cart, processor, "EUR")
    return serve(router(orders, limit))("alice")


async def place(client: AsyncClient, body: Any = ITEMS, key: str = "key") -> Response:
    """Send a request to place an order."""
    return await client.post("/v1/orders", json=body, headers={"Idempotency-Key": key})


def ordered(response: Response) -> dict[str, int]:
    """Return the quantities of an accepted order, by SKU."""
    assert response.status_code == 202, response.text
    return {item["sku"]: item["quantity"] for item in response.json()["items"]}


def code(response: Response) -> tuple[int, str]:
    """Return the status and code of a problem response."""
    return response.status_code, response.json()["type"].removeprefix("urn:problem:")


async def test_order_is_accepted_before_it_is_final(alice: AsyncClient) -> None:
    """The response is 202 with a location; the lines are in the requested order, at current prices."""
    accepted = await place(alice)
    order = accepted.json()
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"/v1/orders/{order['id']}"
    assert "idempotent-replayed" not in accepted.headers
    price = {"amount": 100, "currency": "EUR"}
    assert order["items"] == [
        {"sku": "B", "quantity": 2, "unit_price": price},
        {"sku": "A", "quantity": 1, "unit_price": price},
    ]
    assert (order["state"], order["reason"], order["total"]["amount"]) == ("PENDING", None, 300)
    assert (await alice.get(accepted.headers["location"])).json() == order


async def test_repeated_request_gets_the_first_response(
    alice: AsyncClient, processor: ManualOrderProcessor
) -> None:
    """The response is repeated byte for byte, and marked, although the order has changed since."""
    accepted = await place(alice)
    await processor.finish(OrderState.CONFIRMED)
    again = await place(alice)
    assert (again.status_code, again.content) == (202, accepted.content)
    assert again.headers["location"] == accepted.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    for other in ({}, {"items": ITEMS["items"][:1]}, {"items": ITEMS["items"][::-1]}):
        assert code(await place(alice, other)) == (422, "idempotency-key-reused")
    assert (await place(alice, key="another")).json()["id"] != accepted.json()["id"]


async def test_long_poll_ends_with_the_order(alice: AsyncClient, processor: ManualOrderProcessor) -> None:
    """A long poll returns as soon as the order is final, and not before."""
    location = (await place(alice)).headers["location"]
    started = time.monotonic()
    assert (await alice.get(location, params={"wait": 0.3})).json()["state"] == "PENDING"
    assert time.monotonic() - started >= 0.3
    poll = asyncio.create_task(alice.get(location, params={"wait": 30}))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await processor.finish(OrderState.REJECTED)
    assert (await asyncio.wait_for(poll, 10)).json()["state"] == "REJECTED"


async def test_only_confirmed_orders_are_cancelled(
    alice: AsyncClient, processor: ManualOrderProcessor
) -> None:
    """Pending and rejected orders are refused; cancelling twice gets the same answer."""
    location = (await place(alice)).headers["location"]
    assert code(await alice.post(f"{location}/cancel")) == (409, "order-pending")
    await processor.finish(OrderState.CONFIRMED)
    for _ in range(2):
        cancelled = await alice.post(f"{location}/cancel")
        assert (cancelled.status_code, cancelled.json()["state"]) == (202, "CANCELLED")
        assert cancelled.headers["location"] == location
    rejected = (await place(alice, key="another")).headers["location"]
    await processor.finish(OrderState.REJECTED)
    assert code(await alice.post(f"{rejected}/cancel")) == (409, "order-not-cancellable")


async def test_empty_body_orders_the_cart(alice: AsyncClient, cart: Cart) -> None:
    """`{}` orders the caller's cart; an empty cart is refused."""
    assert code(await place(alice, {})) == (422, "empty-cart")
    cart[(await StubVerifier().verify("alice")).id] = {"C": CartItem(5)}
    assert ordered(await place(alice, {})) == {"C": 5}


async def test_cart_item_is_ordered_once(
    alice: AsyncClient, cart: Cart, processor: ManualOrderProcessor
) -> None:
    """Until the cart is emptied, another order gets only items that were added or changed since."""
    alice_id = (await StubVerifier().verify("alice")).id
    cart[alice_id] = {"A": CartItem(1), "B": CartItem(2)}
    assert ordered(await place(alice, {}, "1")) == {"A": 1, "B": 2}
    assert code(await place(alice, {}, "2")) == (422, "empty-cart")
    cart[alice_id] |= {"B": CartItem(2), "C": CartItem(3)}
    assert ordered(await place(alice, {}, "3")) == {"B": 2, "C": 3}
    await processor.finish(OrderState.CONFIRMED)
    assert code(await place(alice, {}, "4")) == (422, "empty-cart")
    assert ordered(await place(alice, {}, "1")) == {"A": 1, "B": 2}


async def test_cart_of_a_rejected_order_is_ordered_again(
    alice: AsyncClient, cart: Cart, processor: ManualOrderProcessor
) -> None:
    """The rejection makes exactly the items of that order available."""
    cart[(await StubVerifier().verify("alice")).id] = items = {"A": CartItem(1)}
    await place(alice, {}, "1")
    items["B"] = CartItem(2)
    await place(alice, {}, "2")
    await processor.finish(OrderState.REJECTED)
    assert ordered(await place(alice, {}, "3")) == {"B": 2}


async def test_concurrent_orders_of_a_cart_get_each_item_once(alice: AsyncClient, cart: Cart) -> None:
    """One of ten orders with different keys gets the cart; for the others it is empty."""
    cart[(await StubVerifier().verify("alice")).id] = {"A": CartItem(1), "B": CartItem(2)}
    answers = await asyncio.gather(*(place(alice, {}, str(number)) for number in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] + [422] * 9
    assert len((await alice.get("/v1/orders")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": []}, "/items"),
        ({"items": None}, "/items"),
        ({"items": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2}]}, "/items"),
        ({"items": [{"sku": f"S{n}", "quantity": 1} for n in range(51)]}, "/items"),
        ({"items": [{"sku": "A", "quantity": 0}]}, "/items/0/quantity"),
        ({"items": [{"sku": "A", "quantity": 1001}]}, "/items/0/quantity"),
        ({"items": [{"sku": "A", "quantity": "1"}]}, "/items/0/quantity"),
        ({"items": [{"sku": "", "quantity": 1}]}, "/items/0/sku"),
        ({"items": [{"sku": "A", "quantity": 1, "unit_price": 1}]}, "/items/0/unit_price"),
        ({"user_id": "x"}, "/user_id"),
        ([], ""),
    ],
)
async def test_invalid_body_is_reported_with_a_pointer(alice: AsyncClient, body: Any, pointer: str) -> None:
    """A refused request does not use up its idempotency key."""
    refused = await place(alice, body)
    assert code(refused) == (422, "validation")
    assert pointer in {error["pointer"] for error in refused.json()["errors"]}
    assert (await place(alice)).status_code == 202


async def test_unknown_product_is_named(alice: AsyncClient) -> None:
    """A request with an unknown product is refused by name, and nothing is ordered."""
    refused = await place(alice, {"items": [{"sku": "A", "quantity": 1}, {"sku": "NONE", "quantity": 1}]})
    assert code(refused) == (422, "unknown-product")
    assert "NONE" in refused.json()["detail"]
    assert (await alice.get("/v1/orders")).json()["items"] == []


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", "idempotency-key-missing"),
        ("k" * 256, "bad-request"),
        ("a b", "bad-request"),
        ("caf\xe9", "bad-request"),
    ],
)
async def test_idempotency_key_is_required_and_valid(alice: AsyncClient, key: str, expected: str) -> None:
    """An idempotency key has 1 to 255 visible ASCII characters."""
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    refused = await alice.post("/v1/orders", json=ITEMS, headers=headers)
    assert code(refused) == (400, expected)
    assert (await place(alice, key="~" * 255)).status_code == 202


async def test_placing_is_limited_per_user(alice: AsyncClient, limit: Limit) -> None:
    """Each request counts, including repetitions."""
    await place(alice)
    await place(alice)
    assert limit.subjects == [str((await StubVerifier().verify("alice")).id)] * 2


@pytest.mark.parametrize("order_id", [str(UUID(int=5)), "5", "%00"])
async def test_unknown_order_is_not_found(alice: AsyncClient, order_id: str) -> None:
    """Unknown and malformed ids answer 404."""
    assert code(await alice.get(f"/v1/orders/{order_id}")) == (404, "not-found")
    assert code(await alice.post(f"/v1/orders/{order_id}/cancel")) == (404, "not-found")


@pytest.mark.parametrize("wait", ["-1", "31", "nan", "x"])
async def test_wait_is_bounded(alice: AsyncClient, wait: str) -> None:
    """`wait` must be between 0 and 30 seconds."""
    assert code(await alice.get(f"/v1/orders/{UUID(int=5)}", params={"wait": wait})) == (422, "validation")


async def test_orders_are_listed_newest_first_for_their_owner(
    alice: AsyncClient, database: Database, serve: Serve, processor: ManualOrderProcessor
) -> None:
    """Lists are paged; another user finds the orders neither by list nor by id."""
    placed: list[dict[str, Any]] = []
    for number in range(5):
        placed.insert(0, (await place(alice, key=str(number))).json())
        await asyncio.sleep(0.002)
    first = (await alice.get("/v1/orders", params={"limit": 3})).json()
    assert first["items"] == placed[:3]
    rest = await alice.get("/v1/orders", params={"limit": 3, "cursor": first["next_cursor"]})
    assert rest.json() == {"items": placed[3:], "next_cursor": None}
    orders = Orders(OrderRepository(database), Catalog(), Cart(), processor, "EUR")
    bob = serve(router(orders, Limit()))("bob")
    assert (await bob.get("/v1/orders")).json()["items"] == []
    assert (await bob.get(f"/v1/orders/{placed[0]['id']}")).status_code == 404
    assert (await bob.post(f"/v1/orders/{placed[0]['id']}/cancel")).status_code == 404
    assert code(await alice.get("/v1/orders", params={"cursor": "AAAA"})) == (400, "bad-cursor")
