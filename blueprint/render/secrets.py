"""Secrets of one project: made while it renders, never stored anywhere else."""

import secrets as random
from base64 import urlsafe_b64encode


class Secrets:
    """The `secret(name, bytes=32)` of the templates: one name, one value within one project."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self.calls = 0

    def __call__(self, name: str, bytes: int = 32) -> str:
        """URL-safe base64, without padding, of `bytes` random bytes."""
        self.calls += 1
        if name not in self._values:
            self._values[name] = urlsafe_b64encode(random.token_bytes(bytes)).rstrip(b"=").decode()
        return self._values[name]
