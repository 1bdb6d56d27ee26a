"""Tests of an issuer's keys: fetching, refreshing, throttling and outages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from .. import keys as keys_module
from ..keys import Jwk, KeysUnavailable, PublishedKeys


class Clock:
    """A clock that the test sets."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Issuer:
    """An issuer that publishes keys, or is down."""

    def __init__(self) -> None:
        self.published = [new_key()]
        self.fetches = 0
        self.changes = 0
        self.down = False
        self.seconds = 0.0

    async def fetch(self) -> list[Jwk]:
        """Return the published keys, after `seconds`."""
        await asyncio.sleep(self.seconds)
        self.fetches += 1
        if self.down:
            raise httpx2.ConnectError("down")
        return self.published

    async def fetched_twice(self) -> None:
        """Wait for two more fetches: when the second begins, the result of the first is in use."""
        wanted = self.fetches + 2
        async with asyncio.timeout(30):
            while self.fetches < wanted:
                await asyncio.sleep(0.005)

    def note_change(self) -> None:
        """Count a reported change."""
        self.changes += 1


def new_key() -> Jwk:
    """Return the public part of a new signing key."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
    return dict(key.as_dict(private=False))


@asynccontextmanager
async def started(issuer: Issuer) -> AsyncIterator[PublishedKeys]:
    """Yield the issuer's keys while they are refreshed in the background."""
    keys = PublishedKeys("the issuer", issuer.fetch, issuer.note_change)
    await keys.start()
    try:
        yield keys
    finally:
        await keys.stop()


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with one key."""
    return Issuer()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that throttles fetches."""
    clock = Clock()
    monkeypatch.setattr(keys_module, "monotonic", clock)
    return clock


@pytest.fixture
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the intervals of the background work."""
    monkeypatch.setattr(keys_module, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(keys_module, "RETRY_SECONDS", 0.01)


async def test_keys_are_fetched_once_for_many_tokens(issuer: Issuer) -> None:
    async with started(issuer) as keys:
        for _ in range(5):
            assert await keys.key(issuer.published[0]["kid"]) is not None
    assert (issuer.fetches, issuer.changes) == (1, 1)


async def test_a_new_key_is_fetched_when_a_token_names_it(issuer: Issuer, clock: Clock) -> None:
    async with started(issuer) as keys:
        issuer.published = [new_key(), *issuer.published]
        clock.seconds += 10
        assert await keys.key(issuer.published[0]["kid"]) is not None
    assert (issuer.fetches, issuer.changes) == (2, 2)


async def test_unknown_keys_cannot_flood_the_issuer(issuer: Issuer, clock: Clock) -> None:
    async with started(issuer) as keys:
        for _ in range(3):
            clock.seconds += 5
            found = await asyncio.gather(*(keys.key(f"invented {number}") for number in range(50)))
            assert set(found) == {None}
    assert issuer.fetches == 2


@pytest.mark.usefixtures("short_intervals")
async def test_a_withdrawn_key_is_dropped_and_the_change_is_reported(issuer: Issuer) -> None:
    kid = issuer.published[0]["kid"]
    async with started(issuer) as keys:
        issuer.published = [new_key()]
        await issuer.fetched_twice()
        assert await keys.key(kid) is None
    assert issuer.changes == 2


@pytest.mark.usefixtures("short_intervals")
async def test_an_issuer_that_is_down_at_startup_is_asked_again(issuer: Issuer) -> None:
    issuer.down = True
    async with started(issuer) as keys:
        with pytest.raises(KeysUnavailable):
            await keys.ping()
        with pytest.raises(KeysUnavailable):
            await keys.key(issuer.published[0]["kid"])
        issuer.down = False
        await issuer.fetched_twice()
        await keys.ping()


async def test_retries_back_off_until_the_first_key_is_known(issuer: Issuer, clock: Clock) -> None:
    issuer.down = True
    kid = issuer.published[0]["kid"]
    async with started(issuer) as keys:
        for seconds in (1, 2, 4, 8, 10, 10):
            fetches = issuer.fetches
            for part in (0.9, 0.1):
                clock.seconds += part * seconds
                with pytest.raises(KeysUnavailable):
                    await keys.key(kid)
            assert issuer.fetches == fetches + 1
        issuer.down = False
        clock.seconds += 10
        assert await keys.key(kid) is not None


@pytest.mark.usefixtures("short_intervals")
async def test_known_keys_stay_in_use_while_the_issuer_is_down(issuer: Issuer) -> None:
    async with started(issuer) as keys:
        issuer.down = True
        await issuer.fetched_twice()
        await keys.ping()
        assert await keys.key(issuer.published[0]["kid"]) is not None
    assert issuer.fetches > 2


async def test_a_new_key_is_not_refused_while_the_issuer_is_down(issuer: Issuer, clock: Clock) -> None:
    async with started(issuer) as keys:
        new = new_key()
        issuer.down = True
        clock.seconds += 10
        for _ in range(2):
            with pytest.raises(KeysUnavailable):
                await keys.key(str(new["kid"]))
        assert await keys.key(issuer.published[0]["kid"]) is not None
        issuer.published, issuer.down = [new], False
        clock.seconds += 10
        assert await keys.key(str(new["kid"])) is not None
        assert await keys.key("invented") is None


async def test_a_token_with_a_new_key_does_not_wait_for_an_issuer_that_never_finishes(
    issuer: Issuer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "FETCH_SECONDS", 0.01)
    async with started(issuer) as keys:
        issuer.seconds = 30.0
        clock.seconds += 10
        with pytest.raises(KeysUnavailable):
            await keys.key("new")
        assert await keys.key(issuer.published[0]["kid"]) is not None


async def test_tokens_with_new_keys_wait_for_one_fetch_of_a_slow_issuer(issuer: Issuer, clock: Clock) -> None:
    async def fetch() -> list[Jwk]:
        clock.seconds += 10
        return await issuer.fetch()

    keys = PublishedKeys("the issuer", fetch)
    await keys.start()
    clock.seconds += 10
    assert await asyncio.gather(*(keys.key(f"new {number}") for number in range(5))) == [None] * 5
    await keys.stop()
    assert issuer.fetches == 2


async def test_malformed_keys_and_keys_that_cannot_verify_are_ignored(issuer: Issuer) -> None:
    good: list[ECKey | RSAKey] = [
        ECKey.generate_key("P-256", auto_kid=True),
        RSAKey.generate_key(2048, auto_kid=True),
    ]
    secret = OctKey.generate_key(256, auto_kid=True)
    issuer.published += [dict(key.as_dict(private=False)) for key in good]
    issuer.published += [
        dict(secret.as_dict()),
        {"kty": "EC", "crv": "P-256", "kid": "broken", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "no kid"},
        {"kty": "quantum", "kid": "q"},
    ]
    async with started(issuer) as keys:
        assert all([await keys.key(str(key.kid)) for key in good])
        for kid in (str(secret.kid), "broken", "q", "None"):
            assert await keys.key(kid) is None
