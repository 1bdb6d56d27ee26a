"""Tests of the discovery of the issuer's keys."""

import pytest
from joserfc.jwk import RSAKey

from ...http.problems import Problem
from ..access import Access
from ..keys import KeysUnavailable
from ..module import AccessSettings, build
from ..security import Unauthenticated
from .provider import ALICE, ISSUER, Provider, ec_key


async def test_keys_are_found_through_the_discovery_document(access: Access, provider: Provider) -> None:
    await access.start()
    assert (await access.verifier.verify(provider.token())).id == ALICE
    await access.stop()
    assert provider.requests == {"openid-configuration": 1, "certs": 1}


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": f"{ISSUER}/", "jwks_uri": f"{ISSUER}/certs"},
        {"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/certs"},
        {"jwks_uri": f"{ISSUER}/certs"},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": 7},
        {"issuer": ISSUER, "jwks_uri": "https://\0"},
    ],
)
async def test_a_wrong_or_malformed_discovery_document_yields_no_keys(
    access: Access, provider: Provider, discovery: dict[str, object]
) -> None:
    provider.discovery = discovery
    await access.start()
    with pytest.raises(KeysUnavailable):
        await access.ping()
    await access.stop()


async def test_tokens_are_unavailable_while_the_issuer_is_down(access: Access, provider: Provider) -> None:
    provider.down = True
    await access.start()
    with pytest.raises(Problem) as refusal:
        await access.verifier.verify(provider.token())
    assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
    await access.stop()


async def test_the_discovery_document_may_be_read_at_another_address(provider: Provider) -> None:
    inside = "http://issuer:8080/realms/shop/.well-known/openid-configuration"
    access = build(AccessSettings(oidc_issuer=ISSUER, oidc_discovery_url=inside), provider.client())
    await access.start()
    assert (await access.verifier.verify(provider.token())).id == ALICE
    await access.stop()


async def test_a_token_signed_with_an_encryption_key_is_refused(access: Access, provider: Provider) -> None:
    encryption = RSAKey.generate_key(2048, {"use": "enc"}, auto_kid=True)
    provider.extra_keys = [dict(encryption.as_dict(private=False))]
    signing = RSAKey.import_key(encryption.raw_value)
    await access.start()
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(provider.token(key=signing, alg="RS256", kid=encryption.kid))
    await access.stop()


async def test_a_cached_token_is_refused_once_its_key_is_withdrawn(
    access: Access, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{KeysUnavailable.__module__}.RETRY_SECONDS", 0.0)
    token = provider.token()
    await access.start()
    await access.verifier.verify(token)
    provider.keys = [ec_key()]
    await access.verifier.verify(provider.token())
    with pytest.raises(Unauthenticated):
        await access.verifier.verify(token)
    await access.stop()
