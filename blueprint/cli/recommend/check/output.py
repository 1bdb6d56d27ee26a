"""JSON output of `blueprint recommend --check`."""

from typing import TypedDict


class WorkloadOutput(TypedDict):
    """A workload of the shop.

    `parts` are the parts of the pattern that it runs, in the role `api` or `worker`. `minimum` and `maximum`
    are the bounds of its replicas; `needed_at_mean` and `needed_at_peak` are what the load needs with its own
    CPU request, with a spare one. `cpu_millicores` and `memory_mib` are its requests, or null.
    """

    name: str
    role: str
    parts: list[str]
    minimum: int
    maximum: int
    needed_at_mean: int
    needed_at_peak: int
    cpu_millicores: float | None
    memory_mib: float | None


class ShortfallOutput(TypedDict):
    """A need that is not met: what is required and what there is, in `unit`, and what to change."""

    id: str
    workload: str
    message: str
    fix: str
    required: float
    actual: float
    unit: str


class PriceOutput(TypedDict):
    """Price in USD a month; `difference_usd` is how much more than the estimate for the needs it is."""

    cloud: str
    monthly_usd: float
    estimate_usd: float
    difference_usd: float
    groups: dict[str, float]


class DeploymentOutput(TypedDict):
    """One deployment compared with the needs."""

    path: str
    pattern: str
    met: bool
    workloads: list[WorkloadOutput]
    shortfalls: list[ShortfallOutput]
    price: PriceOutput
    notes: list[str]


class DeploymentCheckOutput(TypedDict):
    """Every deployment at a path; `met` is whether all of them meet the needs.

    `needs` is the file that the needs are from, or null. `left_out` are overlays that were not compared.
    """

    needs: str | None
    met: bool
    deployments: list[DeploymentOutput]
    left_out: list[str]
