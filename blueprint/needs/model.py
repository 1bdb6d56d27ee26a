"""Needs of one system: complete, validated and with units."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from blueprint.needs.facts import burst, derived
from blueprint.needs.flows import (
    ConsistencyLevel,
    CrossingShare,
    Flow,
    bound_modules,
    several_modules_share,
    weights,
)


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
    cross_module_tx: CrossingShare
    engineers: int
    teams: int
    releases_per_week: float
    waiting_percent: float
    ops_maturity: int
    domain: Literal["new", "partly", "stable"]
    stage: Literal["prototype", "growth", "mature"]
    stack: Literal["any", "python", "spring"]
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
        return burst(self.peak_rps, self.mean_rps)

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
    def bound_modules(self) -> tuple[str, ...]:
        """Modules that take part in a commit across modules."""
        return bound_modules(self.flows)

    @property
    def several_modules_share(self) -> float | None:
        """Share of the writes that touch several modules, or None if nobody gave the traffic of the flows."""
        return None if "flows" in self.assumed else several_modules_share(self.flows)

    @property
    def replica_read_share(self) -> float:
        """Share of the reads that are not strong, so that a read replica may answer them."""
        reads = [f for f in self.flows if f.kind == "read"]
        traffic = weights(reads)
        relaxed = sum(weight for f, weight in zip(reads, traffic, strict=True) if f.level != "strong")
        return relaxed / sum(traffic) if sum(traffic) else 1.0

    def change(self, values: Mapping[str, Any]) -> "Needs":
        """Return a copy with other answers to some inputs, without validating or deriving anything."""
        return self._replace(**{"assumed": self.assumed - values.keys(), **values})

    def facts(self) -> dict[str, Any]:
        """Return every input and every derived fact by name: the values that terms and gates read."""
        values: dict[str, Any] = {name: getattr(self, name) for name in INPUT_FIELDS}
        return values | derived(values)


INPUT_FIELDS = tuple(name for name in Needs._fields if name not in ("flows", "assumed"))
