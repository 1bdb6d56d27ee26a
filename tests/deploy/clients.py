"""HTTP clients for the tests of the edge: one request, or many at once while something happens."""

import http.client
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from uuid import uuid4


@dataclass(frozen=True)
class Answer:
    """Response of the edge."""

    status: int
    headers: Message
    body: bytes


def ask(
    port: int,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request on a new connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        return _ask(connection, method, path, headers or {}, body)
    finally:
        connection.close()


@dataclass
class Load:
    """Outcome of many requests: the number of responses by status, and the IDs of POSTs by outcome."""

    answers: int = 0
    failed_reads: list[str] = field(default_factory=list)
    posted: set[str] = field(default_factory=set)
    failed_posts: set[str] = field(default_factory=set)


@contextmanager
def load(port: int, path: str = "/v1/cart", *, posts: bool = True) -> Iterator[Load]:
    """Send reads of `path` and some POSTs with eight clients while the block runs."""
    result, lock, stop = Load(), threading.Lock(), threading.Event()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        number = 0
        while not stop.is_set():
            number += 1
            request_id = str(uuid4())
            post = posts and number % 4 == 0
            method, target = ("POST", "/v1/orders") if post else ("GET", path)
            try:
                problem = _trouble(_ask(connection, method, target, {"X-Request-ID": request_id}, None))
            except (OSError, http.client.HTTPException) as error:
                problem = repr(error)
                connection.close()
            with lock:
                result.answers += 1
                if post:
                    (result.failed_posts if problem else result.posted).add(request_id)
                elif problem:
                    result.failed_reads.append(problem)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        yield result
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_for(port: int, path: str = "/readyz", seconds: float = 10) -> None:
    """Wait until the path returns 200; raise TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while ask(port, path).status != 200:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} does not return 200")
        time.sleep(0.05)


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:
    connection.request(method, path, body, dict(headers))
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def _trouble(answer: Answer) -> str:
    return "" if answer.status == 200 else f"{answer.status} {answer.body.decode(errors='replace')}"
