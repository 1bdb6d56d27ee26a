"""Contenders take turns, so that a noisy machine is noisy to all of them alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from .wrk import Request, throughput


def nothing() -> None:
    """Do nothing: the default of a contender that has nothing to settle."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how wide to measure: rounds of some seconds, with so many connections in all."""

    rounds: int
    seconds: int
    connections: int


@dataclass(frozen=True, slots=True)
class Contender:
    """What answers (base URLs), what it is asked, and how it comes to rest after its turn."""

    name: str
    servers: Sequence[str]
    requests: Sequence[Request]
    settle: Callable[[], None] = nothing


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests answered a second, one figure for each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round."""
        return median(self.rounds)


def race(contenders: Sequence[Contender], pace: Pace) -> dict[str, Rate]:
    """Measure the contenders in turn (A B A B ...), after one short round each that does not count."""
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
