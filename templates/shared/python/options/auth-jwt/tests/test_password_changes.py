"""Tests of changed and forgotten passwords."""

import stat
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time

import pytest
import sqlalchemy as sa
from joserfc import jwt

from chassis.http.problems import Problem

from ..keys import signing_keys
from ..mail import MailFolder
from ..resets import LIFETIME
from ..sessions import Sessions
from ..tables import sessions
from .shop import ALICE, Shop, code

NEW = "another password"


def sessions_of_alice(shop: Shop) -> tuple[str, str]:
    """Register and sign in; return the access token and the refresh token."""
    shop.auth("register", **ALICE)
    tokens = shop.auth("login", **ALICE).json()
    return tokens["access_token"], tokens["refresh_token"]


def reset_token(shop: Shop) -> str:
    """Request a reset of Alice's password and return the token that was sent."""
    assert shop.auth("password-resets/requests", email=ALICE["email"]).status_code == 202
    return shop.mail.tokens[ALICE["email"]]


def test_a_changed_password_replaces_the_old_one_and_ends_all_sessions(shop: Shop) -> None:
    access, refresh = sessions_of_alice(shop)
    change = {"current_password": ALICE["password"], "new_password": NEW}
    assert shop.auth("password", token=access, **change).status_code == 204
    assert code(shop.auth("refresh", refresh_token=refresh)) == "401 invalid-refresh-token"
    assert code(shop.auth("login", **ALICE)) == "401 invalid-credentials"
    assert shop.auth("login", **ALICE | {"password": NEW}).status_code == 200


def test_a_session_does_not_begin_after_its_password_was_changed(shop: Shop) -> None:
    """The password was right when it was verified, which takes long enough for a change in between."""
    access, _ = sessions_of_alice(shop)
    user, password_hash = shop.call(lambda: shop.identity.users.authenticate(**ALICE))
    shop.auth("password", token=access, current_password=ALICE["password"], new_password=NEW)
    with pytest.raises(Problem, match="password is wrong"):
        shop.call(lambda: Sessions(shop.database).open(user, password_hash))
    assert shop.rows(sa.select(sessions)) == []


def test_no_session_with_the_old_password_outlives_a_concurrent_change(shop: Shop) -> None:
    """Each one begins before the change, which ends it, or does not begin."""
    access, _ = sessions_of_alice(shop)

    def use_old_password(number: int) -> int:
        if number == 0:
            change = {"current_password": ALICE["password"], "new_password": NEW}
            return shop.auth("password", token=access, **change).status_code
        return shop.auth("login", address=f"192.0.2.{number}", **ALICE).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(use_old_password, range(8)))
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {200, 401}
    assert shop.rows(sa.select(sessions)) == []


def test_a_change_requires_the_current_password_and_a_good_new_one(shop: Shop) -> None:
    access, refresh = sessions_of_alice(shop)
    wrong = shop.auth("password", token=access, current_password="a guess", new_password=NEW)
    assert code(wrong) == "403 wrong-password"
    short = shop.auth("password", token=access, current_password=ALICE["password"], new_password="short")
    assert code(short) == "422 validation"
    assert code(shop.auth("password", current_password="-", new_password=NEW)) == "401 unauthenticated"
    assert shop.auth("refresh", refresh_token=refresh).status_code == 200


def test_guessing_the_current_password_is_rate_limited(shop: Shop) -> None:
    access, _ = sessions_of_alice(shop)
    guesses = [
        shop.auth("password", token=access, current_password=f"guess {n}", new_password=NEW).status_code
        for n in range(8)
    ]
    assert guesses[-1] == 429


def test_a_reset_token_sets_a_new_password_once(shop: Shop) -> None:
    _, refresh = sessions_of_alice(shop)
    token = reset_token(shop)
    assert shop.auth("password-resets", reset_token=token, new_password=NEW).status_code == 204
    assert code(shop.auth("refresh", refresh_token=refresh)) == "401 invalid-refresh-token"
    assert shop.auth("login", **ALICE | {"password": NEW}).status_code == 200
    again = shop.auth("password-resets", reset_token=token, new_password="a third password")
    assert code(again) == "401 invalid-reset-token"
    assert shop.auth("login", **ALICE | {"password": NEW}).status_code == 200


def test_an_unknown_address_gets_the_same_answer_and_no_mail(shop: Shop) -> None:
    known, unknown = (
        shop.auth("password-resets/requests", email=email) for email in (ALICE["email"], "bob@example.com")
    )
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    assert shop.mail.tokens == {}


def test_other_tokens_do_not_reset_and_a_reset_token_is_no_access_token(shop: Shop, seeds: list[str]) -> None:
    access, _ = sessions_of_alice(shop)
    token = reset_token(shop)
    assert code(shop.me(token)) == "401 unauthenticated"
    keys = signing_keys(seeds[0])
    decoded = jwt.decode(token, keys, algorithms=["Ed25519"])
    expired = jwt.encode(
        decoded.header, {**decoded.claims, "exp": int(time()) - 1}, keys.keys[0], algorithms=["Ed25519"]
    )
    stranger = jwt.encode(
        decoded.header, decoded.claims, signing_keys("A" * 43).keys[0], algorithms=["Ed25519"]
    )
    no_object = urlsafe_b64encode(b'["algo", "alg"]').decode() + f".e30.{'A' * 86}"
    for other in (access, expired, stranger, no_object, "", "x"):
        refused = shop.auth("password-resets", reset_token=other, new_password=NEW)
        assert code(refused) == "401 invalid-reset-token"
    assert decoded.claims["exp"] - time() == pytest.approx(LIFETIME, abs=60)
    assert shop.auth("login", **ALICE).status_code == 200


async def test_mail_for_development_is_private(tmp_path: Path) -> None:
    await MailFolder(tmp_path / "mail").send_reset("alice@example.com", "the-token")
    (message,) = (tmp_path / "mail").iterdir()
    assert message.read_text().splitlines() == [
        "To: alice@example.com",
        "Subject: Reset your password",
        "",
        "the-token",
    ]
    assert stat.S_IMODE(message.stat().st_mode) == 0o600
