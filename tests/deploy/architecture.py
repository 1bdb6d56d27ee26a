"""The architecture of the distributed shop, said once more for its tests, apart from the templates."""

from collections.abc import Iterable

from .projects import Project

CALLS = {("orders", "catalog"), ("orders", "cart"), ("orders", "inventory"), ("orders", "payments")}
CALLS |= {("cart", "catalog")}
"""Who calls whom: consumer and provider."""
CORE = ("identity", "catalog", "inventory", "cart", "orders", "payments")
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


def services(project: Project) -> list[str]:
    """The services of a project."""
    extra = project.options["extra_services"]
    assert isinstance(extra, list)
    return [*CORE, *extra]


def calls(project: Project) -> set[tuple[str, str]]:
    """The calls of a project; whoever checks tokens that the shop signs asks identity for its keys."""
    if project.options["auth"] == "oauth2":
        return CALLS
    return CALLS | {(name, "identity") for name in services(project) if name != "identity"}


def routes(project: Project) -> dict[str, str]:
    """The paths of a project and whose they are."""
    own = {"/v1/auth/login": "identity"} if project.options["auth"] == "jwt" else {}
    return ROUTES | own | {f"/v1/{name}/1": name for name in services(project) if name not in CORE}


def stateful(project: Project) -> list[str]:
    """The services that have a database: all, unless the accounts are an identity provider's."""
    return [name for name in services(project) if (name, project.options["auth"]) != ("identity", "oauth2")]


def cached(project: Project) -> list[str]:
    """The services that use the shared cache, where there is one."""
    if project.options["cache"] == "memory":
        return []
    return ["catalog", "orders"] + (["identity"] if project.options["auth"] == "jwt" else [])


def host(service: str) -> str:
    """What a service is called where names have no underscores."""
    return service.replace("_", "-")


def hosts(names: Iterable[str]) -> set[str]:
    """The same for many."""
    return {host(name) for name in names}
