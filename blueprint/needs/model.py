"""Needs of one system: complete, validated and with units."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from blueprint.needs.inputs import InputValue

ConsistencyLevel = Literal["eventual", "read_your_writes", "strong"]
Share = Literal["none", "some", "many"]
CONSISTENCY_LEVELS: tuple[ConsistencyLevel, ...] = ("eventual", "read_your_writes", "strong")
SOME_SHARE = 1 / 3


class Flow(NamedTuple):
    """A business flow with the consistency that it needs and the modules that it touches."""

    name: str
    kind: Literal["read", "write"]
    level: ConsistencyLevel
    modules: tuple[str, ...]

    @property
    def crosses_modules(self) -> bool:
        """Whether the flow must commit in at least two modules at once."""
        return self.kind == "write" and self.level == "strong" and len(self.modules) > 1


class Needs(NamedTuple):
    """Needs of one system.

    Rates are per second, sizes in KB or GB (decimal), availability in percent, p95 in milliseconds. `assumed`
    names the inputs without an answer, which hold their defaults; "flows" can be among them. `consistency`
    and `cross_module_tx` follow from the flows unless they were given directly.
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
    host: Literal["any", "machine", "platform", "containers", "kubernetes"]
    cdn: bool
    kafka_retention_days: float
    engineer_usd_month: float
    flows: tuple[Flow, ...]
    assumed: frozenset[str]

    @property
    def burst(self) -> float:
        """Ratio of peak to mean traffic."""
        return self.peak_rps / self.mean_rps

    @property
    def chain(self) -> tuple[str, ...]:
        """Modules of the write flow that touches most of them, in order."""
        flow = self._longest_write
        return flow.modules if flow else ("app",)

    @property
    def waits_for_end(self) -> bool:
        """Whether the longest write flow is done only when all its modules are, not when it is answered."""
        if "flows" in self.assumed:
            return self.consistency == "strong"
        flow = self._longest_write
        return flow is not None and flow.level == "strong"

    @property
    def _longest_write(self) -> Flow | None:
        return max((f for f in self.flows if f.kind == "write"), key=lambda f: len(f.modules), default=None)

    @property
    def replica_read_share(self) -> float:
        """Share of the read flows that are not strong, so that a read replica may answer them."""
        reads = [f for f in self.flows if f.kind == "read"]
        return sum(f.level != "strong" for f in reads) / len(reads) if reads else 1.0

    def change(self, values: Mapping[str, Any]) -> "Needs":
        """Return a copy with other values for some inputs, without validating or deriving anything."""
        return self._replace(**values)

    def facts(self) -> dict[str, Any]:
        """Return every input by name, and `burst`: the values that terms and gates read."""
        return {**{name: getattr(self, name) for name in INPUT_FIELDS}, "burst": self.burst}


INPUT_FIELDS = tuple(name for name in Needs._fields if name not in ("flows", "assumed"))


def typical_level(flows: tuple[Flow, ...]) -> ConsistencyLevel:
    """Return the consistency of the typical write flow: the upper median, so the stricter one on a tie."""
    ranks = sorted(CONSISTENCY_LEVELS.index(f.level) for f in flows if f.kind == "write")
    return CONSISTENCY_LEVELS[ranks[len(ranks) // 2]] if ranks else "eventual"


def crossing_share(flows: tuple[Flow, ...]) -> Share:
    """Return how many write flows are strong and touch at least two modules: none, up to a third, or more."""
    writes = [f for f in flows if f.kind == "write"]
    share = sum(f.crosses_modules for f in writes) / len(writes) if writes else 0.0
    if share == 0:
        return "none"
    return "some" if share <= SOME_SHARE else "many"


def derive_from_flows(flows: tuple[Flow, ...]) -> Mapping[str, InputValue]:
    """Return the inputs that summarize the flows."""
    return {"consistency": typical_level(flows), "cross_module_tx": crossing_share(flows)}
