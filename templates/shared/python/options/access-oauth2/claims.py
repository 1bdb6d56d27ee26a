"""Mapping of an access token's claims to the caller."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from ..ids import FIRST_ID
from .security import ADMIN, CUSTOMER, Principal
from .tokens import Claims


def principal_of(claims: Claims, audience: str, admin_role: str) -> Principal:
    """Return the caller. Everybody with a token for this audience is a customer.

    A caller who was granted `admin_role`, as a role or as a scope, is an administrator. An email address
    counts only if the issuer has verified it.
    """
    granted = set(_granted(claims, audience))
    roles = {CUSTOMER, ADMIN} if admin_role in granted else {CUSTOMER}
    email = claims.get("email")
    verified = isinstance(email, str) and claims.get("email_verified") is True
    return Principal(user_id(claims["iss"], claims["sub"]), email if verified else None, frozenset(roles))


def check_use(claims: Claims, clients: frozenset[str]) -> None:
    """Raise ValueError for a token that is not for API calls or, if `clients` is not empty, not of these."""
    if claims.get("typ", "Bearer") != "Bearer":
        raise ValueError("not a bearer token: Keycloak marks ID, refresh and DPoP tokens like this")
    if "cnf" in claims:
        raise ValueError("the token is bound to a key (RFC 7800)")
    if clients and claims.get("azp", claims.get("client_id")) not in clients:
        raise ValueError("issued to a client that is not accepted here")


def user_id(issuer: str, subject: str) -> UUID:
    """Return `subject` if users may have it as id, otherwise a UUID version 5 of issuer and subject."""
    try:
        own = UUID(subject)
    except ValueError:
        own = None
    # Only the canonical form counts: otherwise two subjects could map to one user.
    if own is not None and str(own) == subject and own >= FIRST_ID:
        return own
    return uuid5(uuid5(NAMESPACE_URL, issuer), subject)


def _granted(claims: Claims, audience: str) -> Iterator[str]:
    """Yield Keycloak's roles, the plain claim `roles`, and scopes (RFC 8693, section 4.2)."""
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
