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
from blueprint.advise.decide import decide
from blueprint.advise.errors import MeasurementError
from blueprint.advise.latency import latency_of
from blueprint.advise.profiles import KINDS, LATENCIES, default_profiles, profiles_from
from blueprint.advise.recommend import model_with, recommend
from blueprint.needs.answers import complete

from .needs import p95_of


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


def test_a_shop_without_servers_gets_the_usual_cost_of_a_database(tmp_path: Path) -> None:
    """Figures of a shop with an embedded database leave the sizes of the database server as they are."""

    def embed(monolith: dict[str, Any]) -> None:
        for rows in (monolith["memory_mib"], *monolith["cpu_ms"].values()):
            rows.pop("database")
        monolith.pop("statements", None)

    profiles = profiles_from(measured(tmp_path / "measured.yaml", embed))
    demand = Demand.of(complete({"peak_rps": 20_000}))
    ours, theirs = (plan_for(model_with(measured=m).candidates[0].shape, demand) for m in (None, profiles))
    assert ours.databases == theirs.databases
    assert ours.answer_ms == theirs.answer_ms


def test_the_same_figures_give_the_same_plan(tmp_path: Path) -> None:
    """A file with the shipped figures changes nothing."""
    profiles = profiles_from(measured(tmp_path / "measured.yaml", lambda row: None))
    demand = Demand.of(complete({}))
    ours, theirs = (model_with(measured=each).candidates[0].shape for each in (None, profiles))
    assert plan_for(ours, demand) == plan_for(theirs, demand)


def test_a_measured_latency_rules_a_pattern_out_once_all_are_measured(tmp_path: Path) -> None:
    """A measurement of one shop does not make the guess for another one win; one of all three decides."""
    strong = {"consistency": "strong", "engineers": 3}
    target = (p95_of("monolith", strong) + p95_of("microservices", strong)) / 2
    needs = complete({**strong, "p95_ms": target})
    slow = {"order_end": {"mean": 3_000, "p50": 2_900, "p95": 4_000, "p99": 5_000}}
    one = profiles_from(measured(tmp_path / "one.yaml", lambda row: row["unloaded_ms"].update(slow)))
    assert decide(needs, model_with(measured=one)).gates == ()
    path = tmp_path / "all.yaml"
    path.write_text(yaml.safe_dump({"patterns": load("demands")["patterns"]}))
    gates = decide(needs, model_with(measured=profiles_from(path))).gates
    assert {(gate.id, gate.pattern) for gate in gates} == {("G3", "microservices"), ("G3", "event-driven")}


def test_each_pattern_has_a_file(tmp_path: Path) -> None:
    """Files of several patterns take the place of all their figures; two files of one pattern are refused."""
    paths = [tmp_path / f"{name}.yaml" for name in default_profiles()]
    for path in paths:
        path.write_text(yaml.safe_dump({"patterns": {path.stem: load("demands")["patterns"][path.stem]}}))
    found = profiles_from(*paths)
    assert {name: profile.source for name, profile in found.items()} == {p.stem: str(p) for p in paths}
    assert all(candidate.measured for candidate in model_with(measured=found).candidates)
    with pytest.raises(MeasurementError, match=r"monolith\.yaml measured the same pattern"):
        profiles_from(*paths, paths[0])


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


def test_services_that_only_consume_events_delay_nobody() -> None:
    """A busy service delays an order if it takes part in it, not if it only consumes its events."""
    shape = next(c.shape for c in model_with().candidates if c.name == "event-driven")
    profile = default_profiles()["event-driven"]

    def end_ms(busy: str) -> float:
        utilization = [0.6 if part == busy else 0.0 for part in shape.parts]
        return latency_of(profile, shape, "order_end", utilization)

    assert end_ms("notifications") == end_ms("nothing") < end_ms("payments") < end_ms("orders")
