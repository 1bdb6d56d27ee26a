"""The shop's own accounts (auth=jwt): registration, login, and the key set."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from .client import ShopClient, User
from .conventions import UUID7, assert_invalid, assert_problem
from .identity import Accounts
from .seeder import Seeder


def register(shop: ShopClient, **body: Any) -> Any:
    """POST a registration."""
    return shop.post("/v1/auth/register", json=body)


def log_in(shop: ShopClient, email: str, password: str) -> Any:
    """POST a login."""
    return shop.post("/v1/auth/login", json={"email": email, "password": password})


def test_registered_user_logs_in_and_sees_itself(
    shop: ShopClient, accounts: Accounts, seeder: Seeder
) -> None:
    """A registered user logs in and reads itself at /v1/me, with the customer role only."""
    email, password = f"{seeder.name().lower()}@example.com", "p" * 8
    response = register(shop, email=email, password=password)
    assert response.status_code == 201, response.text
    registered = response.json()
    assert registered == {"id": registered["id"], "email": email, "roles": ["customer"]}
    assert UUID7.fullmatch(registered["id"])
    user = accounts.sign_in(f"{email}:{password}")
    assert user.get("/v1/me").json() == registered


def test_login_returns_a_bearer_token_for_ten_minutes(
    shop: ShopClient, accounts: Accounts, alice: User
) -> None:
    """A login response has the form of an OAuth 2.0 token response."""
    email, _, password = alice.credential.partition(":")
    answer = log_in(shop, email, password).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 600)
    assert answer["access_token"] != answer["refresh_token"]


def test_email_is_taken_once(shop: ShopClient, accounts: Accounts, alice: User) -> None:
    """An email address can be registered only once."""
    email, _, _ = alice.credential.partition(":")
    assert_problem(register(shop, email=email, password="another one"), 409, "email-taken")


def test_removed_administrator_cannot_become_one_again(
    shop: ShopClient, accounts: Accounts, admin: User
) -> None:
    """An access token from before the removal still names the role, but changes no roles."""
    user = accounts.sign_in(accounts.register())
    path = f"/v1/auth/administrators/{user.get('/v1/me').json()['id']}"
    assert admin.put(path).status_code == 200
    removed = accounts.sign_in(user.credential)
    assert admin.delete(path).status_code == 204
    assert_problem(removed.put(path), 403, "forbidden")


@pytest.mark.parametrize("header", ['["alg"]', '"alg"', '{"alg": "Ed25519", "crit": [[]]}', "null"])
def test_token_with_a_header_of_another_shape_is_refused(shop: ShopClient, header: str) -> None:
    """A token whose header is any other JSON is refused like a forged one, and never causes an error."""
    head = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    answer = shop.get("/v1/me", headers={"Authorization": f"Bearer {head}.e30.{'A' * 86}"})
    assert_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("jos\u00e9@example.com", "jose\u0301@example.com"),
        ("a@m\u00fcnchen.example.com", "a@xn--mnchen-3ya.example.com"),
    ],
)
def test_two_spellings_of_one_email_are_one_account(
    shop: ShopClient, accounts: Accounts, seeder: Seeder, first: str, second: str
) -> None:
    """Composed and decomposed letters, and a domain and its form in ASCII, are the same address."""
    unique = seeder.name().lower()
    assert register(shop, email=f"{unique}{first}", password="p" * 8).status_code == 201
    assert_problem(register(shop, email=f"{unique}{second}", password="p" * 8), 409, "email-taken")
    assert log_in(shop, f"{unique}{second}", "p" * 8).status_code == 200


@pytest.mark.parametrize("password", ["", "p" * 7, "p" * 129, "pass\u0000word"])
def test_password_length_is_bounded(
    shop: ShopClient, accounts: Accounts, seeder: Seeder, password: str
) -> None:
    """A password has 8 to 128 characters, hard to guess and cheap enough to hash, and no NUL."""
    email = f"{seeder.name().lower()}@example.com"
    assert_invalid(register(shop, email=email, password=password), "/password")


@pytest.mark.parametrize(
    "email",
    [
        *("", "nobody", "a@", "@example.com", "a b@example.com", "a@b\u0000.com", 7, None),
        *("\u200ba@example.com", "\u202ea@example.com"),
        *('"a b"@example.com', '"a"@example.com', "a..b@example.com", ".a@example.com", "a@b@example.com"),
        *("a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "a@example", "a@-example.com", "a@example.com."),
        *("a@b_c.example.com", "a@shop.test", "a@server.local", "a@exam\u200bple.com"),
        "a." * 9000 + "a@b.com",
    ],
)
def test_invalid_email_is_refused(shop: ShopClient, accounts: Accounts, email: object) -> None:
    """A text that cannot be an email address is refused."""
    assert_invalid(register(shop, email=email, password="long enough"), "/email")


@pytest.mark.parametrize(
    "email", ["o'hara+{}@example.museum", "{}#!$%&*/=?^_`|~@1.example.com", "ü{}@example.com"]
)
def test_unusual_email_is_an_account(
    shop: ShopClient, accounts: Accounts, seeder: Seeder, email: str
) -> None:
    """Every address that a mail server can be asked to deliver to can be registered, in any case."""
    address = email.format(seeder.name().lower())
    assert register(shop, email=address.upper(), password="long enough").json()["email"] == address
    assert log_in(shop, address, "long enough").status_code == 200


def test_text_that_is_no_email_cannot_log_in(shop: ShopClient, accounts: Accounts) -> None:
    """A login says so, too: such an account cannot exist."""
    assert_invalid(log_in(shop, '"a"@example.com', "long enough"), "/email")


def test_nobody_registers_as_administrator(shop: ShopClient, accounts: Accounts, seeder: Seeder) -> None:
    """A registration cannot request a role."""
    email = f"{seeder.name().lower()}@example.com"
    assert_invalid(register(shop, email=email, password="long enough", roles=["admin"]), "/roles")


def test_failed_login_does_not_tell_who_exists(shop: ShopClient, accounts: Accounts, alice: User) -> None:
    """A wrong password and an unknown address get the same response.

    Account enumeration: a failed login said that no customer had this address (shopware/shopware#14290).
    """
    email, _, _ = alice.credential.partition(":")
    wrong = assert_problem(log_in(shop, email, "not her password"), 401, "invalid-credentials")
    unknown = assert_problem(log_in(shop, f"x{email}", "not her password"), 401, "invalid-credentials")
    assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}


def test_key_set_holds_public_keys_only(shop: ShopClient, accounts: Accounts) -> None:
    """The JWKS contains only asymmetric keys, without their private parts."""
    keys = shop.get("/.well-known/jwks.json").json()["keys"]
    assert keys
    for key in keys:
        assert key["kty"] in {"EC", "OKP", "RSA"}
        assert key["kid"]
        assert not {"d", "p", "q", "k"} & key.keys()


def test_access_token_is_signed_with_a_published_key(
    shop: ShopClient, accounts: Accounts, alice: User
) -> None:
    """The token's header names a key of the JWKS and an asymmetric algorithm."""
    assert alice.token is not None
    segment = alice.token().split(".")[0]
    header = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    published = {key["kid"] for key in shop.get("/.well-known/jwks.json").json()["keys"]}
    assert header["kid"] in published
    assert header["alg"] not in {"none", "HS256", "HS384", "HS512"}
