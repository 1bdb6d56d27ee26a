"""The application under test, with helpers for requests and rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from chassis.db.database import Database

from ..module import Identity

T = TypeVar("T")
ALICE = {"email": "alice@example.com", "password": "correct horse battery"}
ADMIN = {"email": "admin@example.com", "password": "an administrator's password"}


class Mailbox:
    """Keeps the last reset token that was sent to each address."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    async def send_reset(self, email: str, token: str) -> None:
        """Keep the token."""
        self.tokens[email] = token


@dataclass(frozen=True)
class Shop:
    """The running application, with access to its identity, database and mail."""

    client: TestClient
    identity: Identity
    database: Database
    mail: Mailbox

    def auth(
        self, action: str, *, token: str | None = None, address: str | None = None, **body: Any
    ) -> Response:
        """POST `body` to `/v1/auth/<action>`, with an access token, and from an address."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if address:
            headers["X-Test-Address"] = address
        response: Response = self.client.post(f"/v1/auth/{action}", json=body, headers=headers)
        return response

    def access(self, credentials: dict[str, str]) -> str:
        """Sign in and return the access token."""
        token: str = self.auth("login", **credentials).json()["access_token"]
        return token

    def administrator(self, method: str, user_id: str, token: str) -> Response:
        """PUT or DELETE an administrator."""
        headers = {"Authorization": f"Bearer {token}"}
        response: Response = self.client.request(
            method, f"/v1/auth/administrators/{user_id}", headers=headers
        )
        return response

    def me(self, token: str) -> Response:
        """GET `/v1/me` with an access token."""
        response: Response = self.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        return response

    def rows(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """Run a query in the application's event loop."""

        async def run() -> Sequence[sa.Row[Any]]:
            async with self.database.reading() as connection:
                found: Sequence[sa.Row[Any]] = (await connection.execute(statement)).all()
                return found

        return self.call(run)

    def change(self, statement: sa.Update | sa.Delete) -> None:
        """Change rows directly in the database."""

        async def run() -> None:
            async with self.database.transaction() as transaction:
                await transaction.execute(statement)

        self.call(run)

    def seed(self) -> None:
        """Create or update the administrator from the settings."""
        self.call(self.identity.seed)

    def exists(self, user_id: str) -> bool:
        """Return whether other contexts find the user."""
        return self.call(lambda: self.identity.users.exists(UUID(user_id)))

    def call(self, run: Callable[[], Awaitable[T]]) -> T:
        """Call `run` in the application's event loop."""
        assert self.client.portal is not None
        return self.client.portal.call(run)


def code(response: Response) -> str:
    """Return the status and problem code of a response."""
    return f"{response.status_code} {response.json()['type'].removeprefix('urn:problem:')}"
