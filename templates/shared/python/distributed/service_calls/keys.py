"""Service keys: an Ed25519 key per service; a provider admits the callers whose public keys it has."""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey


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


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise ValueError("a key is 32 bytes in base64url") from error
    if len(raw) != 32:
        raise ValueError("a key is 32 bytes in base64url")
    return raw
