"""What the needs require of a deployment's own sizes, by the capacity model of the recommendation."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from blueprint.advise.capacity import (
    PartWork,
    ReplicaBounds,
    pace_of,
    part_works,
    profile_of,
    replica_bounds,
)
from blueprint.advise.capacity_plan import CapacityPlan, Demand, Shape
from blueprint.advise.datafiles import constants
from blueprint.advise.latency import is_measured
from blueprint.advise.profiles import Profile
from blueprint.deployment.services import Role, Workload
from blueprint.deployment.sizes import Pods


class Requirements(NamedTuple):
    """The demand on a pattern, and the plan that was recommended for it.

    A plan for a single machine has no spare copies.
    """

    shape: Shape
    demand: Demand
    plan: CapacityPlan
    works: Sequence[PartWork]

    @classmethod
    def of(cls, shape: Shape, demand: Demand, plan: CapacityPlan) -> "Requirements":
        """Return the requirements of a pattern with a plan."""
        return cls(shape, demand, plan, part_works(profile_of(shape), shape, demand, pace_of(demand)))

    def replicas(self, workload: Workload) -> ReplicaBounds:
        """Return the replicas that a workload needs with its own CPU request, with a spare one."""
        cores = min((cores_at_target(pods) for pods in workload.pods), default=self._planned_cores())
        mean, peak = self.cores(workload.parts, workload.role)
        if self.plan.single:
            at_mean, at_peak = (max(1, math.ceil(work / cores)) for work in (mean, peak))
            return ReplicaBounds(at_mean, at_peak, at_peak)
        return replica_bounds(mean / cores, peak / cores, self.demand.availability)

    def cores(self, parts: Iterable[str], role: Role) -> tuple[float, float]:
        """Return the busy cores of some parts in one role, at the mean and at the peak."""
        works = [(work, _share(work, role)) for work in self.works if work.name in parts]
        return sum(w.cores_mean * share for w, share in works), sum(
            w.cores_peak * share for w, share in works
        )

    def memory_mib(self, parts: Sequence[str]) -> float:
        """Return the most memory of a process under load that was measured, in MiB."""
        profile: Profile = profile_of(self.shape)
        names = parts if is_measured(profile, self.shape) else profile.parts
        return max(profile.memory_mib[name] for name in names)

    def _planned_cores(self) -> float:
        return self.plan.cpu_millicores / 1000 * target_utilization()


def _share(work: PartWork, role: Role) -> float:
    """Return the share of a part's work that is done in one role; without workers, pods do all of it."""
    if work.worker_share is None:
        return 1.0
    return work.worker_share if role == "worker" else 1 - work.worker_share


def target_utilization() -> float:
    """Return the planned utilization of a process, as a share of its request, and at most of a core."""
    return float(constants("replica")["utilization"])


def cores_at_target(pods: Pods) -> float:
    """Return the busy cores of one copy at its target, of which one process is planned to use only a part."""
    most = target_utilization()
    return min(most, pods.cpu * (pods.utilization or most)) if pods.cpu else most


def memory_reserve() -> float:
    """Return the memory limit over what a load test measured, as a ratio."""
    return float(constants("replica")["memory_headroom"])
