"""Needs: the answers of one team, complete, checked and with units."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from blueprint.needs.inputs import InputValue

ConsistencyLevel = Literal["eventual", "read_your_writes", "strong"]
Share = Literal["none", "some", "many"]
CONSISTENCY_LEVELS: tuple[ConsistencyLevel, ...] = ("eventual", "read_your_writes", "strong")
SOME_SHARE = 1 / 3


class Flow(NamedTuple):
    """A business flow: the consistency it needs and the modules it touches."""

    name: str
    kind: Literal["read", "write"]
    level: ConsistencyLevel
    modules: tuple[str, ...]

    @property
    def crosses_modules(self) -> bool:
        """Whether it must commit in two modules or more at once."""
        return self.kind == "write" and self.level == "strong" and len(self.modules) > 1


class Needs(NamedTuple):
    """Rates are per second, sizes in KB or GB (decimal), availability in percent, p95 in milliseconds.

    `assumed` names the inputs that nobody answered ("flows" among them); they hold their defaults.
    `consistency` and `cross_module_tx` follow from the flows unless they were given directly.
    """

    mean_rps: float
    peak_rps: float
    events_per_s: float
    workload: Literal["request_response", "mixed", "streaming"]
    read_fraction: float
    payload_kb: float
    data_gb: float
    growth_gb_month: float
    catalogue_items: int
    catalogue_skew: float
    consistency: ConsistencyLevel
    cross_module_tx: Share
    engineers: int
    teams: int
    independent_deploy: Literal["none", "useful", "required"]
    ops_maturity: int
    domain: Literal["new", "partly", "stable"]
    stage: Literal["prototype", "growth", "mature"]
    availability: float
    p95_ms: float
    service_ms: float | None
    consumers: int
    replay: bool
    scale_skew: float
    isolation: bool
    customer_installed: bool
    budget_usd_month: float | None
    cloud: Literal["aws", "gcp", "azure"]
    flows: tuple[Flow, ...]
    assumed: frozenset[str]

    @property
    def burst(self) -> float:
        """Peak over mean traffic."""
        return self.peak_rps / self.mean_rps

    @property
    def chain(self) -> tuple[str, ...]:
        """The modules that the longest write flow touches, in order."""
        return max((f.modules for f in self.flows if f.kind == "write"), key=len, default=("app",))

    @property
    def replica_read_share(self) -> float:
        """Share of the read flows that a replica may answer with a short delay: those that are not strong."""
        reads = [f for f in self.flows if f.kind == "read"]
        return sum(f.level != "strong" for f in reads) / len(reads) if reads else 1.0

    def change(self, values: Mapping[str, Any]) -> "Needs":
        """These needs with some inputs changed; nothing is checked or derived again."""
        return self._replace(**values)

    def facts(self) -> dict[str, Any]:
        """Every input by name, with `burst`: what terms and gates read."""
        return {**{name: getattr(self, name) for name in INPUT_FIELDS}, "burst": self.burst}


INPUT_FIELDS = tuple(name for name in Needs._fields if name not in ("flows", "assumed"))


def typical_level(flows: tuple[Flow, ...]) -> ConsistencyLevel:
    """The consistency that most write flows need; the stricter one on a tie (the upper median)."""
    ranks = sorted(CONSISTENCY_LEVELS.index(f.level) for f in flows if f.kind == "write")
    return CONSISTENCY_LEVELS[ranks[len(ranks) // 2]] if ranks else "eventual"


def crossing_share(flows: tuple[Flow, ...]) -> Share:
    """How many write flows are strong and touch two modules or more: none, up to a third, or more."""
    writes = [f for f in flows if f.kind == "write"]
    share = sum(f.crosses_modules for f in writes) / len(writes) if writes else 0.0
    if share == 0:
        return "none"
    return "some" if share <= SOME_SHARE else "many"


def derive_from_flows(flows: tuple[Flow, ...]) -> Mapping[str, InputValue]:
    """What the flows say about the inputs that summarise them."""
    return {"consistency": typical_level(flows), "cross_module_tx": crossing_share(flows)}
