"""Tests of access tokens, issued and forged."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from itertools import pairwise
from time import time
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey

from chassis.auth import token_cache
from chassis.auth.security import LEEWAY_SECONDS, Principal, Unauthenticated

from ..domain import User
from ..keys import public_keys, signing_keys
from ..tokens import AccessTokens

ISSUER, AUDIENCE = "https://shop.example", "shop"
USER = User(uuid4(), "alice@example.com", ["customer"])
Claims = dict[str, Any]


@pytest.fixture
def keys(seeds: list[str]) -> KeySet:
    """Two keys, the first of which signs."""
    return signing_keys(",".join(seeds))


@pytest.fixture
def tokens(keys: KeySet) -> AccessTokens:
    """The issuer and verifier of the shop's tokens."""
    return AccessTokens(keys, ISSUER, AUDIENCE)


def claims(**changes: object) -> Claims:
    """Return claims that would be accepted, with `changes`; None omits a claim."""
    now = int(time())
    valid: Claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(USER.id), "jti": "1"}
    valid |= {"exp": now + 60, "nbf": now, "iat": now, "email": None, "roles": ["admin"]}
    return {name: value for name, value in (valid | changes).items() if value is not None or name == "email"}


def signed(key: OKPKey, content: Claims, **header: object) -> str:
    """Return a token with the claims `content`, signed with `key`."""
    head = {"typ": "at+jwt", "alg": "Ed25519", "kid": key.kid, **header}
    return jwt.encode(head, content, key, algorithms=[str(head["alg"])])


