"""From a recommendation to the generator's answers."""

from blueprint.advise.result import Recommendation
from blueprint.needs.inputs import Value


def answers_for(recommendation: Recommendation) -> dict[str, Value]:
    """The pattern, its options and its sizes; the key `pattern` names the pattern."""
    return {"pattern": recommendation.pattern, **recommendation.options}
