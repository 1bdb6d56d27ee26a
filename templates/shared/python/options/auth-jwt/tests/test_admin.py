"""Tests of administrators: the first one, from the settings, and those that it makes."""

from uuid import uuid4

import sqlalchemy as sa

from ..tables import users
from .shop import ADMIN, ALICE, Shop, code


def test_the_administrator_has_the_admin_role(shop: Shop) -> None:
    shop.seed()
    token = shop.auth("login", **ADMIN).json()["access_token"]
    assert shop.me(token).json()["roles"] == ["admin", "customer"]


def test_seeding_again_changes_nothing(shop: Shop) -> None:
    shop.seed()
    before = shop.rows(sa.select(users))
    session = shop.auth("login", **ADMIN).json()["refresh_token"]
    shop.seed()
    assert shop.rows(sa.select(users)) == before
    assert shop.auth("refresh", refresh_token=session).status_code == 200


def test_registering_the_address_first_does_not_make_an_administrator(shop: Shop) -> None:
    squatter = {"email": ADMIN["email"], "password": "the squatter's password"}
    shop.auth("register", **squatter)
    session = shop.auth("login", **squatter).json()["refresh_token"]
    shop.seed()
    assert code(shop.auth("login", **squatter)) == "401 invalid-credentials"
    assert code(shop.auth("refresh", refresh_token=session)) == "401 invalid-refresh-token"
    assert shop.auth("login", **ADMIN).status_code == 200


def test_a_changed_password_survives_the_next_seed(shop: Shop) -> None:
    shop.seed()
    change = {"current_password": ADMIN["password"], "new_password": "another password"}
    assert shop.auth("password", token=shop.access(ADMIN), **change).status_code == 204
    shop.seed()
    assert code(shop.auth("login", **ADMIN)) == "401 invalid-credentials"
    assert shop.auth("login", **ADMIN | {"password": "another password"}).status_code == 200


def test_an_administrator_makes_and_removes_another(shop: Shop) -> None:
    shop.seed()
    alice, admin = shop.auth("register", **ALICE).json()["id"], shop.access(ADMIN)
    made = shop.administrator("PUT", alice, admin)
    assert (made.status_code, made.json()["roles"]) == (200, ["admin", "customer"])
    second = shop.access(ALICE)
    assert shop.me(second).json()["roles"] == ["admin", "customer"]
    first = shop.me(admin).json()["id"]
    assert shop.administrator("DELETE", first, second).status_code == 204
    assert shop.me(shop.access(ADMIN)).json()["roles"] == ["customer"]


def test_a_removed_administrator_cannot_remove_another_one(shop: Shop) -> None:
    shop.seed()
    alice, admin = shop.auth("register", **ALICE).json()["id"], shop.access(ADMIN)
    shop.administrator("PUT", alice, admin)
    removed = shop.access(ALICE)
    assert shop.administrator("DELETE", alice, admin).status_code == 204
    for method in ("DELETE", "PUT"):
        refused = shop.administrator(method, shop.me(admin).json()["id"], removed)
        assert code(refused) == "403 forbidden"
    assert shop.me(shop.access(ADMIN)).json()["roles"] == ["admin", "customer"]


def test_administrators_cannot_remove_themselves(shop: Shop) -> None:
    shop.seed()
    admin = shop.access(ADMIN)
    own_id = shop.me(admin).json()["id"]
    assert code(shop.administrator("DELETE", own_id, admin)) == "409 own-role"
    assert shop.me(shop.access(ADMIN)).json()["roles"] == ["admin", "customer"]


def test_customers_cannot_change_administrators(shop: Shop) -> None:
    alice = shop.auth("register", **ALICE).json()["id"]
    token = shop.access(ALICE)
    assert code(shop.administrator("PUT", alice, token)) == "403 forbidden"
    assert code(shop.administrator("DELETE", alice, token)) == "403 forbidden"


def test_an_unknown_account_cannot_become_an_administrator(shop: Shop) -> None:
    shop.seed()
    assert code(shop.administrator("PUT", str(uuid4()), shop.access(ADMIN))) == "404 not-found"
