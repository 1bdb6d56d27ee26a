"""Precautions: what to do, or to measure, whatever pattern is chosen."""

import math
from collections.abc import Iterator, Sequence

from blueprint.advise.capacity_plan import CapacityPlan
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Gate
from blueprint.advise.formatting import count_text, number_text
from blueprint.advise.groupings.candidates import Groups
from blueprint.advise.result import Precaution
from blueprint.needs.model import Needs


def precautions(
    needs: Needs, pattern: str, groups: Groups, plan: CapacityPlan, risks: Sequence[Gate]
) -> tuple[Precaution, ...]:
    """Return the precautions for the recommended pattern and its groups of modules."""
    own = [risk for risk in risks if risk.pattern == pattern]
    return (
        *map(_missed, own),
        *_stampede(needs, plan),
        *_bound(needs),
        *_isolated(needs, groups),
        *_data(needs, plan),
    )


REMEDIES = {
    "G3": "Measure first: this rests on measurements of another machine. Generate a project of each "
    "pattern, run `make bench` in each, and repeat `blueprint recommend` with `--measured FILE` for each of "
    "their files.",
    "G4": "Plan a second region, or accept that more downtime is only credited: replicas in one region "
    "share its failures.",
    "G5": "The budget is within the range of the estimate. Measure the load before you commit to it.",
}


def _missed(risk: Gate) -> Precaution:
    text = f"{risk.reason[:1].upper()}{risk.reason[1:]}. {REMEDIES[risk.id]}"
    return Precaution(f"target-{risk.id}", text, risk.values)


def _stampede(needs: Needs, plan: CapacityPlan) -> Iterator[Precaution]:
    limits = load("model")["stampede"]
    if needs.burst < limits["burst"] or needs.peak_rps < limits["peak_rps"]:
        return
    replicas = sum(service.copies_at_peak for service in plan.services)
    admitted = float(f"{needs.mean_rps * limits['admitted']:.3g}")
    minutes = math.ceil(needs.peak_rps * limits["minutes"] / admitted)
    yield Precaution(
        "stampede",
        f"The peak is {number_text(round(needs.burst))} times the mean, and an autoscaler needs minutes to "
        f"follow. Start {count_text(replicas, 'replica')} before a known start, or put a waiting room in "
        f"front. One that admits {number_text(admitted)} req/s takes about {count_text(minutes, 'minute')} "
        f"to let in the arrivals of {count_text(limits['minutes'], 'minute')} at the peak. Put orders into a "
        "queue.",
        {"burst": round(needs.burst, 1), "replicas": replicas, "admitted_rps": admitted, "minutes": minutes},
    )


def _bound(needs: Needs) -> Iterator[Precaution]:
    if needs.bound_modules and "flows" not in needs.assumed:
        modules = ", ".join(needs.bound_modules)
        yield Precaution(
            "atomic-commits",
            f"These modules commit together: {modules}. Keep them in one deployable, or accept that each "
            "such commit becomes a saga.",
            {"modules": len(needs.bound_modules)},
        )


def _isolated(needs: Needs, groups: Groups) -> Iterator[Precaution]:
    module: str = load("model")["groupings"]["isolated"]
    shared = next((group for group in groups if module in group), ())
    if needs.isolation and len(shared) > 1:
        yield Precaution(
            "isolation",
            f"A part must be isolated. If that is {module}, it shares a process with "
            f"{count_text(len(shared) - 1, 'other module')}, and an audit covers them all. Keep what must be "
            "isolated out of the system, for example card data at the payment provider, or give it a "
            "deployable.",
            {"modules": len(shared)},
        )


def _data(needs: Needs, plan: CapacityPlan) -> Iterator[Precaution]:
    largest = max(plan.databases, key=lambda database: database.storage_gb)
    if largest.shards > 1:
        yield Precaution(
            "shards",
            f"The load or the data needs {count_text(largest.shards, 'shard')}. Choose the key that divides "
            "the data early: it decides which rows can commit together.",
            {"shards": largest.shards, "storage_gb": round(largest.storage_gb, 1)},
        )
