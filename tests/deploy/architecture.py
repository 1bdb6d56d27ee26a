"""Expected architecture of the distributed shops, independent of the templates."""

from collections.abc import Iterable

from .projects import Project

CORE = {
    "microservices": ("identity", "catalog", "inventory", "cart", "orders", "payments"),
    "event-driven": (
        *("identity", "catalog", "inventory", "cart", "orders", "payments"),
        *("notifications", "analytics"),
    ),
}
"""Services of each pattern."""
CALLS = {
    "microservices": {
        *(("orders", "catalog"), ("orders", "cart"), ("orders", "inventory"), ("orders", "payments")),
        ("cart", "catalog"),
    },
    "event-driven": {("orders", "catalog"), ("orders", "cart"), ("cart", "catalog")},
}
"""Calls between services: consumer and provider."""
ROUTES = {
    "/v1/me": "identity",
    "/.well-known/jwks.json": "identity",
    "/v1/products": "catalog",
    "/v1/products/a": "catalog",
    "/v1/stock/a": "inventory",
    "/v1/cart": "cart",
    "/v1/cart/items/a": "cart",
    "/v1/orders": "orders",
    "/v1/admin/orders": "orders",
    "/v1/orders/1/cancel": "orders",
    "/readyz": "orders",
    "/v1/wallet": "payments",
    "/v1/wallet/top-ups": "payments",
    "/v1/payments": "payments",
}
"""Paths of the contract, and the services that own them."""
LIVE = {"/analytics": "analytics", "/v1/analytics/stream": "analytics", "/v1/analytics/views": "analytics"}
"""Paths of the live analytics."""
CONSUMES = {
    "inventory": ["orders.v1"],
    "payments": ["inventory.v1", "orders.v1"],
    "orders": ["inventory.v1", "payments.v1"],
    "cart": ["orders.v1"],
    "notifications": ["orders.v1"],
    "analytics": ["orders.v1", "views.v1"],
}
"""Topics that each service consumes."""
PUBLISHES = {
    "orders": "orders.v1",
    "inventory": "inventory.v1",
    "payments": "payments.v1",
    "analytics": "views.v1",
}
"""Topic that each service publishes to."""
WITHOUT_API = ("notifications",)
"""Services without an API."""


def services(project: Project) -> list[str]:
    """Return the services of a project."""
    extra = project.options["extra_services"]
    assert isinstance(extra, list)
    return [*CORE[project.pattern], *extra]


def event_services(project: Project) -> list[str]:
    """Return the services that use the event bus."""
    if project.pattern != "event-driven":
        return []
    return list(CONSUMES)


def workers(project: Project) -> list[str]:
    """Return the services with worker processes; analytics consumes in its API processes."""
    return [name for name in event_services(project) if name != "analytics"]


def answering(project: Project) -> list[str]:
    """Return the services with an API."""
    return [name for name in services(project) if name not in WITHOUT_API]


def processes(project: Project) -> dict[str, str]:
    """Return the kinds of processes, named with dashes, and their services."""
    found = {host(name): name for name in answering(project)}
    return found | {f"{host(name)}-worker": name for name in workers(project)}


def direct_calls(project: Project) -> set[tuple[str, str]]:
    """Return the calls that are signed with a service key."""
    lookup = {("payments", "identity")} if project.options["auth"] == "jwt" else set()
    return CALLS[project.pattern] | lookup


def calls(project: Project) -> set[tuple[str, str]]:
    """Return all calls of a project, including those that fetch identity's public keys."""
    if project.options["auth"] == "oauth2":
        return direct_calls(project)
    return direct_calls(project) | {(name, "identity") for name in services(project) if name != "identity"}


def routes(project: Project) -> dict[str, str]:
    """Return the paths of a project and the services that own them."""
    own = {"/v1/auth/login": "identity"} if project.options["auth"] == "jwt" else {}
    live = LIVE if project.pattern == "event-driven" else {}
    core = CORE[project.pattern]
    return ROUTES | own | live | {f"/v1/{name}/1": name for name in services(project) if name not in core}


def stateful(project: Project) -> list[str]:
    """Return the services with a database: all but identity with an identity provider."""
    return [name for name in services(project) if (name, project.options["auth"]) != ("identity", "oauth2")]


def connections(project: Project, spare_copies: int = 0) -> int:
    """Return how many database connections all copies may open, with `spare_copies` more of each program."""
    # The pool of 10, one connection for snapshots, and one for readiness.
    each = 12
    if project.pattern not in CORE:
        return (6 + spare_copies) * each
    most = {"catalog": 6, "orders": 6}
    named = [name for name in processes(project).values() if name in stateful(project)]
    return sum((most.get(name, 4) + spare_copies) * each for name in named)


def cached(project: Project) -> list[str]:
    """Return the services that use the shared cache, if there is one."""
    if project.options["cache"] == "memory":
        return []
    live = ["analytics"] if project.pattern == "event-driven" else []
    return ["catalog", "orders", *live] + (["identity"] if project.options["auth"] == "jwt" else [])


def host(service: str) -> str:
    """Return the name of a service with dashes, for hosts and objects."""
    return service.replace("_", "-")


def hosts(names: Iterable[str]) -> set[str]:
    """Return the names of several services with dashes."""
    return {host(name) for name in names}
