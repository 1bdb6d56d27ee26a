"""Accounts of the people who can log in."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Account:
    """A person. The email address is also the subject of tokens, so that it is the same after a restart."""

    email: str
    password: SecretStr | None
    roles: Collection[str] = ()


class Accounts:
    """The known accounts. One without a password, or with an empty one, cannot log in."""

    def __init__(self, *accounts: Account) -> None:
        self._accounts = accounts

    def authenticate(self, email: str, password: str) -> Account | None:
        """Return the account with this email address and password, or None."""
        for account in self._accounts:
            expected = account.password.get_secret_value() if account.password else ""
            right = hmac.compare_digest(expected.encode(), password.encode())
            if account.email == email and expected and right:
                return account
        return None
