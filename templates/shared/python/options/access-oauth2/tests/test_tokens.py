"""Tests of the issuer's access tokens, valid and forged."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey, RSAKey

from .. import token_cache
from ..access import Access
from ..module import AccessSettings, build
from ..security import Principal, Unauthenticated
from .provider import ALICE, ISSUER, Claims, Key, Provider, claims, ec_key


def verified(access: Access, *tokens: str) -> Principal:
    """Return the caller of the last of `tokens`, or raise `Unauthenticated`."""

    async def run() -> Principal:
        await access.start()
        try:
            return [await access.verifier.verify(token) for token in tokens][-1]
        finally:
            await access.stop()

    return asyncio.run(run())


def part(content: object) -> str:
    """Return one part of a token, base64url-encoded."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", RSAKey.generate_key(2048, auto_kid=True)),
        ("ES256", ec_key()),
        ("EdDSA", OKPKey.generate_key("Ed25519", auto_kid=True)),
        ("Ed25519", OKPKey.generate_key("Ed25519", auto_kid=True)),
    ],
)
def test_an_allowed_algorithm_is_accepted(
    access: Access, provider: Provider, algorithm: str, key: Key
) -> None:
    provider.keys = [key]
    assert verified(access, provider.token(alg=algorithm)).id == ALICE


CHANGES: dict[str, Claims] = {
    "another issuer": {"iss": "https://issuer.example/realms/bank"},
    "an issuer with a trailing slash": {"iss": f"{ISSUER}/"},
    "another audience": {"aud": "bank"},
    "audiences without the shop": {"aud": ["bank", "shopping"]},
    "expired": {"exp": int(time()) - 11},
    "never expires": {"exp": float("inf")},
    "not yet valid": {"nbf": int(time()) + 600},
    "issued in the future": {"iat": int(time()) + 600},
    "an ID token": {"typ": "ID"},
    "a refresh token": {"typ": "Refresh"},
    "bound to a key": {"cnf": {"jkt": "thumbprint"}},
    "a subject that is not a string": {"sub": 7},
}
CHANGES |= {f"without {name}": {name: None} for name in ("iss", "aud", "exp", "sub")}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_wrong_claim_is_refused(access: Access, provider: Provider, change: Claims) -> None:
    with pytest.raises(Unauthenticated):
        verified(access, provider.token(), provider.token(claims(**change)))


def without_signature(provider: Provider) -> str:
    return f"{part({'alg': 'none', 'kid': provider.keys[0].kid})}.{part(claims())}."


def with_public_key_as_secret(provider: Provider) -> str:
    signing = f"{part({'alg': 'HS256', 'kid': provider.keys[0].kid})}.{part(claims())}"
    mac = hmac.new(provider.keys[0].as_pem(private=False), signing.encode(), "sha256").digest()
    return f"{signing}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_another_key(provider: Provider) -> str:
    return provider.token(key=ec_key(), kid=provider.keys[0].kid)


def with_a_key_in_its_header(provider: Provider) -> str:
    forger = ec_key()
    return provider.token(key=forger, kid=provider.keys[0].kid, jwk=forger.as_dict(private=False))


def without_a_key_id(provider: Provider) -> str:
    return provider.token(kid="")


def with_an_algorithm_of_another_key_type(provider: Provider) -> str:
    return provider.token(key=RSAKey.generate_key(2048), alg="RS256", kid=provider.keys[0].kid)


def with_an_algorithm_that_is_not_allowed(provider: Provider) -> str:
    key = RSAKey.generate_key(2048, auto_kid=True)
    provider.keys.append(key)
    return provider.token(key=key, alg="PS256")


def of_another_type(provider: Provider) -> str:
    return provider.token(typ="logout+jwt")


@pytest.mark.parametrize(
    "forge",
    [
        without_signature,
        with_public_key_as_secret,
        with_another_key,
        with_a_key_in_its_header,
        without_a_key_id,
        with_an_algorithm_of_another_key_type,
        with_an_algorithm_that_is_not_allowed,
        of_another_type,
    ],
)
def test_a_forged_token_is_refused(
    access: Access, provider: Provider, forge: Callable[[Provider], str]
) -> None:
    with pytest.raises(Unauthenticated):
        verified(access, provider.token(), forge(provider))


def test_any_malformed_token_is_refused(access: Access) -> None:
    headers = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit"]), st.text() | st.none())
    tokens = st.text() | st.builds(lambda header: f"{part(header)}.{part({})}.AA", headers)
    with asyncio.Runner() as runner:
        runner.run(access.start())

        @given(tokens)
        def refused(token: str) -> None:
            with pytest.raises(Unauthenticated):
                runner.run(access.verifier.verify(token))

        refused()
        runner.run(access.stop())


def test_a_cached_token_still_expires(
    access: Access, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = provider.token()
    later = time() + 71

    async def run() -> None:
        await access.start()
        await access.verifier.verify(token)
        monkeypatch.setattr("joserfc._rfc7519.claims.time.time", lambda: later)
        monkeypatch.setattr(token_cache, "time", lambda: later)
        with pytest.raises(Unauthenticated):
            await access.verifier.verify(token)
        await access.stop()

    asyncio.run(run())


def test_only_listed_clients_are_accepted_if_there_is_a_list(provider: Provider) -> None:
    def shop() -> Access:
        return build(AccessSettings(oidc_issuer=ISSUER, oidc_clients="web, app"), provider.client())

    assert verified(shop(), provider.token(claims(azp="app"))).id == ALICE
    assert verified(shop(), provider.token(claims(azp=None, client_id="web"))).id == ALICE
    for stranger in (claims(azp="other"), claims(azp=None), claims(azp="")):
        with pytest.raises(Unauthenticated):
            verified(shop(), provider.token(stranger))
