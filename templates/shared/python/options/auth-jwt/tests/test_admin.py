"""Tests of the administrator from the settings."""

import sqlalchemy as sa

from ..tables import users
from .shop import ADMIN, Shop, code


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
