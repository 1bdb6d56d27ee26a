"""Defaults that follow from other answers: rates, team facts and the workload."""

from typing import Any

from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import inputs

# A team of up to nine people can plan and release together (two-pizza team).
LARGEST_TEAM = 9
TYPICAL_TEAM = 8
# Teams that wait for each other, if nobody said how many people there are.
SEVERAL_TEAMS = 6
# With this many events per second, an unanswered workload is assumed to be mixed, or streaming.
MIXED_FROM, STREAMING_FROM = 1_000, 5_000


def fill_defaults(values: dict[str, Any], answered: set[str]) -> None:
    """Replace defaults in `values` by what the answers imply; what follows for certain becomes `answered`."""
    _fill_rates(values, answered)
    _fill_team(values, answered)
    _fill_workload(values, answered)


def _fill_rates(values: dict[str, Any], answered: set[str]) -> None:
    """Derive the other rate from the default burst if only one was answered; refuse a peak below the mean."""
    burst = inputs()["peak_rps"].default / inputs()["mean_rps"].default  # type: ignore[operator]
    if "mean_rps" in answered and "peak_rps" not in answered:
        values["peak_rps"] = min(values["mean_rps"] * burst, inputs()["peak_rps"].maximum)
    if "peak_rps" in answered and "mean_rps" not in answered:
        values["mean_rps"] = max(values["peak_rps"] / burst, inputs()["mean_rps"].minimum)
    if values["peak_rps"] < values["mean_rps"]:
        raise NeedsError(
            f"traffic.peak_rps: {values['peak_rps']:g} req/s is below mean_rps, {values['mean_rps']:g} req/s",
            hint="The busiest minute cannot have less traffic than the average one.",
        )


def _fill_team(values: dict[str, Any], answered: set[str]) -> None:
    """Derive teams from engineers, or engineers from teams."""
    if "teams" not in answered:
        if "engineers" in answered:
            single = values["engineers"] <= LARGEST_TEAM
            values["teams"] = 1 if single else min(10_000, max(2, round(values["engineers"] / TYPICAL_TEAM)))
            answered |= {"teams"} if single else set()
        elif "waiting_percent" in answered and values["waiting_percent"] > 0:
            values["teams"] = SEVERAL_TEAMS
    if "engineers" not in answered:
        values["engineers"] = min(100_000, values["teams"] * TYPICAL_TEAM)


def _fill_workload(values: dict[str, Any], answered: set[str]) -> None:
    if "workload" not in answered and values["events_per_s"] >= MIXED_FROM:
        values["workload"] = "streaming" if values["events_per_s"] >= STREAMING_FROM else "mixed"
