"""Architecture: the structure and the integration of a decision, and the way there."""

from typing import Literal, NamedTuple

from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, MICROSERVICES, MONOLITH
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision
from blueprint.needs.model import Needs

Structure = Literal["one", "few", "many"]
Integration = Literal["calls", "log"]


class Architecture(NamedTuple):
    """Two answers: how many deployables there are, and whether they integrate by calls or through a log.

    `split` and `log` are the pressures that decide them, in log-odds. `groups` are the modules that are
    deployed together, `bound` those whose commits must be atomic. `outbox` says whether events are published
    with their transaction. `path` says how to get there with the pattern that is generated.
    """

    structure: Structure
    integration: Integration
    split: float
    log: float
    groups: tuple[tuple[str, ...], ...]
    bound: tuple[str, ...]
    outbox: bool
    path: str

    @property
    def deployables(self) -> list[list[str]]:
        """The groups as an answer for the pattern microservices; empty if it cannot have them."""
        return _deployables(self.structure, self.groups)


def architecture_of(decision: Decision, needs: Needs, deployables: int) -> Architecture:
    """Return both answers for a decision; `deployables` is the number in the pattern that won."""
    limits = load("model")["architecture"]
    split, log = decision.scores[MICROSERVICES], decision.scores[EVENT_DRIVEN]
    structure = _structure(decision, needs, deployables)
    through_log = decision.label == EVENT_DRIVEN or log > limits["log_above"]
    groups = needs.module_groups
    if structure == "one":
        groups = (tuple(module for group in groups for module in group),)
    return Architecture(
        structure=structure,
        integration="log" if through_log else "calls",
        split=split,
        log=log,
        groups=groups,
        bound=needs.bound_modules,
        outbox=through_log or log > limits["outbox_above"],
        path=_path(decision.label, structure, groups, through_log, "flows" in needs.assumed),
    )


def _structure(decision: Decision, needs: Needs, deployables: int) -> Structure:
    split = decision.scores[MICROSERVICES]
    if decision.label == MICROSERVICES or (decision.label == EVENT_DRIVEN and split > 0):
        return "many"
    if decision.label != MONOLITH:
        return "few" if deployables > 1 else "one"
    understaffed = any(gate.id == "G2" for gate in decision.gates)
    divisible = len(needs.module_groups) > 1 and needs.teams > 1 and not understaffed
    return "few" if divisible and split > load("model")["architecture"]["few_above"] else "one"


def _path(
    label: str, structure: Structure, groups: tuple[tuple[str, ...], ...], through_log: bool, assumed: bool
) -> str:
    """Return how the generated pattern leads to the architecture; `assumed` groups are those of the shop."""
    if label != MONOLITH:
        return f"Generate the pattern {label}."
    steps = ["Generate the pattern monolith and keep the boundaries of its modules."]
    if structure == "few":
        named = "; ".join(" + ".join(group) for group in groups)
        whose = ", in the generated shop" if assumed else ""
        steps.append(f"Then move one group at a time into a service{whose}: {named}.")
    if deployables := _deployables(structure, groups):
        value = ", ".join(f"[{', '.join(group)}]" for group in deployables)
        steps.append(f"Or generate them at once: --pattern {MICROSERVICES} --set deployables='[{value}]'.")
    if through_log:
        steps.append("Publish its outbox to an event log, which other systems read.")
    return " ".join(steps)


def _deployables(structure: Structure, groups: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    modules = sorted(module for group in groups for module in group)
    return [list(group) for group in groups] if structure == "few" and modules == sorted(CONTEXTS) else []


def summary_text(architecture: Architecture) -> str:
    """Return both answers in a few words, for example `a few deployables, integrated by calls`."""
    structures = {"one": "one deployable", "few": "a few deployables", "many": "many deployables"}
    integrations = {"calls": "integrated by calls", "log": "integrated through an event log"}
    text = f"{structures[architecture.structure]}, {integrations[architecture.integration]}"
    return f"{text}, with an outbox" if architecture.outbox and architecture.integration == "calls" else text
