"""Tests of the scores of groupings: their number, their ends, and where each answer moves them."""

from collections.abc import Set
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.advise.candidates import MICROSERVICES, MONOLITH
from blueprint.advise.capacity_plan import Demand
from blueprint.advise.decide import decide
from blueprint.advise.groupings.candidates import MOST_DEPLOYABLES, groupings_of, modules_of
from blueprint.advise.groupings.choice import GroupingChoice, choose_groupings
from blueprint.advise.groupings.scores import GroupingModel
from blueprint.advise.profiles import default_profiles
from blueprint.advise.recommend import model_with
from blueprint.needs.answers import complete
from blueprint.needs.model import Needs

MODEL = model_with()
SHOP = modules_of(complete({}).flows)
WAITING = {"engineers": 200, "teams": 9, "waiting_percent": 40, "ops_maturity": 4, "domain": "stable"}


def scores_of(needs: Needs) -> GroupingModel:
    """Return the model of the scores for these needs, with the figures that come with blueprint."""
    return GroupingModel.of(needs, default_profiles()[MONOLITH], default_profiles()[MICROSERVICES])


def chosen(answers: dict[str, Any]) -> GroupingChoice:
    """Return the chosen grouping for some answers."""
    needs = complete(answers)
    return choose_groupings(needs, MODEL, decide(needs, MODEL), Demand.of(needs))[0]


def test_six_contexts_have_203_groupings() -> None:
    """Each grouping of the six contexts is scored once, and each has every context once."""
    found = {frozenset(map(frozenset, groups)) for groups in groupings_of(complete({}).flows)}
    assert len(found) == len(scores_of(complete({})).scores(groupings_of(complete({}).flows))) == 203
    assert all(sorted(name for group in groups for name in group) == sorted(SHOP) for groups in found)


def test_many_modules_have_few_candidates() -> None:
    """With 40 modules, the candidates join the modules of the same flows first, down to one deployable."""
    flows = [
        {"name": f"flow {n}", "level": "eventual", "modules": [f"{n} entry", f"{n} end"]} for n in range(20)
    ]
    found = groupings_of(complete({"flows": flows}).flows)
    assert [len(groups) for groups in found] == list(range(40, 0, -1))
    assert all(len(group) == 2 for group in next(groups for groups in found if len(groups) == 20))
    names = [f"m{n}" for n in range(40)]
    many = [{"name": n, "level": "eventual", "modules": [f"{n}{k}" for k in range(40)]} for n in names]
    assert len(groupings_of(complete({"flows": many}).flows)) == MOST_DEPLOYABLES


@given(st.sampled_from(["new", "partly", "stable"]), st.floats(0, 100), st.floats(1, 100), st.booleans())
def test_the_ends_are_the_monolith_and_the_microservices(
    domain: str, waiting: float, skew: float, isolation: bool
) -> None:
    """One deployable has 0 points, and one for each module has those of microservices, with enough teams."""
    answers = {"domain": domain, "waiting_percent": waiting, "scale_skew": skew, "isolation": isolation}
    needs = complete({"engineers": 100, "teams": 12, **answers})
    model = scores_of(needs)
    assert model.score((SHOP,)).points == 0
    separate = model.score(tuple((name,) for name in SHOP))
    assert separate.points == pytest.approx(decide(needs, MODEL).scores[MICROSERVICES])
    for score in model.scores(groupings_of(needs.flows))[::20]:
        assert score.points == pytest.approx(sum(line.points for line in model.lines(score.groups)))


def test_no_more_deployables_than_teams() -> None:
    """Two teams get two deployables where nine get six."""
    assert [len(chosen({**WAITING, "teams": n}).score.groups) for n in (1, 2, 3, 9)] == [1, 2, 3, 6]


def test_a_commit_is_cut_only_if_that_is_worth_a_saga() -> None:
    """With fewer people who wait, modules that commit together stay together, with the cart of an order."""
    score = chosen({**WAITING, "engineers": 90}).score
    assert (score.groups[0], score.sagas) == (("orders", "inventory", "payments", "cart"), ())
    assert chosen(WAITING).score.sagas == ("place order",)


