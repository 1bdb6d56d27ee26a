"""Service tokens: who is admitted, and which tokens are refused."""

from collections.abc import Callable
from functools import partial
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt

from ....auth import token_cache
from ....auth.security import LEEWAY_SECONDS, Unauthenticated
from .. import tokens as tokens_module
from ..keys import new_seed, private_key, public_part
from ..tokens import LIFETIME, CallerVerifier, ServiceTokens

ORDERS, CART, STRANGER = new_seed(), new_seed(), new_seed()
CATALOG = CallerVerifier("catalog", f"orders={public_part(ORDERS)}, cart={public_part(CART)}")


def signed(seed: str = ORDERS, kind: str = "service+jwt", without: str = "", **changes: object) -> str:
    """Return a token that `orders` could issue for `catalog`, with changed claims and without one of them."""
    key, now = private_key(seed), int(time())
    claims = {"iss": "orders", "aud": "catalog", "iat": now, "exp": now + LIFETIME} | changes
    head = {"typ": kind, "alg": "Ed25519", "kid": private_key(ORDERS).thumbprint()}
    content = {name: value for name, value in claims.items() if name != without}
    return jwt.encode(head, content, key, algorithms=["Ed25519"])


def test_a_listed_caller_is_identified_by_its_name() -> None:
    assert CATALOG.verify(ServiceTokens("orders", ORDERS).token("catalog")) == "orders"
    assert CATALOG.verify(ServiceTokens("cart", CART).token("catalog")) == "cart"
    assert CATALOG.verify(signed()) == "orders"


REFUSED: dict[str, Callable[[], str]] = {
    "for another service": lambda: ServiceTokens("orders", ORDERS).token("payments"),
    "of a service that is not listed": lambda: ServiceTokens("stranger", STRANGER).token("catalog"),
    "of an unlisted key in another's name": lambda: ServiceTokens("orders", STRANGER).token("catalog"),
    "of a caller in another's name": lambda: ServiceTokens("orders", CART).token("catalog"),
    "signed with another key": lambda: signed(STRANGER),
    "expired": lambda: signed(iat=int(time()) - 90, exp=int(time()) - LEEWAY_SECONDS - 1),
    "with too long a lifetime": lambda: signed(exp=int(time()) + LIFETIME + 1),
    "issued in the future": lambda: signed(iat=int(time()) + 60, exp=int(time()) + 60),
    "a user's token": lambda: signed(kind="at+jwt"),
    "without a signature": lambda: signed().rpartition(".")[0] + ".",
    "with an expiry that is no number": lambda: signed(exp="never"),
    "for several services": lambda: signed(aud=["payments", "cart"]),
}
MISSING = {f"without {name}": partial(signed, without=name) for name in ("iss", "aud", "iat", "exp")}


@pytest.mark.parametrize("token", (REFUSED | MISSING).values(), ids=(REFUSED | MISSING).keys())
def test_any_other_token_is_refused(token: Callable[[], str]) -> None:
    with pytest.raises(Unauthenticated):
        CATALOG.verify(token())


@given(st.text() | st.text(alphabet="abcABC012_-.").map(lambda text: f"e30.{text}.AA"))
def test_any_malformed_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        CATALOG.verify(text)


def test_a_service_without_callers_refuses_every_token() -> None:
    with pytest.raises(Unauthenticated):
        CallerVerifier("catalog", "").verify(signed())


def test_a_caller_may_have_two_keys_during_a_rotation() -> None:
    callers = CallerVerifier("catalog", f"orders={public_part(STRANGER)},orders={public_part(ORDERS)}")
    for seed in (ORDERS, STRANGER):
        assert callers.verify(ServiceTokens("orders", seed).token("catalog")) == "orders"


def test_a_token_is_reused_for_half_its_lifetime(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, start = ServiceTokens("orders", ORDERS), time()
    monkeypatch.setattr(tokens_module, "time", lambda: start)
    first = tokens.token("catalog")
    assert tokens.token("payments") != first
    monkeypatch.setattr(tokens_module, "time", lambda: start + LIFETIME / 2 - 1)
    assert tokens.token("catalog") == first
    monkeypatch.setattr(tokens_module, "time", lambda: start + LIFETIME / 2)
    assert tokens.token("catalog") != first


def test_a_signature_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    callers, token = CallerVerifier("catalog", f"orders={public_part(ORDERS)}"), signed()
    callers.verify(token)
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: pytest.fail("verified again"))
    assert callers.verify(token) == "orders"


def test_a_cached_token_still_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    callers, token = CallerVerifier("catalog", f"orders={public_part(ORDERS)}"), signed()
    callers.verify(token)
    later = time() + LIFETIME + LEEWAY_SECONDS + 1
    monkeypatch.setattr(token_cache, "time", lambda: later)
    monkeypatch.setattr("joserfc._rfc7519.claims.time.time", lambda: later)
    with pytest.raises(Unauthenticated):
        callers.verify(token)


@pytest.mark.parametrize("callers", ["orders", "orders=", "=abc", "orders=abc", "orders=" + "!" * 43])
def test_a_malformed_list_of_callers_stops_the_service(callers: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|NAME=KEY"):
        CallerVerifier("catalog", callers)


@pytest.mark.parametrize("seed", ["", "abc", "!" * 43, new_seed() + "AAAA"])
def test_a_malformed_seed_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64url"):
        private_key(seed)
