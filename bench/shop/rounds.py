"""Interleaved rounds, so that noise of the machine affects all contenders equally."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from .wrk import Request, throughput


def nothing() -> None:
    """Do nothing; the default for a contender without pending work."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Number and length of the rounds, and the total number of connections."""

    rounds: int
    seconds: int
    connections: int


@dataclass(frozen=True, slots=True)
class Contender:
    """Base URLs, requests, and the function that waits for pending work after a round."""

    name: str
    servers: Sequence[str]
    requests: Sequence[Request]
    settle: Callable[[], None] = nothing


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests per second of each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median of the rounds."""
        return median(self.rounds)


def race(contenders: Sequence[Contender], pace: Pace) -> dict[str, Rate]:
    """Measure the contenders in turn (A B A B ...), after a short warm-up round each."""
    figures: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for contender in contenders:
        _turn(contender, pace.connections, seconds=1)
    for _ in range(pace.rounds):
        for contender in contenders:
            figures[contender.name].append(_turn(contender, pace.connections, pace.seconds))
    return {name: Rate(tuple(rounds)) for name, rounds in figures.items()}


def _turn(contender: Contender, connections: int, seconds: int) -> float:
    rate = throughput(contender.servers, contender.requests, connections=connections, seconds=seconds)
    contender.settle()
    return rate
