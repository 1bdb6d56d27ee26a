"""Service keys: an Ed25519 key per service; a provider admits the callers whose public keys it has.

    python -m chassis.http.calls.keys orders:catalog orders:cart cart:catalog

prints the environment variables of every service in these pairs of caller and provider, with new keys.
"""

import base64
import secrets
import sys
from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

Edge = tuple[str, str]


def new_seed() -> str:
    """Return a new seed, from which a key is derived: 32 random bytes in base64url (RFC 8032, 5.1.5)."""
    return secrets.token_urlsafe(32)


def private_key(seed: str) -> OKPKey:
    """Return the signing key of a seed; raise ValueError if the seed is malformed."""
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(_decoded(seed)))


def public_key(text: str) -> OKPKey:
    """Return the verification key from 32 bytes in base64url; raise ValueError if they are malformed."""
    return OKPKey.import_key(Ed25519PublicKey.from_public_bytes(_decoded(text)))


def public_part(seed: str) -> str:
    """Return the public key of a seed, in base64url."""
    public = str(private_key(seed).as_dict(private=False)["x"])
    return public


def environments(edges: Iterable[Edge], seeds: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
    """Return the variables of each service in `edges`, which are pairs of caller and provider.

    Callers in `seeds` keep their keys; the others get new ones.
    """
    pairs = sorted(set(edges))
    services = sorted({service for pair in pairs for service in pair})
    keys = {caller: (seeds or {}).get(caller) or new_seed() for caller, _ in pairs}
    callers = {
        service: [f"{caller}={public_part(keys[caller])}" for caller, callee in pairs if callee == service]
        for service in services
    }
    return {
        service: ({"SERVICE_KEY": keys[service]} if service in keys else {})
        | ({"CALLERS": ",".join(callers[service])} if callers[service] else {})
        for service in services
    }


def main(arguments: list[str]) -> int:
    """Print the variables for pairs written `caller:provider`; return the exit code."""
    edges = [argument.partition(":") for argument in arguments]
    if not edges or not all(caller and callee for caller, _, callee in edges):
        print(f"usage: python -m {__spec__.name} CALLER:PROVIDER...", file=sys.stderr)
        return 2
    for service, variables in environments((caller, callee) for caller, _, callee in edges).items():
        print(f"# {service}")
        for name, value in variables.items():
            print(f"{name}={value}")
    return 0


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ValueError("a key is 32 bytes in base64url") from error
    if len(raw) != 32:
        raise ValueError("a key is 32 bytes in base64url")
    return raw


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
