"""Tests of measured profiles: a file of `make bench` takes the place of the shipped figures."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.advise.capacity import plan_for
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.datafiles import load
from blueprint.advise.errors import MeasurementError
from blueprint.advise.profiles import KINDS, LATENCIES, default_profiles, profiles_from
from blueprint.advise.recommend import model_with, recommend
from blueprint.needs.answers import complete


def measured(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write a copy of the shipped figures of the monolith, after a change."""
    monolith = yaml.safe_load(yaml.safe_dump(load("demands")["patterns"]["monolith"]))
    change(monolith)
    path.write_text(yaml.safe_dump({"patterns": {"monolith": monolith}}))
    return path


@pytest.mark.parametrize("pattern", ["monolith", "microservices", "event-driven"])
def test_every_shipped_figure_is_there(pattern: str) -> None:
    """Each pattern has CPU time and latency of every kind, and memory of every process."""
    profile = default_profiles()[pattern]
    assert set(profile.cpu_ms) == set(KINDS)
    assert set(profile.unloaded_ms) == set(LATENCIES)
    assert {"database", "cache"} < set(profile.memory_mib)
    assert all(row["p50"] <= row["p95"] <= row["p99"] for row in profile.unloaded_ms.values())


def test_twice_the_cpu_time_needs_twice_the_cores(tmp_path: Path) -> None:
    """The sizes follow the measured file, and the patterns that are not in it keep theirs."""

    def double(monolith: dict[str, Any]) -> None:
        for row in monolith["cpu_ms"].values():
            row["app"] *= 2

    needs = complete({"events_per_s": 0})
    profiles = profiles_from(measured(tmp_path / "measured.yaml", double))
    usual, slow = (
        recommend(needs, model_with(measured=each), today=date(2026, 11, 28)) for each in (None, profiles)
    )
    cpu = [r.estimates["monolith"].plan.services[0].cpu_ms for r in (usual, slow)]
    assert cpu[1] == pytest.approx(2 * cpu[0])
    assert usual.estimates["microservices"].plan == slow.estimates["microservices"].plan
    assert slow.estimates["monolith"].p95_ms >= usual.estimates["monolith"].p95_ms


def test_the_same_figures_give_the_same_plan(tmp_path: Path) -> None:
    """A file with the shipped figures changes nothing."""
    profiles = profiles_from(measured(tmp_path / "measured.yaml", lambda row: None))
    demand = Demand.of(complete({}))
    ours, theirs = (model_with(measured=each).candidates[0].shape for each in (None, profiles))
    assert plan_for(ours, demand) == plan_for(theirs, demand)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda row: row["cpu_ms"].pop("cart"), "cpu_ms.cart is missing"),
        (lambda row: row["unloaded_ms"].pop("order_end"), "unloaded_ms.order_end is missing"),
        (lambda row: row["unloaded_ms"]["cart"].pop("p95"), "unloaded_ms.cart.p95 is missing"),
        (lambda row: row.pop("memory_mib"), "memory_mib is missing"),
        (lambda row: row["memory_mib"].pop("app"), "app was not measured"),
        (lambda row: row["cpu_ms"]["cart"].update(app="much"), "not the number"),
        (lambda row: row["cpu_ms"]["cart"].update(app=-1), "not the number"),
        (lambda row: row["cpu_ms"]["cart"].update(app=float("nan")), "not the number"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, change: Callable[[Any], None], says: str) -> None:
    """A missing or impossible figure is an error that says which one."""
    with pytest.raises(MeasurementError, match=says):
        profiles_from(measured(tmp_path / "measured.yaml", change))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("patterns: {}", "`patterns:` is missing"),
        ("a: [", "line 2"),
        ("patterns: {monolit: {}}", "unknown pattern"),
        ("patterns: {monolith: 3}", "expected a mapping"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """A file that `make bench` did not write is refused with a hint."""
    path = tmp_path / "measured.yaml"
    path.write_text(text)
    with pytest.raises(MeasurementError, match=says) as caught:
        profiles_from(path)
    assert caught.value.hint
