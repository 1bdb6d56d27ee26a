"""The architecture of the distributed shops, said once more for its tests, apart from the templates."""

from collections.abc import Iterable

from .projects import Project

CORE = {
    "microservices": ("identity", "catalog", "inventory", "cart", "orders", "payments"),
    "event-driven": (
        *("identity", "catalog", "inventory", "cart", "orders", "payments"),
        *("notifications", "analytics"),
    ),
}
"""The services of each pattern."""
CALLS = {
    "microservices": {
        *(("orders", "catalog"), ("orders", "cart"), ("orders", "inventory"), ("orders", "payments")),
        ("cart", "catalog"),
    },
    "event-driven": {("orders", "catalog"), ("orders", "cart"), ("cart", "catalog")},
}
"""Who calls whom: consumer and provider."""
ROUTES = {
    "/v1/me": "identity",
    "/.well-known/jwks.json": "identity",
    "/v1/products": "catalog",
    "/v1/products/a": "catalog",
    "/v1/stock/a": "inventory",
    "/v1/cart": "cart",
    "/v1/cart/items/a": "cart",
    "/v1/orders": "orders",
    "/v1/orders/1/cancel": "orders",
    "/readyz": "orders",
    "/v1/wallet": "payments",
    "/v1/wallet/top-ups": "payments",
    "/v1/payments": "payments",
}
"""Paths of the contract, and whose they are."""
LIVE = {"/analytics": "analytics", "/v1/analytics/stream": "analytics", "/v1/analytics/views": "analytics"}
"""Those of the shop that is watched while it works."""
CONSUMES = {
    "inventory": ["orders.v1"],
    "payments": ["inventory.v1", "orders.v1"],
    "orders": ["inventory.v1", "payments.v1"],
    "cart": ["orders.v1"],
    "notifications": ["orders.v1"],
    "analytics": ["orders.v1", "views.v1"],
}
"""Which topics each service reads that takes part in events."""
PUBLISHES = {
    "orders": "orders.v1",
    "inventory": "inventory.v1",
    "payments": "payments.v1",
    "analytics": "views.v1",
}
"""Which topic each service writes."""
WITHOUT_API = ("notifications",)
"""Services that nobody asks anything."""


def services(project: Project) -> list[str]:
    """The services of a project."""
    extra = project.options["extra_services"]
    assert isinstance(extra, list)
    return [*CORE[project.pattern], *extra]


def event_services(project: Project) -> list[str]:
    """The services that read or write topics."""
    return list(CONSUMES) if project.pattern == "event-driven" else []


def workers(project: Project) -> list[str]:
    """The services that handle events in processes of their own; analytics counts in those that answer."""
    return [name for name in event_services(project) if name != "analytics"]


def answering(project: Project) -> list[str]:
    """The services that answer requests."""
    return [name for name in services(project) if name not in WITHOUT_API]


def processes(project: Project) -> dict[str, str]:
    """The kinds of processes, as they are called where names have no underscores, and their services."""
    found = {host(name): name for name in answering(project)}
    return found | {f"{host(name)}-worker": name for name in workers(project)}


def direct_calls(project: Project) -> set[tuple[str, str]]:
    """The calls for which callers have keys."""
    return CALLS[project.pattern]


def calls(project: Project) -> set[tuple[str, str]]:
    """The calls of a project; whoever checks tokens that the shop signs asks identity for its keys."""
    if project.options["auth"] == "oauth2":
        return direct_calls(project)
    return direct_calls(project) | {(name, "identity") for name in services(project) if name != "identity"}


def routes(project: Project) -> dict[str, str]:
    """The paths of a project and whose they are."""
    own = {"/v1/auth/login": "identity"} if project.options["auth"] == "jwt" else {}
    live = LIVE if project.pattern == "event-driven" else {}
    core = CORE[project.pattern]
    return ROUTES | own | live | {f"/v1/{name}/1": name for name in services(project) if name not in core}


def stateful(project: Project) -> list[str]:
    """The services that have a database: all, unless the accounts are an identity provider's."""
    return [name for name in services(project) if (name, project.options["auth"]) != ("identity", "oauth2")]


def cached(project: Project) -> list[str]:
    """The services that use the shared cache, where there is one."""
    if project.options["cache"] == "memory":
        return []
    live = ["analytics"] if project.pattern == "event-driven" else []
    return ["catalog", "orders", *live] + (["identity"] if project.options["auth"] == "jwt" else [])


def host(service: str) -> str:
    """What a service is called where names have no underscores."""
    return service.replace("_", "-")


def hosts(names: Iterable[str]) -> set[str]:
    """The same for many."""
    return {host(name) for name in names}
