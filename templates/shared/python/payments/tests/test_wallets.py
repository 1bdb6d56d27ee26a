"""Wallets over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Response

from ...chassis.database import Database
from ...testing import Serve, StubVerifier
from ..api import router
from ..ledger import Ledger
from ..wallets import Wallets

ORDER = UUID(int=1)


@pytest.fixture
async def alice_id() -> str:
    """The id of the user Alice."""
    return str((await StubVerifier().verify("alice")).id)


@pytest.fixture
def admin(database: Database, serve: Serve) -> AsyncClient:
    """The administrator."""
    return serve(router(Wallets(database, "EUR"), "EUR"))("admin")


@pytest.fixture
def alice(database: Database, serve: Serve) -> AsyncClient:
    """A customer."""
    return serve(router(Wallets(database, "EUR"), "EUR"))("alice")


async def top_up(
    admin: AsyncClient, user_id: str, amount: Any, key: str = "key", currency: str = "EUR"
) -> Response:
    """Put money into a wallet."""
    body = {"user_id": user_id, "amount": {"amount": amount, "currency": currency}}
    return await admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": key} if key else {})


async def test_wallet_is_filled(admin: AsyncClient, alice: AsyncClient, alice_id: str) -> None:
    """A new one is empty; each top-up answers itself and the balance after it."""
    assert (await alice.get("/v1/wallet")).json() == {"balance": {"amount": 0, "currency": "EUR"}}
    await top_up(admin, alice_id, 500, "one")
    made = await top_up(admin, alice_id, 70, "two")
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert made.json() == {
        "id": made.json()["id"],
        "user_id": alice_id,
        "amount": {"amount": 70, "currency": "EUR"},
        "balance": {"amount": 570, "currency": "EUR"},
    }
    assert (await alice.get("/v1/wallet")).json()["balance"]["amount"] == 570


async def test_repeated_top_up_is_the_same(admin: AsyncClient, alice: AsyncClient, alice_id: str) -> None:
    """With the same answer; another one under the same key is refused."""
    first = await top_up(admin, alice_id, 500)
    await top_up(admin, alice_id, 5, "other")
    assert (await top_up(admin, alice_id, 500)).json() == first.json()
    reused = await top_up(admin, alice_id, 501)
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:problem:idempotency-key-reused")
    assert (await alice.get("/v1/wallet")).json()["balance"]["amount"] == 505


@pytest.mark.parametrize(
    ("amount", "currency", "pointer"),
    [
        (0, "EUR", "/amount/amount"),
        (-5, "EUR", "/amount/amount"),
        (1_000_000_001, "EUR", "/amount/amount"),
        ("5", "EUR", "/amount/amount"),
        (True, "EUR", "/amount/amount"),
        (5, "USD", "/amount/currency"),
    ],
)
async def test_amount_is_positive_bounded_and_in_the_currency(
    admin: AsyncClient, alice_id: str, amount: Any, currency: str, pointer: str
) -> None:
    """A refusal points at what is wrong."""
    refused = await top_up(admin, alice_id, amount, currency=currency)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_top_up_is_refused_without_key_user_or_right(
    admin: AsyncClient, alice: AsyncClient, alice_id: str
) -> None:
    """Each with its own status."""
    statuses = [
        (await top_up(admin, alice_id, 5, "")).status_code,
        (await top_up(admin, alice_id, 5, "with space")).status_code,
        (await top_up(admin, "alice", 5)).status_code,
        (await top_up(alice, alice_id, 5)).status_code,
    ]
    assert statuses == [400, 400, 422, 403]


async def test_payments_are_their_owners(
    database: Database, serve: Serve, admin: AsyncClient, alice: AsyncClient, alice_id: str
) -> None:
    """By order, oldest first; another user sees none of them."""
    await top_up(admin, alice_id, 500)
    async with database.transaction() as transaction:
        await Ledger().debit(transaction, UUID(alice_id), ORDER, 20)
    async with database.transaction() as transaction:
        await Ledger().refund(transaction, UUID(alice_id), ORDER)
    answer = (await alice.get("/v1/payments", params={"order_id": str(ORDER)})).json()
    assert answer["next_cursor"] is None
    assert [(each["kind"], each["amount"]["amount"], each["order_id"]) for each in answer["items"]] == [
        ("debit", 20, str(ORDER)),
        ("refund", 20, str(ORDER)),
    ]
    assert (await admin.get("/v1/payments", params={"order_id": str(ORDER)})).json()["items"] == []
    assert (await alice.get("/v1/payments")).status_code == 422
