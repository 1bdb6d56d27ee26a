"""A context in Java moves from the monolith into a service without an edit."""

import re

import pytest

from blueprint.render import Tree

from .groupings import CONTEXTS
from .projects import tree_of

SELLING = [*CONTEXTS, "notifications"]
STEPS = re.compile(r"java/.+/(?:\w+Steps|OverdueOrders)\.java")
"""What an order needs in addition if it is not one transaction."""


def of_context(tree: Tree, context: str) -> dict[str, bytes]:
    """Return the code, the tables and the API of a context, by their paths in the module."""
    folder = rf"java/.+/corner_shop/{context}/.+|resources/db/{context}/.+|resources/openapi/{context}\.yaml"
    place = re.compile(rf"(?:services/\w+/)?src/main/({folder})")
    return {found[1]: file.content for path, file in tree.items() if (found := place.fullmatch(path))}


@pytest.mark.parametrize("auth", ["jwt", "oauth2"])
@pytest.mark.parametrize("pattern", ["microservices", "event-driven"])
def test_a_context_moves_into_a_service_unedited(pattern: str, auth: str) -> None:
    """The files of the monolith are those of the service; only steps of orders are added there."""
    monolith = tree_of({"stack": "spring", "auth": auth})
    services = tree_of({"stack": "spring", "auth": auth}, pattern=pattern)
    # With an issuer, only payments look up users, so a part of identity is there.
    for context in SELLING if auth == "jwt" else set(SELLING) - {"identity"}:
        before, after = of_context(monolith, context), of_context(services, context)
        assert before.items() <= after.items(), context
        assert before, context
        assert [path for path in after.keys() - before.keys() if not STEPS.fullmatch(path)] == []
