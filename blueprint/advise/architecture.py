"""Architecture: the structure and the integration of a decision, and the way there."""

from typing import Literal, NamedTuple

from blueprint.advise.candidates import CONTEXTS, EVENT_DRIVEN, MICROSERVICES, MONOLITH
from blueprint.advise.datafiles import load
from blueprint.advise.decide import Decision
from blueprint.advise.groupings.candidates import Groups, modules_of
from blueprint.needs.model import Needs

Structure = Literal["one", "few", "many"]
Integration = Literal["calls", "log"]


class Architecture(NamedTuple):
    """Two answers: how many deployables there are, and whether they integrate by calls or through a log.

    `split` and `log` are the pressures that decide them, in log-odds. `groups` are the modules that are
    deployed together, unless the pattern knows none, and `bound` those whose commits must be atomic. `outbox`
    says whether events are published with their transaction. `path` says how to get there with the pattern
    that is generated.
    """

    structure: Structure
    integration: Integration
    split: float
    log: float
    groups: Groups
    bound: tuple[str, ...]
    outbox: bool
    path: str

    @property
    def deployables(self) -> list[list[str]]:
        """The groups as an answer for a pattern of services; empty if it cannot have them."""
        return _deployables(self.structure, self.groups)


def architecture_of(decision: Decision, needs: Needs, groups: Groups, deployables: int) -> Architecture:
    """Return both answers for a decision; a pattern without `groups` has this number of `deployables`."""
    limits = load("model")["architecture"]
    log = decision.scores[EVENT_DRIVEN]
    through_log = decision.label == EVENT_DRIVEN or log > limits["log_above"]
    structure = _structure(decision.label, needs, groups, deployables)
    return Architecture(
        structure=structure,
        integration="log" if through_log else "calls",
        split=decision.scores[MICROSERVICES],
        log=log,
        groups=groups,
        bound=needs.bound_modules,
        outbox=through_log or log > limits["outbox_above"],
        path=_path(decision.label, structure, groups, through_log, "flows" in needs.assumed),
    )


def _structure(label: str, needs: Needs, groups: Groups, deployables: int) -> Structure:
    if not groups:
        return "many" if label == MICROSERVICES else "few" if deployables > 1 else "one"
    if label != MONOLITH and len(groups) == len(modules_of(needs.flows)):
        return "many"
    # An event-driven system has its consumers apart.
    return "one" if len(groups) == 1 and label != EVENT_DRIVEN else "few"


def _path(label: str, structure: Structure, groups: Groups, through_log: bool, assumed: bool) -> str:
    """Return how the generated pattern leads to the architecture; `assumed` groups are those of the shop."""
    deployables = _deployables(structure, groups)
    named = groups_text(groups)
    whose = ", in the generated shop" if assumed else ""
    if label != MONOLITH:
        grouped = f" with these services{whose}: {named}" if deployables else ""
        return f"Generate the pattern {label}{grouped}."
    steps = ["Generate the pattern monolith and keep the boundaries of its modules."]
    if structure == "few":
        steps.append(f"Then move one group at a time into a service{whose}: {named}.")
    if deployables:
        value = ", ".join(f"[{', '.join(group)}]" for group in deployables)
        steps.append(f"Or generate them at once: --pattern {MICROSERVICES} --set deployables='[{value}]'.")
    if through_log:
        steps.append("Publish its outbox to an event log, which other systems read.")
    return " ".join(steps)


def _deployables(structure: Structure, groups: Groups) -> list[list[str]]:
    modules = sorted(module for group in groups for module in group)
    return [list(group) for group in groups] if structure == "few" and modules == sorted(CONTEXTS) else []


def groups_text(groups: Groups) -> str:
    """Return groups of modules in one line, for example `orders + payments; cart`."""
    return "; ".join(" + ".join(group) for group in groups)


def summary_text(architecture: Architecture) -> str:
    """Return both answers in a few words, for example `a few deployables, integrated by calls`."""
    structures = {"one": "one deployable", "few": "a few deployables", "many": "many deployables"}
    integrations = {"calls": "integrated by calls", "log": "integrated through an event log"}
    text = f"{structures[architecture.structure]}, {integrations[architecture.integration]}"
    return f"{text}, with an outbox" if architecture.outbox and architecture.integration == "calls" else text
