"""From a recommendation to the generator's answers."""

from blueprint.advise.components import options_for
from blueprint.advise.result import Recommendation
from blueprint.needs.inputs import Value


def answers_for(recommendation: Recommendation, pattern: str | None = None) -> dict[str, Value]:
    """The pattern (key `pattern`), its options and its sizes.

    For another pattern than the recommended one, the sizes are those that it would need; a pattern that did
    not compete is sized like the recommended one.
    """
    name = pattern or recommendation.pattern
    estimate = recommendation.estimates.get(name, recommendation.estimate)
    return {"pattern": name, **options_for(recommendation.needs, name, estimate.plan, estimate.cached)}
