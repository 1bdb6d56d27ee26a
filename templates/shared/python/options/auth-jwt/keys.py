"""Signing keys for access tokens: Ed25519, derived from 32-byte seeds (RFC 8032, section 5.1.5)."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"  # RFC 9864 names the curve with the algorithm and deprecates the looser "EdDSA".


def signing_keys(seeds: str) -> KeySet:
    """Return one key per seed (base64url, separated by commas), with its RFC 7638 thumbprint as id.

    The first key signs; all of them are published and accepted. A new key must be known everywhere before it
    signs, so a rotation has three releases: append the new seed; move it to the front; and, when the last
    token that the old one signed has expired, remove the old one. Raises ValueError for a malformed seed.
    """
    return KeySet([_key(seed.strip()) for seed in seeds.split(",")])


def public_keys(keys: KeySet) -> dict[str, list[dict[str, object]]]:
    """Return the JSON Web Key Set (RFC 7517) that verifies the shop's tokens."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def _key(seed: str) -> OKPKey:
    try:
        raw = base64.b64decode(seed + "=" * (-len(seed) % 4), altchars=b"-_", validate=True)
        private = Ed25519PrivateKey.from_private_bytes(raw)
    except ValueError as error:
        raise ValueError("each key is 32 random bytes in base64url") from error
    return OKPKey.import_key(private, {"alg": ALGORITHM, "use": "sig"})
