"""Tests of registering and signing in."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from ..tables import users
from .shop import ALICE, Shop, code


def test_a_registered_user_signs_in_and_is_recognized(shop: Shop) -> None:
    registered = shop.auth("register", **ALICE)
    assert registered.status_code == 201
    assert registered.json() | {"id": "-"} == {"id": "-", "email": ALICE["email"], "roles": ["customer"]}
    login = shop.auth("login", **ALICE)
    assert login.status_code == 200
    assert login.headers["cache-control"] == "no-store"
    assert login.json() | {"access_token": "-", "refresh_token": "-"} == {
        "access_token": "-",
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": "-",
    }
    assert shop.me(login.json()["access_token"]).json() == registered.json()


def test_other_contexts_find_a_registered_user(shop: Shop) -> None:
    assert shop.exists(shop.auth("register", **ALICE).json()["id"])
    assert not shop.exists(str(uuid4()))


def test_addresses_are_not_case_sensitive(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    assert code(shop.auth("register", **ALICE | {"email": "ALICE@Example.COM"})) == "409 email-taken"
    assert shop.auth("login", **ALICE | {"email": "Alice@EXAMPLE.com"}).status_code == 200


def test_addresses_are_accent_sensitive(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    assert shop.auth("register", **ALICE | {"email": "alicé@example.com"}).status_code == 201


@pytest.mark.parametrize("email", ["", "alice", "alice@", "@example.com", "a b@example.com", "a@b\0.com"])
def test_an_invalid_address_is_refused(shop: Shop, email: str) -> None:
    assert code(shop.auth("register", **ALICE | {"email": email})) == "422 validation"


def test_an_address_of_more_than_254_characters_is_refused(shop: Shop) -> None:
    domain = ".".join(["d" * 61] * 4)
    assert code(shop.auth("register", **ALICE | {"email": f"alice@{domain}.com"})) == "422 validation"


@pytest.mark.parametrize(("length", "status"), [(7, 422), (8, 201), (128, 201), (129, 422)])
def test_a_password_has_8_to_128_characters(shop: Shop, length: int, status: int) -> None:
    assert shop.auth("register", **ALICE | {"password": "x" * length}).status_code == status


@pytest.mark.parametrize("extra", [{"roles": ["admin"]}, {"role": "admin"}, {"id": "1"}, {"admin": True}])
def test_users_cannot_assign_themselves_a_role(shop: Shop, extra: dict[str, Any]) -> None:
    assert code(shop.auth("register", **ALICE | extra)) == "422 validation"
    assert shop.rows(sa.select(users)) == []


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    wrong = shop.auth("login", **ALICE | {"password": "wrong password"})
    unknown = shop.auth("login", **ALICE | {"email": "bob@example.com"})
    assert code(wrong) == code(unknown) == "401 invalid-credentials"
    assert wrong.json()["detail"] == unknown.json()["detail"]


def test_an_unknown_address_takes_one_hash_like_a_known_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.auth("register", **ALICE)
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, encoded: str, password: str) -> bool:
        verified.append(encoded.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, encoded, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    shop.auth("login", **ALICE | {"password": "wrong password"})
    shop.auth("login", **ALICE | {"email": "bob@example.com"})
    known, unknown = verified
    assert known == unknown == "$argon2id$v=19$m=19456,t=2,p=1"


def test_passwords_are_stored_as_argon2id(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    (row,) = shop.rows(sa.select(users))
    assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert ALICE["password"] not in row.password_hash


def test_a_hash_with_old_parameters_is_replaced_at_the_next_sign_in(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(ALICE["password"])
    shop.change(sa.update(users).values(password_hash=weak))
    assert shop.auth("login", **ALICE).status_code == 200
    (row,) = shop.rows(sa.select(users))
    assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert shop.auth("login", **ALICE).status_code == 200


def test_equivalent_unicode_forms_of_a_password_match(shop: Shop) -> None:
    shop.auth("register", **ALICE | {"password": "passw\u00f6rter"})
    assert shop.auth("login", **ALICE | {"password": "passwo\u0308rter"}).status_code == 200


def test_guessing_the_password_of_an_account_is_rate_limited(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    guesses = [shop.auth("login", **ALICE | {"password": f"guess {n}"}) for n in range(8)]
    statuses = [guess.status_code for guess in guesses]
    # Where a new minute begins between two guesses, the sliding window admits one more.
    assert (statuses[:5], statuses[6:]) == ([401] * 5, [429] * 2)
    assert int(guesses[-1].headers["retry-after"]) >= 1
    assert shop.auth("login", email="bob@example.com", password="-").status_code == 401


def test_guesses_from_elsewhere_do_not_lock_the_owner_out(shop: Shop) -> None:
    shop.auth("register", **ALICE)
    guess = ALICE | {"password": "a guess"}
    guesses = [shop.auth("login", **guess, address="203.0.113.7").status_code for _ in range(8)]
    assert guesses[-1] == 429
    assert shop.auth("login", **ALICE, address="198.51.100.1").status_code == 200
