"""Tests of the identity service's tokens, valid and forged."""

import base64
import json
from collections.abc import Callable
from time import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from ...http.problems import Problem
from .. import token_cache
from ..access import Access
from ..keys import KeysUnavailable, PublishedKeys
from ..module import AccessSettings, build
from ..security import Principal, Unauthenticated
from .provider import ALICE, Claims, Key, Provider, claims, java_key, new_key


async def test_a_token_of_the_identity_service_identifies_the_caller(
    access: Access, provider: Provider
) -> None:
    caller = await access.verifier.verify(provider.token())
    assert caller == Principal(ALICE, "alice@example.com", frozenset({"customer"}))
    assert provider.requests == ["http://identity:8000/.well-known/jwks.json"]


async def test_a_token_of_an_identity_service_in_java_identifies_the_caller(provider: Provider) -> None:
    provider.keys = [java_key()]
    access = build(AccessSettings(identity_url="http://identity:8000"), provider.client())
    await access.start()
    assert (await access.verifier.verify(provider.token())).id == ALICE
    await access.stop()


CHANGES: dict[str, Claims] = {
    "another issuer": {"iss": "bank"},
    "another audience": {"aud": "bank"},
    "expired": {"exp": int(time()) - 11},
    "not yet valid": {"nbf": int(time()) + 600},
    "a subject that is not a user id": {"sub": "alice"},
    "roles that are not a list": {"roles": 7},
}
CHANGES |= {f"without {name}": {name: None} for name in ("iss", "aud", "exp", "sub", "email", "roles")}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_wrong_claim_is_refused(access: Access, provider: Provider, change: Claims) -> None:
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(provider.token(claims(**change)))


FORGERIES: dict[str, Callable[[Provider], str]] = {
    "signed with another key": lambda provider: provider.token(key=new_key(), kid=provider.keys[0].kid),
    "with an unknown key": lambda provider: provider.token(key=new_key()),
    "of another type": lambda provider: provider.token(typ="service+jwt"),
    "without a type": lambda provider: provider.token(typ=""),
    "without a signature": lambda provider: provider.token().rpartition(".")[0] + ".",
    "not a token": lambda provider: "token",
    "with a header that is a list": lambda provider: encoded(["alg"]),
    "with a header that is a text": lambda provider: encoded("alg"),
    "with a critical header of another type": lambda provider: encoded(
        {"alg": "Ed25519", "typ": "at+jwt", "kid": provider.keys[0].kid, "crit": [[]]}
    ),
}


def encoded(header: object) -> str:
    """Return a token with this header, whatever it is."""
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return f"{head}.e30.{'A' * 86}"


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_is_refused(
    access: Access, provider: Provider, forge: Callable[[Provider], str]
) -> None:
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(forge(provider))


@pytest.mark.parametrize(("kind", "other"), [(new_key, java_key), (java_key, new_key)])
async def test_a_key_verifies_no_token_of_another_algorithm(
    provider: Provider, kind: Callable[[], Key], other: Callable[[], Key]
) -> None:
    """Another signature, and one of HMAC with the public key as its secret, are refused."""
    provider.keys = [kind()]
    access = build(AccessSettings(identity_url="http://identity:8000"), provider.client())
    await access.start()
    [published] = provider.keys
    secret = OctKey.import_key({"kty": "oct", "k": published.as_dict(private=False)["x"]})
    for forgery in (
        provider.token(key=other(), kid=published.kid),
        provider.token(key=secret, kid=published.kid, alg="HS256"),
    ):
        with pytest.raises(Unauthenticated):
            await access.verifier.verify(forgery)
    await access.stop()


async def test_a_signature_is_checked_once(
    access: Access, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = provider.token()
    await access.verifier.verify(token)
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: pytest.fail("checked again"))
    assert (await access.verifier.verify(token)).id == ALICE


async def test_a_cached_token_still_expires(
    access: Access, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = provider.token(claims(exp=int(time()) + 1))
    await access.verifier.verify(token)
    later = time() + 20
    monkeypatch.setattr(token_cache, "time", lambda: later)
    monkeypatch.setattr("joserfc._rfc7519.claims.time.time", lambda: later)
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(token)


async def test_a_rotated_key_is_found_and_the_old_one_is_refused(
    access: Access, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PublishedKeys.__module__}.RETRY_SECONDS", 0.0)
    old = provider.token()
    await access.verifier.verify(old)
    provider.keys = [new_key()]
    assert (await access.verifier.verify(provider.token())).id == ALICE
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(old)


async def test_known_keys_verify_tokens_while_the_identity_service_is_down(
    access: Access, provider: Provider
) -> None:
    provider.down = True
    await access.ping()
    assert (await access.verifier.verify(provider.token())).id == ALICE


async def test_tokens_are_unavailable_until_the_keys_are_known() -> None:
    provider = Provider()
    provider.down = True
    access = build(AccessSettings(identity_url="http://identity:8000"), provider.client())
    await access.start()
    with pytest.raises(KeysUnavailable):
        await access.ping()
    with pytest.raises(Problem) as refusal:
        await access.verifier.verify(provider.token())
    assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
    await access.stop()
