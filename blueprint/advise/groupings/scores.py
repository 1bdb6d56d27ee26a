"""Scores of groupings: how much of the points of each term of microservices a grouping has.

One deployable has 0 points. One for each module has those of microservices, if there are as many teams. In
between, each term follows what it depends on: the number of deployables, the teams that can release alone,
how alone the busiest or the isolated module is, the commits that are cut, and the calls between services.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from blueprint.advise.candidates import CONTEXTS
from blueprint.advise.datafiles import constants, load
from blueprint.advise.groupings.candidates import Groups, modules_of
from blueprint.advise.profiles import Profile
from blueprint.advise.request_mix import request_mix
from blueprint.advise.terms import built_in_terms
from blueprint.needs.flows import weights
from blueprint.needs.model import Needs

WAITING = "people who wait"


class GroupingTerm(NamedTuple):
    """Points of a term with one deployable for each module, what they follow, and why."""

    name: str
    points: float
    follows: str
    why: str


class Commit(NamedTuple):
    """A flow that commits in several modules, with its share of such commits; a cut makes it a saga."""

    flow: str
    modules: tuple[str, ...]
    share: float


class Calls(NamedTuple):
    """Calls between modules, with their share of what all calls cost if each crosses services."""

    modules: tuple[str, ...]
    share: float


class GroupingLine(NamedTuple):
    """Points of a term of a grouping in log-odds, and why."""

    term: str
    points: float
    why: str


class GroupingScore(NamedTuple):
    """A grouping with its points, the flows that its cuts make sagas, and how much of the calls they cut."""

    groups: Groups
    points: float
    sagas: tuple[str, ...]
    calls: float


class GroupingModel(NamedTuple):
    """What the scores of groupings depend on; `isolated` is None if nobody said which module is."""

    modules: tuple[str, ...]
    teams: int
    terms: tuple[GroupingTerm, ...]
    commits: tuple[Commit, ...]
    calls: tuple[Calls, ...]
    busiest: str
    isolated: str | None

    @classmethod
    def of(cls, needs: Needs, whole: Profile, split: Profile) -> "GroupingModel":
        """Return the model for these needs, and the profiles of the monolith and of the microservices."""
        modules = modules_of(needs.flows)
        isolated: str = load("model")["groupings"]["isolated"]
        return cls(
            modules,
            needs.teams,
            tuple(_terms(needs)),
            tuple(_commits(needs)),
            tuple(_calls(needs, whole, split)),
            _busiest(needs),
            isolated if isolated in modules else None,
        )

    def scores(self, groupings: Iterable[Groups]) -> list[GroupingScore]:
        """Return the groupings, the best first; of equal ones, that with fewer deployables and calls."""
        found = map(self.score, groupings)
        return sorted(found, key=lambda s: (-round(s.points, 9), len(s.groups), s.calls, s.groups))

    def score(self, groups: Groups) -> GroupingScore:
        """Return a grouping with its score."""
        shares = self._shares(groups)
        points = sum(term.points * shares[term.follows] for term in self.terms)
        return GroupingScore(groups, points, self.sagas(groups), shares["calls"])

    def lines(self, groups: Groups) -> list[GroupingLine]:
        """Return the terms with points for a grouping; they add up to its score."""
        shares = self._shares(groups)
        lines = [GroupingLine(t.name, t.points * shares[t.follows], t.why) for t in self.terms]
        return [line for line in lines if line.points]

    def sagas(self, groups: Groups) -> tuple[str, ...]:
        """Return the flows whose commit is cut."""
        place = _places(groups)
        return tuple(c.flow for c in self.commits if len({place[module] for module in c.modules}) > 1)

    def _shares(self, groups: Groups) -> Mapping[str, float]:
        """Return how much a grouping has of the points that follow something: 0 with one deployable."""
        further = len(self.modules) - 1
        if len(groups) == 1 or not further:
            return dict.fromkeys(("deployables", "teams", "busiest", "isolated", "sagas", "calls"), 0.0)
        place = _places(groups)
        beside = {module: len(self.modules) - len(groups[at]) for module, at in place.items()}
        usual = sum(beside.values()) / len(beside)
        deployables = (len(groups) - 1) / further
        return {
            "deployables": deployables,
            "teams": (min(len(groups), self.teams) - 1) / further,
            "busiest": beside[self.busiest] / further,
            "isolated": (beside[self.isolated] if self.isolated else usual) / further,
            "sagas": sum(c.share for c in self.commits if len({place[m] for m in c.modules}) > 1),
            "calls": sum(c.share * _cut(place, c.modules) for c in self.calls) if self.calls else deployables,
        }


def _places(groups: Groups) -> Mapping[str, int]:
    return {module: at for at, group in enumerate(groups) for module in group}


def _cut(place: Mapping[str, int], modules: Sequence[str]) -> float:
    """Return the share of the calls from one module to the next that cross services."""
    return (len({place[module] for module in modules}) - 1) / (len(modules) - 1)


def _terms(needs: Needs) -> list[GroupingTerm]:
    """Return the terms of microservices; that of people who wait as its gain, and the price that it exceeds.

    With nobody who waits, the term has its minimum: this is the price of one deployable for each module. A
    part of it is the price of the calls between them.
    """
    settings, facts = load("model")["groupings"], needs.facts()
    rows = {row["name"]: row for row in load("model")["terms"]["microservices"]}
    price: float = -rows[WAITING]["minimum"]
    found = []
    for term in built_in_terms("microservices"):
        points = term.points(*[facts[name] for name in term.inputs])
        gain = points + price if term.name == WAITING else points
        found.append(GroupingTerm(term.name, gain, settings["follows"][term.name], term.why))
    calls: float = settings["calls"]
    return [
        *found,
        GroupingTerm("deployables", calls - price, "deployables", "each deployable is released and watched"),
        GroupingTerm("calls", -calls, "calls", "calls between services take CPU and time, and can fail"),
    ]


def _commits(needs: Needs) -> list[Commit]:
    """Return the commits across modules; an order of the generated shop also clears the cart."""
    if needs.cross_module_tx == "none":
        return []
    flows = [flow for flow in needs.flows if flow.crosses_modules]
    traffic = weights(flows)
    total = sum(traffic)
    shares = [weight / total for weight in traffic] if total else [1 / len(flows) for _ in flows]
    cart = ("cart",) if is_shop(needs) else ()
    return [
        Commit(f.name, f.modules + cart if "orders" in f.modules else f.modules, share)
        for f, share in zip(flows, shares, strict=True)
    ]


def _calls(needs: Needs, whole: Profile, split: Profile) -> list[Calls]:
    """Return the calls: those of the generated shop by their measured CPU, others by the traffic of flows."""
    if is_shop(needs):
        mix = request_mix(needs.read_fraction, needs.several_modules_share)
        contexts: Mapping[str, Sequence[str]] = constants("contexts")
        cost = {
            tuple(contexts[kind]): share
            * max(0.0, split.cpu_of(kind, split.parts) - whole.cpu_of(kind, whole.parts))
            for kind, share in mix.items()
        }
    else:
        cost = {}
        for flow, weight in zip(needs.flows, weights(needs.flows), strict=True):
            modules = tuple(dict.fromkeys(flow.modules))
            cost[modules] = cost.get(modules, 0.0) + weight * (len(modules) - 1)
    cost = {modules: each for modules, each in cost.items() if len(modules) > 1 and each}
    return [Calls(modules, each / sum(cost.values())) for modules, each in cost.items()]


def _busiest(needs: Needs) -> str:
    """Return the module with the most traffic."""
    traffic = dict.fromkeys(modules_of(needs.flows), 0.0)
    for flow, weight in zip(needs.flows, weights(needs.flows), strict=True):
        for module in {*flow.modules}:
            traffic[module] += weight
    return max(traffic, key=traffic.__getitem__)


def is_shop(needs: Needs) -> bool:
    """Return whether the modules are the contexts of the generated shop."""
    return {*modules_of(needs.flows)} == {*CONTEXTS}
