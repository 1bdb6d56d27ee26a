"""What the claims of an access token say of its bearer."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from ..chassis.security import ADMIN, CUSTOMER, Principal
from .tokens import Claims


def principal_of(claims: Claims, audience: str, admin_role: str) -> Principal:
    """Return the caller. Everybody whom the issuer gave a token for this audience is a customer.

    Whoever was granted `admin_role`, as a role or as a scope, is an administrator. An e-mail address counts
    only when the issuer has verified it.
    """
    granted = set(_granted(claims, audience))
    roles = {CUSTOMER, ADMIN} if admin_role in granted else {CUSTOMER}
    email = claims.get("email")
    verified = isinstance(email, str) and claims.get("email_verified") is True
    return Principal(user_id(claims["iss"], claims["sub"]), email if verified else None, frozenset(roles))


def check_use(claims: Claims, clients: frozenset[str]) -> None:
    """Raise ValueError for a token that is not for calls; `clients` are welcome, or all if it is empty."""
    if claims.get("typ", "Bearer") != "Bearer":
        raise ValueError("Keycloak's name for another kind of token: ID, refresh or DPoP")
    if "cnf" in claims:
        raise ValueError("bound to a key (RFC 7800) that a bearer need not have")
    if clients and claims.get("azp", claims.get("client_id")) not in clients:
        raise ValueError("issued to a client that is not welcome here")


def user_id(issuer: str, subject: str) -> UUID:
    """Return `subject` where it is a UUID; otherwise one made of issuer and subject (RFC 9562, version 5)."""
    try:
        own = UUID(subject)
    except ValueError:
        own = None
    # Only the canonical form counts, or two subjects could become one user.
    return own if own is not None and str(own) == subject else uuid5(uuid5(NAMESPACE_URL, issuer), subject)


def _granted(claims: Claims, audience: str) -> Iterator[str]:
    """Yield roles as Keycloak writes them, the plain claim `roles`, and scopes (RFC 8693, section 4.2)."""
    yield from _texts(_object(claims.get("realm_access")).get("roles"))
    yield from _texts(_object(_object(claims.get("resource_access")).get(audience)).get("roles"))
    yield from _texts(claims.get("roles"))
    scope = claims.get("scope")
    if isinstance(scope, str):
        yield from scope.split()


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