def part(content: object) -> str:
    """Return one part of a token, base64url-encoded."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def verified(tokens: AccessTokens, token: str) -> Principal:
    """Return the caller, or raise `Unauthenticated`."""
    return asyncio.run(tokens.verify(token))


def test_an_issued_token_identifies_the_user(tokens: AccessTokens) -> None:
    principal = verified(tokens, tokens.issue(USER))
    assert principal == Principal(USER.id, USER.email, frozenset(USER.roles))


def test_a_token_has_every_claim_that_is_checked(tokens: AccessTokens, keys: KeySet) -> None:
    decoded = jwt.decode(tokens.issue(USER), keys, algorithms=["Ed25519"])
    assert decoded.header == {"typ": "at+jwt", "alg": "Ed25519", "kid": keys.keys[0].kid}
    assert decoded.claims.keys() == claims().keys()
    assert decoded.claims["exp"] - decoded.claims["iat"] == 600


def test_every_token_is_unique(tokens: AccessTokens) -> None:
    assert tokens.issue(USER) != tokens.issue(USER)


CHANGES: dict[str, Claims] = {
    "another issuer": {"iss": "https://other.example"},
    "another audience": {"aud": "bank"},
    "audiences without the shop": {"aud": ["bank", "shopping"]},
    "expired": {"exp": int(time()) - LEEWAY_SECONDS - 1},
    "never expires": {"exp": float("inf")},
    "an expiry that is not a number": {"exp": "9999999999"},
    "not yet valid": {"nbf": int(time()) + 600},
    "issued in the future": {"iat": int(time()) + 600},
    "a subject that is not a user id": {"sub": "alice"},
}
REQUIRED = ("iss", "aud", "exp", "nbf", "iat", "jti", "sub", "roles")
CHANGES |= {f"without {name}": {name: None} for name in REQUIRED}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_wrong_claim_is_refused(tokens: AccessTokens, keys: KeySet, change: Claims) -> None:
    key = signing_key(keys)
    verified(tokens, signed(key, claims()))
    with pytest.raises(Unauthenticated):
        verified(tokens, signed(key, claims(**change)))


def test_clocks_may_differ_by_some_seconds(tokens: AccessTokens, keys: KeySet) -> None:
    ahead, behind = int(time()) + LEEWAY_SECONDS - 2, int(time()) - LEEWAY_SECONDS + 2
    content = claims(iat=ahead, nbf=ahead)
    assert verified(tokens, signed(signing_key(keys), content)).id == USER.id
    assert verified(tokens, signed(signing_key(keys), claims(exp=behind))).id == USER.id


def signing_key(keys: KeySet) -> OKPKey:
    """Return the key that signs."""
    key = keys.keys[0]
    assert isinstance(key, OKPKey)
    return key


def without_signature(key: OKPKey) -> str:
    return f"{part({'alg': 'none', 'typ': 'at+jwt', 'kid': key.kid})}.{part(claims())}."


def with_public_key_as_secret(key: OKPKey) -> str:
    return with_secret(key, key.as_pem(private=False))


def with_public_bytes_as_secret(key: OKPKey) -> str:
    x = str(key.as_dict(private=False)["x"])
    return with_secret(key, base64.urlsafe_b64decode(x + "="))


def with_secret(key: OKPKey, secret: bytes) -> str:
    signing = f"{part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': key.kid})}.{part(claims())}"
    mac = hmac.new(secret, signing.encode(), "sha256").digest()
    return f"{signing}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_another_key(key: OKPKey) -> str:
    return signed(OKPKey.generate_key("Ed25519"), claims(), kid=key.kid)


def with_a_key_in_its_header(key: OKPKey) -> str:
    forger = OKPKey.generate_key("Ed25519")
    return signed(forger, claims(), kid=key.kid, jwk=forger.as_dict(private=False))


def with_an_unknown_key(key: OKPKey) -> str:
    return signed(OKPKey.generate_key("Ed25519", auto_kid=True), claims())


def with_another_algorithm(key: OKPKey) -> str:
    forger = ECKey.generate_key("P-256")
    return jwt.encode({"typ": "at+jwt", "alg": "ES256", "kid": key.kid}, claims(), forger)


def of_another_type(key: OKPKey) -> str:
    return signed(key, claims(), typ="JWT")


def with_replaced_claims(key: OKPKey) -> str:
    head, _, signature = signed(key, claims(roles=["customer"])).split(".")
    return ".".join([head, part(claims()), signature])


@pytest.mark.parametrize(
    "forge",
    [
        without_signature,
        with_public_key_as_secret,
        with_public_bytes_as_secret,
        with_another_key,
        with_a_key_in_its_header,
        with_an_unknown_key,
        with_another_algorithm,
        of_another_type,
        with_replaced_claims,
    ],
)
def test_a_forged_token_is_refused(
    tokens: AccessTokens, keys: KeySet, forge: Callable[[OKPKey], str]
) -> None:
    with pytest.raises(Unauthenticated):
        verified(tokens, forge(signing_key(keys)))


VERIFIER = AccessTokens(signing_keys("A" * 43), ISSUER, AUDIENCE)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64"]), st.text() | st.none())


@given(st.text() | st.builds(lambda head, rest: f"{part(head)}.{rest}", HEADERS | st.text(), st.text()))
def test_any_malformed_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        verified(VERIFIER, text)


MALFORMED_HEADERS: tuple[object, ...] = (
    ["alg"],
    "alg",
    {"alg": "Ed25519", "crit": 5},
    {"alg": "Ed25519", "crit": [[]]},
    {"alg": []},
)


@pytest.mark.parametrize("header", MALFORMED_HEADERS, ids=str)
def test_a_token_whose_header_has_another_shape_is_refused(header: object) -> None:
    with pytest.raises(Unauthenticated):
        verified(VERIFIER, f"{part(header)}.{part(claims())}.{'A' * 86}")


def test_a_cached_token_still_expires(
    tokens: AccessTokens, keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tokens.issue(USER)
    verified(tokens, token)
    later = time() + 600 + LEEWAY_SECONDS + 1
    monkeypatch.setattr(token_cache, "time", lambda: later)
    monkeypatch.setattr("joserfc._rfc7519.claims.time.time", lambda: later)
    with pytest.raises(Unauthenticated):
        verified(tokens, token)


def test_at_each_release_of_a_rotation_old_and_new_copies_accept_each_other(seeds: list[str]) -> None:
    old, new = seeds
    releases = [old, f"{old},{new}", f"{new},{old}", new]
    copies = [AccessTokens(signing_keys(keys), ISSUER, AUDIENCE) for keys in releases]
    issued = [copy.issue(USER) for copy in copies]
    for before, after in pairwise(range(3)):
        assert verified(copies[before], issued[after]).id == USER.id
        assert verified(copies[after], issued[before]).id == USER.id
    # When the old key is removed, the last token that it signed has expired.
    assert verified(copies[2], issued[3]).id == verified(copies[3], issued[2]).id == USER.id
    with pytest.raises(Unauthenticated):
        verified(copies[3], issued[1])
    # A key that signs at once is unknown to the copies of the last release.
    with pytest.raises(Unauthenticated):
        verified(copies[0], issued[2])


def test_published_keys_are_public_and_named_by_their_thumbprint(keys: KeySet) -> None:
    published = public_keys(keys)["keys"]
    assert len(published) == 2
    for key, own in zip(published, keys, strict=True):
        assert key.keys() == {"kty", "crv", "x", "alg", "use", "kid"}
        assert key["kid"] == own.thumbprint()


@pytest.mark.parametrize("seeds", ["", "short", "A" * 42, "A" * 44, "ä" * 43, f"{'A' * 43},"])
def test_a_malformed_seed_is_reported(seeds: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        signing_keys(seeds)
