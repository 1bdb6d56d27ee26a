"""Client of one other service."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import aiohttp
import msgspec
import stamina

from ... import timeouts
from ...circuit import Circuit, CircuitOpen
from ...telemetry.traces import calling, traceparent
from ..context import request_id
from . import deadline
from .errors import CallRejected, NotSent, OutcomeUnknown, Refused, Unavailable
from .retries import RetryBudget, RetryPolicy
from .tokens import ServiceTokens

T = TypeVar("T")
Parameters = Mapping[str, str | int]
_Send = Callable[..., AbstractAsyncContextManager[aiohttp.ClientResponse]]
CALLS_PER_CONNECTION = 1000
"""Average number of calls after which a connection is closed, so that new replicas get calls too."""
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_retrying = stamina.AsyncRetryingCaller(attempts=None, timeout=None)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Limits on calls to one provider. Times are in seconds; the caller's own deadline shortens them."""

    call_timeout: float = 3.0  # across all attempts and pauses
    attempt_timeout: float = 1.0
    connect_timeout: float = 0.5
    max_attempts: int = 3
    max_concurrent: int = 32
    acquire_timeout: float = 0.25  # until one of the concurrent calls ends
    keepalive: float = 10.0  # idle time of a pooled connection; shorter than the provider's


class ServiceClient:
    """Client of one provider: connection pool, retries, circuit breaker, and a limit of concurrent calls.

    Every call carries a service token, the remaining time, the request id and the trace context. Idempotent
    calls are retried: GET and PUT always, POST if the caller declares it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        tokens: ServiceTokens,
        limits: CallLimits | None = None,
    ) -> None:
        """`name` is the audience of the tokens, `url` the base address of the provider."""
        self.name = name
        self._tokens = tokens
        self._limits = limits = limits or CallLimits()
        self._slots = asyncio.Semaphore(limits.max_concurrent)
        self._circuit = Circuit(name, Unavailable)
        self._budget = RetryBudget()
        self._url = url.rstrip("/")

    @property
    def is_circuit_open(self) -> bool:
        """Whether the circuit is open, so that calls are rejected."""
        return self._circuit.is_open

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    async def get(self, path: str, answer: type[T], parameters: Parameters | None = None) -> T:
        """Return the resource at `path`; raise `Refused` or `Unavailable`."""
        return await self.call("GET", path, answer, parameters=parameters, idempotent=True)

    async def put(self, path: str, answer: type[T], body: Any = None) -> T:
        """Put `body` at `path` and return the response; raise `Refused`, `NotSent` or `OutcomeUnknown`."""
        return await self.call("PUT", path, answer, body=body, idempotent=True)

    async def post(self, path: str, answer: type[T], body: Any = None, *, idempotent: bool) -> T:
        """Post `body` to `path` and return the response; raise `Refused`, `NotSent` or `OutcomeUnknown`.

        `idempotent` declares that repeating the call has no further effect.
        """
        return await self.call("POST", path, answer, body=body, idempotent=idempotent)

    async def call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        body: Any = None,
        parameters: Parameters | None = None,
        idempotent: bool,
    ) -> T:
        """Return the response decoded as `answer` (`type(None)` if empty); msgspec encodes `body`."""
        send = partial(
            self._http.request, method, self._url + path, params=parameters, json=body, allow_redirects=False
        )
        policy = RetryPolicy(self._budget, self._limits.max_attempts if idempotent else 1)
        self._budget.earn()
        try:
            with deadline.within(self._limits.call_timeout):
                content = await _retrying(policy, self._attempt, method, send)
        except (NotSent, Refused) as error:
            # An earlier attempt may have succeeded even if a later one was refused.
            if policy.saw_unknown and method != "GET":
                raise OutcomeUnknown(self.name) from error
            raise
        try:
            return msgspec.json.decode(content or b"null", type=answer)
        except msgspec.MsgspecError as error:
            raise OutcomeUnknown(self.name) from error

    @cached_property
    def _http(self) -> aiohttp.ClientSession:
        # On the first call, because it belongs to the running event loop.
        connector = aiohttp.TCPConnector(
            limit=self._limits.max_concurrent, keepalive_timeout=self._limits.keepalive
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            json_serialize_bytes=msgspec.json.encode,
            middlewares=[_send_once],
        )

    async def _attempt(self, method: str, send: _Send) -> bytes:
        try:
            await timeouts.acquire(self._slots, min(deadline.remaining(), self._limits.acquire_timeout))
        except TimeoutError:
            raise CallRejected(self.name) from None
        try:
            seconds = min(deadline.remaining(), self._limits.attempt_timeout)
            if seconds < 0.001:
                raise CallRejected(self.name)
            with self._circuit.guard():
                return await self._send(method, send, seconds)
        except CircuitOpen:
            raise CallRejected(self.name) from None
        finally:
            self._slots.release()

    async def _send(self, method: str, send: _Send, seconds: float) -> bytes:
        headers = {
            "Authorization": f"Bearer {self._tokens.token(self.name)}",
            deadline.HEADER: str(int(seconds * 1000)),
        }
        if (current := request_id.get()) is not None:
            headers["X-Request-ID"] = current
        if random.random() * CALLS_PER_CONNECTION < 1:  # noqa: S311 - not for secrets
            headers["Connection"] = "close"
        # Fail early on connecting: a call that was not sent has a known outcome, a late response has not.
        timeout = aiohttp.ClientTimeout(total=seconds, connect=min(self._limits.connect_timeout, seconds / 2))
        try:
            with calling(self.name, method):
                if (context := traceparent()) is not None:
                    headers["traceparent"] = context
                async with send(headers=headers, timeout=timeout) as response:
                    content = await response.read()
        except _NOT_SENT as error:
            raise NotSent(self.name) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(self.name) from error
        if 400 <= response.status < 500:
            raise _refusal(self.name, response.status, content)
        if not 200 <= response.status < 300:
            raise OutcomeUnknown(self.name)
        return content


class _Disconnected(aiohttp.ClientError):
    """The connection was lost after the request was sent, or while it was."""


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    # aiohttp would repeat GET and PUT by itself, without our limits, and then report only the second failure:
    # a change that had arrived would count as not sent.
    try:
        return await handler(request)
    except _NOT_SENT:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Disconnected from error


class _Problem(msgspec.Struct):
    type: str = "urn:problem:unknown"
    detail: str = ""


def _refusal(service: str, status: int, content: bytes) -> Refused:
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except msgspec.MsgspecError:
        problem = _Problem()
    return Refused(service, status, problem.type.rpartition(":")[2], problem.detail)
