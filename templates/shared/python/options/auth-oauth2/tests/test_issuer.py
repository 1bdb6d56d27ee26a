"""The issuer's keys: fetched, kept, renewed and not asked for too often."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from ...chassis.problems import Problem
from ...chassis.security import Unauthenticated
from .. import issuer as issuer_module
from ..issuer import IssuerUnavailable
from ..module import Identity, IdentitySettings
from .provider import ISSUER, Provider, ec_key


class Clock:
    """A clock that a test sets."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that fetches are rationed by."""
    clock = Clock()
    monkeypatch.setattr(issuer_module, "monotonic", clock)
    return clock


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass quickly for the background work."""
    monkeypatch.setattr(issuer_module, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(issuer_module, "RETRY_SECONDS", 0.01)


def run(identity: Identity, scenario: Coroutine[Any, Any, None]) -> None:
    """Run `scenario` while identity is running."""

    async def started() -> None:
        await identity.start()
        try:
            await scenario
        finally:
            await identity.stop()

    asyncio.run(started())


def test_keys_are_fetched_once_for_many_tokens(identity: Identity, provider: Provider) -> None:
    async def scenario() -> None:
        for _ in range(5):
            await identity.verifier.verify(provider.token())

    run(identity, scenario())
    assert provider.requests == {"openid-configuration": 1, "certs": 1}


def test_a_new_key_is_fetched_when_a_token_names_it(
    identity: Identity, provider: Provider, clock: Clock
) -> None:
    async def scenario() -> None:
        provider.keys.insert(0, ec_key())
        clock.seconds += 10
        await identity.verifier.verify(provider.token())

    run(identity, scenario())
    assert provider.requests["certs"] == 2


def test_a_flood_of_unknown_keys_makes_no_flood_of_requests(
    identity: Identity, provider: Provider, clock: Clock
) -> None:
    async def attack() -> None:
        with pytest.raises(Unauthenticated):
            await identity.verifier.verify(provider.token(key=ec_key()))

    async def scenario() -> None:
        for _ in range(3):
            clock.seconds += 5
            await asyncio.gather(*(attack() for _ in range(50)))
        await identity.verifier.verify(provider.token())

    run(identity, scenario())
    assert provider.requests["certs"] == 2


@pytest.mark.usefixtures("hurried")
def test_a_withdrawn_key_is_refused_even_for_a_token_seen_before(
    identity: Identity, provider: Provider
) -> None:
    token = provider.token()

    async def scenario() -> None:
        await identity.verifier.verify(token)
        provider.keys = [ec_key()]
        await asyncio.sleep(0.1)
        with pytest.raises(Unauthenticated):
            await identity.verifier.verify(token)

    run(identity, scenario())


@pytest.mark.usefixtures("hurried")
def test_an_issuer_that_is_away_at_the_start_is_asked_again(identity: Identity, provider: Provider) -> None:
    provider.down = True

    async def scenario() -> None:
        with pytest.raises(IssuerUnavailable):
            await identity.ping()
        with pytest.raises(Problem) as refusal:
            await identity.verifier.verify(provider.token())
        assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
        provider.down = False
        await asyncio.sleep(0.1)
        await identity.ping()
        await identity.verifier.verify(provider.token())

    run(identity, scenario())


@pytest.mark.usefixtures("hurried")
def test_known_keys_stay_while_the_issuer_is_away(identity: Identity, provider: Provider) -> None:
    async def scenario() -> None:
        provider.down = True
        await asyncio.sleep(0.1)
        await identity.ping()
        await identity.verifier.verify(provider.token())

    run(identity, scenario())


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
def test_a_document_of_another_issuer_or_of_none_gives_no_keys(
    identity: Identity, provider: Provider, discovery: dict[str, object]
) -> None:
    provider.discovery = discovery

    async def scenario() -> None:
        with pytest.raises(IssuerUnavailable):
            await identity.ping()

    run(identity, scenario())


def test_the_discovery_document_may_be_read_at_another_address(provider: Provider) -> None:
    inside = "http://issuer:8080/realms/shop/.well-known/openid-configuration"
    settings = IdentitySettings(oidc_issuer=ISSUER, oidc_discovery_url=inside)
    identity = Identity(settings, provider.client())

    async def scenario() -> None:
        await identity.verifier.verify(provider.token())

    run(identity, scenario())


def test_keys_that_do_not_sign_or_are_broken_are_left_out(identity: Identity, provider: Provider) -> None:
    encryption = RSAKey.generate_key(2048, {"use": "enc"}, auto_kid=True)
    provider.extra_keys = [
        dict(encryption.as_dict(private=False)),
        dict(OctKey.generate_key(256, auto_kid=True).as_dict()),
        {"kty": "EC", "crv": "P-256", "kid": "broken", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "no kid"},
        {"kty": "quantum", "kid": "q"},
    ]
    signing = RSAKey.import_key(encryption.raw_value)

    async def scenario() -> None:
        await identity.verifier.verify(provider.token())
        with pytest.raises(Unauthenticated):
            await identity.verifier.verify(provider.token(key=signing, alg="RS256", kid=encryption.kid))

    run(identity, scenario())