def test_many_atomic_commits_close_a_cut_but_not_a_grouping() -> None:
    """If most commits must be atomic, groupings that cut one are ruled out, and others are not."""
    needs = complete({**WAITING, "cross_module_tx": "many"})
    choices = choose_groupings(needs, MODEL, decide(needs, MODEL), Demand.of(needs))
    assert not any(choice.gates or choice.score.sagas for choice in choices)
    assert len(choices[0].score.groups) == 3


def test_an_isolated_module_is_alone_first() -> None:
    """If payments must be isolated, the best cut for two teams separates them from everything else."""
    answers = {**WAITING, "teams": 2, "engineers": 40, "cross_module_tx": "none", "isolation": True}
    assert ("payments",) in chosen(answers).score.groups


def test_a_cut_through_more_calls_has_fewer_points() -> None:
    """Of two groupings with as many deployables and no saga, that with fewer calls is better."""
    model = scores_of(complete(WAITING))
    order = ("orders", "inventory", "payments", "cart")
    cut, whole = (
        model.score((order, ("catalog", "identity"))),
        model.score(((*order, "catalog"), ("identity",))),
    )
    assert cut.calls > whole.calls == 0
    lines = {line.term: line.points for line in model.lines(cut.groups)}
    assert lines["calls"] == pytest.approx(-0.5 * cut.calls)


RISING: dict[str, list[Any]] = {
    "teams": [1, 2, 3, 4, 6, 20, 300],
    "engineers": [2, 8, 20, 60, 200, 2000],
    "waiting_percent": [0, 5, 20, 50, 100],
    "ops_maturity": [0, 1, 2, 3, 4, 5],
    "domain": ["new", "partly", "stable"],
    "cross_module_tx": ["many", "some", "none"],
    "customer_installed": [True, False],
}
"""Values of answers, in the order in which they speak for more deployables."""

FOR_ONE_MODULE: dict[str, list[Any]] = {"isolation": [False, True], "scale_skew": [1, 3, 30, 3000]}
"""Values of answers, in the order in which they speak for a deployable of one module alone."""


@pytest.mark.slow
@pytest.mark.parametrize("name", RISING)
@given(data=st.data())
def test_an_answer_that_speaks_for_a_split_never_leads_to_fewer_services(
    name: str, data: st.DataObject
) -> None:
    """All else equal, more teams, more people who wait and so on never lead to fewer services."""
    fixed = drawn(data, RISING.keys() - {name} | FOR_ONE_MODULE.keys())
    found = [len(chosen({**fixed, name: value}).score.groups) for value in RISING[name]]
    assert found == sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOR_ONE_MODULE)
@given(data=st.data())
def test_an_answer_that_speaks_for_one_module_never_adds_others_to_it(name: str, data: st.DataObject) -> None:
    """The isolated or the busiest module never gets more company, though others may be joined in exchange."""
    fixed = drawn(data, RISING.keys() | FOR_ONE_MODULE.keys() - {name})
    module = "payments" if name == "isolation" else scores_of(complete(fixed)).busiest
    found = []
    for value in FOR_ONE_MODULE[name]:
        (group,) = (group for group in chosen({**fixed, name: value}).score.groups if module in group)
        found.append(-len(group))
    assert found == sorted(found)


def drawn(data: st.DataObject, names: Set[str]) -> dict[str, Any]:
    """Draw values of the answers with these names, and the traffic."""
    values = {**RISING, **FOR_ONE_MODULE}
    answers = {name: data.draw(st.sampled_from(values[name]), name) for name in sorted(names)}
    traffic = data.draw(st.sampled_from([1.0, 100.0, 1e4]), "mean_rps")
    return {**answers, "mean_rps": traffic, "consumers": data.draw(st.integers(1, 8), "consumers")}
