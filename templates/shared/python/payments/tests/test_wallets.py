"""Tests of wallets over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Response

from chassis.db.database import Database
from chassis.testing import Serve, StubVerifier

from ..api import router
from ..audit_snapshot import take_snapshot
from ..domain import FUNDING, SALES
from ..ledger import Ledger
from ..wallets import Wallets
from .users import UNKNOWN, Users

ORDER = UUID(int=1)


@pytest.fixture
async def alice_id() -> str:
    """The id of the user Alice."""
    return str((await StubVerifier().verify("alice")).id)


@pytest.fixture
def admin(database: Database, serve: Serve) -> AsyncClient:
    """A client signed in as administrator."""
    return serve(router(Wallets(database, Users(), "EUR"), "EUR"))("admin")


@pytest.fixture
def alice(database: Database, serve: Serve) -> AsyncClient:
    """A client signed in as Alice, a customer."""
    return serve(router(Wallets(database, Users(), "EUR"), "EUR"))("alice")


async def top_up(
    admin: AsyncClient, user_id: str, amount: Any, key: str = "key", currency: str = "EUR"
) -> Response:
    """Top up a wallet."""
    body = {"user_id": user_id, "amount": {"amount": amount, "currency": currency}}
    return await admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": key} if key else {})


async def test_wallet_is_topped_up(admin: AsyncClient, alice: AsyncClient, alice_id: str) -> None:
    """A new wallet is empty; each top-up returns the balance right after it."""
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


async def test_repeated_top_up_takes_effect_once(
    admin: AsyncClient, alice: AsyncClient, alice_id: str
) -> None:
    """A repetition gets the same response; another top-up with the same key is refused."""
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
async def test_amount_must_be_positive_bounded_and_in_the_currency(
    admin: AsyncClient, alice_id: str, amount: Any, currency: str, pointer: str
) -> None:
    """An invalid amount is refused with a pointer to the field."""
    refused = await top_up(admin, alice_id, amount, currency=currency)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_invalid_top_ups_are_refused(admin: AsyncClient, alice: AsyncClient, alice_id: str) -> None:
    """A missing or malformed key answers 400, a malformed user id 422 and a missing role 403."""
    statuses = [
        (await top_up(admin, alice_id, 5, "")).status_code,
        (await top_up(admin, alice_id, 5, "with space")).status_code,
        (await top_up(admin, "alice", 5)).status_code,
        (await top_up(alice, alice_id, 5)).status_code,
    ]
    assert statuses == [400, 400, 422, 403]


@pytest.mark.parametrize("user_id", [UNKNOWN, SALES, FUNDING])
async def test_only_wallets_of_users_are_topped_up(
    admin: AsyncClient, database: Database, user_id: UUID
) -> None:
    """An unknown user and the accounts of the shop itself answer 404, and nothing is entered."""
    for _ in range(2):
        refused = await top_up(admin, str(user_id), 500)
        assert (refused.status_code, refused.json()["type"]) == (404, "urn:problem:not-found")
    async with database.reading() as connection:
        assert (await take_snapshot(connection)).wallets == {}


async def test_payments_are_private(
    database: Database, serve: Serve, admin: AsyncClient, alice: AsyncClient, alice_id: str
) -> None:
    """A user's payments for an order are listed oldest first; another user sees none of them."""
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
