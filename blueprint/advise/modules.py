"""What the modules of flows ask of a generated project: content, and the contexts of a shop."""

from blueprint.advise.candidates import CONTEXTS
from blueprint.needs.model import Needs

CONTENT = "content"
"""The module of flows, and the option, of articles."""

IDENTITY = "identity"
"""The context that every project has."""


def needs_content(needs: Needs) -> bool:
    """Return whether a flow has articles."""
    return CONTENT in _modules(needs)


def needs_shop(needs: Needs) -> bool:
    """Return whether a flow has a context of the shop, or none says what the project is."""
    return not needs_content(needs) or not _modules(needs).isdisjoint(set(CONTEXTS) - {IDENTITY})


def _modules(needs: Needs) -> set[str]:
    return {module for flow in needs.flows for module in flow.modules}
