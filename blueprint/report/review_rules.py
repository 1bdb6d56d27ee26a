"""Review triggers as a file of alerting rules for Prometheus."""

from collections.abc import Sequence

import yaml

from blueprint.advise.result import ReviewTrigger
from blueprint.advise.review_triggers import prometheus_rules

HEAD = """\
# Each of these alerts means that the decision in docs/adr/0000-architecture.md is due for a review.
# None of them is a fault of the shop.
"""


def to_rules_file(triggers: Sequence[ReviewTrigger]) -> str:
    """Return the triggers as a rule file that Prometheus loads."""
    groups = [{"name": "review", "rules": prometheus_rules(triggers)}]
    return HEAD + yaml.safe_dump({"groups": groups}, sort_keys=False, width=100)
